//! What one who sees only a part is told. What takes something out of sight carries what it has become, which is not
//! told; and topics end that are out of sight with it.

use std::{rc::Rc, sync::Arc};

use shared_types::{topic::Topic, wire::ResyncReason};

use super::{Item, Reader};
use crate::live::{chunk::Chunk, entry::Entry, line::Batch};

impl Reader {
    /// Tells of these events what may be told, in their order.
    pub(super) fn narrow(&mut self, chunk: &Chunk) {
        let rest = std::mem::take(&mut self.ready);
        let mut told = Vec::new();
        for entry in &chunk.batch.entries {
            self.narrow_one(chunk, entry, &mut told);
        }
        self.tell_narrowed(chunk, &mut told);
        self.ready.extend(rest);
    }

    fn narrow_one(&mut self, chunk: &Chunk, entry: &Entry, told: &mut Vec<Arc<Entry>>) {
        let topics = self.follows.topics().iter().copied();
        let followed: Vec<Topic> = topics.filter(|topic| entry.is_on(*topic)).collect();
        let Some(model) = self.hub.model().filter(|_| !followed.is_empty()) else {
            return;
        };
        let organization = &model.aggregate;
        // The end of what is deleted is told behind the event.
        let stays = |topic: &Topic| {
            organization.is_in_sight(self.sight, *topic) || !organization.has_topic(*topic)
        };
        let (kept, lost): (Vec<Topic>, Vec<Topic>) = followed.into_iter().partition(stays);
        if !lost.is_empty() {
            self.tell_narrowed(chunk, told);
            lost.into_iter()
                .for_each(|topic| self.end(topic, "access_withdrawn"));
        }
        if kept.is_empty() {
            return;
        }
        let narrowed = self
            .hub
            .narrowed
            .get(self.life, self.sight, entry, organization);
        match narrowed {
            Some(narrowed) => told.push(narrowed),
            // Something has left: what is still there is told anew.
            None => {
                self.tell_narrowed(chunk, told);
                self.resync(kept, ResyncReason::ChangedAtOnce);
            }
        }
    }

    fn tell_narrowed(&mut self, of: &Chunk, told: &mut Vec<Arc<Entry>>) {
        let entries = std::mem::take(told);
        if let Some(last) = entries.last() {
            let batch = Batch {
                upto: last.seq,
                entries,
                stop: None,
            };
            self.ready
                .push_back(Item::Events(Rc::new(Chunk::narrowed(of.range, batch))));
        }
    }
}
