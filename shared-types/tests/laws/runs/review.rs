//! Who says what is thought of a run, and what comes of it.

use serde_json::json;
use shared_types::{
    ErrorCode,
    command::{Command, NewRun, WorkStep},
    model::{Entity, ItemKind, ProposalState, RunKind, RunState, Status},
};

use super::board::{Board, By, from, reject};

#[test]
fn accepting_a_run_finishes_its_task() {
    let mut board = Board::new();
    let task = board.task(By::Person, &[board.ada]);
    let run = board.submitted(task);
    board.does(By::Person, Command::AcceptRun { run }).unwrap();
    assert_eq!(board.run(run).reviewer, Some(board.person));
    assert_eq!(board.shown(task).status, Status::Done);
    assert_eq!(
        board.refused(By::Person, reject(run)),
        ErrorCode::WrongState
    );
}

#[test]
fn who_did_the_work_does_not_review_it_in_any_way() {
    let mut board = Board::new();
    let task = board.task(By::Person, &[board.ada]);
    let run = board.submitted(task);
    let ada = board.ada;
    assert_eq!(
        board.refused(By::Agent(ada), Command::AcceptRun { run }),
        ErrorCode::Forbidden
    );
    assert_eq!(
        board.refused(By::Agent(ada), reject(run)),
        ErrorCode::Forbidden
    );
    let done = board.patch(By::Agent(ada), task, json!({ "status": "done" }));
    assert_eq!(done.unwrap_err().code, ErrorCode::Forbidden);
    let bob = board.bob;
    board
        .does(By::Agent(bob), Command::AcceptRun { run })
        .unwrap();
    assert_eq!(board.run(run).reviewer, Some(bob));
}

#[test]
fn moving_the_card_of_what_waits_for_a_review_is_a_review() {
    let mut board = Board::new();
    let (ada, bob) = (board.ada, board.bob);
    let [first, second] = [ada, bob].map(|agent| board.task(By::Person, &[agent]));
    let (accepted, rejected) = (board.submitted(first), board.submitted(second));
    board
        .patch(By::Person, first, json!({ "status": "done" }))
        .unwrap();
    assert_eq!(board.run(accepted).state, RunState::Accepted);
    board
        .patch(By::Person, second, json!({ "status": "todo" }))
        .unwrap();
    assert_eq!(board.run(rejected).state, RunState::Rejected);
    assert_eq!(
        (board.run_of(second).attempt, board.state_of(second)),
        (2, RunState::Queued)
    );
}

fn planned(board: &mut Board) -> (shared_types::value::ItemId, shared_types::value::RunId) {
    let epic = board.item(By::Person, json!({ "kind": "epic", "title": "Launch" }));
    let new = NewRun {
        id: None,
        member: Some(board.ada.into()),
    };
    board
        .does(
            By::Person,
            Command::StartRun {
                item: epic.into(),
                new,
            },
        )
        .unwrap();
    assert_eq!(board.run_of(epic).kind, RunKind::Plan);
    let claim = board.claim(epic);
    let proposals = from(json!([{ "title": "One" }, { "title": "Two" }, { "title": "Three" }]));
    board
        .step(
            claim,
            WorkStep::Propose {
                result: None,
                proposals,
            },
        )
        .unwrap();
    (epic, claim.0)
}

#[test]
fn a_plan_is_accepted_one_by_one_and_edited() {
    let mut board = Board::new();
    let (epic, run) = planned(&mut board);
    let item = epic.into();
    let patch = from(json!({ "title": "Better", "estimate": 3 }));
    let accept = Command::AcceptProposal { item, n: 1, patch };
    let ada = board.ada;
    assert_eq!(
        board.refused(By::Agent(ada), accept.clone()),
        ErrorCode::Forbidden
    );
    board.does(By::Person, accept.clone()).unwrap();
    assert_eq!(board.refused(By::Person, accept), ErrorCode::WrongState);
    let made = board.run(run).proposals[1].item.expect("it became an item");
    let feature = board.shown(made);
    assert_eq!(
        (feature.kind, feature.parent, &*feature.title),
        (ItemKind::Feature, Some(epic), "Better")
    );
    for n in [0, 2] {
        assert_eq!(board.run(run).state, RunState::AwaitingReview);
        board
            .does(
                By::Person,
                Command::DismissProposal {
                    item: epic.into(),
                    n,
                },
            )
            .unwrap();
    }
    assert_eq!(board.run(run).state, RunState::Accepted);
}

#[test]
fn a_plan_is_accepted_or_rejected_all_at_once() {
    let mut board = Board::new();
    let (epic, run) = planned(&mut board);
    board.does(By::Person, Command::AcceptRun { run }).unwrap();
    assert_eq!(board.organization.children_of(epic).count(), 3);
    assert_eq!(board.run(run).state, RunState::Accepted);

    let (other, run) = planned(&mut board);
    board.does(By::Person, reject(run)).unwrap();
    assert_eq!(board.organization.children_of(other).count(), 0);
    let all = &board.run(run).proposals;
    assert!(
        all.iter()
            .all(|proposal| proposal.state == ProposalState::Dismissed)
    );
    assert_eq!(
        (board.run_of(other).attempt, board.state_of(other)),
        (2, RunState::Queued)
    );
    assert_ne!(board.run_of(other).id(), run);
}
