//! What lists need to know about all their lines at once: who is who, and what is not confirmed yet.

use std::{collections::BTreeSet, rc::Rc, sync::Arc};

use shared_types::{
    model::{Entity, Item, Member, MemberKind, Status},
    value::MemberId,
    view::ById,
};
use uuid::Uuid;
use yew::prelude::*;

use crate::store::use_select;

/// All members of the organization.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct People(ById<Member>);

impl People {
    /// Those whom an item is assigned to.
    pub fn of(&self, item: &Item) -> Vec<Arc<Member>> {
        item.assignees
            .iter()
            .filter_map(|id| self.0.get(id))
            .cloned()
            .collect()
    }

    /// A member by id.
    pub fn get(&self, id: MemberId) -> Option<&Arc<Member>> {
        self.0.get(&id)
    }

    /// Whether an AI member has it in progress.
    pub fn agent_works_on(&self, item: &Item) -> bool {
        let is_agent = |id| {
            self.0
                .get(id)
                .is_some_and(|member| member.kind == MemberKind::Agent)
        };
        item.status == Status::InProgress && item.assignees.iter().any(is_agent)
    }
}

/// All members, kept up to date.
#[hook]
pub fn use_people() -> Rc<People> {
    use_select(|state| {
        People(
            state
                .members()
                .map(|member| (member.id(), member.clone()))
                .collect(),
        )
    })
}

/// The ids of all entities that this browser has changed and the server has not confirmed yet.
#[hook]
pub fn use_pending() -> Rc<BTreeSet<Uuid>> {
    use_select(|state| state.outbox().effects().map(|effect| effect.id).collect())
}
