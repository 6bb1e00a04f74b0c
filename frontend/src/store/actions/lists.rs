//! An item's lists, one entry at a time, so that two people's changes do not undo each other.

use serde_json::json;
use shared_types::value::{ItemId, Label, MemberId};

use crate::{
    net::rest::encode,
    store::{
        Store,
        outbox::{Draft, Method},
        overlay::{Change, Effect, Kind},
    },
};

impl Store {
    /// Assigns an item to a member.
    pub fn assign(&self, item: ItemId, member: MemberId) {
        self.set_assignee(item, member, true);
    }

    /// Takes a member off an item.
    pub fn unassign(&self, item: ItemId, member: MemberId) {
        self.set_assignee(item, member, false);
    }

    /// Puts a label on an item.
    pub fn add_label(&self, item: ItemId, label: Label) {
        self.set_label(item, &label, true);
    }

    /// Takes a label off an item.
    pub fn remove_label(&self, item: ItemId, label: Label) {
        self.set_label(item, &label, false);
    }

    /// Says whether an item's acceptance criterion, counted from 0, is met.
    pub fn tick(&self, item: ItemId, criterion: usize, done: bool) {
        let name = self.read(|state| state.item_name(item));
        let draft = |done: bool| {
            let what = format!(
                "{} a criterion of {name}",
                if done { "Tick" } else { "Untick" }
            );
            let effect = Effect::new(Kind::Item, item.uuid(), Change::Tick(criterion, done));
            let body = Some(json!({ "done": done }));
            Draft {
                body,
                ..Draft::new(
                    Method::Put,
                    format!("/items/{item}/acceptance/{criterion}"),
                    what,
                    vec![effect],
                )
            }
        };
        self.perform(draft(done), vec![draft(!done)], vec![draft(done)]);
    }

    fn set_assignee(&self, item: ItemId, member: MemberId, is_on: bool) {
        let (name, who) = self.read(|state| (state.item_name(item), state.member_name(member)));
        let draft = |is_on: bool| {
            let what = if is_on {
                format!("Assign {name} to {who}")
            } else {
                format!("Take {who} off {name}")
            };
            entry(item, "assignees", &member.to_string(), what, is_on)
        };
        self.perform(draft(is_on), vec![draft(!is_on)], vec![draft(is_on)]);
    }

    fn set_label(&self, item: ItemId, label: &Label, is_on: bool) {
        let name = self.read(|state| state.item_name(item));
        let draft = |is_on: bool| {
            let what = if is_on {
                format!("Label {name} {label}")
            } else {
                format!("Take {label} off {name}")
            };
            entry(item, "labels", label, what, is_on)
        };
        self.perform(draft(is_on), vec![draft(!is_on)], vec![draft(is_on)]);
    }
}

fn entry(item: ItemId, list: &str, value: &str, what: String, is_on: bool) -> Draft {
    let (method, change) = match is_on {
        true => (Method::Put, Change::Add(list.into(), json!(value))),
        false => (Method::Delete, Change::Remove(list.into(), json!(value))),
    };
    let path = format!("/items/{item}/{list}/{}", encode(value));
    Draft::new(
        method,
        path,
        what,
        vec![Effect::new(Kind::Item, item.uuid(), change)],
    )
}
