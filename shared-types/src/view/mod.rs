//! Views: what one topic shows, and how it follows events.
//!
//! The law, tested for every topic: `view(apply(o, e), t) == view(o, t).apply(e)` for every event on `t` that is no
//! barrier there, and `view(apply(o, e), t) == view(o, t)` for every event that is not on `t`.

use std::sync::Arc;

use imbl::OrdMap;

use crate::{
    model::{Comment, Item, Member, OrganizationProfile, Project, Team},
    topic::Topic,
    value::{CommentId, ItemId, MemberId, ProjectId, TeamId},
};

/// What a topic shows, save its roll-ups, which come in messages of their own.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// Whose view it is.
    pub topic: Topic,
    /// Only of `org`.
    pub organization: Option<Arc<OrganizationProfile>>,
    pub projects: OrdMap<ProjectId, Arc<Project>>,
    pub teams: OrdMap<TeamId, Arc<Team>>,
    pub members: OrdMap<MemberId, Arc<Member>>,
    /// Without detail, save in the view of the item itself.
    pub items: OrdMap<ItemId, Arc<Item>>,
    pub comments: OrdMap<CommentId, Arc<Comment>>,
}
