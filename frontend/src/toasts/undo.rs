//! What takes back what somebody else did, where it can be taken back by one write.

use serde_json::{Map, Value};
use shared_types::event::{Event, EventBody};

use crate::{
    json::to_value,
    store::{Action, Draft, State},
};

/// The fields of an item that one write sets back.
const PLAIN: [&str; 5] = ["title", "status", "priority", "estimate", "due"];

impl State {
    pub(super) fn undo_of(&self, event: &Event) -> Vec<Draft> {
        let action = match &event.body {
            EventBody::MemberDeleted { .. } => Action::ManageMembers,
            EventBody::ProjectDeleted { .. } => Action::DeleteProjects,
            _ => Action::Work,
        };
        if !self.may(action) {
            return Vec::new();
        }
        let what = "Undo what somebody else did".to_owned();
        match &event.body {
            EventBody::ProjectDeleted { project } => vec![Draft::restore_of(project, what)],
            EventBody::TeamDeleted { team } => vec![Draft::restore_of(team, what)],
            EventBody::MemberDeleted { member } => vec![Draft::restore_of(member, what)],
            EventBody::ItemDeleted { item } => vec![Draft::restore_of(item, what)],
            EventBody::ItemUpdated { item, changed } => {
                let Some(was) = self.item_confirmed(item.stamp.id) else {
                    return Vec::new();
                };
                if was.stamp.version + 1 != item.stamp.version
                    || !changed.iter().all(|field| PLAIN.contains(&field.as_str()))
                {
                    return Vec::new();
                }
                let was = to_value(&*was);
                let fields: Map<String, Value> = changed
                    .iter()
                    .filter_map(|field| Some((field.clone(), was.get(field)?.clone())))
                    .collect();
                vec![Draft::set_back(item.stamp.id, what, fields)]
            }
            _ => Vec::new(),
        }
    }
}
