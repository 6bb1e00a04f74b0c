use std::sync::Arc;

use arc_swap::ArcSwapOption;
use shared_types::{
    model::{Entity, Member, MemberKind},
    state::Organization,
    value::{MemberId, OrganizationId},
};

use super::history;
use crate::{agents::Office, engine::Engine, journal::Journal, live::Hub};

/// One organization, as the handlers share it.
pub struct State {
    /// Decides, and tells the model.
    pub engine: Engine,
    /// What has happened, for activity and history.
    pub journal: Arc<dyn Journal>,
    /// Its topic logs.
    pub hub: Arc<Hub>,
    /// What its AI members share.
    pub office: Arc<Office>,
    pub(super) histories: history::Lines,
    organization: OrganizationId,
    /// Who [`State::owner`] found last.
    owner: ArcSwapOption<MemberId>,
}

impl State {
    /// The handlers' share of an engine, its journal and its topic logs.
    pub fn new(
        engine: Engine,
        journal: Arc<dyn Journal>,
        hub: Arc<Hub>,
        office: Arc<Office>,
    ) -> Self {
        hub.tell_logs(&office.logs);
        Self {
            organization: engine.model().aggregate.profile.id(),
            engine,
            journal,
            hub,
            office,
            histories: history::Lines::default(),
            owner: ArcSwapOption::empty(),
        }
    }

    /// Which organization it is.
    pub fn organization(&self) -> OrganizationId {
        self.organization
    }

    /// Whether there is this member.
    pub fn has_member(&self, id: MemberId) -> bool {
        self.engine.model().aggregate.member(id).is_some()
    }

    /// The member that the organization's first owner is; looked for again only when that member is gone.
    pub fn owner(&self) -> Option<MemberId> {
        let model = self.engine.model();
        let known = self.owner.load().as_deref().copied();
        let is_person = |id: &MemberId| {
            let member = model.aggregate.member(*id);
            member.is_some_and(|member| member.kind == MemberKind::Human)
        };
        if let Some(id) = known.filter(is_person) {
            return Some(id);
        }
        let found = first_person(&model.aggregate);
        self.owner.store(found.map(Arc::new));
        found
    }
}

/// The first person there was. Ids can be chosen by clients, so they do not tell who that is.
fn first_person(organization: &Organization) -> Option<MemberId> {
    let is_person = |member: &&Arc<Member>| member.kind == MemberKind::Human;
    let first = organization
        .members()
        .filter(is_person)
        .min_by_key(|member| (member.stamp.created_at, member.id()));
    first.map(|member| member.id())
}
