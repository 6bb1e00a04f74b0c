//! Views: what one topic shows, and how it follows events.
//!
//! The law, tested for every topic: `view(apply(o, e), t) == view(o, t).apply(e)` for every event on `t` that is no
//! barrier there, and `view(apply(o, e), t) == view(o, t)` for every event that is not on `t`.

mod apply;
mod everything;
mod snapshot;

pub use everything::everything;
pub use snapshot::rollups;

use std::sync::Arc;

use litemap::LiteMap;

use crate::{
    model::{Comment, Entity, Item, Member, OrganizationProfile, Project, Run, Team},
    state::Organization,
    topic::Topic,
};

/// Entities by their ids: sorted, and in one piece. A view is small next to the model and looked at far more often than
/// changed; a tree that shares its nodes, as the model's maps do, would be a twentieth of what the page loads.
pub type ById<T> = LiteMap<<T as Entity>::Id, Arc<T>>;

/// What a topic shows, save its roll-ups, which come in messages of their own.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// Whose view it is.
    pub topic: Topic,
    /// Only of `org`.
    pub organization: Option<Arc<OrganizationProfile>>,
    pub projects: ById<Project>,
    pub teams: ById<Team>,
    pub members: ById<Member>,
    /// Without detail, save in the view of the item itself.
    pub items: ById<Item>,
    pub comments: ById<Comment>,
    /// Of an item, or the one that it is.
    pub runs: ById<Run>,
}

impl View {
    /// A view with nothing in it.
    pub fn empty(topic: Topic) -> Self {
        Self {
            topic,
            organization: None,
            projects: LiteMap::new(),
            teams: LiteMap::new(),
            members: LiteMap::new(),
            items: LiteMap::new(),
            comments: LiteMap::new(),
            runs: LiteMap::new(),
        }
    }
}

/// What a topic shows of the model; none where its subject is deleted or hidden, and for `all`, of which there is only
/// [`everything()`].
pub fn view(organization: &Organization, topic: Topic) -> Option<View> {
    let mut view = View::empty(topic);
    match topic {
        Topic::Org => {
            view.organization = Some(Arc::clone(&organization.profile));
            view.projects = by_id(organization.projects());
            view.members = by_id(organization.members());
            view.items = by_id(organization.items_in(None));
        }
        Topic::Project(id) => {
            view.projects = by_id([organization.project(id)?]);
            view.teams = by_id(organization.teams_of(id));
            view.items = by_id(organization.items_in(Some(id)));
        }
        Topic::Team(id) => {
            view.teams = by_id([organization.team(id)?]);
            view.items = by_id(organization.items_of_team(id));
        }
        Topic::Member(id) => {
            view.members = by_id([organization.member(id)?]);
            view.items = by_id(organization.items_of_member(id));
        }
        Topic::Item(id) => {
            view.items = by_id([&Arc::new(organization.item_in_full(id)?)]);
            view.comments = by_id(organization.comments_of(id));
            view.runs = by_id(organization.runs_of(id));
        }
        Topic::Run(id) => view.runs = by_id([organization.run(id)?]),
        Topic::All => return None,
    }
    Some(view)
}

fn by_id<'a, T: Entity + 'a>(entities: impl IntoIterator<Item = &'a Arc<T>>) -> ById<T> {
    entities
        .into_iter()
        .map(|entity| (entity.id(), Arc::clone(entity)))
        .collect()
}
