//! A small organization in which one can say who does what.

use serde_json::{Value, json};
use shared_types::{
    Context, Decision, ErrorCode, Organization, Rejection,
    command::{Command, Engaged, WorkStep},
    decide,
    decide::Subject,
    event::{Actor, ActorKind},
    model::{Entity, Item, OrganizationProfile, Run, RunState, Stamp, Status},
    state::Sight,
    value::{IdSource, ItemId, MemberId, RunId, Timestamp, TokenId},
};

/// Who does something.
#[derive(Debug, Clone, Copy)]
pub enum By {
    /// The person there is.
    Person,
    /// An AI member, outside of any run.
    Agent(MemberId),
    /// The server's worker.
    Worker(MemberId),
    /// A token, for the organization or for a member.
    Token(TokenId, Option<MemberId>),
}

pub struct Board {
    pub organization: Organization,
    now: i64,
    turn: u128,
    pub person: MemberId,
    pub ada: MemberId,
    pub bob: MemberId,
}

impl Board {
    /// A person and two AI members.
    pub fn new() -> Self {
        let at = Timestamp::from_millis(1_700_000_000_000);
        let nobody: MemberId = IdSource::new(at, 1).fresh();
        let mut board = Self {
            organization: Organization::new(OrganizationProfile {
                stamp: Stamp::new(IdSource::new(at, 7).fresh(), at),
                slug: "acme".parse().unwrap(),
                name: "Acme".parse().unwrap(),
                agents_stopped: false,
            }),
            now: at.as_millis(),
            turn: 0,
            person: nobody,
            ada: nobody,
            bob: nobody,
        };
        board.person = board.member(json!({ "name": "Pat", "kind": "human" }));
        board.ada = board.member(json!({ "name": "Ada", "kind": "agent" }));
        board.bob = board.member(json!({ "name": "Bob", "kind": "agent" }));
        board
    }

    fn member(&mut self, new: Value) -> MemberId {
        let command = Command::CreateMember { new: from(new) };
        match self.does(By::Person, command).unwrap().subject {
            Subject::Member(id) => id,
            other => panic!("{other:?}"),
        }
    }

    /// Lets time go by.
    pub fn later(&mut self, millis: i64) {
        self.now += millis;
    }

    /// Does something, if it is allowed.
    pub fn does(&mut self, by: By, command: Command) -> Result<Decision, Rejection> {
        self.turn += 1;
        let actor = |kind, id: String| Actor {
            kind,
            id: id.into(),
            run: None,
        };
        let (actor, member) = match by {
            By::Person => (
                actor(ActorKind::Member, self.person.to_string()),
                Some(self.person),
            ),
            By::Agent(id) | By::Worker(id) => (actor(ActorKind::Agent, id.to_string()), Some(id)),
            By::Token(id, member) => (actor(ActorKind::Token, id.to_string()), member),
        };
        let sight = match by {
            By::Token(_, Some(member)) => Sight::Member(member),
            _ => Sight::Organization,
        };
        let context = Context {
            at: Timestamp::from_millis(self.now),
            entropy: self.turn << 40,
            actor,
            member,
            cause: format!("turn-{}", self.turn),
            sight,
            from: None,
        };
        let decision = decide(&self.organization, &command, &context)?;
        self.organization = decision.organization.clone();
        crate::invariants::check(&self.organization);
        Ok(decision)
    }

    /// Why something is refused.
    pub fn refused(&mut self, by: By, command: Command) -> ErrorCode {
        self.does(by, command).expect_err("it is refused").code
    }

    pub fn item(&mut self, by: By, new: Value) -> ItemId {
        let command = Command::CreateItem { new: from(new) };
        match self.does(by, command).unwrap().subject {
            Subject::Item(id) => id,
            other => panic!("{other:?}"),
        }
    }

    /// A task that waits to be done by these.
    pub fn task(&mut self, by: By, assignees: &[MemberId]) -> ItemId {
        self.item(
            by,
            json!({ "kind": "task", "title": "A task", "status": "todo", "assignees": assignees }),
        )
    }

    pub fn shown(&self, item: ItemId) -> &Item {
        self.organization.item(item).expect("an item")
    }

    pub fn run_of(&self, item: ItemId) -> &Run {
        self.organization.latest_run_of(item).expect("a run")
    }

    pub fn run(&self, run: RunId) -> &Run {
        self.organization.run(run).expect("a run")
    }

    pub fn state_of(&self, item: ItemId) -> RunState {
        self.run_of(item).state
    }

    pub fn patch(&mut self, by: By, item: ItemId, patch: Value) -> Result<Decision, Rejection> {
        let command = Command::UpdateItem {
            item: item.into(),
            patch: from(patch),
            expected: None,
        };
        self.does(by, command)
    }

    /// Claims the run of an item: which one, and the fence.
    pub fn claim(&mut self, item: ItemId) -> (RunId, u64) {
        let run = self.run_of(item).clone();
        let command = claim(run.id());
        self.does(By::Worker(run.member), command).unwrap();
        (run.id(), self.run(run.id()).claim.expect("a claim"))
    }

    pub fn step(
        &mut self,
        (run, fence): (RunId, u64),
        step: WorkStep,
    ) -> Result<Decision, Rejection> {
        let member = self.run(run).member;
        self.does(By::Worker(member), Command::WorkRun { run, fence, step })
    }

    /// Works the task of an item to the end.
    pub fn submitted(&mut self, item: ItemId) -> RunId {
        let claim = self.claim(item);
        self.step(claim, submit()).unwrap();
        assert_eq!(self.state_of(item), RunState::AwaitingReview);
        assert_eq!(self.shown(item).status, Status::InReview);
        claim.0
    }
}

pub fn claim(run: RunId) -> Command {
    Command::ClaimRun {
        run,
        engaged: Engaged {
            provider: "scripted".parse().unwrap(),
            model: None,
        },
    }
}

pub fn submit() -> WorkStep {
    WorkStep::Submit {
        result: from(json!({ "summary": "It is done" })),
    }
}

pub fn reject(run: RunId) -> Command {
    Command::RejectRun {
        run,
        reason: "Not yet".parse().unwrap(),
    }
}

pub fn from<T: serde::de::DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).expect("what the tests say is well formed")
}
