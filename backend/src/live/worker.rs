//! One for each thread that serves connections: it is woken once for whatever was published meanwhile, and wakes its
//! connections itself, on its own thread.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    rc::{Rc, Weak},
    sync::Arc,
    time::{Duration, Instant},
};

use actix_web::rt;
use shared_types::topic::Topic;
use tokio::{task::JoinHandle, time::MissedTickBehavior};

use super::{
    hub::Hub,
    interest::{Interest, Waiter},
    metrics,
    signal::Signal,
};

/// How often connections that wait for a time are looked at.
const TICK: Duration = Duration::from_secs(1);

/// What the connections of one thread share.
pub struct Worker {
    pub hub: Arc<Hub>,
    /// What its connections may take: one value for all of them in one round, so that they share what they take.
    visible: Cell<u64>,
    life: Cell<u64>,
    access: Cell<u64>,
    /// The newest round of roll-ups and presence it has told its connections of.
    latest: Cell<u64>,
    interests: RefCell<HashMap<Box<[Topic]>, Rc<Interest>>>,
    by_topic: RefCell<HashMap<Topic, Vec<Rc<Interest>>>>,
    /// The newest version of the logs that it has told its connections of.
    logs: Cell<u64>,
    /// Connections that wait for `visible` to move, whatever they follow.
    waiting: RefCell<Vec<Rc<Waiter>>>,
    pub tally: metrics::Tally,
    signal: Arc<Signal>,
    task: RefCell<Option<JoinHandle<()>>>,
}

thread_local! {
    static WORKERS: RefCell<Vec<Rc<Worker>>> = const { RefCell::new(Vec::new()) };
}

impl Worker {
    /// This thread's worker of a hub, started if there is none.
    pub fn of(hub: &Arc<Hub>) -> Rc<Self> {
        WORKERS.with_borrow_mut(|workers| {
            let known = workers
                .iter()
                .find(|worker| Arc::ptr_eq(&worker.hub, hub))
                .cloned();
            known.unwrap_or_else(|| {
                let worker = Self::start(hub);
                workers.push(Rc::clone(&worker));
                worker
            })
        })
    }

    /// Lets go of those whose hub is closed and which have no connections any more.
    fn forget_closed() {
        // Dropped when the list is free again.
        let _closed: Vec<Rc<Self>> = WORKERS.with_borrow_mut(|workers| {
            workers
                .extract_if(.., |worker| {
                    worker.hub.is_closing() && Rc::strong_count(worker) == 1
                })
                .collect()
        });
    }

    fn start(hub: &Arc<Hub>) -> Rc<Self> {
        let signal = Arc::new(Signal::default());
        // First listed, then read: what is published in between raises the signal.
        hub.enlist(Arc::clone(&signal));
        let worker = Rc::new(Self {
            hub: Arc::clone(hub),
            visible: Cell::new(hub.visible()),
            life: Cell::new(hub.life()),
            access: Cell::new(hub.access()),
            latest: Cell::new(hub.latest.version()),
            logs: Cell::new(hub.logs().map_or(0, |logs| logs.version())),
            interests: RefCell::default(),
            by_topic: RefCell::default(),
            waiting: RefCell::default(),
            tally: metrics::Tally::default(),
            signal: Arc::clone(&signal),
            task: RefCell::default(),
        });
        let task = rt::spawn(run(Rc::downgrade(&worker), signal));
        worker.task.replace(Some(task));
        worker
    }

    /// The position up to which its connections may read.
    pub fn visible(&self) -> u64 {
        self.visible.get()
    }

    /// Wakes a connection when the position has moved, whatever it follows.
    pub fn wake_when_moved(&self, waiter: &Rc<Waiter>) {
        self.waiting.borrow_mut().push(Rc::clone(waiter));
    }

    /// Makes a connection a follower of exactly these topics.
    pub fn join(&self, topics: &[Topic], waiter: &Rc<Waiter>) -> Rc<Interest> {
        let mut topics: Box<[Topic]> = topics.into();
        topics.sort_unstable();
        let interest = Rc::clone(
            self.interests
                .borrow_mut()
                .entry(topics)
                .or_insert_with_key(|topics| {
                    let interest = Rc::new(Interest::new(topics.clone()));
                    let mut by_topic = self.by_topic.borrow_mut();
                    for topic in topics {
                        let interests = by_topic.entry(*topic).or_insert_with(|| {
                            self.hub.follow(*topic);
                            Vec::new()
                        });
                        interests.push(Rc::clone(&interest));
                    }
                    interest
                }),
        );
        interest.join(waiter);
        interest
    }

    /// Ends what [`Self::join`] began.
    pub fn leave(&self, interest: &Rc<Interest>, waiter: &Waiter) {
        if !interest.leave(waiter) {
            return;
        }
        self.interests.borrow_mut().remove(&interest.topics);
        let mut by_topic = self.by_topic.borrow_mut();
        for topic in &interest.topics {
            if let Some(interests) = by_topic.get_mut(topic) {
                interests.retain(|other| !Rc::ptr_eq(other, interest));
                if interests.is_empty() {
                    by_topic.remove(topic);
                    self.hub.unfollow(*topic);
                }
            }
        }
    }

    /// Looks at what has been published, and wakes whom it concerns.
    pub fn look(&self) {
        let hub = &self.hub;
        let (before, visible) = (self.visible.get(), hub.visible());
        let life = hub.life();
        let access = hub.access();
        let life_changed = self.life.replace(life) != life;
        let access_changed = self.access.replace(access) != access;
        let everyone = hub.is_closing() || life_changed || access_changed;
        self.visible.set(visible);
        let mut list = List::default();
        if everyone {
            list.add_all(self.interests.borrow().values());
        } else if visible > before {
            let by_topic = self.by_topic.borrow();
            list.add_all(by_topic.get(&Topic::All).into_iter().flatten());
            match hub.line().range(before, visible) {
                Ok(entries) => {
                    let topics = entries.flat_map(|entry| entry.concerns());
                    topics
                        .for_each(|topic| list.add_all(by_topic.get(&topic).into_iter().flatten()));
                }
                Err(_) => list.add_all(self.interests.borrow().values()),
            }
        }
        let latest = hub.latest.version();
        if latest > self.latest.get() {
            let topics = hub.latest.topics_since(self.latest.replace(latest));
            let by_topic = self.by_topic.borrow();
            topics
                .iter()
                .for_each(|topic| list.add_all(by_topic.get(topic).into_iter().flatten()));
        }
        if let Some(logs) = hub.logs() {
            let version = logs.version();
            if version > self.logs.get() {
                let topics = logs.topics_since(self.logs.replace(version));
                let by_topic = self.by_topic.borrow();
                for topic in &topics {
                    list.add_all(by_topic.get(topic).into_iter().flatten());
                }
            }
        }
        list.wake();
        self.waiting.take().iter().for_each(|waiter| waiter.wake());
    }

    fn tick(&self) {
        let now = Instant::now();
        self.interests
            .borrow()
            .values()
            .for_each(|interest| interest.wake_due(now));
        self.tally.publish();
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.hub.discharge(&self.signal);
        self.tally.publish();
        if let Some(task) = self.task.take() {
            task.abort();
        }
    }
}

/// Interests to be woken, each once.
#[derive(Default)]
struct List(Vec<Rc<Interest>>);

impl List {
    fn add_all<'a>(&mut self, interests: impl IntoIterator<Item = &'a Rc<Interest>>) {
        for interest in interests {
            if !interest.listed.replace(true) {
                self.0.push(Rc::clone(interest));
            }
        }
    }

    fn wake(self) {
        for interest in self.0 {
            interest.listed.set(false);
            interest.wake();
        }
    }
}

async fn run(worker: Weak<Worker>, signal: Arc<Signal>) {
    let mut ticks = tokio::time::interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    loop {
        let ticked = tokio::select! {
            () = signal.wait() => false,
            _ = ticks.tick() => true,
        };
        let Some(worker) = worker.upgrade() else {
            return;
        };
        if ticked {
            worker.tick();
        } else {
            worker.look();
        }
        if ticked && worker.hub.is_closing() {
            drop(worker);
            Worker::forget_closed();
        }
    }
}
