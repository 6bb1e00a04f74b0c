//! The engine against a journal that can be made to fail.

mod batches;
mod faults;
mod idempotency;
mod journal;
mod recovery;

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use shared_types::{
    ErrorCode,
    command::{Command, NewProject},
    event::{Actor, ActorKind},
    state::Sight,
    value::Timestamp,
};
use tempfile::TempDir;

use super::{Answer, Engine, Failure, IdempotencyKey, Model, Published, Publisher, Request};
use crate::{api, founding, journal::SqliteJournal};
use journal::FaultyJournal;

/// An engine over a journal in a directory of its own, and what it has published.
struct Bench {
    engine: Engine,
    journal: Arc<FaultyJournal>,
    line: Arc<Line>,
    directory: TempDir,
}

/// Remembers what was published.
#[derive(Default)]
struct Line(Mutex<Vec<u64>>);

impl Publisher for Line {
    fn reset(&self, _: &Arc<Model>) {}

    fn publish(&self, model: &Arc<Model>, events: &[Published]) {
        assert_eq!(
            Some(model.cursor.seq),
            events.last().map(|event| event.seq),
            "the model is at the last event"
        );
        self.0
            .lock()
            .expect("a line")
            .extend(events.iter().map(|event| event.seq));
    }
}

impl Bench {
    async fn new() -> Self {
        Self::over(TempDir::new().expect("a directory")).await
    }

    async fn over(directory: TempDir) -> Self {
        let journal = Arc::new(FaultyJournal::new(
            SqliteJournal::open(directory.path()).expect("a journal"),
        ));
        let line = Arc::<Line>::default();
        let engine = engine(&journal, &line).await;
        Self {
            engine,
            journal,
            line,
            directory,
        }
    }

    /// Ends without a farewell, and begins again on the same directory.
    async fn crash(self) -> Self {
        let Self {
            engine,
            journal,
            directory,
            ..
        } = self;
        journal.break_down();
        engine.stop().await;
        drop(engine);
        let_go(journal).await;
        Self::over(directory).await
    }

    /// Ends in an orderly way, and begins again.
    async fn restart(self) -> Self {
        let Self {
            engine,
            journal,
            directory,
            ..
        } = self;
        engine.stop().await;
        drop(engine);
        let_go(journal).await;
        Self::over(directory).await
    }

    fn published(&self) -> Vec<u64> {
        self.line.0.lock().expect("a line").clone()
    }

    fn projects(&self) -> usize {
        self.engine.model().aggregate.project_count()
    }
}

/// Closes a journal, of which only one can be open. What saves in the background may hold it a little longer.
async fn let_go(journal: Arc<FaultyJournal>) {
    until(|| Arc::strong_count(&journal) == 1).await;
}

async fn engine(journal: &Arc<FaultyJournal>, line: &Arc<Line>) -> Engine {
    let found = || founding::empty(Timestamp::from_millis(1_000), 1);
    Engine::start(
        Arc::clone(journal) as _,
        Arc::clone(line) as _,
        api::render,
        found,
    )
    .await
    .expect("an engine")
}

/// A request to make a project of this name and slug.
fn create(name: &str) -> Request {
    let new = NewProject {
        id: None,
        name: name.parse().expect("a name"),
        slug: Some(name.parse().expect("a slug")),
        key: None,
        description: Default::default(),
    };
    Request {
        command: Command::CreateProject { new },
        actor: Actor {
            kind: ActorKind::System,
            id: "test".into(),
            run: None,
        },
        member: None,
        cause: "test".into(),
        idempotency: None,
        sight: Sight::Organization,
        from: None,
    }
}

fn keyed(name: &str, key: &str, request_hash: &str) -> Request {
    let key = IdempotencyKey {
        principal: "p".into(),
        key: key.into(),
        request_hash: request_hash.into(),
    };
    Request {
        idempotency: Some(key),
        ..create(name)
    }
}

fn refusal(result: Result<Answer, Failure>) -> ErrorCode {
    match result.expect_err("a refusal was to be expected") {
        Failure::Rejected { rejection, .. } => rejection.code,
        Failure::Unavailable(_) => ErrorCode::Unavailable,
        Failure::OutcomeUnknown => ErrorCode::OutcomeUnknown,
    }
}

/// Polls until something is so.
async fn until(is_so: impl Fn() -> bool) {
    for _ in 0..1_000 {
        if is_so() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("it did not come to be so within 5 seconds");
}
