//! Which events concern the page or this browser's member.

use std::sync::Arc;

use shared_types::{
    event::{Event, EventBody},
    model::{Item, RunState},
    topic::Topic,
    value::ItemId,
};

use super::What;
use crate::store::State;

impl State {
    /// Tells of an event that others caused, if it concerns the page or this browser's member. Called before the event is
    /// in the views, so that what was there before is known.
    pub(crate) fn note_event(&mut self, event: &Arc<Event>, topics: &[Topic]) {
        // A replay, or another tab that takes the line over, tells it again.
        if self.toasts.has_told(event) || !self.concerns(event, topics) {
            return;
        }
        let undo = self.undo_of(event);
        let is_toast = !self.settings().is_quiet;
        self.toasts.push(What::Event(event.clone()), undo, is_toast);
    }

    fn concerns(&self, event: &Event, topics: &[Topic]) -> bool {
        let on_page = topics.iter().any(|topic| self.is_looked_at(*topic));
        match &event.body {
            // What everybody sees in the rail and on the pages of all.
            EventBody::ProjectCreated { .. }
            | EventBody::ProjectDeleted { .. }
            | EventBody::ProjectRestored { .. }
            | EventBody::MemberCreated { .. }
            | EventBody::MemberDeleted { .. }
            | EventBody::MemberRestored { .. } => true,
            EventBody::ProjectUpdated { changed, .. } => {
                on_page || changed.iter().any(|field| field == "archived")
            }
            EventBody::OrganizationUpdated { .. } => true,
            EventBody::TeamCreated { .. }
            | EventBody::TeamDeleted { .. }
            | EventBody::TeamRestored { .. } => on_page,
            EventBody::TeamUpdated { team, .. } => topics
                .iter()
                .any(|topic| self.is_looked_at(*topic) && *topic == Topic::Team(team.stamp.id)),
            EventBody::MemberUpdated { member, .. } => {
                self.is_looked_at(Topic::Member(member.stamp.id))
            }
            EventBody::ItemCreated { item }
            | EventBody::ItemDeleted { item }
            | EventBody::ItemRestored { item } => on_page || self.is_mine(item),
            EventBody::ItemUpdated { item, changed } => {
                let tells = |field: &String| {
                    matches!(field.as_str(), "status" | "assignees" | "team" | "project")
                };
                let is_open = self.is_looked_at(Topic::Item(item.stamp.id));
                let is_or_was_mine = self.is_mine(item) || self.is_open_or_mine(item.stamp.id);
                is_open || (changed.iter().any(tells) && (on_page || is_or_was_mine))
            }
            EventBody::CommentCreated { comment, .. } => self.is_open_or_mine(comment.item),
            EventBody::CommentUpdated { .. }
            | EventBody::CommentDeleted { .. }
            | EventBody::CommentRestored { .. }
            | EventBody::RunCreated { .. }
            | EventBody::BudgetUpdated { .. } => false,
            EventBody::RunUpdated { run, changed } => {
                let waits_for_me = match &run.concerns {
                    Some(people) => self.me().is_some_and(|me| people.contains(&me)),
                    // It can't go on before somebody answers, whoever that is; what was handed in can wait.
                    None => run.state == RunState::AwaitingInput,
                };
                let is_told = waits_for_me || on_page || self.is_open_or_mine(run.item);
                run.waits_for_person() && is_told && changed.iter().any(|field| field == "state")
            }
        }
    }

    /// Whether the page is about this topic: `org` and `all` are about everything, and tell nothing.
    fn is_looked_at(&self, topic: Topic) -> bool {
        !matches!(topic, Topic::Org | Topic::All) && self.is_followed_now(topic)
    }

    fn is_mine(&self, item: &Item) -> bool {
        self.me().is_some_and(|me| item.assignees.contains(&me))
    }

    fn is_open_or_mine(&self, item: ItemId) -> bool {
        self.is_looked_at(Topic::Item(item))
            || self.item(item).is_some_and(|item| self.is_mine(item))
    }
}
