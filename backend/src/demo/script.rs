//! The story of the demo organization: who did what, how long ago.
//!
//! Two servers tell the same story with the same ids; only the clock it is told against differs.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use shared_types::{
    Context,
    command::{Command, MoveItem, Patch},
    event::{Actor, ActorKind},
    model::{MemberKind, OrganizationProfile, Stamp, Status},
    state::Sight,
    topic::{ItemRef, ProjectRef},
    value::{
        Date, IdSource, ItemId, MemberId, OrganizationId, ProjectId, Slug, TeamId, Timestamp, Title,
    },
};

use super::content::{Content, EpicContent, FeatureContent, ProjectContent, TaskContent};
use crate::{
    agents::SCRIPTED,
    founding::{Founding, Step},
};

const MINUTE_MILLIS: i64 = 60_000;
const HOUR: i64 = 60;
const DAY: i64 = 24 * HOUR;

/// Minutes before now.
type Ago = i64;

/// Tells the story up to `now`.
pub(super) fn tell(content: &Content, now: Timestamp) -> Result<Founding, serde_json::Error> {
    let mut script = Script::new(content, now);
    script.members(content)?;
    for (n, project) in (0..).zip(&content.projects) {
        script.project(project, n)?;
    }
    script.own_items(content)?;
    script.threads(content)?;
    Ok(script.finish(content))
}

/// Ids are the same in every demo, so they are not of today.
fn ids() -> IdSource {
    IdSource::new(Timestamp::from_millis(1_750_000_000_000), 1 << 64)
}

/// Which organization it is told of.
pub(super) fn organization() -> OrganizationId {
    ids().fresh()
}

struct Script {
    now: Timestamp,
    ids: IdSource,
    /// Each with how long ago it happens.
    steps: Vec<(Ago, MemberId, Command)>,
    members: BTreeMap<Slug, (MemberId, MemberKind)>,
    items: BTreeMap<Title, ItemId>,
    /// How many tasks have been told: what spreads them over the weeks.
    tasks: i64,
    owner: MemberId,
    organization: OrganizationId,
}

impl Script {
    fn new(content: &Content, now: Timestamp) -> Self {
        let mut ids = ids();
        let organization = ids.fresh();
        let mut member = |member: &super::content::MemberContent| {
            (member.slug.clone(), (ids.fresh(), member.kind))
        };
        let members: BTreeMap<Slug, (MemberId, MemberKind)> =
            content.members.iter().map(&mut member).collect();
        let owner = members
            .get(&content.owner)
            .map_or_else(|| ids.fresh(), |(id, _)| *id);
        Self {
            now,
            ids,
            steps: Vec::new(),
            members,
            items: BTreeMap::new(),
            tasks: 0,
            owner,
            organization,
        }
    }

    fn step(&mut self, ago: Ago, by: MemberId, command: Command) {
        self.steps.push((ago, by, command));
    }

    fn members(&mut self, content: &Content) -> Result<(), serde_json::Error> {
        for member in &content.members {
            let (id, kind) = self.members[&member.slug];
            // What they did in the story is told; they begin by themselves when it ends.
            let agent = member
                .instructions
                .as_ref()
                .map(|instructions| json!({ "instructions": instructions, "auto_start": false }));
            if let Some(instructions) = &member.instructions {
                let profile = json!({ "instructions": instructions, "provider": SCRIPTED });
                let begin = Command::UpdateMember {
                    member: id.into(),
                    patch: serde_json::from_value(json!({ "agent": profile }))?,
                    expected: None,
                };
                self.step(0, self.owner, begin);
            }
            let mut new = json!({ "id": id, "slug": member.slug, "name": member.name, "title": member.title, "kind": kind });
            if let Some(agent) = agent {
                new["agent"] = agent;
            }
            self.step(
                28 * DAY,
                self.owner,
                Command::CreateMember {
                    new: serde_json::from_value(new)?,
                },
            );
        }
        Ok(())
    }

    fn project(&mut self, content: &ProjectContent, n: i64) -> Result<(), serde_json::Error> {
        let id: ProjectId = self.ids.fresh();
        let project = || ProjectRef::Id(id);
        let start = 26 * DAY - n * 5 * HOUR;
        let new = json!({
            "id": id, "name": content.name, "slug": content.slug, "key": content.key, "description": content.description,
        });
        self.step(
            start,
            self.owner,
            Command::CreateProject {
                new: serde_json::from_value(new)?,
            },
        );
        let mut teams: BTreeMap<&Slug, TeamId> = BTreeMap::new();
        for team in &content.teams {
            let id: TeamId = self.ids.fresh();
            teams.insert(&team.slug, id);
            let new =
                json!({ "id": id, "name": team.name, "slug": team.slug, "mission": team.mission });
            self.step(
                start - 20,
                self.owner,
                Command::CreateTeam {
                    project: project(),
                    new: serde_json::from_value(new)?,
                },
            );
            for member in &team.members {
                let member = self.member(member);
                let join = Command::JoinTeam {
                    project: project(),
                    team: id.into(),
                    member: member.into(),
                    expected: None,
                };
                self.step(start - 21, self.owner, join);
            }
        }
        for (e, epic) in (1..).zip(&content.epics) {
            self.epic(id, &teams, epic, start - e * HOUR)?;
        }
        Ok(())
    }

    fn epic(
        &mut self,
        project: ProjectId,
        teams: &BTreeMap<&Slug, TeamId>,
        content: &EpicContent,
        start: Ago,
    ) -> Result<(), serde_json::Error> {
        let new = json!({ "kind": "epic", "title": content.title, "project": project, "description": content.description });
        let epic = self.item(&content.title, start, self.owner, new)?;
        for (f, feature) in (1..).zip(&content.features) {
            self.feature(
                (project, teams.get(&feature.team).copied(), epic),
                feature,
                start - f * 7,
            )?;
        }
        Ok(())
    }

    fn feature(
        &mut self,
        (project, team, epic): (ProjectId, Option<TeamId>, ItemId),
        content: &FeatureContent,
        start: Ago,
    ) -> Result<(), serde_json::Error> {
        let acceptance: Vec<Value> = content
            .acceptance
            .iter()
            .map(|text| json!({ "text": text }))
            .collect();
        let mut new = json!({
            "kind": "feature", "title": content.title, "project": project, "parent": epic,
            "description": content.description, "acceptance": acceptance,
        });
        if let Some(team) = team {
            new["team"] = json!(team);
        }
        let feature = self.item(&content.title, start, self.owner, new)?;
        for (t, task) in (1..).zip(&content.tasks) {
            let place = json!({ "project": project, "team": team, "parent": feature });
            self.task(place, task, start - t * 2)?;
        }
        Ok(())
    }

    fn task(
        &mut self,
        place: Value,
        content: &TaskContent,
        start: Ago,
    ) -> Result<(), serde_json::Error> {
        let TaskContent(title, assignee, estimate, status, priority, labels) = content;
        let mut new = place;
        new["kind"] = json!("task");
        new["title"] = json!(title);
        new["estimate"] = json!(estimate);
        new["priority"] = json!(priority);
        new["labels"] = json!(labels);
        let assignee = assignee.as_ref().map(|slug| self.member(slug));
        new["assignees"] = json!(assignee.into_iter().collect::<Vec<_>>());
        new["due"] = json!(self.due(*status));
        let id = self.item(title, start, self.owner, new)?;
        self.walk(id, assignee.unwrap_or(self.owner), *status, start);
        Ok(())
    }

    /// The day by which the next task is wanted, spread over the weeks to come; some have none, and some are late.
    fn due(&self, status: Status) -> Option<Date> {
        let spread = |times: i64, most: i64| ((self.tasks + 1) * times) % most;
        let days = match status {
            Status::InReview => spread(3, 8) - 2,
            Status::InProgress => spread(5, 11) - 2,
            Status::Todo => 4 + spread(7, 17),
            Status::Backlog if spread(1, 3) == 0 => 20 + spread(11, 37),
            _ => return None,
        };
        let today = self.now.as_millis().div_euclid(DAY * MINUTE_MILLIS);
        Some(Date::from_days(today + days))
    }

    /// The way of a task to where it stands now, spread over the weeks by how many came before it.
    fn walk(&mut self, item: ItemId, by: MemberId, status: Status, start: Ago) {
        self.tasks += 1;
        // Steps that share no divisor with a week or a day, so that the days differ from each other.
        let spread = |times: i64, most: i64| (self.tasks * times) % most;
        let (days, hours) = (spread(7, 19), spread(5, 8) * HOUR + spread(13, 59));
        let ways: Vec<(Status, Ago)> = match status {
            Status::Done => {
                let done = DAY + days * DAY + hours;
                vec![
                    (Status::Todo, done + 4 * DAY),
                    (Status::InProgress, done + DAY + spread(11, 47) * HOUR),
                    (Status::InReview, done + 2 * HOUR + spread(3, 20) * HOUR),
                    (Status::Done, done),
                ]
            }
            Status::InReview => vec![
                (Status::Todo, 9 * DAY),
                (Status::InProgress, 3 * DAY + hours),
                (Status::InReview, 3 * HOUR + spread(7, 29) * HOUR),
            ],
            Status::InProgress => vec![
                (Status::Todo, 7 * DAY),
                (Status::InProgress, HOUR + spread(5, 43) * HOUR),
            ],
            Status::Todo => vec![(Status::Todo, DAY + spread(3, 6) * DAY + hours)],
            Status::Cancelled => vec![(Status::Cancelled, 8 * DAY)],
            Status::Backlog | Status::Open | Status::Closed => Vec::new(),
        };
        let mut latest = start - 1;
        for (status, ago) in ways {
            // Never before the step before it.
            latest = ago.min(latest - 1);
            let to = MoveItem {
                status: Patch::Set(status),
                ..MoveItem::default()
            };
            let by = self.mover(by, status);
            self.step(
                latest,
                by,
                Command::MoveItem {
                    item: item.into(),
                    to,
                    expected: None,
                },
            );
        }
    }

    /// What an AI member has done is accepted by a person.
    fn mover(&self, by: MemberId, status: Status) -> MemberId {
        let is_agent = self
            .members
            .values()
            .any(|(id, kind)| *id == by && *kind == MemberKind::Agent);
        if is_agent && status == Status::Done {
            self.owner
        } else {
            by
        }
    }

    fn own_items(&mut self, content: &Content) -> Result<(), serde_json::Error> {
        for (n, own) in (1..).zip(&content.items) {
            let assignee = own.assignee.as_ref().map(|slug| self.member(slug));
            let new = json!({
                "kind": own.kind, "title": own.title, "description": own.description, "priority": own.priority,
                "assignees": assignee.into_iter().collect::<Vec<_>>(),
            });
            let start = 15 * DAY - n * HOUR;
            let id = self.item(&own.title, start, self.owner, new)?;
            self.walk(id, assignee.unwrap_or(self.owner), own.status, start);
        }
        Ok(())
    }

    /// What waits for what, and what was said.
    fn threads(&mut self, content: &Content) -> Result<(), serde_json::Error> {
        for (waiting, first) in &content.dependencies {
            let patch = serde_json::from_value(json!({ "depends_on": [self.items.get(first)] }))?;
            if let Some(item) = self.items.get(waiting) {
                let update = Command::UpdateItem {
                    item: ItemRef::Id(*item),
                    patch,
                    expected: None,
                };
                self.step(14 * DAY, self.owner, update);
            }
        }
        for (title, author, hours, body) in &content.comments {
            let id: shared_types::value::CommentId = self.ids.fresh();
            let new = serde_json::from_value(json!({ "id": id, "body": body }))?;
            if let Some(item) = self.items.get(title) {
                let comment = Command::CreateComment {
                    item: ItemRef::Id(*item),
                    new,
                };
                self.step(i64::from(*hours) * HOUR, self.member(author), comment);
            }
        }
        Ok(())
    }

    fn item(
        &mut self,
        title: &Title,
        ago: Ago,
        by: MemberId,
        mut new: Value,
    ) -> Result<ItemId, serde_json::Error> {
        let id: ItemId = self.ids.fresh();
        new["id"] = json!(id);
        self.items.insert(title.clone(), id);
        self.step(
            ago,
            by,
            Command::CreateItem {
                new: serde_json::from_value(new)?,
            },
        );
        Ok(id)
    }

    fn member(&self, slug: &Slug) -> MemberId {
        self.members.get(slug).map_or(self.owner, |(id, _)| *id)
    }

    fn finish(mut self, content: &Content) -> Founding {
        // Stable: what happens in the same minute stays in the order of the telling.
        self.steps.sort_by_key(|(ago, _, _)| -ago);
        let kinds: BTreeMap<MemberId, MemberKind> = self.members.values().copied().collect();
        let at = |ago: Ago| Timestamp::from_millis(self.now.as_millis() - ago * MINUTE_MILLIS);
        let steps = (1u128..).zip(self.steps).map(|(n, (ago, by, command))| {
            let kind = match kinds.get(&by) {
                Some(MemberKind::Agent) => ActorKind::Agent,
                _ => ActorKind::Member,
            };
            let actor = Actor {
                kind,
                id: by.to_string().into(),
                run: None,
            };
            let context = Context {
                at: at(ago),
                entropy: n << 32,
                actor,
                member: Some(by),
                cause: "demo".into(),
                sight: Sight::Organization,
                from: None,
            };
            Step { context, command }
        });
        let organization = OrganizationProfile {
            stamp: Stamp::new(self.organization, at(28 * DAY)),
            slug: content.organization.slug.clone(),
            name: content.organization.name.clone(),
            agents_stopped: false,
        };
        Founding {
            origin: organization,
            steps: steps.collect(),
        }
    }
}
