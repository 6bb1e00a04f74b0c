//! Messages of which only the latest counts: roll-ups and presence. They are outside the line of events.

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use shared_types::{
    topic::Topic,
    wire::{RollupValue, ServerMessage},
};
use tokio::sync::Notify;

use super::{
    frame::Frame,
    hub::{Hub, lock},
};
use crate::engine::{Model, Published};

/// The shortest time between two messages about the same thing: four a second.
const PACE: Duration = Duration::from_millis(250);

/// The newest message about each thing that a followed topic shows, encoded once.
#[derive(Debug, Default)]
pub struct Latest {
    state: Mutex<State>,
    /// The number of the newest round of messages.
    version: AtomicU64,
    dirty: Notify,
}

#[derive(Debug, Default)]
struct State {
    /// What has changed since the last round, by the name of the thing's topic.
    rollups: HashSet<Topic>,
    /// The topics where somebody has come or gone since the last round.
    presence: HashSet<Topic>,
    /// Where each roll-up last changed, for resumes; known from `since` on.
    changed: HashMap<Topic, u64>,
    since: u64,
    /// By topic, the oldest first.
    messages: HashMap<Topic, Vec<Told>>,
}

#[derive(Debug)]
struct Told {
    version: u64,
    about: About,
    frame: Frame,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum About {
    Rollup(Topic),
    Presence,
}

impl Latest {
    /// The line starts again here.
    pub fn reset(&self, at: u64) {
        *lock(&self.state) = State {
            since: at,
            ..State::default()
        };
    }

    /// These events have changed roll-ups.
    pub fn changed(&self, events: &[Published]) {
        if events.iter().all(|event| event.rollups.is_empty()) {
            return;
        }
        let mut state = lock(&self.state);
        for event in events {
            for key in &event.rollups {
                state.changed.insert(*key, event.seq);
                state.rollups.insert(*key);
            }
        }
        drop(state);
        self.wake_flusher();
    }

    /// Somebody has come to what a topic shows, or gone.
    pub fn presence_changed(&self, topics: impl IntoIterator<Item = Topic>) {
        lock(&self.state).presence.extend(topics);
        self.wake_flusher();
    }

    /// Nobody follows this topic any more.
    pub fn forget(&self, topic: Topic) {
        lock(&self.state).messages.remove(&topic);
    }

    /// The number of the newest round.
    pub fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }

    /// The topics with messages newer than a round.
    pub fn topics_since(&self, version: u64) -> Vec<Topic> {
        let state = lock(&self.state);
        let newer = |told: &[Told]| told.last().is_some_and(|told| told.version > version);
        state
            .messages
            .iter()
            .filter(|(_, told)| newer(told))
            .map(|(topic, _)| *topic)
            .collect()
    }

    /// The messages of some topics that are newer than a round.
    pub fn since(&self, topics: &[Topic], version: u64) -> Vec<Frame> {
        let state = lock(&self.state);
        let told = topics
            .iter()
            .filter_map(|topic| state.messages.get(topic))
            .flatten();
        told.filter(|told| told.version > version)
            .map(|told| told.frame.clone())
            .collect()
    }

    /// The roll-ups shown by a topic that have changed after a position, as they are now.
    pub fn rollups_since(&self, model: &Model, topic: Topic, after: u64) -> Vec<Frame> {
        let shown = model.aggregate.rollups_shown(topic);
        let state = lock(&self.state);
        let changed = |key: &Topic| {
            after < state.since || state.changed.get(key).is_some_and(|seq| *seq > after)
        };
        shown
            .into_iter()
            .filter(changed)
            .map(|key| rollup(model, topic, key))
            .collect()
    }

    pub(super) fn wake_flusher(&self) {
        self.dirty.notify_one();
    }

    /// Makes a round of messages of what has changed. True if there is anything new.
    fn flush(&self, hub: &Hub) -> bool {
        let (rollups, presence) = {
            let mut state = lock(&self.state);
            (
                std::mem::take(&mut state.rollups),
                std::mem::take(&mut state.presence),
            )
        };
        let Some(model) = hub.model() else {
            return false;
        };
        let mut fresh: Vec<(Topic, About, Frame)> = Vec::new();
        for key in rollups {
            let topics = model
                .aggregate
                .topics_showing(key)
                .into_iter()
                .filter(|topic| hub.is_followed(*topic));
            fresh.extend(
                topics.map(|topic| (topic, About::Rollup(key), rollup(&model, topic, key))),
            );
        }
        for topic in presence.into_iter().filter(|topic| hub.is_followed(*topic)) {
            fresh.push((topic, About::Presence, hub.presence.message(topic)));
        }
        if fresh.is_empty() {
            return false;
        }
        let version = self.version() + 1;
        let mut state = lock(&self.state);
        for (topic, about, frame) in fresh {
            let told = state.messages.entry(topic).or_default();
            told.retain(|told| told.about != about);
            told.push(Told {
                version,
                about,
                frame,
            });
        }
        drop(state);
        self.version.store(version, Ordering::Release);
        true
    }
}

fn rollup(model: &Model, topic: Topic, key: Topic) -> Frame {
    let value = model.aggregate.rollup(key);
    Frame::message(&ServerMessage::Rollup {
        topic,
        rollup: RollupValue {
            key,
            seq: model.cursor.seq,
            value,
        },
    })
}

/// Tells what has changed, at once and then at most four times a second, until the hub closes.
pub async fn keep_telling(hub: Arc<Hub>) {
    while !hub.is_closing() {
        hub.latest.dirty.notified().await;
        if hub.latest.flush(&hub) {
            hub.signal();
        }
        tokio::time::sleep(PACE).await;
    }
}
