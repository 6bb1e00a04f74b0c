//! What is true of every organization.

use std::collections::{BTreeMap, BTreeSet};

use shared_types::{
    Organization, Topic,
    model::{Entity, ItemKind, MemberKind, Rollup, RunKind, RunState, Status, Work},
    state::RUNS_KEPT,
    topic::{ItemRef, MemberRef, ProjectRef, TeamRef},
    value::{ItemId, MemberId},
};

pub fn check(organization: &Organization) {
    names_lead_to_one_entity_each(organization);
    references_hold(organization);
    nothing_waits_for_itself(organization);
    runs_hold(organization);
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

fn runs_hold(organization: &Organization) {
    let mut at_work: BTreeMap<_, usize> = BTreeMap::new();
    for run in organization.live_runs() {
        let item = organization.item(run.item).expect("an item that is there");
        assert_eq!(item.run, Some(run.brief()), "an item shows its live run");
        let member = organization
            .member(run.member)
            .expect("a member that is there");
        assert_eq!(member.kind, MemberKind::Agent);
        assert_eq!(run.kind == RunKind::Work, item.kind == ItemKind::Task);
        if run.kind == RunKind::Work {
            assert!(
                item.assignees.contains(&run.member),
                "its worker is assigned"
            );
            assert!(!item.status.is_over(), "{} is over", item.key);
        }
        assert!((1..=3).contains(&run.depth));
        assert!(run.failures < 3);
        if run.state == RunState::Running {
            *at_work.entry(run.member).or_default() += 1;
        }
    }
    assert!(at_work.values().all(|count| *count <= 3), "{at_work:?}");
    for item in organization.items() {
        let runs: Vec<_> = organization.runs_of(item.id()).collect();
        assert!(runs.len() <= RUNS_KEPT);
        let live = runs.iter().filter(|run| run.state.is_live()).count();
        assert!(live <= 1, "{} has {live} live runs", item.key);
        for run in runs {
            let is_running = run.state == RunState::Running;
            assert_eq!(run.claim.is_some(), is_running, "only what runs is claimed");
            assert!(is_running || run.reserved == 0);
            assert_eq!(run.effort.since.is_some(), is_running);
            assert!(is_running || !run.effort.calling);
            let asks = run.open_question().is_some();
            assert!(asks || run.state != RunState::AwaitingInput);
        }
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
    let mut members: BTreeMap<MemberId, Work> = BTreeMap::new();
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
    // No game has so many runs of an item that one is forgotten.
    for item in organization.items() {
        let mut keys = vec![Topic::Org];
        keys.extend(item.project.map(Topic::Project));
        keys.extend(item.team.map(Topic::Team));
        let mut at = Some(item.id())
            .filter(|_| item.kind != ItemKind::Task)
            .or(item.parent);
        while let Some(above) = at.and_then(|id| organization.item(id)) {
            keys.push(Topic::Item(above.id()));
            at = above.parent;
        }
        for run in organization.runs_of(item.id()) {
            let work = Work {
                runs: u32::from(run.state.is_live()),
                tokens: run.usage.tokens(),
                cost: run.cost,
            };
            for key in &keys {
                sums.entry(*key).or_default().add_work(work);
            }
            let of_member = members.entry(run.member).or_default();
            of_member.runs += work.runs;
            of_member.tokens += work.tokens;
            of_member.cost += work.cost;
        }
    }
    let shown = [Topic::Org].into_iter();
    let projects = organization.projects();
    let shown = shown.chain(projects.map(|project| Topic::Project(project.id())));
    let shown = shown.chain(organization.items().map(|item| Topic::Item(item.id())));
    for key in shown {
        let sum = sums.get(&key).copied().unwrap_or_default();
        assert_eq!(organization.rollup(key), sum, "roll-up of {key}");
    }
    for member in organization.members() {
        let key = Topic::Member(member.id());
        let sum = sums.get(&key).copied().unwrap_or_default();
        let work = members.get(&member.id()).copied().unwrap_or_default();
        let shown = organization.rollup(key);
        assert_eq!(shown.tasks, sum.tasks, "tasks of {key}");
        assert_eq!(shown.estimate_total, sum.estimate_total);
        assert_eq!(shown.runs, work.runs, "runs of {key}");
        // What it spent on items that are deleted since stays spent.
        assert!(shown.cost >= work.cost && shown.tokens >= work.tokens);
    }
}
