use std::sync::Arc;

use shared_types::{
    state::Sight,
    topic::Topic,
    wire::{ResyncReason, ServerMessage},
};

use super::{Manner, Reader, begin::snapshots, follow::Hold, then};
use crate::live::{
    line::Stop,
    message::{Asked, Message},
    metrics,
    snapshot::Encoded,
};

/// What a topic of a stream begins with.
pub(super) enum Opening<'a> {
    Snapshot(&'a Encoded),
    /// `all`, whose snapshot is in no message; with nothing, where nothing is missed.
    All {
        is_live: bool,
    },
    /// There is nothing to show any more.
    Gone,
}

impl<'a> Opening<'a> {
    /// Of a topic with this snapshot. `all` may begin with what comes.
    pub fn of(topic: Topic, encoded: Option<&'a Encoded>, is_live: bool) -> Self {
        match encoded {
            Some(encoded) => Self::Snapshot(encoded),
            None if topic == Topic::All => Self::All { is_live },
            None => Self::Gone,
        }
    }
}

impl Reader {
    /// Acts where a chunk ended early.
    pub(super) fn stopped(&mut self, stop: Stop) {
        match stop {
            Stop::Barrier(entry) => {
                let wants = self.follows.wants(0);
                let crossed = wants
                    .iter()
                    .filter(|want| want.after < entry.seq && entry.barriers.contains(&want.topic));
                self.resync(
                    crossed.map(|want| want.topic).collect(),
                    ResyncReason::ChangedAtOnce,
                );
            }
            Stop::Gone(entry) => entry.gone.iter().for_each(|topic| self.tell_end(*topic)),
        }
    }

    /// Tells of followed topics that have nothing to show any more.
    pub(super) fn tell_gone(&mut self) {
        let Some(model) = self.hub.model() else {
            return;
        };
        let topics = self.follows.topics().iter().copied();
        let gone: Vec<Topic> = topics
            .filter(|topic| !model.aggregate.has_topic(*topic))
            .collect();
        gone.into_iter().for_each(|topic| self.tell_end(topic));
    }

    fn tell_end(&mut self, topic: Topic) {
        self.end(topic, "deleted");
    }

    pub(super) fn end(&mut self, topic: Topic, why: &str) {
        if self.follows.remove(topic).is_some() {
            self.leave_log(topic);
            let reason = Some(why.to_owned());
            self.tell(Message::new(&ServerMessage::Unsubscribed {
                id: None,
                topic: topic.to_string(),
                reason,
            }));
        }
    }

    /// The client may see or do something else than before: what it may not follow any more ends, and the rest begins
    /// anew.
    pub fn access_changed(&mut self, sight: Sight) {
        self.sight = sight;
        let Some(model) = self.hub.model() else {
            return;
        };
        let topics = self.follows.topics().to_vec();
        let (kept, lost): (Vec<Topic>, Vec<Topic>) = topics
            .into_iter()
            .partition(|topic| model.aggregate.is_in_sight(sight, *topic));
        for topic in lost {
            self.end(topic, "access_withdrawn");
        }
        self.resync(kept, ResyncReason::AccessChanged);
    }

    /// The line is not the one it was.
    pub(super) fn begin_new_life(&mut self) {
        self.life = self.hub.life();
        let aside = self.aside.take();
        let unfinished = aside.filter(|aside| aside.work.is_some() || aside.gate.is_some());
        let unfinished = unfinished.and_then(|aside| aside.current);
        self.stop = None;
        if let Some(model) = self.hub.model() {
            self.epoch = model.cursor.epoch.clone();
        }
        self.sent = self.worker.visible();
        // What was being carried out is tried again on the new line.
        if let Some(request) = unfinished {
            self.requests.push_front(request);
        }
        let topics = self.follows.topics().to_vec();
        self.resync(topics, ResyncReason::EpochChanged);
    }

    /// These topics can't go on: the client is told to subscribe again or, on a stream, gets snapshots in place.
    pub(super) fn resync(&mut self, topics: Vec<Topic>, reason: ResyncReason) {
        let mut asked = Vec::with_capacity(topics.len());
        for topic in topics {
            metrics::resynced(name(reason));
            let requested = self
                .follows
                .remove(topic)
                .unwrap_or_else(|| topic.to_string());
            if self.manner == Manner::Dialogue {
                self.tell(Message::new(&ServerMessage::Resync { topic, reason }));
            } else {
                asked.push((
                    Asked {
                        id: None,
                        requested,
                        log_after: None,
                    },
                    topic,
                ));
            }
        }
        if !asked.is_empty() {
            self.snapshots_in_place(asked);
        }
    }

    fn snapshots_in_place(&mut self, asked: Vec<(Asked, Topic)>) {
        let holds: Vec<Hold> = asked
            .iter()
            .map(|(_, topic)| Hold::new(&self.hub, *topic))
            .collect();
        let Some(model) = self.hub.model() else {
            return;
        };
        let (hub, alone) = (Arc::clone(&self.hub), self.follows.is_empty());
        let sight = self.sight;
        self.wait_for(async move {
            let seq = model.cursor.seq;
            let encoded = snapshots(&hub, &model, sight, &asked).await;
            then(move |reader| {
                if alone {
                    reader.sent = seq;
                }
                let last = asked.len() - 1;
                for (place, ((asked, topic), encoded)) in asked.into_iter().zip(encoded).enumerate()
                {
                    // An id would speak for the other topics too, which may not have been told that far.
                    let at = (alone && place == last).then_some(seq);
                    let opening = Opening::of(topic, encoded.as_deref(), false);
                    reader.place_snapshot(&asked, topic, opening, seq, at);
                }
                drop(holds);
            })
        });
    }

    /// Follows a topic from its snapshot on, whatever the position of the others.
    pub(super) fn place_snapshot(
        &mut self,
        asked: &Asked,
        topic: Topic,
        opening: Opening<'_>,
        seq: u64,
        at: Option<u64>,
    ) {
        let message = match opening {
            Opening::Snapshot(encoded) => Message::with_snapshot(asked, encoded),
            Opening::All { is_live } => Message::all_from(asked, self.cursor_at(seq), is_live),
            Opening::Gone => {
                let (topic, reason) = (topic.to_string(), Some("deleted".to_owned()));
                return self.tell(Message::new(&ServerMessage::Unsubscribed {
                    id: None,
                    topic,
                    reason,
                }));
            }
        };
        self.follows.add(topic, seq, &asked.requested);
        self.tell(message.at(at));
    }
}

fn name(reason: ResyncReason) -> &'static str {
    match reason {
        ResyncReason::TooOld => "too_old",
        ResyncReason::EpochChanged => "epoch_changed",
        ResyncReason::AccessChanged => "access_changed",
        ResyncReason::ChangedAtOnce => "changed_at_once",
    }
}
