//! How long a run may take, in minutes, turns and tokens, whoever works it and however often it is claimed.

use serde_json::json;
use shared_types::{
    ErrorCode,
    command::{AnswerRun, Command, WorkStep},
    model::{FailureReason, RunState, ToolCall, Usage},
    value::RunId,
};

use super::board::{Board, By, from, submit};

const MINUTE_MS: i64 = 60_000;

/// A board whose Ada works with these limits and tools.
fn board(profile: serde_json::Value) -> Board {
    let mut board = Board::new();
    let command = Command::UpdateMember {
        member: board.ada.into(),
        patch: from(json!({ "agent": profile })),
        expected: None,
    };
    board.does(By::Person, command).unwrap();
    board
}

fn ask() -> WorkStep {
    WorkStep::Ask {
        question: "May I?".parse().unwrap(),
        tool: None,
    }
}

fn answer(board: &mut Board, run: RunId) {
    let answer = AnswerRun {
        answer: "Yes.".parse().unwrap(),
        approve: None,
    };
    board
        .does(By::Person, Command::AnswerRun { run, answer })
        .unwrap();
}

fn call(board: &mut Board, claim: (RunId, u64), tokens: u64) -> Result<(), ErrorCode> {
    let usage = Usage {
        input: tokens,
        ..Usage::default()
    };
    for step in [
        WorkStep::Reserve { amount: 0 },
        WorkStep::Spend { usage, cost: 0 },
    ] {
        board.step(claim, step).map_err(|refused| refused.code)?;
    }
    Ok(())
}

#[test]
fn minutes_are_those_of_all_claims_and_not_of_waiting_for_a_person() {
    let mut board = board(json!({ "limits": { "minutes": 15 } }));
    let task = board.task(By::Person, &[board.ada]);
    for _ in 0..2 {
        let work = board.claim(task);
        board.later(7 * MINUTE_MS);
        board.step(work, ask()).unwrap();
        board.later(1_000 * MINUTE_MS);
        answer(&mut board, work.0);
    }
    let work @ (run, claim) = board.claim(task);
    let end = Command::EndRunOutOfTime { run, claim };
    board.later(MINUTE_MS - 1);
    assert_eq!(
        board.refused(By::Person, end.clone()),
        ErrorCode::WrongState
    );
    board.step(work, WorkStep::Reserve { amount: 5 }).unwrap();
    board.later(1);
    for step in [WorkStep::Reserve { amount: 1 }, ask(), submit()] {
        let refused = board.step(work, step).unwrap_err();
        assert_eq!(refused.code, ErrorCode::LimitReached, "{refused:?}");
    }
    board.does(By::Person, end).unwrap();
    let ended = board.run(run);
    assert_eq!(
        (ended.state, ended.failure, ended.cost),
        (RunState::Failed, Some(FailureReason::Internal), 5)
    );
    let reason = ended.reason.as_deref();
    assert_eq!(reason, Some("The run took longer than its 15 minutes."));
}

#[test]
fn a_call_is_a_turn_whoever_makes_it_save_where_the_provider_refuses_it() {
    let mut board = board(json!({ "limits": { "turns": 3 } }));
    let task = board.task(By::Person, &[board.ada]);
    let work = board.claim(task);
    // Refused.
    call(&mut board, work, 0).unwrap();
    call(&mut board, work, 10).unwrap();
    // Never billed.
    let reserve = WorkStep::Reserve { amount: 0 };
    board.step(work, reserve.clone()).unwrap();
    board.step(work, WorkStep::Release).unwrap();
    let work = board.claim(task);
    call(&mut board, work, 10).unwrap();
    let refused = board.step(work, reserve).unwrap_err();
    assert_eq!(refused.code, ErrorCode::LimitReached);
    assert_eq!(board.run(work.0).effort.turns, 3);
    // What is said of no call takes none back.
    for _ in 0..3 {
        let (usage, cost) = (Usage::default(), 0);
        board.step(work, WorkStep::Spend { usage, cost }).unwrap();
    }
    assert_eq!(call(&mut board, work, 10), Err(ErrorCode::LimitReached));
}

#[test]
fn a_run_that_has_used_more_tokens_than_it_may_is_over() {
    let mut board = board(json!({ "limits": { "tokens": 1_000 } }));
    let task = board.task(By::Person, &[board.ada]);
    let work = board.claim(task);
    call(&mut board, work, 999).unwrap();
    call(&mut board, work, 2).unwrap();
    let ended = board.run(work.0);
    assert_eq!(
        (ended.state, ended.failure),
        (RunState::Failed, Some(FailureReason::BudgetExceeded))
    );
    assert_eq!(ended.usage.tokens(), 1_001, "what was used is counted");
    assert_eq!(
        board.step(work, submit()).unwrap_err().code,
        ErrorCode::StaleClaim
    );
}

#[test]
fn nobody_is_asked_about_a_tool_that_is_forbidden() {
    let mut board =
        board(json!({ "tools": { "post_comment": "forbidden", "create_task": "ask" } }));
    let task = board.task(By::Person, &[board.ada]);
    let work = board.claim(task);
    let ask = |name: &str| WorkStep::Ask {
        question: "May I?".parse().unwrap(),
        tool: Some(ToolCall {
            name: name.parse().unwrap(),
            arguments: "{}".parse().unwrap(),
        }),
    };
    let refused = board.step(work, ask("post_comment")).unwrap_err();
    assert_eq!(
        (refused.code, &*refused.errors[0].pointer),
        (ErrorCode::Forbidden, "/tool/name")
    );
    board.step(work, ask("create_task")).unwrap();
}
