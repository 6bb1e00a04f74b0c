use std::{
    collections::VecDeque,
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use tokio::sync::{mpsc, oneshot, watch};

use super::{
    Publisher, Render,
    aggregate::Aggregate,
    batch::{Batch, Job, Rules},
    clock::Clock,
    handle::Shared,
    idempotency::Kept,
    mailbox::Message,
    metrics,
    save::{Saver, Saving},
};
use crate::journal::{Head, Heard};

/// Commands taken into one batch.
const BATCH_COMMANDS: usize = 1_024;
/// While writes fail, how often it is tried whether they can be taken again.
const PROBE_EVERY: Duration = Duration::from_millis(500);
/// The longest that a batch is held back for those who are about to write.
const LINGER_MOST: Duration = Duration::from_millis(1);
const LINGER_STEP: Duration = Duration::from_micros(50);

/// The engine's task. It alone changes the model.
pub(super) struct Task<A: Aggregate> {
    pub mailbox: mpsc::Receiver<Message<A>>,
    pub shared: Arc<Shared<A>>,
    pub publisher: Arc<dyn Publisher<A>>,
    render: Render<A>,
    pub state: State,
    /// Taken from the mailbox and not decided yet.
    pub queue: VecDeque<Job<A>>,
    saver: Saver,
    waiting: metrics::Waiting,
    /// Who waits for the end, once it is asked for.
    pub stopping: Option<oneshot::Sender<Head>>,
    pub pace: Pace,
    /// What is heard of others who write to the line.
    pub others: Option<watch::Receiver<Heard>>,
    /// The last round of comparing that was done.
    pub round: u64,
    /// When to try next whether writes can be taken again, should they not be. A time and no pause: what is heard of
    /// others meanwhile may never end, and must not put it off.
    probe_at: tokio::time::Instant,
}

/// Where the task stands, besides the model.
pub(super) struct State {
    pub head: Head,
    pub clock: Clock,
    pub kept: Kept,
}

/// How the last batch went.
#[derive(Default)]
pub(super) struct Pace {
    pub commands: usize,
    pub took: Duration,
}

impl<A: Aggregate> Task<A> {
    pub fn new(
        mailbox: mpsc::Receiver<Message<A>>,
        shared: Arc<Shared<A>>,
        publisher: Arc<dyn Publisher<A>>,
        render: Render<A>,
        state: State,
        saver: Saver,
    ) -> Self {
        let (queue, pace) = (VecDeque::new(), Pace::default());
        let others = shared.journal.watch();
        Self {
            mailbox,
            shared,
            publisher,
            render,
            state,
            queue,
            saver,
            waiting: metrics::Waiting::default(),
            stopping: None,
            pace,
            others,
            round: 0,
            probe_at: tokio::time::Instant::now(),
        }
    }

    /// Until it is stopped, and what came before that is done.
    pub async fn run(mut self) {
        loop {
            self.collect().await;
            if self.queue.is_empty() {
                break;
            }
            self.waiting.set(self.queue.len() + self.mailbox.len());
            let model = self.shared.model.load_full();
            let rules = Rules {
                epoch: &model.cursor.epoch,
                kept: &self.state.kept,
                render: self.render,
            };
            let batch = Batch::decide(model.aggregate.clone(), &mut self.queue, &rules);
            self.write(batch).await;
            self.waiting.set(self.queue.len() + self.mailbox.len());
            if self.saver.is_due(self.state.head.seq).await {
                self.saving()
                    .into_iter()
                    .for_each(|saving| self.saver.save(saving));
            }
        }
        let last = self.saving();
        self.saver.finish(last).await;
        if let Some(stopped) = self.stopping.take() {
            // Who asked for it may have given up waiting.
            let _ = stopped.send(self.state.head);
        }
    }

    /// Waits for commands and takes all that are there. Leaves the queue empty only when it is time to stop.
    async fn collect(&mut self) {
        while self.queue.is_empty() && self.stopping.is_none() {
            let is_writable = self.shared.writable.load(Ordering::Relaxed);
            tokio::select! {
                message = self.mailbox.recv() => match message {
                    Some(message) => self.take(message),
                    None => return,
                },
                () = tokio::time::sleep_until(self.probe_at), if !is_writable => self.probe().await,
                () = heard(&mut self.others) => self.look().await,
            }
            // Keys come with what others write too.
            let now = self.state.clock.now().as_millis();
            self.state.kept.tidy(now);
        }
        self.drain();
        self.linger();
    }

    fn drain(&mut self) {
        while self.queue.len() < BATCH_COMMANDS
            && let Ok(message) = self.mailbox.try_recv()
        {
            self.take(message);
        }
    }

    /// Those whom the last batch has answered are about to write again. The first of them would have an append to
    /// itself and all others wait for the next; so where many wrote together, the others are waited for, for much
    /// less time than an append takes. The thread is the engine's own, so blocking it keeps nobody else waiting.
    fn linger(&mut self) {
        let until = Instant::now() + (self.pace.took / 4).min(LINGER_MOST);
        while self.queue.len() < self.pace.commands
            && self.stopping.is_none()
            && Instant::now() < until
        {
            std::thread::sleep(LINGER_STEP);
            self.drain();
        }
    }

    fn take(&mut self, message: Message<A>) {
        match message {
            Message::Execute(pending) => {
                let context = self.state.clock.context(&pending.request);
                self.queue.push_back(Job { pending, context });
            }
            Message::Stop(stopped) => {
                self.mailbox.close();
                self.stopping = Some(stopped);
            }
        }
    }

    async fn probe(&mut self) {
        if self.shared.journal.probe().await.is_ok() {
            tracing::info!("writes are taken again");
            self.shared.writable.store(true, Ordering::Relaxed);
        }
        self.probe_at = tokio::time::Instant::now() + PROBE_EVERY;
    }

    /// The model to be saved; none where nothing has happened.
    fn saving(&self) -> Option<Saving<A>> {
        let head = self.state.head.id?;
        Some(Saving {
            aggregate: self.shared.model.load().aggregate.clone(),
            head,
            head_at: self.state.clock.last(),
            kept: self.state.kept.clone(),
        })
    }
}

/// When something was heard of others; never where there are none.
async fn heard(others: &mut Option<watch::Receiver<Heard>>) {
    let is_heard = match others {
        Some(others) => others.changed().await.is_ok(),
        None => false,
    };
    if !is_heard {
        std::future::pending().await
    }
}
