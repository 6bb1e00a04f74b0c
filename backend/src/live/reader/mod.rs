//! The one reader behind every transport: a set of cursors into the topic logs, not a queue.
//!
//! It stands at one position of the line, `sent`: all its topics have been told of everything up to there. What the
//! client asks for is carried out between two events, so that its place in the order is clear.

mod begin;
mod catch_up;
mod follow;
mod gate;
mod logs;
mod narrow;
mod request;
mod resync;
mod start;
mod subscribe;

use std::{
    collections::VecDeque,
    future::Future,
    pin::Pin,
    rc::Rc,
    sync::Arc,
    task::{Context, Poll},
};

use shared_types::{
    error::Rejection,
    state::Sight,
    topic::Topic,
    wire::{Cursor, Epoch, ServerMessage},
};

pub use self::{begin::Ask, request::Request, subscribe::NO_TOPIC};
use self::{catch_up::Replay, follow::Follows, gate::Gate, logs::LogFollow};
use super::{
    chunk::Chunk, frame::Frame, hub::Hub, interest::Waiter, line::Stop, message::Message,
    worker::Worker,
};

/// What a reader hands to its transport.
#[derive(Debug)]
pub enum Item {
    /// At least one.
    Events(Rc<Chunk>),
    /// A roll-up or presence message, shared.
    Shared(Frame),
    Message(Message),
    /// A stream can't begin now, and ends with this.
    Refused(Rejection),
}

/// How a transport goes on where a subscription can't.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// The client is told, and subscribes again.
    Dialogue,
    /// A snapshot comes in place.
    Stream,
    /// The same, in one answer; roll-ups are added at its end.
    Answer,
}

/// Places for items that an idle reader keeps.
const IDLE_ITEMS: usize = 8;

/// What is waited for; and what to do with it.
type Work = Pin<Box<dyn Future<Output = Then>>>;
type Then = Box<dyn FnOnce(&mut Reader)>;

/// The cursors of one connection.
pub struct Reader {
    hub: Arc<Hub>,
    worker: Rc<Worker>,
    waiter: Rc<Waiter>,
    manner: Manner,
    /// What the client may follow.
    sight: Sight,
    epoch: Epoch,
    life: u64,
    follows: Follows,
    /// Every followed topic has been told of everything up to here.
    sent: u64,
    /// The newest round of roll-ups and presence that was told.
    latest: u64,
    ready: VecDeque<Item>,
    requests: VecDeque<Request>,
    /// The logs that are told, where each stands.
    logs: Vec<LogFollow>,
    /// Where the last chunk ended early.
    stop: Option<Stop>,
    /// What only some readers have, some of the time.
    aside: Option<Box<Aside>>,
}

/// What a reader is at, besides following on.
#[derive(Default)]
struct Aside {
    /// The request that is being carried out, in case the line starts again meanwhile.
    current: Option<Request>,
    work: Option<Work>,
    replay: Option<Replay>,
    /// Records to be read from the journal the next time.
    page: Option<usize>,
    gate: Option<Gate>,
    /// Events came from the journal, which does not tell what has gone with them.
    look_for_gone: bool,
    /// Resumed topics whose roll-ups are still to be told, and where each was resumed.
    rollups_due: Vec<(Topic, u64)>,
}

impl Aside {
    fn is_settled(&self) -> bool {
        self.work.is_none() && self.gate.is_none() && self.replay.is_none()
    }
}

impl Reader {
    /// A reader that follows nothing yet; none before the model is loaded.
    pub fn new(hub: &Arc<Hub>, manner: Manner, sight: Sight) -> Option<Self> {
        let worker = Worker::of(hub);
        let life = hub.life();
        let epoch = hub.model()?.cursor.epoch.clone();
        let waiter = Rc::new(Waiter::default());
        Some(Self {
            follows: Follows::new(&worker, &waiter),
            sent: worker.visible(),
            latest: hub.latest.version(),
            hub: Arc::clone(hub),
            worker,
            waiter,
            manner,
            sight,
            epoch,
            life,
            ready: VecDeque::new(),
            requests: VecDeque::new(),
            logs: Vec::new(),
            stop: None,
            aside: None,
        })
    }

    /// Asks for something, which is carried out in its turn.
    pub fn ask(&mut self, request: Request) {
        self.requests.push_back(request);
    }

    /// Every topic has been told of everything up to here.
    pub fn cursor(&self) -> Cursor {
        let replay = self.aside.as_ref().and_then(|aside| aside.replay.as_ref());
        let replayed = replay.map_or(u64::MAX, |replay| replay.at);
        self.cursor_at(self.sent.min(replayed))
    }

    /// The epoch of its line.
    pub fn epoch(&self) -> &Epoch {
        &self.epoch
    }

    /// Whether all that was asked for is carried out and all that has happened is told.
    pub fn is_settled(&self) -> bool {
        self.aside.as_ref().is_none_or(|aside| aside.is_settled()) && self.requests.is_empty()
    }

    /// Its hub.
    pub fn hub(&self) -> &Arc<Hub> {
        &self.hub
    }

    /// What wakes it.
    pub fn waiter(&self) -> &Rc<Waiter> {
        &self.waiter
    }

    /// Whether a chunk is of live events, and nothing has been told since.
    pub fn can_take_back(&self, chunk: &Chunk) -> bool {
        let idle = self.is_settled() && self.stop.is_none() && self.ready.is_empty();
        idle && chunk.is_live && chunk.stop().is_none() && chunk.batch.upto == self.sent
    }

    /// Reads what comes after this position again.
    pub fn take_back(&mut self, seq: u64) {
        self.sent = seq;
    }

    /// The message that tells where the reader stands.
    pub fn heartbeat(&self) -> Message {
        let cursor = self.cursor();
        let seq = cursor.seq;
        Message::new(&ServerMessage::Heartbeat { cursor }).at(Some(seq))
    }

    /// What comes next. It never ends.
    pub fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Item> {
        self.waiter.register(cx.waker());
        loop {
            match self.ready.pop_front() {
                Some(Item::Events(chunk)) if !self.sight.is_everything() && !chunk.is_narrowed => {
                    self.narrow(&chunk);
                    continue;
                }
                Some(item) => return Poll::Ready(item),
                None => {}
            }
            if self.hub.life() != self.life {
                self.begin_new_life();
            } else if let Some(stop) = self.stop.take() {
                self.stopped(stop);
            } else if let Some(work) = self.aside.as_mut().and_then(|aside| aside.work.as_mut()) {
                let Poll::Ready(then) = work.as_mut().poll(cx) else {
                    return Poll::Pending;
                };
                self.aside().work = None;
                then(self);
            } else if self
                .aside
                .as_ref()
                .is_some_and(|aside| aside.replay.is_some())
            {
                self.replay();
            } else if self.sent < self.limit() {
                match self.follow_on() {
                    Some(item) if self.sight.is_everything() => return Poll::Ready(item),
                    // Looked at before it goes out.
                    Some(item) => self.ready.push_back(item),
                    None => {}
                }
            } else if let Some(gate) = self.aside.as_mut().and_then(|aside| aside.gate.take()) {
                if !self.pass(gate) {
                    return Poll::Pending;
                }
            } else if !self.tell_the_rest() {
                let Some(request) = self.requests.pop_front() else {
                    self.rest();
                    return Poll::Pending;
                };
                self.aside().current = Some(request.clone());
                self.carry_out(request);
            }
        }
    }

    fn aside(&mut self) -> &mut Aside {
        self.aside.get_or_insert_default()
    }

    /// Keeps no room for what does not come often.
    fn rest(&mut self) {
        self.aside = None;
        self.ready.shrink_to(IDLE_ITEMS);
    }

    /// How far the events may be told now.
    fn limit(&self) -> u64 {
        let visible = self.worker.visible();
        let gate = self.aside.as_ref().and_then(|aside| aside.gate.as_ref());
        gate.map_or(visible, |gate| gate.seq.min(visible))
    }

    /// Takes the events up to the limit, or some of them.
    fn follow_on(&mut self) -> Option<Item> {
        let limit = self.limit();
        if self.follows.is_empty() {
            self.sent = limit;
            return None;
        }
        match self.follows.chunk(&self.hub, self.sent, limit) {
            Ok(chunk) => self.take(chunk),
            Err(_) => {
                self.catch_up(limit);
                None
            }
        }
    }

    /// Moves on behind a chunk.
    fn take(&mut self, chunk: Rc<Chunk>) -> Option<Item> {
        self.sent = chunk.batch.upto;
        self.stop = chunk.stop().cloned();
        self.worker.tally.delivered(chunk.batch.entries.len());
        (!chunk.is_empty()).then_some(Item::Events(chunk))
    }

    /// Tells what is beside the line of events, once that has been told. True if there was anything.
    fn tell_the_rest(&mut self) -> bool {
        if let Some(aside) = &mut self.aside {
            let (gone, rollups) = (aside.look_for_gone, std::mem::take(&mut aside.rollups_due));
            aside.look_for_gone = false;
            if gone {
                self.tell_gone();
            }
            for (topic, after) in rollups {
                self.tell_rollups(topic, after);
            }
        }
        let version = self.hub.latest.version();
        if self.latest < version && self.manner != Manner::Answer {
            let fresh = self.hub.latest.since(self.follows.topics(), self.latest);
            // Whoever looks at a part is not a part of it.
            let told = fresh
                .into_iter()
                .filter(|frame| self.sight.is_everything() || frame.kind != "presence");
            self.ready.extend(told.map(Item::Shared));
            self.latest = version;
        }
        self.tell_logs() || !self.ready.is_empty()
    }

    fn tell_rollups(&mut self, topic: Topic, after: u64) {
        if let Some(model) = self.hub.model() {
            let changed = self.hub.latest.rollups_since(&model, topic, after);
            self.ready.extend(changed.into_iter().map(Item::Shared));
        }
    }

    fn cursor_at(&self, seq: u64) -> Cursor {
        Cursor {
            epoch: self.epoch.clone(),
            seq,
        }
    }

    fn tell(&mut self, message: Message) {
        self.ready.push_back(Item::Message(message));
    }

    /// Waits for something; the line stands still meanwhile.
    fn wait_for(&mut self, work: impl Future<Output = Then> + 'static) {
        self.aside().work = Some(Box::pin(work));
    }
}

/// What to do when work is done.
fn then(act: impl FnOnce(&mut Reader) + 'static) -> Then {
    Box::new(act)
}
