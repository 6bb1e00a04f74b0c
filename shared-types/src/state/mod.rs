//! The aggregate: everything an organization holds, made of persistent maps, so that a copy is a few pointers.
//!
//! It changes only through [`Organization::apply`]. Deleted things stay, marked, for restoring; what lies under a
//! deleted thing is hidden by it, without a mark of its own, so that restoring brings back exactly what was hidden.

mod any;
mod apply;
mod concern;
mod every;
mod hash;
mod index;
mod lookup;
mod narrow;
mod reach;
mod rollup;
mod run;
mod saved;
mod sight;

use std::sync::Arc;

use imbl::{OrdMap, OrdSet};

pub(crate) use hash::hash_json;
pub use reach::Reach;
pub use run::RUNS_KEPT;
pub(crate) use run::{day_of, oldest_beyond};
pub use saved::SavedOrganization;
pub use sight::Sight;

use crate::{
    model::{
        Budget, Comment, Item, Member, OrganizationProfile, Project, Rollup, Run, Spent, Team, Work,
    },
    topic::Topic,
    value::{
        Body, CommentId, Criterion, ItemId, ItemKey, MemberId, ProjectId, ProjectKey, Rank, RunId,
        Slug, TeamId, Timestamp,
    },
};

/// An entity as the model holds it.
#[derive(Debug, Clone, PartialEq)]
pub struct Stored<T> {
    /// The entity; of an item, without its detail.
    pub value: Arc<T>,
    /// When it was deleted itself (not by what contains it).
    pub deleted: Option<Timestamp>,
}

/// What of an item only those see who open it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Detail {
    pub description: Body,
    pub acceptance: Vec<Criterion>,
}

/// Which line of ranks and numbers an item is in: a project's, or the organization's own (`None`).
pub type Scope = Option<ProjectId>;

/// An organization at one position of its line of events.
#[derive(Debug, Clone)]
pub struct Organization {
    /// The seq of the last event applied.
    pub seq: u64,
    /// The organization itself.
    pub profile: Arc<OrganizationProfile>,
    projects: OrdMap<ProjectId, Stored<Project>>,
    teams: OrdMap<TeamId, Stored<Team>>,
    members: OrdMap<MemberId, Stored<Member>>,
    items: OrdMap<ItemId, Stored<Item>>,
    details: OrdMap<ItemId, Arc<Detail>>,
    comments: OrdMap<CommentId, Stored<Comment>>,
    /// The last of each item, see [`RUNS_KEPT`].
    runs: OrdMap<RunId, Arc<Run>>,
    /// What AI members did on each item, in all its runs.
    item_work: OrdMap<ItemId, Work>,
    /// What each AI member did, wherever that was.
    member_work: OrdMap<MemberId, Work>,
    budgets: OrdMap<Sight, Budget>,
    /// What was spent; never taken back, whatever is moved or deleted.
    spent: OrdMap<Sight, Spent>,
    /// The last number given out in each scope; never taken back.
    numbers: OrdMap<Scope, u32>,
    /// The seq of the last event on each topic.
    heads: OrdMap<Topic, u64>,
    names: Names,
    index: Indexes,
    rollups: OrdMap<Topic, Rollup>,
}

/// Readable names, present and past. A past one leads on until a live entity takes it.
#[derive(Debug, Clone, Default)]
struct Names {
    projects: OrdMap<Slug, ProjectId>,
    past_projects: OrdMap<Slug, ProjectId>,
    members: OrdMap<Slug, MemberId>,
    past_members: OrdMap<Slug, MemberId>,
    teams: OrdMap<(ProjectId, Slug), TeamId>,
    past_teams: OrdMap<(ProjectId, Slug), TeamId>,
    /// Those of deleted projects too: a key is unique for ever.
    project_keys: OrdMap<ProjectKey, ProjectId>,
    /// Present and past keys.
    item_keys: OrdMap<ItemKey, ItemId>,
}

/// What can be rebuilt from the entities. Deleted entities are in them too: a reader asks whether each is visible.
#[derive(Debug, Clone, Default)]
struct Indexes {
    ranks: OrdMap<Scope, OrdSet<(Rank, ItemId)>>,
    children: OrdSet<(ItemId, ItemId)>,
    team_items: OrdSet<(TeamId, ItemId)>,
    member_items: OrdSet<(MemberId, ItemId)>,
    project_teams: OrdSet<(ProjectId, TeamId)>,
    item_comments: OrdSet<(ItemId, CommentId)>,
    item_runs: OrdSet<(ItemId, RunId)>,
    /// Those that something may still come of.
    live_runs: OrdSet<RunId>,
    /// Visible ones only.
    project_count: usize,
    member_count: usize,
    item_counts: OrdMap<Scope, usize>,
}

impl Organization {
    /// An organization in which nothing has happened yet.
    pub fn new(profile: OrganizationProfile) -> Self {
        Self {
            seq: 0,
            profile: Arc::new(profile),
            projects: OrdMap::new(),
            teams: OrdMap::new(),
            members: OrdMap::new(),
            items: OrdMap::new(),
            details: OrdMap::new(),
            comments: OrdMap::new(),
            runs: OrdMap::new(),
            item_work: OrdMap::new(),
            member_work: OrdMap::new(),
            budgets: OrdMap::new(),
            spent: OrdMap::new(),
            numbers: OrdMap::new(),
            heads: OrdMap::new(),
            names: Names::default(),
            index: Indexes::default(),
            rollups: OrdMap::new(),
        }
    }
}
