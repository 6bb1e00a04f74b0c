use super::*;
use crate::{
    decide::Context,
    error::{ErrorCode, Rejection},
    event::{Actor, ActorKind},
    state::Sight,
    value::Timestamp,
    wire::Role,
};

/// A directory that commands are thrown at, and all that has happened in it.
struct World {
    directory: Directory,
    events: Vec<(DirectoryEvent, Vec<ProofChange>)>,
}

const DAY: i64 = 24 * 60 * 60 * 1000;

fn organization(n: u128) -> OrganizationId {
    uuid::Uuid::from_u128(n).into()
}

fn proof(text: &str) -> Proof {
    Proof::from(format!("hash-of-{text}"))
}

impl World {
    fn new() -> Self {
        Self {
            directory: Directory::default(),
            events: Vec::new(),
        }
    }

    fn ask_at(
        &mut self,
        at: i64,
        command: DirectoryCommand,
    ) -> Result<DirectorySubject, Rejection> {
        let context = Context {
            at: Timestamp::from_millis(at),
            entropy: (self.events.len() as u128) << 32,
            actor: Actor {
                kind: ActorKind::System,
                id: "test".into(),
                run: None,
            },
            member: None,
            cause: "test".into(),
            sight: Sight::Organization,
            from: None,
        };
        let decision = decide(&self.directory, &command, &context)?;
        self.directory = decision.directory;
        self.events.extend(decision.events);
        Ok(decision.subject)
    }

    fn ask(&mut self, command: DirectoryCommand) -> Result<DirectorySubject, Rejection> {
        self.ask_at(1_000, command)
    }

    fn account(&mut self, of: OrganizationId, email: &str, role: Role) -> AccountId {
        let made = self.ask(DirectoryCommand::CreateAccount {
            organization: of,
            email: email.parse().unwrap(),
            role,
            member: None,
            password: proof(email),
        });
        match made.unwrap() {
            DirectorySubject::Account(id) => id,
            other => panic!("{other:?}"),
        }
    }

    fn session(&mut self, account: AccountId, at: i64, shown: &str) -> SessionId {
        let started = self.ask_at(
            at,
            DirectoryCommand::StartSession {
                account,
                proof: proof(shown),
                expires_at: Timestamp::from_millis(at + DAY),
                user_agent: Some("A browser\u{7}".into()),
            },
        );
        match started.unwrap() {
            DirectorySubject::Session(id) => id,
            other => panic!("{other:?}"),
        }
    }
}

impl World {
    fn try_lend(
        &mut self,
        by: By,
        token: Option<TokenId>,
        until: i64,
        shown: &str,
    ) -> Result<DirectorySubject, Rejection> {
        self.ask(DirectoryCommand::LendToken {
            by,
            lent: Lent {
                run: uuid::Uuid::from_u128(9).into(),
                claim: 7,
                by: token,
            },
            name: "Run WEB-1".parse().unwrap(),
            scope: Sight::Organization,
            expires_at: Timestamp::from_millis(until),
            proof: proof(shown),
        })
    }

    fn lend(&mut self, by: By, token: Option<TokenId>, until: i64, shown: &str) -> TokenId {
        match self.try_lend(by, token, until, shown).unwrap() {
            DirectorySubject::Token(id) => id,
            other => panic!("{other:?}"),
        }
    }
}

fn by(organization: OrganizationId, account: AccountId, role: Role) -> By {
    By {
        organization,
        role,
        account: Some(account),
    }
}

fn code(result: Result<DirectorySubject, Rejection>) -> ErrorCode {
    result.unwrap_err().code
}

/// A little of everything.
fn busy() -> World {
    let mut world = World::new();
    let home = organization(1);
    world
        .ask(DirectoryCommand::AddOrganization { organization: home })
        .unwrap();
    let owner = world.account(home, "owner@example.org", Role::Owner);
    let other = world.account(home, "other@example.org", Role::Member);
    world.session(owner, 1_000, "first session");
    let kept = world.session(owner, 2_000, "second session");
    world.session(other, 2_000, "third session");
    let right = by(home, owner, Role::Owner);
    for name in ["one", "two"] {
        world
            .ask(DirectoryCommand::CreateToken {
                by: right,
                name: name.parse().unwrap(),
                access: Access::Write,
                scope: Sight::Organization,
                expires_at: None,
                proof: proof(name),
            })
            .unwrap();
    }
    world.lend(right, None, DAY, "lent");
    world
        .ask(DirectoryCommand::Invite {
            by: right,
            email: "new@example.org".parse().unwrap(),
            role: Role::Viewer,
            member: None,
            expires_at: Timestamp::from_millis(DAY),
            proof: proof("invitation"),
        })
        .unwrap();
    world
        .ask(DirectoryCommand::ChangePassword {
            account: owner,
            password: proof("another password"),
            keep: Some(kept),
        })
        .unwrap();
    world
        .ask(DirectoryCommand::RemoveAccount {
            by: right,
            account: other,
        })
        .unwrap();
    world
}

#[test]
fn a_lent_token_goes_with_the_one_that_lent_it_and_with_its_time() {
    let mut world = World::new();
    let home = organization(1);
    world
        .ask(DirectoryCommand::AddOrganization { organization: home })
        .unwrap();
    let owner = world.account(home, "owner@example.org", Role::Owner);
    let right = by(home, owner, Role::Owner);
    let subject = world
        .ask(DirectoryCommand::CreateToken {
            by: right,
            name: "worker".parse().unwrap(),
            access: Access::Write,
            scope: Sight::Organization,
            expires_at: None,
            proof: proof("worker"),
        })
        .unwrap();
    let DirectorySubject::Token(worker) = subject else {
        panic!("{subject:?}");
    };
    let short = world.lend(right, None, 1, "short");
    let long = world.lend(right, Some(worker), DAY, "long");
    assert!(world.directory.token(short).is_none(), "its time is over");
    assert_eq!(world.directory.holder(&proof("short")), None);
    assert!(world.directory.token(long).is_some());
    world
        .ask(DirectoryCommand::RevokeToken {
            by: right,
            token: worker,
        })
        .unwrap();
    assert!(world.directory.token(long).is_none());
    assert_eq!(world.directory.holder(&proof("long")), None);
    let mut orphan = || world.try_lend(right, Some(worker), DAY, "orphan");
    assert_eq!(code(orphan()), ErrorCode::NotFound);
}

#[test]
fn two_replicas_are_equal_however_they_came_about() {
    let world = busy();
    let mut replayed = Directory::default();
    for (event, proofs) in &world.events {
        assert_eq!(event.seq, replayed.seq + 1);
        // As it is kept.
        let json = serde_json::to_vec(event).unwrap();
        replayed.apply(&serde_json::from_slice(&json).unwrap());
        proofs.iter().for_each(|change| replayed.keep(change));
    }
    let saved = |directory: &Directory| serde_json::to_value(directory.save()).unwrap();
    assert_eq!(saved(&replayed), saved(&world.directory));
    assert_eq!(replayed.proofs, world.directory.proofs);
    assert_eq!(replayed.holders, world.directory.holders);
    let loaded = Directory::load(world.directory.save());
    assert_eq!(saved(&loaded), saved(&world.directory));
    assert_eq!(loaded.emails, world.directory.emails);
}

#[test]
fn no_proof_stands_in_an_event_or_in_what_is_saved_and_none_outlives_what_it_is_for() {
    let world = busy();
    let events = world.events.iter().map(|(event, _)| event);
    let events = serde_json::to_string(&events.collect::<Vec<_>>()).unwrap();
    let saved = serde_json::to_string(&world.directory.save()).unwrap();
    assert!(!events.contains("hash-of") && !saved.contains("hash-of"));
    assert_eq!(format!("{:?}", proof("x")), "Proof");
    let left: Vec<&str> = world.directory.proofs.values().map(Proof::as_str).collect();
    let mut left: Vec<&str> = left.iter().map(|text| &text["hash-of-".len()..]).collect();
    left.sort_unstable();
    let expected = [
        "another password",
        "invitation",
        "lent",
        "one",
        "second session",
        "two",
    ];
    assert_eq!(left, expected);
    assert_eq!(world.directory.holder(&proof("first session")), None);
}

#[test]
fn what_is_of_another_organization_is_not_there() {
    let mut world = World::new();
    let (ours, theirs) = (organization(1), organization(2));
    let owner = world.account(ours, "owner@example.org", Role::Owner);
    let eve = world.account(theirs, "eve@example.com", Role::Owner);
    let eves = by(theirs, eve, Role::Owner);
    let change = DirectoryCommand::ChangeRole {
        by: eves,
        account: owner,
        role: Role::Viewer,
    };
    assert_eq!(code(world.ask(change)), ErrorCode::NotFound);
    let remove = DirectoryCommand::RemoveAccount {
        by: eves,
        account: owner,
    };
    assert_eq!(code(world.ask(remove)), ErrorCode::NotFound);
    let session = world.session(owner, 1_000, "session");
    let end = DirectoryCommand::EndSession {
        account: eve,
        session,
    };
    assert_eq!(code(world.ask(end)), ErrorCode::NotFound);
}

#[test]
fn an_organization_keeps_an_owner() {
    let mut world = World::new();
    let home = organization(1);
    let owner = world.account(home, "owner@example.org", Role::Owner);
    let right = by(home, owner, Role::Owner);
    let step_down = DirectoryCommand::ChangeRole {
        by: right,
        account: owner,
        role: Role::Member,
    };
    assert_eq!(code(world.ask(step_down.clone())), ErrorCode::LastOwner);
    world.account(home, "second@example.org", Role::Owner);
    world.ask(step_down).unwrap();
}

#[test]
fn sessions_run_out_and_the_oldest_makes_room() {
    let mut world = World::new();
    let account = world.account(organization(1), "ada@example.org", Role::Owner);
    let first = world.session(account, 0, "first");
    world.session(account, DAY, "a day later");
    assert!(world.directory.session(first).is_none(), "it had run out");
    for n in 0..60 {
        world.session(account, DAY + 1 + n, &format!("session {n}"));
    }
    assert_eq!(world.directory.sessions_of(account).count(), 50);
    assert_eq!(world.directory.holder(&proof("session 0")), None);
    assert!(world.directory.holder(&proof("session 59")).is_some());
}
