use serde_json::{Value, json};
use shared_types::{
    command::{ItemPatch, MoveItem, NewItem, Patch},
    model::{Entity, Item, ItemKind, Status},
    topic::Ref,
    value::{ItemId, ItemKey, MemberId, ProjectId, ProjectKey},
};

use super::draft::{before, fields, stamp};
use crate::store::{
    State, Store,
    ids::fresh_uuid,
    outbox::{Draft, Method},
    overlay::{Effect, Kind},
};

/// Those of which a patch sets the whole: nobody else's entries may get lost.
const LISTS: [&str; 4] = ["assignees", "labels", "depends_on", "acceptance"];

fn path(id: ItemId) -> String {
    format!("/items/{id}")
}

impl Store {
    /// Creates an item; its id is made here. References must be ids.
    pub fn create_item(&self, mut new: NewItem) -> ItemId {
        let id = *new.id.get_or_insert_with(|| fresh_uuid().into());
        let what = format!("Create {}", new.title);
        let entity = self.read(|state| guess_item(state, &new, id));
        let create = Draft::create(
            Kind::Item,
            id.uuid(),
            "/items".into(),
            what.clone(),
            &new,
            &entity,
        );
        let undo = Draft::delete(Kind::Item, id.uuid(), path(id), what.clone(), Vec::new());
        let redo = Draft::restore(Kind::Item, id.uuid(), path(id), what, None, Some(&entity));
        self.perform(create, vec![undo], vec![redo]);
        id
    }

    /// Changes fields of an item. To put it elsewhere use [`Store::move_item`], to change one entry of a list the
    /// actions for that. References must be ids.
    pub fn update_item(&self, id: ItemId, patch: ItemPatch) {
        let Some(was) = self.read(|state| state.item(id).cloned()) else {
            return;
        };
        let changed = fields(&patch);
        let checks_version = LISTS.iter().any(|list| changed.contains_key(*list));
        let draft = |fields| {
            let draft = Draft::patch(
                Kind::Item,
                id.uuid(),
                path(id),
                format!("Change {}", was.key),
                fields,
            );
            Draft {
                checks_version,
                ..draft
            }
        };
        let (redo, undo) = (draft(changed.clone()), draft(before(&*was, &changed)));
        self.perform(redo.clone(), vec![undo], vec![redo]);
    }

    /// Gives an item a status.
    pub fn set_status(&self, id: ItemId, status: Status) {
        self.update_item(
            id,
            ItemPatch {
                status: Patch::Set(status),
                ..ItemPatch::default()
            },
        );
    }

    /// Puts an item elsewhere: among others, in another status, team, project, or under another parent. References must
    /// be ids.
    pub fn move_item(&self, id: ItemId, to: MoveItem) {
        let Some((was, effects, back)) = self.read(|state| {
            let was = state.item(id)?.clone();
            Some((
                was.clone(),
                moved(state, &was, &to),
                way_back(state, &was, &to),
            ))
        }) else {
            return;
        };
        let what = format!("Move {}", was.key);
        let draft = |to: &MoveItem, effects| Draft {
            body: Some(Value::Object(fields(to))),
            ..Draft::new(
                Method::Post,
                format!("{}/move", path(id)),
                what.clone(),
                effects,
            )
        };
        let set_back = json!({
            "status": was.status, "project": was.project, "team": was.team, "parent": was.parent, "rank": was.rank,
        });
        let undo = draft(&back, vec![Effect::merge(Kind::Item, id.uuid(), set_back)]);
        let redo = draft(&to, effects);
        self.perform(redo.clone(), vec![undo], vec![redo]);
    }

    /// Deletes an item with all that is under it.
    pub fn delete_item(&self, id: ItemId) {
        let Some((was, hidden)) = self.read(|state| {
            let under = state
                .descendants_of(id)
                .iter()
                .map(|item| (Kind::Item, item.id().uuid()))
                .collect();
            Some((state.item(id)?.clone(), under))
        }) else {
            return;
        };
        let what = format!("Delete {}", was.key);
        let draft = Draft::delete(Kind::Item, id.uuid(), path(id), what.clone(), hidden);
        let undo = Draft::restore(Kind::Item, id.uuid(), path(id), what, None, Some(&*was));
        self.perform(draft.clone(), vec![undo], vec![draft]);
    }

    /// Brings back a deleted item with what was deleted with it.
    pub fn restore_item(&self, id: ItemId) {
        let what = "Restore an item".to_owned();
        let draft =
            Draft::restore::<Item>(Kind::Item, id.uuid(), path(id), what.clone(), None, None);
        let undo = Draft::delete(Kind::Item, id.uuid(), path(id), what, Vec::new());
        self.perform(draft.clone(), vec![undo], vec![draft]);
    }
}

impl State {
    /// What to call an item that may be gone.
    pub fn item_name(&self, id: ItemId) -> String {
        self.item(id)
            .map_or_else(|| "an item".to_owned(), |item| item.key.to_string())
    }
}

fn id_of<Id: Copy, Name>(reference: &Ref<Id, Name>) -> Option<Id> {
    match reference {
        Ref::Id(id) => Some(*id),
        Ref::Name(_) => None,
    }
}

/// What the fields of a move that can be cleared come to: the old value where it says nothing.
fn target<Id: Copy, Name>(patch: &Patch<Option<Ref<Id, Name>>>, was: Option<Id>) -> Option<Id> {
    patch.as_ref().map_or(was, |to| to.as_ref().and_then(id_of))
}

/// What a move changes of the item, and of what is under it.
fn moved(state: &State, was: &Item, to: &MoveItem) -> Vec<Effect> {
    let project = target(&to.project, was.project);
    let changes_project = project != was.project;
    // What does not go along into another project is cleared there.
    let (team, parent) = if changes_project {
        (None, None)
    } else {
        (was.team, was.parent)
    };
    let mut fields = json!({
        "project": project,
        "team": target(&to.team, team),
        "parent": target(&to.parent, parent),
        "status": to.status.as_ref().unwrap_or(&was.status),
    });
    if to.before.is_some() || to.after.is_some() || changes_project {
        let beside = |item: &Option<_>| item.as_ref().and_then(id_of);
        let rank = state
            .shown
            .rank_beside(project, beside(&to.before), beside(&to.after));
        fields["rank"] = json!(rank);
    }
    let mut effects = vec![Effect::merge(Kind::Item, was.id().uuid(), fields)];
    if changes_project {
        let along = |item: &std::sync::Arc<Item>| {
            Effect::merge(
                Kind::Item,
                item.id().uuid(),
                json!({ "project": project, "team": null }),
            )
        };
        effects.extend(state.descendants_of(was.id()).iter().map(along));
    }
    effects
}

/// The move that takes back a move.
fn way_back(state: &State, was: &Item, to: &MoveItem) -> MoveItem {
    let all: Vec<ItemId> = state.items_in(was.project).map(|item| item.id()).collect();
    let at = all.iter().position(|id| *id == was.id());
    let is_ranked = to.before.is_some() || to.after.is_some() || !to.project.is_keep();
    let at = at.filter(|_| is_ranked);
    let after = at
        .and_then(|at| at.checked_sub(1))
        .and_then(|at| all.get(at))
        .map(|id| Ref::Id(*id));
    let before = match after {
        Some(_) => None,
        None => at.and_then(|at| all.get(at + 1)).map(|id| Ref::Id(*id)),
    };
    let moves_project = !to.project.is_keep();
    MoveItem {
        status: if to.status.is_keep() {
            Patch::Keep
        } else {
            Patch::Set(was.status)
        },
        project: if moves_project {
            Patch::Set(was.project.map(Ref::Id))
        } else {
            Patch::Keep
        },
        team: if to.team.is_keep() && !moves_project {
            Patch::Keep
        } else {
            Patch::Set(was.team.map(Ref::Id))
        },
        parent: if to.parent.is_keep() && !moves_project {
            Patch::Keep
        } else {
            Patch::Set(was.parent.map(Ref::Id))
        },
        before,
        after,
    }
}

/// What a new item will look like, until the server says what it does. Its key is a guess.
fn guess_item(state: &State, new: &NewItem, id: ItemId) -> Item {
    let project: Option<ProjectId> = new.project.as_ref().and_then(id_of);
    let status = new.status.unwrap_or(if new.kind == ItemKind::Task {
        Status::Backlog
    } else {
        Status::Open
    });
    let key = match project.and_then(|project| state.project(project)) {
        Some(project) => project.key.clone(),
        None => ProjectKey::organization(),
    };
    let last = state
        .items_in(project)
        .map(|item| item.key.number)
        .max()
        .unwrap_or(0);
    Item {
        stamp: stamp(id),
        key: ItemKey {
            project: key,
            number: last + 1,
        },
        kind: new.kind,
        project,
        team: new.team.as_ref().and_then(id_of),
        parent: new.parent.as_ref().and_then(id_of),
        title: new.title.clone(),
        status,
        priority: new.priority,
        rank: state.shown.rank_beside(project, None, None),
        assignees: new
            .assignees
            .iter()
            .filter_map(id_of::<MemberId, _>)
            .collect(),
        labels: new.labels.clone(),
        estimate: new.estimate,
        due: new.due,
        depends_on: new.depends_on.iter().filter_map(id_of).collect(),
        run: None,
        comments: 0,
        description: Some(new.description.clone()),
        acceptance: Some(new.acceptance.clone()),
    }
}
