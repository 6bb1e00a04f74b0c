//! What no server of today does: lines without their beginning, and events of a later version.

use std::{sync::Arc, time::Duration};

use sea_orm::{EntityTrait, PaginatorTrait};
use shared_types::{
    Organization,
    command::Command,
    command::NewProject,
    event::{Actor, ActorKind},
    model::OrganizationProfile,
    state::Sight,
    value::Timestamp,
    wire::Cursor,
};
use tempfile::TempDir;

use super::{
    Agent, Anew, Database, Difference,
    projection::Incoming,
    source::{Begun, JournalSource, Source, SourceError},
    tables::{event, position},
    verify,
};
use crate::{
    api, demo,
    engine::{Engine, Request},
    journal::{Journal, SqliteJournal},
    live::Hub,
};

/// A journal's line of which the beginning is gone.
struct Trimmed {
    inner: JournalSource,
    /// The first event that is still there.
    oldest: u64,
    /// Events from here on are of a type that nobody knows.
    unknown: u64,
}

impl Source for Trimmed {
    async fn organization(&mut self) -> Result<OrganizationProfile, SourceError> {
        self.inner.organization().await
    }

    async fn begin(&mut self, after: u64) -> Result<Begun, SourceError> {
        let begun = self.inner.begin(after).await?;
        Ok(Begun {
            is_resumed: begun.is_resumed && after + 1 >= self.oldest,
            ..begun
        })
    }

    async fn next(&mut self) -> Result<Vec<Incoming>, SourceError> {
        let mut events = self.inner.next().await?;
        for event in events.iter_mut().filter(|event| event.seq >= self.unknown) {
            event.kind = "later.happened".into();
            event.event = None;
        }
        Ok(events)
    }

    async fn whole(&mut self) -> Result<(Cursor, Organization), SourceError> {
        self.inner.whole().await
    }

    async fn copied(&mut self, _: u64) {}

    fn pause(&mut self) -> Duration {
        Duration::ZERO
    }
}

/// The demo organization in a journal, and a database beside it.
struct Bench {
    journal: Arc<SqliteJournal>,
    engine: Engine,
    database: Database,
    _folder: TempDir,
}

impl Bench {
    async fn new() -> Self {
        let folder = TempDir::new().expect("a directory");
        let journal = Arc::new(SqliteJournal::open(folder.path()).expect("a journal"));
        let hub = Hub::new(Arc::clone(&journal) as Arc<dyn Journal>);
        let found = || demo::founding(Timestamp::from_millis(1_800_000_000_000));
        let engine = Engine::start(Arc::clone(&journal) as _, hub, api::render, found);
        let url = format!("sqlite://{}", folder.path().join("copy.db").display());
        let database = Database::connect(&url.parse().expect("an address"))
            .await
            .expect("a database");
        database.prepare().await.expect("tables");
        Self {
            journal,
            engine: engine.await.expect("an engine"),
            database,
            _folder: folder,
        }
    }

    fn line(&self) -> JournalSource {
        JournalSource::new(
            Arc::clone(&self.journal) as _,
            self.engine.clone(),
            "copy".into(),
        )
    }

    fn source(&self, oldest: u64, unknown: u64) -> Trimmed {
        Trimmed {
            inner: self.line(),
            oldest,
            unknown,
        }
    }

    async fn create(&self, name: &str) {
        let new = NewProject {
            id: None,
            name: name.parse().expect("a name"),
            slug: None,
            key: None,
            description: Default::default(),
        };
        let request = Request {
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
        };
        self.engine.execute(request).await.expect("a project");
    }

    /// Lets an agent work until the copy has come to where the model is.
    async fn follow(&self, source: Trimmed) {
        self.follow_from(source, Anew::default(), 0).await;
    }

    /// The same, made anew: until an event is there that was not.
    async fn follow_anew(&self, source: Trimmed) {
        let events = self.events().await;
        self.follow_from(source, Anew::new(true), events + 1).await;
    }

    async fn follow_from(&self, source: Trimmed, anew: Anew, events: u64) {
        let head = i64::try_from(self.engine.model().cursor.seq).expect("few events");
        let there = async {
            loop {
                let at = position::Entity::find()
                    .one(&self.database.pool)
                    .await
                    .expect("a position");
                if at.is_some_and(|at| at.seq >= head) && self.events().await >= events {
                    return;
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            error = Agent::new(&self.database, source, anew).follow() => panic!("{error}"),
            () = there => {}
        }
    }

    async fn differences(&self, mut source: Trimmed) -> Vec<Difference> {
        verify(&self.database, &mut source)
            .await
            .expect("compared")
            .2
    }

    async fn events(&self) -> u64 {
        event::Entity::find()
            .count(&self.database.pool)
            .await
            .expect("counted")
    }
}

#[tokio::test]
async fn a_line_without_its_beginning_begins_with_the_whole_model() {
    let bench = Bench::new().await;
    let head = bench.engine.model().cursor.seq;
    bench.follow(bench.source(100, u64::MAX)).await;
    assert_eq!(bench.events().await, head - 99, "all that there are");
    assert_eq!(bench.differences(bench.source(100, u64::MAX)).await, []);
    bench.create("Later").await;
    bench.follow(bench.source(100, u64::MAX)).await;
    assert_eq!(bench.events().await, head - 98);
    assert_eq!(bench.differences(bench.source(100, u64::MAX)).await, []);
    let whole = bench.differences(bench.source(0, u64::MAX)).await;
    let named: Vec<_> = whole.iter().map(ToString::to_string).collect();
    let missing = "events 1 to 99: are missing: --rebuild fetches them";
    assert_eq!(named, [missing], "of a line that still has them");
    bench.engine.stop().await;
}

#[tokio::test]
async fn where_events_are_gone_that_were_not_copied_the_tables_are_made_anew_and_the_events_stay() {
    let bench = Bench::new().await;
    bench.follow(bench.source(1, u64::MAX)).await;
    let before = bench.events().await;
    for name in ["One", "Two", "Three"] {
        bench.create(name).await;
    }
    let head = bench.engine.model().cursor.seq;
    bench.follow(bench.source(head, u64::MAX)).await;
    assert_eq!(
        bench.events().await,
        before + 1,
        "two of three are gone for good"
    );
    bench.create("Four").await;
    bench.follow(bench.source(head, u64::MAX)).await;
    assert_eq!(bench.events().await, before + 2);
    let differences = bench.differences(bench.source(head, u64::MAX)).await;
    let tables: Vec<&str> = differences.iter().map(|differs| differs.table).collect();
    assert_eq!(
        tables,
        ["events"],
        "the hole is told, and all else is right: {differences:?}"
    );
    bench.engine.stop().await;
}

#[tokio::test]
async fn what_was_copied_may_be_gone_from_the_line() {
    let bench = Bench::new().await;
    bench.follow(bench.source(1, u64::MAX)).await;
    let head = bench.engine.model().cursor.seq;
    bench.create("Later").await;
    bench.follow(bench.source(head + 1, u64::MAX)).await;
    let trimmed = || bench.source(head + 1, u64::MAX);
    assert_eq!(bench.differences(trimmed()).await, []);
    // Made anew, what is in the copy alone stays, and what the line has is read again.
    let of = bench.engine.model().aggregate.profile.stamp.id;
    for seq in [head, head + 1] {
        let key = (of.to_string(), i64::try_from(seq).expect("few"));
        let gone = event::Entity::delete_by_id(key).exec(&bench.database.pool);
        gone.await.expect("deleted");
    }
    bench.follow_anew(trimmed()).await;
    assert_eq!(
        bench.events().await,
        head,
        "all but the one that nobody has any more"
    );
    bench.engine.stop().await;
}

#[tokio::test]
async fn events_of_an_unknown_type_are_kept_and_stop_nothing() {
    let bench = Bench::new().await;
    let head = bench.engine.model().cursor.seq;
    bench.create("Unseen").await;
    bench.follow(bench.source(1, head + 1)).await;
    assert_eq!(bench.events().await, head + 1);
    let last = event::Entity::find_by_id((
        bench.engine.model().aggregate.profile.stamp.id.to_string(),
        i64::try_from(head + 1).expect("few"),
    ));
    let last = last
        .one(&bench.database.pool)
        .await
        .expect("found")
        .expect("there");
    assert_eq!(last.kind, "later.happened");
    assert_eq!(last.data["project"]["name"], "Unseen");
    bench.engine.stop().await;
}
