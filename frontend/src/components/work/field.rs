//! The fields of an item that are chosen from a list: what there is to choose, and what choosing does. One place for
//! the drawer, the cards, the keyboard and the selection of many.

use std::{collections::BTreeSet, sync::Arc};

use shared_types::{
    command::{ItemPatch, MoveItem, Patch},
    model::{Entity, Item, ItemKind, Member, MemberKind, Priority},
    topic::Ref,
    value::{ItemId, Label, ProjectId, TeamId},
};
use yew::prelude::*;

use crate::{
    components::{
        avatar::Avatar,
        icon::{Icon, icon},
        kind::kind_icon,
        label::label_dot,
        menu::{Choice, chosen_first},
        order::ordered,
        priority::{PRIORITIES, priority_icon, priority_label},
        progress::progress_ring,
        status::{status_icon, status_label, statuses_of},
    },
    letters::lower,
    store::{State, Store},
};

/// Which field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    Status,
    Priority,
    Assignees,
    Labels,
    Team,
    Parent,
    Project,
    DependsOn,
}

/// The value of "none of these".
const NONE: &str = "";

impl Field {
    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Field::Status => "Status",
            Field::Priority => "Priority",
            Field::Assignees => "Assignees",
            Field::Labels => "Labels",
            Field::Team => "Team",
            Field::Parent => "Parent",
            Field::Project => "Project",
            Field::DependsOn => "Depends on",
        }
    }

    /// Whether it holds a list.
    pub fn is_many(self) -> bool {
        matches!(self, Field::Assignees | Field::Labels | Field::DependsOn)
    }

    /// How a value that is not there yet is made, if it can be.
    pub fn create(self) -> Option<AttrValue> {
        (self == Field::Labels).then_some(AttrValue::Static("New label"))
    }

    /// What can be chosen for all of these items, and what is chosen in every one of them.
    pub fn choices(self, state: &State, ids: &[ItemId]) -> Vec<Choice> {
        let items: Vec<&Arc<Item>> = ids.iter().filter_map(|id| state.item(*id)).collect();
        let Some(first) = items.first() else {
            return Vec::new();
        };
        let all = |has: &dyn Fn(&Item) -> bool| items.iter().all(|item| has(item));
        match self {
            Field::Status => statuses_of(first.kind)
                .iter()
                .map(|status| {
                    Choice::new(status.as_str(), status_label(*status))
                        .icon(status_icon(*status))
                        .chosen(all(&|item| item.status == *status))
                })
                .collect(),
            Field::Priority => PRIORITIES
                .iter()
                .map(|priority| {
                    Choice::new(priority_label(*priority), priority_label(*priority))
                        .icon(priority_icon(*priority))
                        .chosen(all(&|item| item.priority == *priority))
                })
                .collect(),
            Field::Assignees => {
                let team = first.team.and_then(|team| state.team(team));
                let fits = |member: &&Arc<_>| {
                    let id = shared_types::model::Entity::id(&***member);
                    team.is_none_or(|team| team.members.contains(&id))
                };
                let choices: Vec<Choice> = state
                    .members()
                    .filter(fits)
                    .map(|member| {
                        Choice::new(member.id().to_string(), member.name.to_string())
                            .icon(html! { <Avatar member={member.clone()} /> })
                            .hint(member_hint(member))
                            .chosen(all(&|item| item.assignees.contains(&member.id())))
                    })
                    .collect();
                chosen_first(choices)
            }
            Field::Labels => {
                let known: BTreeSet<&Label> = state
                    .items_in(first.project)
                    .flat_map(|item| &item.labels)
                    .collect();
                known
                    .into_iter()
                    .map(|label| {
                        Choice::new(label.to_string(), label.to_string())
                            .icon(label_dot(label))
                            .chosen(all(&|item| item.labels.contains(label)))
                    })
                    .collect()
            }
            Field::Team => {
                let teams = first
                    .project
                    .into_iter()
                    .flat_map(|project| state.teams_of(project))
                    .map(|team| {
                        Choice::new(team.id().to_string(), team.name.to_string())
                            .icon(icon(Icon::Team))
                            .chosen(all(&|item| item.team == Some(team.id())))
                    });
                let none = Choice::new(NONE, "No team").chosen(all(&|item| item.team.is_none()));
                std::iter::once(none).chain(teams).collect()
            }
            Field::Parent => {
                let Some(kind) = first.kind.parent() else {
                    return Vec::new();
                };
                let parents = state
                    .items_in(first.project)
                    .filter(|item| item.kind == kind)
                    .map(|parent| {
                        item_choice(parent).chosen(all(&|item| item.parent == Some(parent.id())))
                    });
                let none =
                    Choice::new(NONE, "No parent").chosen(all(&|item| item.parent.is_none()));
                std::iter::once(none).chain(parents).collect()
            }
            Field::Project => {
                let projects =
                    state
                        .projects()
                        .filter(|project| !project.archived)
                        .map(|project| {
                            let rollup = state.rollup(shared_types::Topic::Project(project.id()));
                            Choice::new(project.id().to_string(), project.name.to_string())
                                .icon(progress_ring(&rollup))
                                .hint(project.key.to_string())
                                .chosen(all(&|item| item.project == Some(project.id())))
                        });
                let own = Choice::new(NONE, "Organization’s backlog")
                    .chosen(all(&|item| item.project.is_none()));
                std::iter::once(own).chain(projects).collect()
            }
            Field::DependsOn => {
                let others = state.items_in(first.project).filter(|item| {
                    item.kind == ItemKind::Task
                        && !ids.contains(&item.id())
                        && !item.status.is_over()
                        || first.depends_on.contains(&item.id())
                });
                let chosen = |other: &Arc<Item>| first.depends_on.contains(&other.id());
                let choices: Vec<Choice> = others
                    .map(|other| item_choice(other).chosen(chosen(other)))
                    .collect();
                ordered(choices, |choice| u8::from(!choice.chosen).to_string())
            }
        }
    }

    /// Does what choosing `value` for all these items means; for a list it adds it, or takes it out where all have it.
    pub fn choose(self, store: &Store, ids: &[ItemId], value: &str) {
        let items: Vec<Arc<Item>> = store.read(|state| {
            ids.iter()
                .filter_map(|id| state.item(*id).cloned())
                .collect()
        });
        let act = |store: &Store| {
            items
                .iter()
                .for_each(|item| self.set(store, item, &items, value))
        };
        match items.len() {
            0 => {}
            1 => act(store),
            many => store.batch(
                &format!("Change {} of {many} items", lower(self.name())),
                act,
            ),
        }
    }

    fn set(self, store: &Store, item: &Item, all: &[Arc<Item>], value: &str) {
        let id = item.id();
        match self {
            Field::Status => {
                let fits = statuses_of(item.kind)
                    .iter()
                    .find(|status| status.as_str() == value);
                if let Some(status) = fits.filter(|status| **status != item.status) {
                    store.set_status(id, *status);
                }
            }
            Field::Priority => {
                let wanted = PRIORITIES
                    .iter()
                    .find(|priority| priority_label(**priority) == value);
                if let Some(priority) =
                    wanted.filter(|priority: &&Priority| **priority != item.priority)
                {
                    store.update_item(
                        id,
                        ItemPatch {
                            priority: Patch::Set(*priority),
                            ..ItemPatch::default()
                        },
                    );
                }
            }
            Field::Assignees => {
                let Ok(member) = value.parse() else { return };
                if all.iter().all(|item| item.assignees.contains(&member)) {
                    store.unassign(id, member);
                } else if !item.assignees.contains(&member) {
                    store.assign(id, member);
                }
            }
            Field::Labels => {
                let Ok(label) = value.parse::<Label>() else {
                    return;
                };
                if all.iter().all(|item| item.labels.contains(&label)) {
                    store.remove_label(id, label);
                } else if !item.labels.contains(&label) {
                    store.add_label(id, label);
                }
            }
            Field::Team => {
                let team = value.parse::<TeamId>().ok();
                if team != item.team {
                    store.move_item(
                        id,
                        MoveItem {
                            team: Patch::Set(team.map(Ref::Id)),
                            ..MoveItem::default()
                        },
                    );
                }
            }
            Field::Parent => {
                let parent = value.parse::<ItemId>().ok();
                if parent != item.parent {
                    store.move_item(
                        id,
                        MoveItem {
                            parent: Patch::Set(parent.map(Ref::Id)),
                            ..MoveItem::default()
                        },
                    );
                }
            }
            Field::Project => {
                let project = value.parse::<ProjectId>().ok();
                if project != item.project {
                    store.move_item(
                        id,
                        MoveItem {
                            project: Patch::Set(project.map(Ref::Id)),
                            ..MoveItem::default()
                        },
                    );
                }
            }
            Field::DependsOn => {
                let Ok(other) = value.parse::<ItemId>() else {
                    return;
                };
                let mut depends_on = item.depends_on.clone();
                if depends_on.contains(&other) {
                    depends_on.retain(|id| *id != other);
                } else {
                    depends_on.push(other);
                }
                let depends_on = Patch::Set(depends_on.into_iter().map(Ref::Id).collect());
                store.update_item(
                    id,
                    ItemPatch {
                        depends_on,
                        ..ItemPatch::default()
                    },
                );
            }
        }
    }
}

fn item_choice(item: &Item) -> Choice {
    Choice::new(item.id().to_string(), item.title.to_string())
        .icon(kind_icon(item.kind))
        .hint(item.key.to_string())
}

/// What a member does, and whether it is an AI one: assigning it may begin the work.
pub fn member_hint(member: &Member) -> String {
    match (member.kind, member.title.is_empty()) {
        (MemberKind::Human, _) => member.title.clone(),
        (MemberKind::Agent, true) => "AI".into(),
        (MemberKind::Agent, false) => format!("AI · {}", member.title),
    }
}
