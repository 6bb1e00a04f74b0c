//! When a run stops.

use serde_json::json;
use shared_types::{
    ErrorCode,
    command::{Command, WorkStep},
    model::{RunState, Status},
};

use super::board::{Board, By, claim, from, submit};

fn stale(board: &mut Board, claim: (shared_types::value::RunId, u64)) {
    let late = board.step(claim, submit()).expect_err("it is too late");
    assert_eq!(late.code, ErrorCode::StaleClaim);
    let (run, fence) = claim;
    let item = board.run(run).item.into();
    let command = Box::new(Command::CreateComment {
        item,
        new: from(json!({ "body": "Late" })),
    });
    let member = board.run(run).member;
    let code = board.refused(
        By::Worker(member),
        Command::AsRun {
            run,
            fence,
            command,
        },
    );
    assert_eq!(code, ErrorCode::StaleClaim);
}

#[test]
fn giving_the_task_to_another_agent_stops_the_one_and_wakes_the_other() {
    let mut board = Board::new();
    let task = board.task(By::Person, &[board.ada]);
    let claim = board.claim(task);
    assert_eq!(board.shown(task).status, Status::InProgress);
    let bob = board.bob;
    board
        .patch(By::Person, task, json!({ "assignees": [bob] }))
        .unwrap();
    assert_eq!(board.run(claim.0).state, RunState::Cancelled);
    assert_eq!(
        (board.run_of(task).member, board.state_of(task)),
        (bob, RunState::Queued)
    );
    stale(&mut board, claim);
}

#[test]
fn a_cancelled_run_is_over_and_its_task_is_to_be_done_again() {
    let mut board = Board::new();
    let task = board.task(By::Person, &[board.ada]);
    let claim = board.claim(task);
    let reason = "Stop".parse().unwrap();
    board
        .does(
            By::Person,
            Command::CancelRun {
                run: claim.0,
                reason,
            },
        )
        .unwrap();
    assert_eq!(board.state_of(task), RunState::Cancelled);
    assert_eq!(board.shown(task).status, Status::Todo);
    assert_eq!(
        board.organization.live_runs().count(),
        0,
        "it has queued another"
    );
    stale(&mut board, claim);
}

#[test]
fn cancelling_the_task_cancels_its_run() {
    let mut board = Board::new();
    let task = board.task(By::Person, &[board.ada]);
    let claim = board.claim(task);
    board
        .patch(By::Person, task, json!({ "status": "cancelled" }))
        .unwrap();
    assert_eq!(board.state_of(task), RunState::Cancelled);
    assert_eq!(board.shown(task).status, Status::Cancelled);
    stale(&mut board, claim);
}

#[test]
fn deleting_the_item_or_what_is_above_it_or_the_member_ends_runs_in_the_same_batch() {
    let mut board = Board::new();
    let (ada, bob) = (board.ada, board.bob);
    let epic = board.item(By::Person, json!({ "kind": "epic", "title": "Epic" }));
    let feature = board.item(
        By::Person,
        json!({ "kind": "feature", "title": "Feature", "parent": epic }),
    );
    let under = board.item(
        By::Person,
        json!({ "kind": "task", "title": "Task", "status": "todo", "parent": feature, "assignees": [ada] }),
    );
    let beside = board.task(By::Person, &[bob]);
    let (first, second) = (board.claim(under), board.claim(beside));
    let delete = Command::DeleteItem {
        item: epic.into(),
        expected: None,
    };
    let names: Vec<_> = board
        .does(By::Person, delete)
        .unwrap()
        .events
        .iter()
        .map(|event| event.body.name())
        .collect();
    assert_eq!(names, ["run.updated", "item.deleted"]);
    assert!(board.organization.run(first.0).is_none());
    board
        .does(By::Person, Command::RestoreItem { item: epic.into() })
        .unwrap();
    assert_eq!(board.run(first.0).state, RunState::Cancelled);

    let delete = Command::DeleteMember {
        member: bob.into(),
        expected: None,
    };
    board.does(By::Person, delete).unwrap();
    assert_eq!(board.run(second.0).state, RunState::Cancelled);
    assert_eq!(board.shown(beside).status, Status::Todo);
    assert_eq!(board.organization.live_runs().count(), 0);
}

#[test]
fn the_switch_stops_every_agent_and_lets_each_begin_again() {
    let mut board = Board::new();
    let task = board.task(By::Person, &[board.ada]);
    let first = board.claim(task);
    board
        .does(By::Person, Command::SwitchAgents { on: false })
        .unwrap();
    assert_eq!(board.state_of(task), RunState::Queued);
    stale(&mut board, first);
    let ada = board.ada;
    assert_eq!(
        board.refused(By::Worker(ada), claim(first.0)),
        ErrorCode::AgentsStopped
    );
    board
        .does(By::Person, Command::SwitchAgents { on: true })
        .unwrap();
    let second = board.claim(task);
    assert!(second.1 > first.1);
    stale(&mut board, first);
    board.step(second, submit()).unwrap();
}

#[test]
fn a_run_that_asks_waits_for_a_person_and_is_then_queued_again() {
    let mut board = Board::new();
    let task = board.task(By::Person, &[board.ada]);
    let first = board.claim(task);
    let tool = Some(from(json!({ "name": "create_task", "arguments": "{}" })));
    let question = "May I?".parse().unwrap();
    board.step(first, WorkStep::Ask { question, tool }).unwrap();
    assert_eq!(board.state_of(task), RunState::AwaitingInput);
    stale(&mut board, first);
    let run = first.0;
    let answer = |answer| Command::AnswerRun {
        run,
        answer: from(answer),
    };
    let (ada, bob) = (board.ada, board.bob);
    for agent in [ada, bob] {
        let code = board.refused(By::Agent(agent), answer(json!({ "approve": true })));
        assert_eq!(code, ErrorCode::Forbidden);
    }
    let code = board.refused(By::Person, answer(json!({ "answer": "Yes" })));
    assert_eq!(code, ErrorCode::Validation);
    board
        .does(By::Person, answer(json!({ "approve": true })))
        .unwrap();
    let asked = board.run(run).exchanges.last().unwrap();
    assert_eq!((asked.approved, asked.by), (Some(true), Some(board.person)));
    let second = board.claim(task);
    board.step(second, submit()).unwrap();
}
