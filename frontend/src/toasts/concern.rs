//! Which events concern the page or this browser's member.

use std::sync::Arc;

use shared_types::{
    event::{Event, EventBody},
    model::{Item, RunState},
    topic::Topic,
    value::{ItemId, MemberId},
};

use super::{What, Whom};
use crate::store::State;

impl State {
    /// Tells of an event that others caused, if it concerns the page or this browser's member. Called before the event is
    /// in the views, so that what was there before is known.
    pub(crate) fn note_event(&mut self, event: &Arc<Event>, topics: &[Topic], message: &str) {
        // A replay, or another tab that takes the line over, tells it again.
        if self.toasts.has_told(event) || !self.concerns(event, topics) {
            return;
        }
        let undo = self.undo_of(event);
        let is_toast = !self.settings().is_quiet;
        let what = What::Event {
            event: event.clone(),
            message: message.into(),
            whom: self.whom(&event.body),
        };
        self.toasts.push(what, undo, is_toast);
    }

    /// Who was given an item, or taken into a team, or the other way round: me before all others, and the others if that is
    /// all there is to tell.
    fn whom(&self, body: &EventBody) -> Option<Whom> {
        let (was, now, changed) = match body {
            EventBody::ItemUpdated { item, changed } => {
                let was = match self.item_confirmed(item.stamp.id) {
                    Some(item) => item.assignees.clone(),
                    // It becomes known by this: that it is mine now is news, the others may have had it before.
                    None if changed.iter().any(|field| field == "assignees") => {
                        let others = item.assignees.iter().copied();
                        others.filter(|id| self.me() != Some(*id)).collect()
                    }
                    None => return None,
                };
                (was, &item.assignees, changed)
            }
            EventBody::TeamUpdated { team, changed } => (
                self.team(team.stamp.id)?.members.clone(),
                &team.members,
                changed,
            ),
            _ => return None,
        };
        let less = |all: &[MemberId], those: &[MemberId]| -> Vec<MemberId> {
            let left = all.iter().filter(|id| !those.contains(id));
            left.copied().collect()
        };
        let (given, taken) = (less(now, &was), less(&was, now));
        let is_me = |people: &[MemberId]| self.me().filter(|me| people.contains(me));
        let (is_given, people) = match (is_me(&given), is_me(&taken)) {
            (Some(me), _) => (true, vec![me]),
            (None, Some(me)) => (false, vec![me]),
            _ if changed.len() > 1 || given.is_empty() == taken.is_empty() => return None,
            _ if taken.is_empty() => (true, given),
            _ => (false, taken),
        };
        Some(Whom { is_given, people })
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
            | EventBody::ItemRestored { item } => {
                on_page || self.is_of_page(item) || self.is_mine(item)
            }
            EventBody::ItemUpdated { item, changed } => {
                let tells = |field: &String| {
                    matches!(field.as_str(), "status" | "assignees" | "team" | "project")
                };
                let is_open = self.is_looked_at(Topic::Item(item.stamp.id));
                let is_or_was_mine = self.is_mine(item) || self.is_open_or_mine(item.stamp.id);
                let on_page = on_page || self.is_of_page(item);
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

    /// Whether it is of the organization's own backlog, and that is what the page is about.
    fn is_of_page(&self, item: &Item) -> bool {
        item.project.is_none() && self.is_followed_now(Topic::Org)
    }

    fn is_mine(&self, item: &Item) -> bool {
        self.me().is_some_and(|me| item.assignees.contains(&me))
    }

    fn is_open_or_mine(&self, item: ItemId) -> bool {
        self.is_looked_at(Topic::Item(item))
            || self.item(item).is_some_and(|item| self.is_mine(item))
    }
}
