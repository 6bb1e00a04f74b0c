//! What a follower is told, for its store. Where a topic begins, it fetches the snapshot by itself, and puts what the leader
//! tells meanwhile behind it.

use std::{sync::Arc, time::Duration};

use litemap::LiteMap;
use shared_types::{
    event::Event,
    sync,
    topic::Topic,
    wire::{Cursor, ServerMessage, SnapshotAnswer},
};
use wasm_bindgen_futures::spawn_local;
use yew::platform::time::sleep;

use super::{Tabs, ToAll};
use crate::{
    net::{rest::API, snapshot},
    store::Update,
};

/// Until a snapshot is asked for again.
const RETRY: Duration = Duration::from_secs(3);

/// The topics of a follower.
#[derive(Default)]
pub(super) struct Topics {
    begun: LiteMap<Topic, Begun>,
    /// Numbers the times that one began.
    times: u64,
}

enum Begun {
    /// Its snapshot is on its way, for the beginning of this number; these events came meanwhile.
    Fetching(u64, Vec<Passed>),
    /// What is later than this is new.
    From(u64),
}

/// An event, and the message that it came in.
type Passed = (Arc<Event>, Box<str>);

impl Topics {
    fn begin(&mut self, topic: Topic) -> u64 {
        self.times += 1;
        let begun = Begun::Fetching(self.times, Vec::new());
        self.begun.insert(topic, begun);
        self.times
    }

    fn awaits(&self, topic: Topic, time: u64) -> bool {
        matches!(self.begun.get(&topic), Some(Begun::Fetching(awaited, _)) if *awaited == time)
    }

    /// The snapshot is there: what came meanwhile.
    fn start(&mut self, topic: Topic, seq: u64) -> Vec<Passed> {
        match self.begun.insert(topic, Begun::From(seq)) {
            Some(Begun::Fetching(_, events)) => events,
            Some(Begun::From(_)) | None => Vec::new(),
        }
    }

    /// Whether an event is to be applied to a topic now. One whose snapshot is on its way keeps it for later.
    fn take(&mut self, topic: Topic, passed: &Passed) -> bool {
        match self.begun.get_mut(&topic) {
            Some(Begun::Fetching(_, events)) => {
                events.push(passed.clone());
                false
            }
            Some(Begun::From(seq)) => passed.0.seq > *seq,
            // It is still to begin, with this event in it.
            None => false,
        }
    }
}

impl Tabs {
    pub(super) fn take_in(&self, told: ToAll) {
        self.store.receive(match told {
            ToAll::Begin { topic, cursor } => return self.begin(topic, cursor),
            ToAll::Message { topics, message } => return self.message(topics, message),
            ToAll::Who => Update::Who,
            ToAll::Resolved { requested, topic } => Update::Resolved { requested, topic },
            ToAll::Position(cursor) => Update::Position(cursor),
            ToAll::Gone { requested, reason } => Update::Gone { requested, reason },
            ToAll::Failed { requested, message } => Update::Failed { requested, message },
            ToAll::Live(mut live) => {
                live.shared = true;
                Update::Live(live)
            }
            // Not about what is shown.
            ToAll::NewLeader | ToAll::Asleep => return,
        });
    }

    /// Begins a topic that this tab follows, unless it begins once more before that is done.
    fn begin(&self, topic: Topic, cursor: Cursor) {
        if !self.store.read(|state| state.follows(topic)) {
            return;
        }
        let time = self.topics.borrow_mut().begin(topic);
        let me = self.me.clone();
        spawn_local(async move {
            let href = format!("{API}/snapshot?topic={topic}");
            loop {
                let answer = snapshot::fetch(&href, Some(&cursor)).await;
                let Some(tabs) = me.upgrade() else { return };
                if !tabs.topics.borrow().awaits(topic, time) {
                    return;
                }
                match answer {
                    Ok(answer) => return tabs.show(answer),
                    Err(failure) if failure.is_retryable() => {}
                    // The leader is told why there is none, and tells it.
                    Err(_) => return,
                }
                drop(tabs);
                sleep(RETRY).await;
            }
        });
    }

    fn show(&self, answer: SnapshotAnswer) {
        let (topic, seq) = (answer.topic, answer.cursor.seq);
        let meanwhile = self.topics.borrow_mut().start(topic, seq);
        self.store.receive(Update::Replace {
            topic,
            cursor: answer.cursor,
            snapshot: answer.snapshot,
        });
        let later = meanwhile.into_iter().filter(|(event, _)| event.seq > seq);
        later.for_each(|passed| self.pass(vec![topic], passed));
    }

    fn message(&self, mut topics: Vec<Topic>, message: Box<str>) {
        match sync::read(&message) {
            Some(ServerMessage::Event(read)) => {
                let passed = (read.event, message);
                topics.retain(|topic| self.topics.borrow_mut().take(*topic, &passed));
                if !topics.is_empty() {
                    self.pass(topics, passed);
                }
            }
            Some(ServerMessage::Rollup { rollup, .. }) => {
                self.store.receive(Update::Rollup { rollup, message })
            }
            Some(ServerMessage::Presence { topic, members }) => {
                self.store.receive(Update::Presence {
                    topic,
                    members,
                    message,
                })
            }
            // The leader passes on nothing else.
            _ => {}
        }
    }

    fn pass(&self, topics: Vec<Topic>, (event, message): Passed) {
        self.store.receive(Update::Event {
            topics,
            event,
            message,
        });
    }
}
