//! The model as the page has it, and how it is read.

use std::{collections::VecDeque, sync::Arc};

use litemap::LiteMap;
use shared_types::{
    event::Event,
    model::{Comment, Entity, Item, Member, OrganizationProfile, Project, Rollup, Team},
    topic::Topic,
    value::{CommentId, ItemId, MemberId, ProjectId, TeamId},
    view::ById,
    wire::{Cursor, Principal, Role, RollupValue},
};
use uuid::Uuid;

use super::{
    access::Access,
    lines::Lines,
    live::Live,
    outbox::Outbox,
    settings::Settings,
    shown::{ItemList, Shown},
    topics::{TopicState, Topics},
    undo::Undo,
    unfinished::Unfinished,
    update::Lookers,
};
use crate::toasts::Toasts;

/// All that the page knows. Components read it through [`super::use_select`].
///
/// Entities are shown with this browser's own changes on them, confirmed or not. A lookup finds what any followed topic
/// shows; what no topic shows is not found, though it may exist.
#[derive(Default)]
pub struct State {
    pub(super) topics: Topics,
    pub(super) shown: Shown,
    pub(super) rollups: LiteMap<Topic, RollupValue>,
    pub(super) presence: LiteMap<Topic, Lookers>,
    /// Items that were asked for by name, since nothing shows them.
    pub(super) asked: LiteMap<ItemId, Option<Arc<Item>>>,
    /// The latest events seen, newest last.
    pub(super) recent: VecDeque<(Vec<Topic>, Arc<Event>)>,
    /// Up to where everything is known.
    pub(super) position: Option<Cursor>,
    pub(super) principal: Option<Principal>,
    pub(super) access: Access,
    /// Whether the server is being asked who we are.
    pub(super) asks_who: bool,
    /// What stood behind `#` in the address of a link that lets somebody in.
    pub(crate) secret: Option<String>,
    pub(super) outbox: Outbox,
    pub(super) live: Live,
    pub(super) lines: Lines,
    pub(super) undo: Undo,
    pub(super) unfinished: Unfinished,
    pub(super) settings: Settings,
    /// The item whose title is to be edited as soon as it is shown.
    pub(super) edit_next: Option<ItemId>,
    /// Where the page is, as a path.
    pub(super) path: String,
    pub(crate) toasts: Toasts,
}

impl State {
    /// The organization, once `org` is there.
    pub fn organization(&self) -> Option<&Arc<OrganizationProfile>> {
        self.shown.organization.as_ref()
    }

    /// A project by id.
    pub fn project(&self, id: ProjectId) -> Option<&Arc<Project>> {
        self.shown.projects.get(&id)
    }

    /// A project by id or present slug.
    pub fn find_project(&self, name: &str) -> Option<&Arc<Project>> {
        name.parse()
            .ok()
            .and_then(|id| self.project(id))
            .or_else(|| self.projects().find(|project| &*project.slug == name))
    }

    /// All projects, by id: in the order they were made.
    pub fn projects(&self) -> impl Iterator<Item = &Arc<Project>> {
        self.shown.projects.values()
    }

    /// A team by id.
    pub fn team(&self, id: TeamId) -> Option<&Arc<Team>> {
        self.shown.teams.get(&id)
    }

    /// A team of a project, by id or present slug.
    pub fn find_team(&self, project: ProjectId, name: &str) -> Option<&Arc<Team>> {
        let by_id = name.parse().ok().and_then(|id| self.team(id));
        by_id.or_else(|| self.teams_of(project).find(|team| &*team.slug == name))
    }

    /// The teams of a project that any followed topic shows, by id.
    pub fn teams_of(&self, project: ProjectId) -> impl Iterator<Item = &Arc<Team>> {
        self.shown
            .teams
            .values()
            .filter(move |team| team.project == project)
    }

    /// A member by id.
    pub fn member(&self, id: MemberId) -> Option<&Arc<Member>> {
        self.shown.members.get(&id)
    }

    /// A member by id or present slug.
    pub fn find_member(&self, name: &str) -> Option<&Arc<Member>> {
        name.parse()
            .ok()
            .and_then(|id| self.member(id))
            .or_else(|| self.members().find(|member| &*member.slug == name))
    }

    /// All members, by id.
    pub fn members(&self) -> impl Iterator<Item = &Arc<Member>> {
        self.shown.members.values()
    }

    /// An item by id; with its detail while its own topic is followed.
    pub fn item(&self, id: ItemId) -> Option<&Arc<Item>> {
        self.shown.items.get(&id)
    }

    /// An item by id or present key.
    pub fn find_item(&self, name: &str) -> Option<&Arc<Item>> {
        let key = || {
            name.parse()
                .ok()
                .and_then(|key| self.items().find(|item| item.key == key))
        };
        name.parse().ok().and_then(|id| self.item(id)).or_else(key)
    }

    /// All items that any followed topic shows, by id.
    pub fn items(&self) -> impl Iterator<Item = &Arc<Item>> {
        self.shown.items.values()
    }

    /// The items of a project (its teams' too), or the organization's own, in the order of their ranks.
    pub fn items_in(
        &self,
        project: Option<ProjectId>,
    ) -> impl DoubleEndedIterator<Item = &Arc<Item>> {
        self.shown.items_in(project)
    }

    /// The same as a list, which stays the same one until one of them changes.
    pub fn item_list(&self, project: Option<ProjectId>) -> ItemList {
        self.shown.item_list(project)
    }

    /// All items that any followed topic shows, as they are now.
    pub fn items_now(&self) -> ById<Item> {
        self.shown.items.clone()
    }

    /// The items right under one, in the order of their ranks.
    pub fn children_of(&self, item: ItemId) -> impl DoubleEndedIterator<Item = &Arc<Item>> {
        self.shown.children_of(item)
    }

    /// All that is under an item, each parent before its children; not the item itself.
    pub fn descendants_of(&self, item: ItemId) -> Vec<Arc<Item>> {
        self.shown.descendants_of(item)
    }

    /// A comment by id.
    pub fn comment(&self, id: CommentId) -> Option<&Arc<Comment>> {
        self.shown.comments.get(&id)
    }

    /// The comments on an item, oldest first, while its own topic is followed.
    pub fn comments_of(&self, item: ItemId) -> impl Iterator<Item = &Arc<Comment>> {
        self.shown
            .comments
            .values()
            .filter(move |comment| comment.item == item)
    }

    /// What the tasks under something add up to, by the name of its topic: that of `Topic::Org` is the whole
    /// organization's, of `Topic::Item(epic)` an epic's. Zeros while nothing is known.
    pub fn rollup(&self, key: Topic) -> Rollup {
        self.rollups
            .get(&key)
            .map(|rollup| rollup.value)
            .unwrap_or_default()
    }

    /// Whether an entity (by the UUID of its id) has changes that the server has not confirmed yet.
    pub fn is_pending(&self, id: Uuid) -> bool {
        self.outbox.effects().any(|effect| effect.id == id)
    }

    /// What can be said of a topic, by the name it was asked for.
    pub fn topic(&self, requested: &str) -> TopicState {
        match self.topics.state(requested) {
            // By another name it may be there already.
            TopicState::Loading => self
                .topic_named(requested)
                .filter(|topic| self.topics.views.contains_key(topic))
                .map_or(TopicState::Loading, TopicState::Ready),
            known => known,
        }
    }

    /// The topic that a name stands for, as far as the page can tell.
    fn topic_named(&self, requested: &str) -> Option<Topic> {
        let (kind, name) = requested.split_once(':')?;
        Some(match kind {
            "project" => Topic::Project(self.find_project(name)?.id()),
            "member" => Topic::Member(self.find_member(name)?.id()),
            "item" => Topic::Item(self.find_item(name)?.id()),
            _ => {
                let (project, team) = name.split_once('/')?;
                let project = self.find_project(project)?.id();
                Topic::Team(self.find_team(project, team)?.id())
            }
        })
    }

    /// Whether the page is about a topic, under any of its names.
    pub fn is_followed_now(&self, topic: Topic) -> bool {
        self.topics
            .names
            .values()
            .any(|followed| followed.readers > 0 && followed.topic == Some(topic))
    }

    /// The member that this browser acts for.
    pub fn me(&self) -> Option<MemberId> {
        self.principal.as_ref()?.member
    }

    /// Who the server takes this browser for.
    pub fn principal(&self) -> Option<&Principal> {
        self.principal.as_ref()
    }

    /// What this browser's account may do.
    pub fn role(&self) -> Option<Role> {
        Some(self.principal.as_ref()?.role)
    }

    /// Whether an item's title is to be edited as soon as it is shown.
    pub fn is_edited_next(&self, item: ItemId) -> bool {
        self.edit_next == Some(item)
    }

    /// How the live line is doing.
    pub fn live(&self) -> &Live {
        &self.live
    }

    /// The writes that have not been answered yet, oldest first.
    pub fn outbox(&self) -> &Outbox {
        &self.outbox
    }

    /// The latest events that came in on followed topics, newest first.
    pub fn recent(&self) -> impl Iterator<Item = &Arc<Event>> {
        self.recent.iter().rev().map(|(_, event)| event)
    }

    /// What undo would undo, in words.
    pub fn undoable(&self) -> Option<&str> {
        self.undo.next_undo()
    }

    /// What this browser's user has chosen.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The toasts on the page, and the list of notifications.
    pub fn toasts(&self) -> &Toasts {
        &self.toasts
    }

    /// What to call a member who may be gone.
    pub fn member_name(&self, id: MemberId) -> String {
        self.member(id)
            .map_or_else(|| "Someone".to_owned(), |member| member.name.to_string())
    }
}
