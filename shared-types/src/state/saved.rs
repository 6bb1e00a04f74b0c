//! The model as plain data, for saving and loading. Indexes and roll-ups are made again.

use std::sync::Arc;

use imbl::OrdMap;
use serde::{Deserialize, Serialize};

use super::{Detail, Indexes, Names, Organization, Sight, Stored, reach::Touched};
use crate::{
    model::{
        Budget, Comment, Entity, Item, Member, OrganizationProfile, Project, Run, Spent, Team, Work,
    },
    topic::Topic,
    value::{ItemId, ItemKey, MemberId, ProjectId, Slug, TeamId, Timestamp},
};

/// A whole organization at one position. Lists are sorted, so that equal models are equal byte for byte.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SavedOrganization {
    seq: u64,
    profile: Arc<OrganizationProfile>,
    projects: Vec<Saved<Project>>,
    teams: Vec<Saved<Team>>,
    members: Vec<Saved<Member>>,
    /// With their detail.
    items: Vec<Saved<Item>>,
    comments: Vec<Saved<Comment>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    runs: Vec<Arc<Run>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    item_work: Vec<(ItemId, Work)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    member_work: Vec<(MemberId, Work)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    budgets: Vec<Budget>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    spent: Vec<(Sight, Spent)>,
    numbers: Vec<(Option<ProjectId>, u32)>,
    heads: Vec<(Topic, u64)>,
    past_projects: Vec<(Slug, ProjectId)>,
    past_members: Vec<(Slug, MemberId)>,
    past_teams: Vec<(ProjectId, Slug, TeamId)>,
    item_keys: Vec<(ItemKey, ItemId)>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Saved<T> {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    deleted: Option<Timestamp>,
    value: Arc<T>,
}

fn save<Id: Ord + Clone, T>(map: &OrdMap<Id, Stored<T>>) -> Vec<Saved<T>> {
    map.values()
        .map(|stored| Saved {
            deleted: stored.deleted,
            value: Arc::clone(&stored.value),
        })
        .collect()
}

fn load<T: Entity>(saved: Vec<Saved<T>>) -> OrdMap<T::Id, Stored<T>> {
    saved
        .into_iter()
        .map(|saved| {
            (
                saved.value.id(),
                Stored {
                    deleted: saved.deleted,
                    value: saved.value,
                },
            )
        })
        .collect()
}

fn list<K: Ord + Copy, V: Copy>(map: &OrdMap<K, V>) -> Vec<(K, V)> {
    map.iter().map(|(key, value)| (*key, *value)).collect()
}

impl Organization {
    /// All of it as plain data.
    pub fn save(&self) -> SavedOrganization {
        let with_detail = |stored: &Stored<Item>| Saved {
            deleted: stored.deleted,
            value: Arc::new(self.with_detail(&stored.value)),
        };
        let names = &self.names;
        SavedOrganization {
            seq: self.seq,
            profile: Arc::clone(&self.profile),
            projects: save(&self.projects),
            teams: save(&self.teams),
            members: save(&self.members),
            items: self.items.values().map(with_detail).collect(),
            comments: save(&self.comments),
            runs: self.runs.values().cloned().collect(),
            item_work: list(&self.item_work),
            member_work: list(&self.member_work),
            budgets: self.budgets.values().copied().collect(),
            spent: list(&self.spent),
            numbers: list(&self.numbers),
            heads: list(&self.heads),
            past_projects: names
                .past_projects
                .iter()
                .map(|(slug, id)| (slug.clone(), *id))
                .collect(),
            past_members: names
                .past_members
                .iter()
                .map(|(slug, id)| (slug.clone(), *id))
                .collect(),
            past_teams: names
                .past_teams
                .iter()
                .map(|((project, slug), id)| (*project, slug.clone(), *id))
                .collect(),
            item_keys: names
                .item_keys
                .iter()
                .map(|(key, id)| (key.clone(), *id))
                .collect(),
        }
    }

    /// What was saved, with its indexes and roll-ups made again.
    pub fn load(saved: SavedOrganization) -> Self {
        let mut organization = Organization::new(OrganizationProfile::clone(&saved.profile));
        organization.seq = saved.seq;
        organization.projects = load(saved.projects);
        organization.teams = load(saved.teams);
        organization.members = load(saved.members);
        organization.comments = load(saved.comments);
        organization.runs = saved.runs.into_iter().map(|run| (run.id(), run)).collect();
        organization.item_work = saved.item_work.into_iter().collect();
        organization.member_work = saved.member_work.into_iter().collect();
        let budgets = saved.budgets.into_iter();
        organization.budgets = budgets.map(|budget| (budget.scope, budget)).collect();
        organization.spent = saved.spent.into_iter().collect();
        for Saved { deleted, value } in saved.items {
            let detail = Detail {
                description: value.description.clone().unwrap_or_default(),
                acceptance: value.acceptance.clone().unwrap_or_default(),
            };
            organization.details.insert(value.id(), Arc::new(detail));
            organization.items.insert(
                value.id(),
                Stored {
                    deleted,
                    value: Arc::new(value.summary()),
                },
            );
        }
        organization.numbers = saved.numbers.into_iter().collect();
        organization.heads = saved.heads.into_iter().collect();
        organization.names = Names {
            past_projects: saved.past_projects.into_iter().collect(),
            past_members: saved.past_members.into_iter().collect(),
            past_teams: saved
                .past_teams
                .into_iter()
                .map(|(project, slug, id)| ((project, slug), id))
                .collect(),
            item_keys: saved.item_keys.into_iter().collect(),
            ..Names::default()
        };
        organization.rebuild_names();
        organization.rebuild_indexes();
        let items: Vec<Arc<Item>> = organization.items().cloned().collect();
        organization.count(&items, true, &mut Touched::default());
        organization.count_members_work();
        organization
    }

    fn rebuild_names(&mut self) {
        let names = &mut self.names;
        for Stored { value, deleted } in self.projects.values() {
            names.project_keys.insert(value.key.clone(), value.id());
            if deleted.is_none() {
                names.projects.insert(value.slug.clone(), value.id());
            }
        }
        for Stored { value, .. } in self
            .teams
            .values()
            .filter(|stored| stored.deleted.is_none())
        {
            names
                .teams
                .insert((value.project, value.slug.clone()), value.id());
        }
        for Stored { value, .. } in self
            .members
            .values()
            .filter(|stored| stored.deleted.is_none())
        {
            names.members.insert(value.slug.clone(), value.id());
        }
    }

    fn rebuild_indexes(&mut self) {
        let mut index = Indexes {
            project_count: self.projects().count(),
            member_count: self.members().count(),
            ..Indexes::default()
        };
        self.items
            .values()
            .for_each(|stored| index.insert_item(&stored.value));
        for Stored { value, .. } in self.teams.values() {
            index.project_teams.insert((value.project, value.id()));
        }
        for Stored { value, .. } in self.comments.values() {
            index.item_comments.insert((value.item, value.id()));
        }
        for run in self.runs.values() {
            index.insert_run(run);
        }
        self.index = index;
    }
}
