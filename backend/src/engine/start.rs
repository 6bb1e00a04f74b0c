use std::sync::{Arc, Mutex, atomic::AtomicBool};

use arc_swap::ArcSwap;
use shared_types::Rejection;
use tokio::sync::{Semaphore, mpsc, watch};

use super::{
    Engine, LoadError, Model, Publisher, Render,
    aggregate::Aggregate,
    clock::Clock,
    draft::Draft,
    freshness::Freshness,
    handle::Shared,
    load::{Loaded, load},
    metrics,
    save::Saver,
    task::{State, Task},
};
use crate::{
    founding::Founding,
    journal::{AppendError, Journal, ReadError},
};

/// Commands that may wait. With more than this the server says that it is busy, instead of answering ever later.
const MAILBOX: usize = 4_096;

/// Lookups at a time of where the line ends.
const CATCHING_UP: usize = 4;

/// Why an engine does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Load(#[from] LoadError),
    #[error("the journal can't be written: {0}")]
    Write(#[from] AppendError),
    #[error("the new organization is refused: {0}")]
    Founding(#[from] Rejection),
    #[error("the new organization's content can't be read: {0}")]
    Content(Box<dyn std::error::Error + Send + Sync>),
    #[error("no thread can be started: {0}")]
    Thread(#[from] std::io::Error),
}

impl From<ReadError> for StartError {
    fn from(error: ReadError) -> Self {
        Self::Load(error.into())
    }
}

impl<A: Aggregate> Engine<A> {
    /// Loads the model and starts the engine's task, on a thread of its own. Where nothing has happened yet, the
    /// organization is founded first.
    pub async fn start<E: Into<Box<dyn std::error::Error + Send + Sync>>>(
        journal: Arc<dyn Journal>,
        publisher: Arc<dyn Publisher<A>>,
        render: Render<A>,
        founding: impl FnOnce() -> Result<Founding<A>, E>,
    ) -> Result<Self, StartError> {
        metrics::describe();
        let loaded = match journal.founded().await? {
            Some(origin) if journal.head().await?.seq > 0 => {
                load(&*journal, read_origin::<A>(origin)?).await?
            }
            _ => {
                found(
                    &*journal,
                    founding().map_err(|error| StartError::Content(error.into()))?,
                )
                .await?
            }
        };
        let cursor = loaded.head.cursor();
        // A node among others has to hear itself first.
        let is_writable = journal.watch().is_some() || can_write(&*journal).await;
        let model = Arc::new(Model {
            aggregate: loaded.aggregate,
            cursor,
        });
        publisher.reset(&model);
        let (sender, mailbox) = mpsc::channel(MAILBOX);
        let shared = Arc::new(Shared {
            model: ArcSwap::new(Arc::clone(&model)),
            moved: watch::Sender::new(()),
            writable: AtomicBool::new(is_writable),
            freshness: Freshness::new(journal.watch()),
            catching_up: Semaphore::new(CATCHING_UP),
            journal,
            thread: Mutex::new(None),
        });
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()?;
        let saver = Saver::new(Arc::clone(&shared.journal), loaded.saved);
        let state = State {
            head: loaded.head,
            clock: Clock::after(loaded.head_at),
            kept: loaded.kept,
        };
        let task = Task::new(
            mailbox,
            Arc::clone(&shared),
            publisher,
            render,
            state,
            saver,
        );
        let thread = std::thread::Builder::new()
            .name("engine".into())
            .spawn(move || runtime.block_on(task.run()))?;
        let engine = Self::new(sender, shared);
        engine.own(thread);
        Ok(engine)
    }
}

async fn found<A: Aggregate>(
    journal: &dyn Journal,
    founding: Founding<A>,
) -> Result<Loaded<A>, StartError> {
    // A first start that was cut short has founded it, and nothing has happened in it.
    let origin = serde_json::to_value(&founding.origin)
        .map_err(|error| StartError::Content(error.into()))?;
    let origin = read_origin::<A>(journal.found(origin).await?)?;
    let mut loaded = load(journal, origin.clone()).await?;
    if loaded.head.seq > 0 {
        return Ok(loaded);
    }
    let mut draft = Draft::new(loaded.aggregate);
    // In one append: all of it or none.
    for step in &founding.steps {
        draft.carry_out(&step.command, &step.context)?;
        loaded.head_at = loaded.head_at.max(step.context.at);
    }
    loaded.aggregate = draft.aggregate;
    if draft.records.is_empty() {
        return Ok(loaded);
    }
    match journal.append(loaded.head, draft.records.into()).await {
        Ok(head) => loaded.head = head,
        // Another node founds the same at the same time, and was first.
        Err(AppendError::Conflict(_)) => return Ok(load(journal, origin).await?),
        Err(error) => return Err(error.into()),
    }
    Ok(loaded)
}

async fn can_write(journal: &dyn Journal) -> bool {
    let probed = journal.probe().await;
    if let Err(error) = &probed {
        tracing::error!(%error, "writes are refused until the journal can be written; reading goes on");
    }
    probed.is_ok()
}

/// What a model starts from, as the journal has it.
pub(crate) fn read_origin<A: Aggregate>(origin: serde_json::Value) -> Result<A::Origin, LoadError> {
    serde_json::from_value(origin)
        .map_err(|error| LoadError::Damaged(format!("its beginning can't be read: {error}")))
}
