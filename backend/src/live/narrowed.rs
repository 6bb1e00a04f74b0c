//! Events as those are told of them who see only a part. The frames that all others share name topics and items beside
//! that part; here each event is looked at and written once for each sight, and shared by all who have it.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex},
};

use shared_types::{
    state::{Organization, Sight},
    wire::{EventMessage, ServerMessage},
};

use super::{entry::Entry, frame::Frame, hub::lock, metrics};

/// Bytes of them that are kept for those who come to them later; the oldest go first.
const KEPT_BYTES: usize = 8 << 20;
/// What it costs to know of one that it is not told.
const KEPT_AT_LEAST: usize = 64;

/// Which event, for whom: of which life of the line, seen how far.
type Key = (u64, Sight, u64);

/// An event as it is told; none where it may not be.
type Told = Option<Arc<Entry>>;

/// The newest of them.
#[derive(Debug, Default)]
pub struct Narrowed(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    told: HashMap<Key, Told>,
    /// The oldest first.
    order: VecDeque<Key>,
    bytes: usize,
}

impl Narrowed {
    /// An event as one who sees this much is told of it.
    pub fn get(&self, life: u64, sight: Sight, entry: &Entry, model: &Organization) -> Told {
        let key = (life, sight, entry.seq);
        let mut state = lock(&self.0);
        if let Some(told) = state.told.get(&key) {
            return told.clone();
        }
        // Under the lock, so that it happens once.
        let told = narrow(sight, entry, model).map(Arc::new);
        metrics::narrowed();
        state.bytes += cost(&told);
        state.told.insert(key, told.clone());
        state.order.push_back(key);
        while state.bytes > KEPT_BYTES
            && let Some(oldest) = state.order.pop_front()
        {
            let gone = state.told.remove(&oldest).flatten();
            state.bytes -= cost(&gone);
        }
        told
    }
}

fn cost(told: &Told) -> usize {
    KEPT_AT_LEAST + told.as_ref().map_or(0, |entry| entry.cost())
}

fn narrow(sight: Sight, entry: &Entry, model: &Organization) -> Option<Entry> {
    let mut message: EventMessage = serde_json::from_slice(entry.frame.json())
        .inspect_err(|error| tracing::error!(seq = entry.seq, %error, "an event can't be read"))
        .ok()?;
    if !model.shows(sight, &message.event.body) {
        return None;
    }
    message
        .prev
        .retain(|topic, _| model.may_name_topic(sight, *topic));
    model.narrow_event(sight, &mut Arc::make_mut(&mut message.event).body);
    Some(Entry {
        seq: entry.seq,
        topics: message.prev.keys().copied().collect(),
        frame: Frame::message(&ServerMessage::Event(message)),
        barriers: Box::default(),
        gone: Box::default(),
    })
}

#[cfg(test)]
mod tests {
    use shared_types::{
        decide::{Subject, decide},
        topic::Topic,
        value::Timestamp,
    };

    use super::*;

    #[test]
    fn each_event_is_written_once_for_each_sight_and_not_kept_for_ever() {
        let mut founding =
            crate::founding::empty(Timestamp::from_millis(1_000), 7).expect("a founding");
        let step = founding.steps.remove(0);
        let empty = Organization::new(founding.origin);
        let decided = decide(&empty, &step.command, &step.context).expect("decided");
        let (model, event) = (decided.organization, Arc::new(decided.events[0].clone()));
        let Subject::Member(member) = decided.subject else {
            panic!("{:?}", decided.subject);
        };
        let topics = [Topic::Org, Topic::Member(member)];
        let entry = |seq| Entry {
            seq,
            frame: Frame::message(&ServerMessage::Event(EventMessage {
                prev: topics.map(|topic| (topic, 0)).into(),
                event: Arc::clone(&event),
            })),
            topics: topics.into(),
            barriers: Box::default(),
            gone: Box::default(),
        };
        let narrowed = Narrowed::default();
        let own = Sight::Member(member);
        let of_other = Sight::Project(uuid::Uuid::nil().into());
        let get = |life, sight, seq| narrowed.get(life, sight, &entry(seq), &model);
        let first = get(0, own, 1).expect("it is of that member");
        assert_eq!(*first.topics, [Topic::Member(member)], "no other is named");
        let is_same = |again: Told| again.is_some_and(|again| Arc::ptr_eq(&first, &again));
        assert!(is_same(get(0, own, 1)));
        assert!(!is_same(get(1, own, 1)), "the same place in another life");
        assert!(get(0, of_other, 1).is_none());
        for seq in 2..20_000 {
            get(0, own, seq);
        }
        assert!(!is_same(get(0, own, 1)), "it was too long ago");
        let state = lock(&narrowed.0);
        assert!(state.bytes <= KEPT_BYTES);
        assert_eq!(state.told.len(), state.order.len());
        assert!(state.told.len() < 19_000);
    }
}
