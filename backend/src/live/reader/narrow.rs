//! What one who sees only a part is told. The frames that all others share name topics beside those that are followed,
//! and an event that takes something out of sight carries what it has become; so here each event is looked at.

use std::rc::Rc;

use shared_types::{
    topic::Topic,
    wire::{EventMessage, ResyncReason, ServerMessage},
};

use super::Reader;
use crate::live::{chunk::Chunk, entry::Entry, message::Message};

impl Reader {
    /// Tells of these events what may be told, in their order.
    pub(super) fn narrow(&mut self, chunk: &Rc<Chunk>) {
        let rest = std::mem::take(&mut self.ready);
        for entry in &chunk.batch.entries {
            self.narrow_one(entry);
        }
        self.ready.extend(rest);
    }

    fn narrow_one(&mut self, entry: &Entry) {
        let topics = self.follows.topics().iter().copied();
        let followed: Vec<Topic> = topics.filter(|topic| entry.is_on(*topic)).collect();
        let Some(model) = self.hub.model().filter(|_| !followed.is_empty()) else {
            return;
        };
        let Ok(mut message) = serde_json::from_slice::<EventMessage>(entry.frame.json()) else {
            return tracing::error!(seq = entry.seq, "an event can't be read");
        };
        let organization = &model.aggregate;
        // The end of what is deleted is told behind the event.
        let stays = |topic: &Topic| {
            organization.is_in_sight(self.sight, *topic) || !organization.has_topic(*topic)
        };
        let (kept, lost): (Vec<Topic>, Vec<Topic>) = followed.into_iter().partition(stays);
        for topic in lost {
            self.end(topic, "access_withdrawn");
        }
        if organization.shows(self.sight, &message.event.body) {
            message.prev.retain(|topic, _| kept.contains(topic));
            let event = Message::new(&ServerMessage::Event(message));
            self.tell(event.at(Some(entry.seq)));
        } else {
            // Something has left: what is still there is told anew.
            self.resync(kept, ResyncReason::ChangedAtOnce);
        }
    }
}
