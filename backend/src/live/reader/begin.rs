use std::sync::Arc;

use futures_util::future::join_all;
use shared_types::{state::Sight, topic::Topic, wire::Mode};

use super::{
    Manner, Reader, catch_up::try_count, follow::Hold, resync::Opening, start::Start, then,
};
use crate::{
    engine::Model,
    live::{
        frame::Frame,
        hub::Hub,
        message::{Asked, Message},
        snapshot::Encoded,
    },
};

/// A topic that a stream begins with.
#[derive(Debug, Clone)]
pub struct Ask {
    pub asked: Asked,
    pub topic: Topic,
    /// A snapshot is wanted though the others are resumed.
    pub fresh: bool,
}

impl Reader {
    /// Begins a stream: some topics are resumed at one position, the others start with snapshots at one position.
    pub(super) fn begin(&mut self, asks: Vec<Ask>, start: Start) {
        let holds: Vec<Hold> = asks
            .iter()
            .map(|ask| Hold::new(&self.hub, ask.topic))
            .collect();
        let Some(model) = self.hub.model() else {
            return;
        };
        let after = match start {
            Start::After(after) => Some(after),
            Start::Anew | Start::Elsewhere => None,
        };
        let is_live = |ask: &Ask| start.may_begin_live() && !ask.fresh;
        let starts_live = asks
            .iter()
            .any(|ask| ask.topic == Topic::All && is_live(ask));
        let (hub, upto, sight) = (Arc::clone(&self.hub), self.sent, self.sight);
        self.wait_for(async move {
            let (mut resumed, mut fresh) = (Vec::new(), Vec::new());
            for ask in asks {
                let replaying = match after.filter(|_| !ask.fresh) {
                    Some(after) => replaying(&hub, ask.topic, after, upto).await,
                    None => None,
                };
                match after.zip(replaying) {
                    Some((after, replaying)) => resumed.push((ask, after, replaying)),
                    None => fresh.push((ask.asked, ask.topic)),
                }
            }
            let encoded = snapshots(&hub, &model, sight, &fresh).await;
            then(move |reader| {
                let seq = model.cursor.seq;
                reader.sent = resumed.first().map_or(seq, |(_, after, _)| *after);
                for (place, ((asked, topic), encoded)) in fresh.iter().zip(encoded).enumerate() {
                    // An id on an earlier one, or beside a resume, would let a client skip what it has not got.
                    let at = (resumed.is_empty() && place + 1 == fresh.len()).then_some(seq);
                    let opening = Opening::of(*topic, encoded.as_deref(), starts_live);
                    reader.place_snapshot(asked, *topic, opening, seq, at);
                }
                for (ask, after, replaying) in resumed {
                    reader.follows.add(ask.topic, after, &ask.asked.requested);
                    let cursor = reader.cursor_at(after);
                    let mode = Mode::Resumed { replaying };
                    reader.tell(Message::subscribed(&ask.asked, ask.topic, cursor, mode));
                    if reader.manner == Manner::Stream {
                        reader.aside().rollups_due.push((ask.topic, after));
                    }
                }
                if reader.manner == Manner::Stream {
                    reader
                        .follows
                        .topics()
                        .to_vec()
                        .into_iter()
                        .for_each(|topic| reader.tell_presence(topic));
                }
                drop(holds);
            })
        });
    }

    /// The roll-ups of these topics that have changed after a position, as they are now.
    pub fn rollups_since(&self, after: u64) -> Vec<Frame> {
        let Some(model) = self.hub.model() else {
            return Vec::new();
        };
        let topics = self.follows.topics().iter();
        topics
            .flat_map(|topic| self.hub.latest.rollups_since(&model, *topic, after))
            .collect()
    }
}

/// How many events a topic has after a position; none if it can't be resumed there, for whatever reason.
async fn replaying(hub: &Hub, topic: Topic, after: u64, upto: u64) -> Option<u64> {
    let counted = hub.line().count(topic, after, upto);
    match counted {
        Ok(replaying) => replaying,
        Err(_) => try_count(hub, topic, after, upto).await,
    }
}

/// The snapshots of several topics, all at the model's position. That of `all` is in no message.
pub async fn snapshots(
    hub: &Hub,
    model: &Arc<Model>,
    sight: Sight,
    asked: &[(Asked, Topic)],
) -> Vec<Option<Arc<Encoded>>> {
    let snapshot = |topic| async move {
        match topic {
            Topic::All => None,
            topic => hub.snapshots.get(Arc::clone(model), (topic, sight)).await,
        }
    };
    join_all(asked.iter().map(|(_, topic)| snapshot(*topic))).await
}
