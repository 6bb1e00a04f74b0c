//! Taking in what the live line tells.

use std::sync::Arc;

use shared_types::{
    event::Event,
    topic::Topic,
    view::View,
    wire::{Cursor, RollupValue},
};

use super::{
    State, Store, TopicState,
    merge::Touched,
    outbox::Write,
    update::{Update, looking},
};

/// How many events the page remembers.
const RECENT: usize = 200;

impl Store {
    /// Takes in what the live line tells.
    pub fn receive(&self, update: Update) {
        let asks_again = matches!(&update, Update::Event { event, .. } if brings_names(event));
        let asks_who = match &update {
            Update::Who => true,
            Update::Welcome(principal) => {
                let principal = principal.clone();
                !self.update(|state| state.hear_welcome(principal))
            }
            _ => false,
        };
        if asks_who {
            self.ask_who();
        }
        let was_live = self.read(|state| state.live.is_live());
        self.update(|state| state.receive(update));
        let is_back = !was_live && self.read(|state| state.live.is_live());
        if is_back && self.read(|state| state.outbox.is_held) {
            self.retry_writes();
        }
        if asks_again {
            self.ask_again();
        }
    }
}

/// Whether something can be there now under a name that stood for nothing.
fn brings_names(event: &Event) -> bool {
    let name = event.body.name();
    name.ends_with(".created") || name.ends_with(".restored")
}

impl State {
    fn receive(&mut self, update: Update) {
        match update {
            // It was heard before.
            Update::Welcome(_) | Update::Who => {}
            Update::Resolved { requested, topic } => {
                if let Some(followed) = self.topics.names.get_mut(&requested) {
                    followed.topic = Some(topic);
                    followed.absent = None;
                }
            }
            // Of a topic that another tab follows.
            Update::Replace { topic, .. } if !self.topics.is_followed(topic) => {}
            Update::Replace {
                topic,
                cursor,
                snapshot,
            } => {
                snapshot
                    .rollups
                    .iter()
                    .flatten()
                    .for_each(|rollup| self.set_rollup(rollup));
                self.topics
                    .views
                    .insert(topic, View::from_snapshot(topic, &snapshot));
                self.refresh(Touched::All);
                self.reached(&cursor);
            }
            Update::Event {
                mut topics,
                event,
                message,
            } => {
                topics.retain(|topic| self.topics.is_followed(*topic));
                if !topics.is_empty() {
                    self.event(&topics, event, &message);
                }
            }
            Update::Rollup { rollup, .. } => self.set_rollup(&rollup),
            Update::Position(cursor) => self.reached(&cursor),
            Update::Presence { topic, members, .. } => {
                self.presence.insert(topic, looking(&members));
            }
            Update::Gone { requested, reason } => {
                self.absent(&requested, &TopicState::Gone(reason))
            }
            Update::Failed { requested, message } => {
                self.absent(&requested, &TopicState::Failed(message))
            }
            Update::Live(live) => self.live = *live,
        }
    }

    fn absent(&mut self, requested: &[String], absent: &TopicState) {
        self.topics.set_absent(requested, absent);
        self.refresh(Touched::All);
    }

    fn event(&mut self, topics: &[Topic], event: Arc<Event>, message: &str) {
        let is_mine = self.outbox.is_mine(&event.cause);
        if !is_mine {
            self.note_event(&event, topics, message);
        }
        // What leaves with something is known only before it has left.
        let mut touched = self.touched_by(&event);
        for topic in topics {
            if let Some(view) = self.topics.views.get_mut(topic) {
                view.apply(&event);
            }
        }
        // Ours is confirmed by the first event that names it; the others of the same write come with it.
        if let (true, Touched::These(these)) = (is_mine, &mut touched) {
            these.extend(self.outbox.confirm(&event.cause));
        } else if is_mine {
            self.outbox.confirm(&event.cause);
        }
        self.refresh(touched);
        if let Some(position) = self
            .position
            .as_ref()
            .filter(|position| position.seq < event.seq)
        {
            let position = Cursor {
                epoch: position.epoch.clone(),
                seq: event.seq,
            };
            self.reached(&position);
        }
        match self
            .recent
            .iter_mut()
            .rev()
            .find(|(_, seen)| seen.seq == event.seq)
        {
            // A replay tells it again for another topic.
            Some((on, _)) => on.extend(topics),
            None => {
                if self.recent.len() == RECENT {
                    self.recent.pop_front();
                }
                self.recent.push_back((topics.to_vec(), event));
            }
        }
    }

    fn set_rollup(&mut self, rollup: &RollupValue) {
        let known = self.rollups.get(&rollup.key);
        if known.is_none_or(|known| known.seq <= rollup.seq) {
            self.rollups.insert(rollup.key, rollup.clone());
        }
    }

    /// Everything up to here is in the views: what was written by then needs no help from us any more.
    pub(super) fn reached(&mut self, position: &Cursor) {
        let confirmed = self.outbox.take_confirmed(position);
        self.refresh(Touched::These(
            confirmed.iter().flat_map(Write::touched).collect(),
        ));
        self.position = Some(position.clone());
    }
}
