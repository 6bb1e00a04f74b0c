//! All subscribers of one server, on one thread of their own: one core's worth, whatever the server does.

use std::{
    cell::RefCell,
    future::poll_fn,
    net::SocketAddr,
    rc::Rc,
    sync::{Arc, Mutex},
    time::Duration,
};

use anyhow::{Context, Result};
use futures_util::{StreamExt, TryStreamExt, stream};
use tokio::{
    sync::{mpsc, oneshot},
    task::LocalSet,
    time::timeout,
};

use super::{
    connection::{Connection, SCRATCH, locked},
    dialect::Dialect,
    tally::Tally,
};
use crate::{stamp::Clock, thread::Thread};

/// Connections that are being opened at the same time: enough to be quick, too few to overflow an accept queue.
const OPENING: usize = 32;

/// For one connection to be open and subscribed.
const PATIENCE: Duration = Duration::from_secs(20);

/// Asks the thread for more connections.
#[derive(Debug)]
struct Open {
    count: usize,
    done: oneshot::Sender<Result<()>>,
}

/// The handle; when it is dropped, every connection is closed and the thread has ended.
#[derive(Debug)]
pub struct Subscribers {
    orders: Option<mpsc::Sender<Open>>,
    tally: Arc<Mutex<Tally>>,
    thread: Thread<()>,
    count: usize,
}

impl Subscribers {
    /// Starts the thread, with no connection yet.
    ///
    /// # Errors
    /// The thread can't be started.
    pub async fn start(address: SocketAddr, dialect: Dialect, clock: Clock) -> Result<Self> {
        let tally = Arc::new(Mutex::new(Tally::new()?));
        let (orders, inbox) = mpsc::channel(1);
        let crew = Crew {
            address,
            dialect: Arc::new(dialect),
            clock,
            tally: Arc::clone(&tally),
        };
        let thread = Thread::start("subscribers", move || crew.work(inbox)).await?;
        Ok(Self {
            orders: Some(orders),
            tally,
            thread,
            count: 0,
        })
    }

    /// Opens connections until there are `count`.
    ///
    /// # Errors
    /// One of them can't be opened within twenty seconds.
    pub async fn grow_to(&mut self, count: usize) -> Result<()> {
        let (done, opened) = oneshot::channel();
        let orders = self
            .orders
            .as_ref()
            .context("the subscribers have stopped")?;
        orders
            .send(Open {
                count: count.saturating_sub(self.count),
                done,
            })
            .await?;
        opened
            .await
            .context("the thread of the subscribers ended")??;
        self.count = count;
        Ok(())
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Takes what was counted since the last time.
    pub fn take(&self) -> Tally {
        locked(&self.tally).take()
    }

    /// Deliveries counted since the last [`Self::take`].
    pub fn deliveries(&self) -> u64 {
        locked(&self.tally).deliveries
    }

    /// Processor time that the thread has used.
    ///
    /// # Errors
    /// The thread has ended.
    pub fn cpu(&self) -> Result<Duration> {
        self.thread.cpu()
    }
}

impl Drop for Subscribers {
    fn drop(&mut self) {
        // Without this the thread, which is joined next, would wait for orders for ever.
        self.orders.take();
    }
}

/// What the thread works with.
struct Crew {
    address: SocketAddr,
    dialect: Arc<Dialect>,
    clock: Clock,
    tally: Arc<Mutex<Tally>>,
}

impl Crew {
    /// Opens what is ordered and counts what comes, until there are no more orders to be had.
    async fn work(self, mut inbox: mpsc::Receiver<Open>) {
        // Dropped with the thread's future, and with it every connection.
        let tasks = LocalSet::new();
        let scratch = Rc::new(RefCell::new(vec![0; SCRATCH]));
        tasks
            .run_until(async {
                while let Some(Open { count, done }) = inbox.recv().await {
                    let opened = self.open(count, &tasks, &scratch).await;
                    // Nobody waits any more: then the orders end too.
                    done.send(opened).ok();
                }
            })
            .await;
    }

    async fn open(
        &self,
        count: usize,
        tasks: &LocalSet,
        scratch: &Rc<RefCell<Vec<u8>>>,
    ) -> Result<()> {
        stream::iter(0..count)
            .map(|_| async {
                timeout(
                    PATIENCE,
                    Connection::open(self.address, Arc::clone(&self.dialect)),
                )
                .await
                .context("a connection was not subscribed in time")?
            })
            .buffer_unordered(OPENING)
            .try_for_each(|mut connection| {
                let (scratch, tally, clock) =
                    (Rc::clone(scratch), Arc::clone(&self.tally), self.clock);
                tasks.spawn_local(async move {
                    let why = poll_fn(|cx| {
                        connection.poll_count(cx, &mut scratch.borrow_mut(), clock, &tally)
                    })
                    .await;
                    locked(&tally).lose(&why);
                });
                std::future::ready(Ok(()))
            })
            .await
    }
}
