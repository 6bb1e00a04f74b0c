use std::sync::Arc;

use arc_swap::ArcSwapOption;
use shared_types::{model::MemberKind, state::Organization, value::MemberId};

use super::{history, principal::first_person};
use crate::{engine::Engine, journal::Journal};

/// What the handlers share. One for the process, in the application's data.
pub struct State {
    /// Decides, and tells the model.
    pub engine: Engine,
    /// What has happened, for activity and history.
    pub journal: Arc<dyn Journal>,
    pub(super) histories: history::Lines,
    /// Who [`State::owner`] found last.
    owner: ArcSwapOption<MemberId>,
}

impl State {
    /// The handlers' share of an engine and its journal.
    pub fn new(engine: Engine, journal: Arc<dyn Journal>) -> Self {
        Self {
            engine,
            journal,
            histories: history::Lines::default(),
            owner: ArcSwapOption::empty(),
        }
    }

    /// The member that the demo's one user is; looked for again only when that member is gone.
    pub(super) fn owner(&self, organization: &Organization) -> Option<MemberId> {
        let known = self.owner.load().as_deref().copied();
        let is_person = |id: &MemberId| {
            organization
                .member(*id)
                .is_some_and(|m| m.kind == MemberKind::Human)
        };
        if let Some(id) = known.filter(is_person) {
            return Some(id);
        }
        let found = first_person(organization);
        self.owner.store(found.map(Arc::new));
        found
    }
}
