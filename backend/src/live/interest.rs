use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    task::Waker,
    time::Instant,
};

use shared_types::topic::Topic;

use super::{
    chunk::{CHUNK_BYTES, Chunk},
    hub::Hub,
    line::{TooFarBack, Want},
};

/// Chunks remembered. Connections that keep up share one; those that were held up for a moment the ones before it.
const REMEMBERED: usize = 4;

/// Followers of the same topics on one worker. What one of them takes, the others are given without looking again.
#[derive(Debug)]
pub struct Interest {
    /// Sorted.
    pub topics: Box<[Topic]>,
    waiters: RefCell<Vec<Rc<Waiter>>>,
    chunks: RefCell<Vec<Rc<Chunk>>>,
    /// Set while the worker makes its list of whom to wake.
    pub listed: Cell<bool>,
}

/// How a connection is woken, without anything being allocated or sent.
#[derive(Debug, Default)]
pub struct Waiter {
    waker: RefCell<Option<Waker>>,
    /// Its place among the waiters of its interest.
    place: Cell<usize>,
    /// When it wants to be woken in any case.
    due: Cell<Option<Instant>>,
}

impl Waiter {
    /// Wakes this task from now on.
    pub fn register(&self, waker: &Waker) {
        let mut registered = self.waker.borrow_mut();
        match registered.as_mut() {
            Some(registered) => registered.clone_from(waker),
            None => *registered = Some(waker.clone()),
        }
    }

    /// Wakes the connection.
    pub fn wake(&self) {
        if let Some(waker) = self.waker.borrow().as_ref() {
            waker.wake_by_ref();
        }
    }

    /// Wakes the connection at this time or, if it has asked for that, sooner; give or take a second.
    pub fn wake_at(&self, due: Instant) {
        let sooner = self.due.get().map_or(due, |other| other.min(due));
        self.due.set(Some(sooner));
    }

    /// Whether the time it wanted to be woken at has come, or it has named none.
    pub fn is_due(&self) -> bool {
        self.due.get().is_none()
    }

    fn wake_if_due(&self, now: Instant) {
        if self.due.get().is_some_and(|due| due <= now) {
            self.due.set(None);
            self.wake();
        }
    }
}

impl Interest {
    /// The interest in these topics, without followers yet.
    pub fn new(topics: Box<[Topic]>) -> Self {
        Self {
            topics,
            waiters: RefCell::default(),
            chunks: RefCell::default(),
            listed: Cell::new(false),
        }
    }

    /// One more follower.
    pub fn join(&self, waiter: &Rc<Waiter>) {
        let mut waiters = self.waiters.borrow_mut();
        waiter.place.set(waiters.len());
        waiters.push(Rc::clone(waiter));
    }

    /// One follower less. True if it was the last.
    pub fn leave(&self, waiter: &Waiter) -> bool {
        let mut waiters = self.waiters.borrow_mut();
        let place = waiter.place.get();
        waiters.swap_remove(place);
        if let Some(moved) = waiters.get(place) {
            moved.place.set(place);
        }
        waiters.is_empty()
    }

    /// Wakes them all: there are new events.
    pub fn wake(&self) {
        // What was shared reached only to the position of before.
        self.chunks.borrow_mut().clear();
        self.waiters
            .borrow()
            .iter()
            .for_each(|waiter| waiter.wake());
    }

    /// Wakes those whose time has come. What was shared is not kept for those who are later than that.
    pub fn wake_due(&self, now: Instant) {
        self.chunks.borrow_mut().clear();
        self.waiters
            .borrow()
            .iter()
            .for_each(|waiter| waiter.wake_if_due(now));
    }

    /// What there is after a position up to another, on all its topics.
    pub fn chunk(&self, hub: &Hub, after: u64, upto: u64) -> Result<Rc<Chunk>, TooFarBack> {
        let range = (after, upto);
        if let Some(chunk) = self
            .chunks
            .borrow()
            .iter()
            .find(|chunk| chunk.range == range)
        {
            return Ok(Rc::clone(chunk));
        }
        let wants: Vec<Want> = self
            .topics
            .iter()
            .map(|topic| Want {
                topic: *topic,
                after,
            })
            .collect();
        let batch = hub.line().collect(&wants, after, upto, CHUNK_BYTES)?;
        let chunk = Rc::new(Chunk::live(range, batch));
        let mut chunks = self.chunks.borrow_mut();
        if chunks.len() == REMEMBERED {
            chunks.remove(0);
        }
        chunks.push(Rc::clone(&chunk));
        Ok(chunk)
    }
}
