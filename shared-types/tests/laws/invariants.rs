//! What is true of every organization.

use std::collections::{BTreeMap, BTreeSet};

use shared_types::{
    Organization, Topic,
    model::{Entity, ItemKind, Rollup, Status},
    topic::{ItemRef, MemberRef, ProjectRef, TeamRef},
    value::ItemId,
};

pub fn check(organization: &Organization) {
    names_lead_to_one_entity_each(organization);
    references_hold(organization);
    nothing_waits_for_itself(organization);
    rollups_are_the_sums(organization);
}

fn names_lead_to_one_entity_each(organization: &Organization) {
    for project in organization.projects() {
        let found = organization
            .find_project(&ProjectRef::Name(project.slug.clone()))
            .expect("found by slug");
        assert_eq!(found.id(), project.id());
        for team in organization.teams_of(project.id()) {
            let found = organization
                .find_team(project.id(), &TeamRef::Name(team.slug.clone()))
                .expect("found by slug");
            assert_eq!(found.id(), team.id());
        }
    }
    for member in organization.members() {
        let found = organization
            .find_member(&MemberRef::Name(member.slug.clone()))
            .expect("found by slug");
        assert_eq!(found.id(), member.id());
    }
    let keys: BTreeSet<_> = organization
        .projects()
        .map(|project| &project.key)
        .collect();
    assert_eq!(keys.len(), organization.project_count());
    assert_eq!(organization.members().count(), organization.member_count());
    let scopes = organization.projects().map(|project| Some(project.id()));
    for scope in scopes.chain([None]) {
        let shown = organization.items_in(scope).count();
        assert_eq!(shown, organization.item_count(scope), "items in {scope:?}");
    }
    for item in organization.items() {
        let found = organization
            .find_item(&ItemRef::Name(item.key.clone()))
            .expect("found by key");
        assert_eq!(found.id(), item.id());
        let project = item.project.and_then(|id| organization.project(id));
        assert_eq!(
            &*item.key.project,
            project.map_or("ORG", |project| &*project.key)
        );
    }
}

fn references_hold(organization: &Organization) {
    for item in organization.items() {
        let team = item
            .team
            .map(|team| organization.team(team).expect("a team that is there"));
        assert!(team.is_none_or(|team| Some(team.project) == item.project));
        for member in &item.assignees {
            assert!(
                organization.member(*member).is_some(),
                "an assignee that is there"
            );
            assert!(
                team.is_none_or(|team| team.members.contains(member)),
                "an assignee in the team"
            );
        }
        if let Some(parent) = item.parent {
            let parent = organization.item(parent).expect("a parent that is there");
            assert_eq!(item.kind.parent(), Some(parent.kind));
            assert_eq!(parent.project, item.project);
            assert!(
                item.status.is_over() || parent.status == Status::Open,
                "{} is open under a closed one",
                item.key
            );
        }
        assert!(item.status.fits(item.kind));
        assert!(
            item.description.is_none() && item.acceptance.is_none(),
            "detail is kept apart"
        );
        assert_eq!(
            item.comments as usize,
            organization.comments_of(item.id()).count()
        );
    }
    for team in organization
        .projects()
        .flat_map(|project| organization.teams_of(project.id()))
    {
        assert!(team.members.is_sorted());
        assert!(
            team.members
                .iter()
                .all(|member| organization.member(*member).is_some())
        );
    }
}

fn nothing_waits_for_itself(organization: &Organization) {
    fn visit(
        organization: &Organization,
        id: ItemId,
        path: &mut Vec<ItemId>,
        done: &mut BTreeSet<ItemId>,
    ) {
        assert!(!path.contains(&id), "dependencies in a circle");
        if done.contains(&id) {
            return;
        }
        path.push(id);
        for next in organization
            .item(id)
            .into_iter()
            .flat_map(|item| item.depends_on.clone())
        {
            visit(organization, next, path, done);
        }
        path.pop();
        done.insert(id);
    }
    let mut done = BTreeSet::new();
    for item in organization.items() {
        visit(organization, item.id(), &mut Vec::new(), &mut done);
    }
}

fn rollups_are_the_sums(organization: &Organization) {
    let mut sums: BTreeMap<Topic, Rollup> = BTreeMap::new();
    for task in organization
        .items()
        .filter(|item| item.kind == ItemKind::Task)
    {
        let mut keys = vec![Topic::Org];
        keys.extend(task.project.map(Topic::Project));
        keys.extend(task.team.map(Topic::Team));
        keys.extend(task.assignees.iter().map(|member| Topic::Member(*member)));
        let mut above = task.parent;
        while let Some(parent) = above.and_then(|parent| organization.item(parent)) {
            keys.push(Topic::Item(parent.id()));
            above = parent.parent;
        }
        for key in keys {
            sums.entry(key).or_default().add(task);
        }
    }
    let shown = [Topic::Org].into_iter();
    let shown = shown.chain(
        organization
            .projects()
            .map(|project| Topic::Project(project.id())),
    );
    let shown = shown.chain(
        organization
            .members()
            .map(|member| Topic::Member(member.id())),
    );
    let shown = shown.chain(organization.items().map(|item| Topic::Item(item.id())));
    for key in shown {
        assert_eq!(
            organization.rollup(key),
            sums.get(&key).copied().unwrap_or_default(),
            "roll-up of {key}"
        );
    }
}
