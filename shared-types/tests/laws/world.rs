//! An organization that commands are thrown at.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use shared_types::{
    Context, Decision, Organization, Topic,
    command::{Command, Engaged, NewRun, WorkStep},
    decide,
    decide::Subject,
    event::{Actor, ActorKind, EventBody},
    model::{
        Entity, FailureReason, OrganizationProfile, RunKind, RunResult, RunState, Stamp, Status,
    },
    state::Sight,
    topic::{ItemRef, MemberRef, ProjectRef, TeamRef},
    value::{CommentId, IdSource, ItemId, MemberId, ProjectId, RunId, TeamId, Timestamp},
};

use crate::dice::Dice;

pub struct World {
    pub organization: Organization,
    turn: u32,
    last: Option<(Command, Context)>,
    /// All that ever were, deleted ones too.
    projects: Vec<ProjectId>,
    teams: Vec<(ProjectId, TeamId)>,
    members: Vec<MemberId>,
    items: Vec<ItemId>,
    comments: Vec<(ItemId, CommentId)>,
    runs: Vec<RunId>,
    /// Every claim that was ever made, old ones too.
    claims: Vec<(RunId, u64)>,
}

impl World {
    pub fn new() -> Self {
        let at = Timestamp::from_millis(1_700_000_000_000);
        let profile = OrganizationProfile {
            stamp: Stamp::new(IdSource::new(at, 7).fresh(), at),
            slug: "acme".parse().expect("a slug"),
            name: "Acme".parse().expect("a name"),
            agents_stopped: false,
        };
        Self {
            organization: Organization::new(profile),
            turn: 0,
            last: None,
            projects: Vec::new(),
            teams: Vec::new(),
            members: Vec::new(),
            items: Vec::new(),
            comments: Vec::new(),
            runs: Vec::new(),
            claims: Vec::new(),
        }
    }

    /// Every topic of everything that ever was.
    pub fn topics(&self) -> BTreeSet<Topic> {
        let mut topics = BTreeSet::from([Topic::Org]);
        topics.extend(self.projects.iter().map(|id| Topic::Project(*id)));
        topics.extend(self.teams.iter().map(|(_, id)| Topic::Team(*id)));
        topics.extend(self.members.iter().map(|id| Topic::Member(*id)));
        topics.extend(self.items.iter().map(|id| Topic::Item(*id)));
        topics.extend(self.runs.iter().map(|id| Topic::Run(*id)));
        topics
    }

    /// Carries out what the dice say; none where it is refused.
    pub fn play(&mut self, dice: &Dice) -> Option<Decision> {
        let command = self.command(dice)?;
        self.turn += 1;
        let context = Context {
            at: Timestamp::from_millis(1_700_000_000_000 + i64::from(self.turn) * 1000),
            entropy: u128::from(self.turn) << 40,
            actor: Actor {
                kind: ActorKind::System,
                id: "dice".into(),
                run: None,
            },
            member: dice
                .once_in(5, 3)
                .then(|| dice.pick(1, &self.members))
                .flatten(),
            cause: format!("turn-{}", self.turn),
            sight: Sight::Organization,
            from: None,
        };
        let decision = decide(&self.organization, &command, &context).ok()?;
        self.last = Some((command, context));
        self.organization = decision.organization.clone();
        self.remember(decision.subject);
        for event in &decision.events {
            self.remember_run(&event.body);
        }
        Some(decision)
    }

    /// Decides the last command once more, on the model as it was.
    pub fn decide_again(&self, before: &Organization) -> Decision {
        let (command, context) = self.last.as_ref().expect("something was decided");
        decide(before, command, context).expect("it was decided before")
    }

    /// Runs come to be by themselves.
    fn remember_run(&mut self, event: &EventBody) {
        if let EventBody::RunCreated { run } | EventBody::RunUpdated { run, .. } = event {
            if !self.runs.contains(&run.id()) {
                self.runs.push(run.id());
            }
            let claim = run.claim.map(|claim| (run.id(), claim));
            self.claims.extend(claim);
        }
    }

    fn remember(&mut self, subject: Subject) {
        fn once<T: PartialEq>(list: &mut Vec<T>, value: T) {
            if !list.contains(&value) {
                list.push(value);
            }
        }
        match subject {
            // Runs are remembered by their events.
            Subject::Organization | Subject::Run(_) | Subject::Budget(_) => {}
            Subject::Project(id) => once(&mut self.projects, id),
            Subject::Team(id) => {
                if let Some(team) = self.organization.team(id) {
                    once(&mut self.teams, (team.project, id));
                }
            }
            Subject::Member(id) => once(&mut self.members, id),
            Subject::Item(id) => once(&mut self.items, id),
            Subject::Comment(id) => {
                if let Some(comment) = self.organization.comment(id) {
                    once(&mut self.comments, (comment.item, id));
                }
            }
        }
    }

    /// The items of a kind, in the same backlog as another where there is one.
    fn items_of(&self, kind: &str) -> Vec<ItemId> {
        self.organization
            .items()
            .filter(|item| item.kind.to_string() == kind)
            .map(|item| item.id())
            .collect()
    }

    fn command(&self, dice: &Dice) -> Option<Command> {
        let project = || dice.pick(0, &self.projects).map(ProjectRef::Id);
        let team = || {
            dice.pick(1, &self.teams)
                .map(|(project, team)| (ProjectRef::Id(project), TeamRef::Id(team)))
        };
        let member = || dice.pick(2, &self.members).map(MemberRef::Id);
        let item = || dice.pick(3, &self.items).map(ItemRef::Id);
        let comment = || {
            dice.pick(4, &self.comments)
                .map(|(item, id)| (ItemRef::Id(item), id))
        };
        let run = || dice.pick(4, &self.runs);
        let name = format!("Thing {}", dice.numbers[5] % 4);
        let expected = None;
        Some(match dice.command % 60 {
            0 => Command::UpdateOrganization {
                patch: from(json!({ "name": name })),
                expected,
            },
            1 | 2 => Command::CreateProject {
                new: from(json!({ "name": name })),
            },
            3 => Command::UpdateProject {
                project: project()?,
                patch: from(json!({ "slug": slug(dice) })),
                expected,
            },
            4 => Command::DeleteProject {
                project: project()?,
                expected,
            },
            5 | 6 => Command::RestoreProject {
                project: project()?,
                restore: from(restore(dice)),
            },
            7 | 8 => Command::CreateTeam {
                project: project()?,
                new: from(json!({ "name": name })),
            },
            9 => {
                let (project, team) = team()?;
                Command::UpdateTeam {
                    project,
                    team,
                    patch: from(json!({ "slug": slug(dice) })),
                    expected,
                }
            }
            10 => team().map(|(project, team)| Command::DeleteTeam {
                project,
                team,
                expected,
            })?,
            11 => team().map(|(project, team)| Command::RestoreTeam {
                project,
                team,
                restore: from(restore(dice)),
            })?,
            12..=14 => {
                let (project, team) = team()?;
                Command::JoinTeam {
                    project,
                    team,
                    member: member()?,
                    expected,
                }
            }
            15 => {
                let (project, team) = team()?;
                Command::LeaveTeam {
                    project,
                    team,
                    member: member()?,
                    expected,
                }
            }
            16 | 17 => Command::CreateMember {
                new: from(json!({ "name": name, "kind": kind_of_member(dice) })),
            },
            18 => Command::UpdateMember {
                member: member()?,
                patch: from(json!({ "slug": slug(dice) })),
                expected,
            },
            19 => Command::DeleteMember {
                member: member()?,
                expected,
            },
            20 => Command::RestoreMember {
                member: member()?,
                restore: from(restore(dice)),
            },
            21..=26 => Command::CreateItem {
                new: from(self.new_item(dice)),
            },
            27 | 28 => Command::UpdateItem {
                item: item()?,
                patch: from(self.patch(dice)),
                expected,
            },
            29..=31 => Command::MoveItem {
                item: item()?,
                to: from(self.place(dice)),
                expected,
            },
            32 => Command::DeleteItem {
                item: item()?,
                expected,
            },
            33 => Command::RestoreItem { item: item()? },
            34 => Command::Assign {
                item: item()?,
                member: member()?,
                expected,
            },
            35 => match dice.once_in(0, 2) {
                true => Command::Unassign {
                    item: item()?,
                    member: member()?,
                    expected,
                },
                false => Command::AddLabel {
                    item: item()?,
                    label: "a label".parse().ok()?,
                    expected,
                },
            },
            36 => Command::SetAcceptance {
                item: item()?,
                criterion: 0,
                done: dice.once_in(0, 2),
                expected,
            },
            37 => Command::CreateComment {
                item: item()?,
                new: from(json!({ "body": name })),
            },
            38 => {
                let (item, comment) = comment()?;
                Command::UpdateComment {
                    item,
                    comment,
                    patch: from(json!({ "body": name })),
                    expected,
                }
            }
            40..=59 => self.run_command(dice, item, run)?,
            _ => {
                let (item, comment) = comment()?;
                match dice.once_in(0, 2) {
                    true => Command::DeleteComment {
                        item,
                        comment,
                        expected,
                    },
                    false => Command::RestoreComment { item, comment },
                }
            }
        })
    }

    fn run_command(
        &self,
        dice: &Dice,
        item: impl Fn() -> Option<ItemRef>,
        run: impl Fn() -> Option<RunId>,
    ) -> Option<Command> {
        let reason = || "Because".parse().ok();
        let member = dice.pick(2, &self.members).map(MemberRef::Id);
        // What waits for a worker or for a person, else any.
        let live = |state: RunState| {
            let mut live = self.organization.live_runs();
            live.find(|run| run.state == state)
                .map(|run| run.id())
                .or_else(&run)
        };
        Some(match dice.command % 60 {
            40 | 41 => Command::StartRun {
                item: item()?,
                new: NewRun { id: None, member },
            },
            42..=44 => Command::ClaimRun {
                run: live(RunState::Queued)?,
                engaged: Engaged {
                    provider: "dice".parse().ok()?,
                    model: None,
                },
            },
            45..=50 => {
                let (run, fence) = match self.claims.last() {
                    Some(last) if dice.once_in(3, 2) => *last,
                    _ => dice.pick(4, &self.claims)?,
                };
                match dice.command % 60 {
                    45 => Command::AsRun {
                        run,
                        fence,
                        command: Box::new(Command::CreateItem {
                            new: from(self.new_item(dice)),
                        }),
                    },
                    46 => Command::LapseRun { run, claim: fence },
                    _ => Command::WorkRun {
                        run,
                        fence,
                        step: self.step(dice, run)?,
                    },
                }
            }
            51 => Command::CancelRun {
                run: run()?,
                reason: reason()?,
            },
            52 => Command::AnswerRun {
                run: live(RunState::AwaitingInput)?,
                answer: from(json!({ "answer": "Yes", "approve": dice.once_in(0, 2) })),
            },
            53 => Command::AcceptRun {
                run: live(RunState::AwaitingReview)?,
            },
            54 => Command::RejectRun {
                run: live(RunState::AwaitingReview)?,
                reason: reason()?,
            },
            55 => Command::RetryRun { run: run()? },
            56 => Command::AcceptProposal {
                item: item()?,
                n: dice.numbers[0] % 3,
                patch: from(json!({ "title": "Better" })),
            },
            57 => Command::DismissProposal {
                item: item()?,
                n: dice.numbers[0] % 3,
            },
            58 => Command::SetBudget {
                scope: match dice.pick(0, &self.projects).filter(|_| dice.once_in(1, 2)) {
                    Some(project) => Sight::Project(project),
                    None => Sight::Organization,
                },
                day: Some(dice.numbers[2] as u64 % 500),
                total: None,
            },
            _ => Command::SwitchAgents {
                on: !dice.once_in(0, 4),
            },
        })
    }

    fn step(&self, dice: &Dice, run: RunId) -> Option<WorkStep> {
        let is_plan = self.organization.run(run)?.kind == RunKind::Plan;
        let result: RunResult = from(json!({ "summary": "Done" }));
        Some(match dice.numbers[0] % 7 {
            0 => WorkStep::Reserve { amount: 50 },
            1 => WorkStep::Spend {
                usage: from(json!({ "input": 10, "output": dice.numbers[1] % 7 })),
                cost: dice.numbers[2] as u64 % 60,
            },
            2 => WorkStep::Ask {
                question: "May I?".parse().ok()?,
                tool: dice
                    .once_in(1, 2)
                    .then(|| from(json!({ "name": "create_task", "arguments": "{}" }))),
            },
            3 | 4 if is_plan => WorkStep::Propose {
                result: Some(result),
                proposals: from(json!([{ "title": "One" }, { "title": "Two", "estimate": 1 }])),
            },
            3 | 4 => WorkStep::Submit { result },
            5 => WorkStep::Fail {
                failure: FailureReason::ToolFailed,
                reason: "It broke".parse().ok()?,
            },
            _ => WorkStep::Release,
        })
    }

    fn new_item(&self, dice: &Dice) -> Value {
        let mut new = self.place(dice);
        new.as_object_mut()
            .expect("an object")
            .retain(|field, _| field != "before" && field != "after");
        new["kind"] = json!(["epic", "feature", "task", "task"][dice.numbers[5] % 4]);
        if new["kind"] != "task" {
            new.as_object_mut().expect("an object").remove("status");
        }
        new["title"] = json!("An item");
        new["acceptance"] = json!([{ "text": "It works" }]);
        new["estimate"] =
            json!(f64::from(u32::try_from(dice.numbers[0] % 7).expect("small")) / 2.0);
        new
    }

    fn patch(&self, dice: &Dice) -> Value {
        let mut patch = self.place(dice);
        patch
            .as_object_mut()
            .expect("an object")
            .retain(|field, _| field != "before" && field != "after");
        if dice.once_in(0, 3) {
            patch["description"] = json!(format!("Text {}", dice.numbers[1] % 3));
        }
        if dice.once_in(1, 3) {
            patch["assignees"] = json!(dice.pick(2, &self.members).into_iter().collect::<Vec<_>>());
        }
        if dice.once_in(2, 3) {
            patch["depends_on"] = json!(dice.pick(4, &self.items).into_iter().collect::<Vec<_>>());
        }
        patch
    }

    /// Somewhere that may or may not be possible.
    fn place(&self, dice: &Dice) -> Value {
        let mut place = json!({});
        if dice.once_in(0, 2) {
            place["project"] = json!(dice.pick(1, &self.projects).filter(|_| !dice.once_in(1, 5)));
        }
        if dice.once_in(1, 3) {
            let team = dice.pick(2, &self.teams);
            place["team"] = json!(team.map(|(_, team)| team));
            if let Some((project, _)) = team {
                place["project"] = json!(project);
            }
        }
        if dice.once_in(2, 2) {
            let parents = self.items_of(if dice.once_in(3, 2) {
                "epic"
            } else {
                "feature"
            });
            let parent = dice.pick(4, &parents);
            place["parent"] = json!(parent);
            if let Some(parent) = parent.and_then(|parent| self.organization.item(parent)) {
                place["project"] = json!(parent.project);
            }
        }
        if dice.once_in(3, 2) {
            place["status"] = match dice.once_in(4, 3) {
                true => json!(["open", "closed"][dice.numbers[5] % 2]),
                false => json!(Status::OF_TASK[dice.numbers[4] % 6]),
            };
        }
        if dice.once_in(4, 2) {
            place[["before", "after"][dice.numbers[5] % 2]] = json!(dice.pick(0, &self.items));
        }
        place
    }
}

fn from<T: serde::de::DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).expect("what the tests say is well formed")
}

fn slug(dice: &Dice) -> String {
    format!("slug-{}", dice.numbers[5] % 4)
}

fn restore(dice: &Dice) -> Value {
    match dice.once_in(5, 2) {
        true => json!({}),
        false => json!({ "slug": format!("again-{}", dice.numbers[5]) }),
    }
}

fn kind_of_member(dice: &Dice) -> &'static str {
    ["human", "agent"][dice.numbers[0] % 2]
}
