//! When a run is queued, and when not.

use serde_json::json;
use shared_types::{
    ErrorCode,
    command::{Command, NewRun},
    model::{Entity, RunKind, RunState, Status},
};

use super::board::{Board, By, from, reject};

fn start(
    item: shared_types::value::ItemId,
    member: Option<shared_types::value::MemberId>,
) -> Command {
    Command::StartRun {
        item: item.into(),
        new: NewRun {
            id: None,
            member: member.map(Into::into),
        },
    }
}

#[test]
fn a_task_to_do_that_gets_an_ai_member_is_queued_for_the_first_of_them() {
    let mut board = Board::new();
    let task = board.task(By::Person, &[]);
    assert!(board.shown(task).run.is_none());
    let assignees = json!({ "assignees": [board.person, board.bob, board.ada] });
    board.patch(By::Person, task, assignees).unwrap();
    let run = board.run_of(task);
    assert_eq!((run.member, run.state), (board.bob, RunState::Queued));
    assert_eq!((run.kind, run.attempt, run.depth), (RunKind::Work, 1, 1));
}

#[test]
fn a_task_of_the_backlog_is_queued_when_it_is_moved_to_todo() {
    let mut board = Board::new();
    let task = board.item(
        By::Person,
        json!({ "kind": "task", "title": "Later", "assignees": [board.ada] }),
    );
    assert!(board.shown(task).run.is_none());
    board
        .patch(By::Person, task, json!({ "status": "todo" }))
        .unwrap();
    assert_eq!(board.state_of(task), RunState::Queued);
    // What else changes queues nothing more.
    board
        .patch(By::Person, task, json!({ "priority": "high" }))
        .unwrap();
    assert_eq!(board.organization.runs_of(task).count(), 1);
}

#[test]
fn an_agent_that_is_not_to_begin_by_itself_waits_to_be_told() {
    let mut board = Board::new();
    let member = board.ada.into();
    let patch = from(json!({ "agent": { "auto_start": false } }));
    let quiet = Command::UpdateMember {
        member,
        patch,
        expected: None,
    };
    board.does(By::Person, quiet).unwrap();
    let task = board.task(By::Person, &[board.ada]);
    assert!(board.shown(task).run.is_none());
    board.does(By::Person, start(task, None)).unwrap();
    assert_eq!(board.state_of(task), RunState::Queued);
    assert_eq!(
        board.refused(By::Person, start(task, None)),
        ErrorCode::RunAlive
    );
}

#[test]
fn a_run_started_for_somebody_else_assigns_the_task_to_them() {
    let mut board = Board::new();
    let task = board.task(By::Person, &[]);
    assert_eq!(
        board.refused(By::Person, start(task, None)),
        ErrorCode::Validation
    );
    let person = board.person;
    assert_eq!(
        board.refused(By::Person, start(task, Some(person))),
        ErrorCode::Validation
    );
    let ada = board.ada;
    board.does(By::Person, start(task, Some(ada))).unwrap();
    assert_eq!(board.shown(task).assignees, [board.ada]);
}

#[test]
fn what_an_agent_writes_never_wakes_itself() {
    let mut board = Board::new();
    let task = board.task(By::Person, &[board.ada]);
    let (run, fence) = board.claim(task);
    let new =
        json!({ "kind": "task", "title": "More", "status": "todo", "assignees": [board.ada] });
    let inside = Command::AsRun {
        run,
        fence,
        command: Box::new(Command::CreateItem { new: from(new) }),
    };
    board.does(By::Worker(board.ada), inside).unwrap();
    let outside = board.task(By::Agent(board.ada), &[board.ada]);
    assert!(board.shown(outside).run.is_none());
    let ada = board.ada;
    assert_eq!(
        board.refused(By::Agent(ada), start(outside, None)),
        ErrorCode::Forbidden
    );
    assert_eq!(board.organization.live_runs().count(), 1);
}

#[test]
fn agents_that_wake_one_another_come_to_three_runs_and_no_further() {
    let mut board = Board::new();
    let mut task = board.task(By::Person, &[board.ada]);
    let (mut from_, mut to) = (board.ada, board.bob);
    for depth in 1..=3 {
        assert_eq!(board.run_of(task).depth, depth);
        let (run, fence) = board.claim(task);
        let new = json!({ "kind": "task", "title": "Next", "status": "todo", "assignees": [to] });
        let command = Box::new(Command::CreateItem { new: from(new) });
        let made = board
            .does(
                By::Worker(from_),
                Command::AsRun {
                    run,
                    fence,
                    command,
                },
            )
            .unwrap();
        task = match made.subject {
            shared_types::decide::Subject::Item(id) => id,
            other => panic!("{other:?}"),
        };
        std::mem::swap(&mut from_, &mut to);
    }
    assert!(board.shown(task).run.is_none(), "a fourth was queued");
    // Nor does it help to leave out in which run one acts.
    let (ada, bob) = (board.ada, board.bob);
    let outside = board.task(By::Agent(ada), &[bob]);
    assert!(board.shown(outside).run.is_none());
}

#[test]
fn a_task_that_failed_three_times_waits_for_a_person() {
    let mut board = Board::new();
    let task = board.task(By::Person, &[board.ada]);
    for attempt in 1..=3 {
        let run = board.run_of(task);
        assert_eq!((run.attempt, run.failures), (attempt, attempt - 1));
        let wait = run
            .not_before
            .map(|until| until.as_millis() - run.stamp.created_at.as_millis());
        assert_eq!(
            wait,
            [None, Some(10_000), Some(20_000)][attempt as usize - 1]
        );
        if wait.is_some() {
            let id = run.id();
            assert_eq!(
                board.refused(By::Worker(board.ada), super::board::claim(id)),
                ErrorCode::AgentBusy
            );
        }
        board.later(wait.unwrap_or(0));
        let (run, claim) = board.claim(task);
        board
            .does(By::Person, Command::LapseRun { run, claim })
            .unwrap();
        assert_eq!(board.run(run).state, RunState::Failed);
    }
    assert_eq!(
        board.state_of(task),
        RunState::Failed,
        "a fourth was queued"
    );
    assert_eq!(board.shown(task).status, Status::Todo);
    let (ada, bob) = (board.ada, board.bob);
    assert_eq!(
        board.refused(By::Agent(bob), start(task, Some(ada))),
        ErrorCode::CircuitOpen
    );
    let run = board.run_of(task).id();
    board.does(By::Person, Command::RetryRun { run }).unwrap();
    let again = board.run_of(task);
    assert_eq!((again.attempt, again.failures), (4, 0));
}

#[test]
fn a_rejection_queues_the_next_attempt_up_to_the_third() {
    let mut board = Board::new();
    let task = board.task(By::Person, &[board.ada]);
    for attempt in 1..=3 {
        assert_eq!(board.run_of(task).attempt, attempt);
        let run = board.submitted(task);
        board.does(By::Person, reject(run)).unwrap();
        assert_eq!(board.run(run).reason.as_deref(), Some("Not yet"));
        assert_eq!(board.shown(task).status, Status::Todo);
    }
    assert_eq!(board.state_of(task), RunState::Rejected);
}

#[test]
fn an_agent_works_three_at_a_time() {
    let mut board = Board::new();
    let ada = board.ada;
    let tasks = [0; 4].map(|_| board.task(By::Person, &[ada]));
    let claims: Vec<_> = tasks[..3].iter().map(|task| board.claim(*task)).collect();
    let fourth = board.run_of(tasks[3]).id();
    assert_eq!(
        board.refused(By::Worker(ada), super::board::claim(fourth)),
        ErrorCode::AgentBusy
    );
    board.step(claims[0], super::board::submit()).unwrap();
    board.claim(tasks[3]);
}
