use std::sync::{Arc, Mutex, atomic::AtomicBool};

use arc_swap::ArcSwap;
use shared_types::Rejection;
use tokio::sync::{mpsc, watch};

use super::{
    Engine, LoadError, Model, Publisher, Render,
    clock::Clock,
    draft::Draft,
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

impl Engine {
    /// Loads the model and starts the engine's task, on a thread of its own. Where nothing has happened yet, the
    /// organization is founded first.
    pub async fn start<E: Into<Box<dyn std::error::Error + Send + Sync>>>(
        journal: Arc<dyn Journal>,
        publisher: Arc<dyn Publisher>,
        render: Render,
        founding: impl FnOnce() -> Result<Founding, E>,
    ) -> Result<Self, StartError> {
        metrics::describe();
        let loaded = match journal.founded().await? {
            Some(organization) if journal.head().await?.seq > 0 => {
                load(&*journal, organization).await?
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
        let model = Arc::new(Model {
            organization: loaded.organization,
            cursor,
        });
        publisher.reset(&model);
        let (sender, mailbox) = mpsc::channel(MAILBOX);
        let shared = Arc::new(Shared {
            model: ArcSwap::new(Arc::clone(&model)),
            moved: watch::Sender::new(()),
            writable: AtomicBool::new(true),
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

async fn found(journal: &dyn Journal, founding: Founding) -> Result<Loaded, StartError> {
    // A first start that was cut short has founded it, and nothing has happened in it.
    let organization = journal.found(founding.organization).await?;
    let mut loaded = load(journal, organization).await?;
    let mut draft = Draft::new(loaded.organization);
    // In one append: all of it or none.
    for step in &founding.steps {
        draft.carry_out(&step.command, &step.context)?;
        loaded.head_at = loaded.head_at.max(step.context.at);
    }
    loaded.organization = draft.organization;
    if !draft.records.is_empty() {
        loaded.head = journal.append(loaded.head, draft.records.into()).await?;
    }
    Ok(loaded)
}
