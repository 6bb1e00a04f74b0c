//! Merging the views of all followed topics, and laying the unconfirmed changes over them.

use std::sync::Arc;

use shared_types::{
    event::{Event, EventBody},
    model::{Entity, Item},
    value::ItemId,
    view::{ById, View},
};
use uuid::Uuid;

use super::{
    overlay::{Change, Kind, lay_over},
    state::State,
};

/// What has to be looked at again.
pub enum Touched {
    All,
    These(Vec<(Kind, Uuid)>),
}

impl State {
    /// Brings what is shown up to date with the views and the unconfirmed changes.
    pub(super) fn refresh(&mut self, touched: Touched) {
        match touched {
            Touched::All => {
                let mut all = Vec::new();
                let mut note = |kind, id: Uuid| all.push((kind, id));
                for view in self.topics.views() {
                    ids_in(view, &mut note);
                }
                for effect in self.outbox.effects() {
                    note(effect.kind, effect.id);
                }
                self.ids_shown(&mut note);
                all.sort_by_key(|(kind, id)| (*kind as u8, *id));
                all.dedup();
                all.into_iter()
                    .for_each(|(kind, id)| self.refresh_one(kind, id));
            }
            Touched::These(these) => these
                .into_iter()
                .for_each(|(kind, id)| self.refresh_one(kind, id)),
        }
    }

    fn ids_shown(&self, note: &mut impl FnMut(Kind, Uuid)) {
        let shown = &self.shown;
        shown
            .projects
            .keys()
            .for_each(|id| note(Kind::Project, id.uuid()));
        shown
            .teams
            .keys()
            .for_each(|id| note(Kind::Team, id.uuid()));
        shown
            .members
            .keys()
            .for_each(|id| note(Kind::Member, id.uuid()));
        shown
            .items
            .keys()
            .for_each(|id| note(Kind::Item, id.uuid()));
        shown
            .comments
            .keys()
            .for_each(|id| note(Kind::Comment, id.uuid()));
        note(Kind::Organization, Uuid::nil());
    }

    fn refresh_one(&mut self, kind: Kind, id: Uuid) {
        let changes: Vec<Change> = self.outbox.effects_on(kind, id).cloned().collect();
        let changes = changes.iter();
        match kind {
            Kind::Organization => {
                let base = self
                    .topics
                    .views()
                    .find_map(|view| view.organization.clone());
                self.shown.organization = lay_over(base, changes);
            }
            Kind::Project => {
                let base = self.newest(|view| &view.projects, id.into());
                put(&mut self.shown.projects, id.into(), lay_over(base, changes));
            }
            Kind::Team => {
                let base = self.newest(|view| &view.teams, id.into());
                put(&mut self.shown.teams, id.into(), lay_over(base, changes));
            }
            Kind::Member => {
                let base = self.newest(|view| &view.members, id.into());
                put(&mut self.shown.members, id.into(), lay_over(base, changes));
            }
            Kind::Item => {
                let base = self.item_confirmed(id.into());
                self.shown.set_item(id.into(), lay_over(base, changes));
            }
            Kind::Comment => {
                let base = self.newest(|view| &view.comments, id.into());
                put(&mut self.shown.comments, id.into(), lay_over(base, changes));
            }
        }
    }

    /// An entity as the server last told it: of all views, the highest version.
    fn newest<T: Entity>(&self, of: impl Fn(&View) -> &ById<T>, id: T::Id) -> Option<Arc<T>> {
        self.topics
            .views()
            .filter_map(|view| of(view).get(&id))
            .max_by_key(|entity| entity.version())
            .cloned()
    }

    /// An item as the server last told it, with its detail where a view has it.
    pub fn item_confirmed(&self, id: ItemId) -> Option<Arc<Item>> {
        let newest = self.newest(|view| &view.items, id)?;
        let has_detail = |item: &&Arc<Item>| item.description.is_some();
        let Some(full) = self
            .topics
            .views()
            .filter_map(|view| view.items.get(&id))
            .find(has_detail)
        else {
            return Some(newest);
        };
        if full.version() == newest.version() {
            return Some(full.clone());
        }
        let mut item = Item::clone(&newest);
        item.description.clone_from(&full.description);
        item.acceptance.clone_from(&full.acceptance);
        Some(Arc::new(item))
    }

    /// The version that the server last told of an entity.
    pub(super) fn version_confirmed(&self, kind: Kind, id: Uuid) -> Option<u64> {
        match kind {
            Kind::Organization => self
                .topics
                .views()
                .find_map(|view| view.organization.as_deref())
                .map(Entity::version),
            Kind::Project => self
                .newest(|view| &view.projects, id.into())
                .map(|entity| entity.version()),
            Kind::Team => self
                .newest(|view| &view.teams, id.into())
                .map(|entity| entity.version()),
            Kind::Member => self
                .newest(|view| &view.members, id.into())
                .map(|entity| entity.version()),
            Kind::Item => self
                .newest(|view| &view.items, id.into())
                .map(|entity| entity.version()),
            Kind::Comment => self
                .newest(|view| &view.comments, id.into())
                .map(|entity| entity.version()),
        }
    }
}

fn put<T: Entity>(map: &mut ById<T>, id: T::Id, entity: Option<Arc<T>>) {
    match entity {
        Some(entity) => map.insert(id, entity),
        None => map.remove(&id),
    };
}

fn ids_in(view: &View, note: &mut impl FnMut(Kind, Uuid)) {
    view.projects
        .keys()
        .for_each(|id| note(Kind::Project, id.uuid()));
    view.teams.keys().for_each(|id| note(Kind::Team, id.uuid()));
    view.members
        .keys()
        .for_each(|id| note(Kind::Member, id.uuid()));
    view.items.keys().for_each(|id| note(Kind::Item, id.uuid()));
    view.comments
        .keys()
        .for_each(|id| note(Kind::Comment, id.uuid()));
}

impl State {
    /// What an event may change. Where much leaves with something, that is everything. Called before it is in the views.
    pub(super) fn touched_by(&self, event: &Event) -> Touched {
        let one = |kind, id| Touched::These(vec![(kind, id)]);
        match &event.body {
            EventBody::OrganizationUpdated { organization, .. } => {
                one(Kind::Organization, organization.id().uuid())
            }
            EventBody::ProjectCreated { project } | EventBody::ProjectUpdated { project, .. } => {
                one(Kind::Project, project.id().uuid())
            }
            EventBody::TeamCreated { team } | EventBody::TeamUpdated { team, .. } => {
                one(Kind::Team, team.id().uuid())
            }
            EventBody::MemberCreated { member } | EventBody::MemberUpdated { member, .. } => {
                one(Kind::Member, member.id().uuid())
            }
            EventBody::ItemCreated { item }
            | EventBody::ItemUpdated { item, .. }
            | EventBody::ItemRestored { item } => one(Kind::Item, item.id().uuid()),
            EventBody::ItemDeleted { item } => {
                let under = self.shown.descendants_of(item.id());
                let under = under.iter().map(|item| (Kind::Item, item.id().uuid()));
                Touched::These(
                    std::iter::once((Kind::Item, item.id().uuid()))
                        .chain(under)
                        .collect(),
                )
            }
            EventBody::CommentCreated { comment, .. }
            | EventBody::CommentUpdated { comment, .. }
            | EventBody::CommentDeleted { comment, .. }
            | EventBody::CommentRestored { comment, .. } => Touched::These(vec![
                (Kind::Comment, comment.id().uuid()),
                (Kind::Item, comment.item.uuid()),
            ]),
            EventBody::RunCreated { run } | EventBody::RunUpdated { run, .. } => {
                one(Kind::Item, run.item.uuid())
            }
            EventBody::BudgetUpdated { .. } => Touched::These(Vec::new()),
            _ => Touched::All,
        }
    }
}
