//! What may be spent, and that no way leads past it.

use serde_json::json;
use shared_types::{
    ErrorCode,
    command::{Command, NewRun, WorkStep},
    model::{Alert, Entity, Usage},
    state::Sight,
    value::RunId,
};

use super::board::{Board, By, claim, from};

const DAY_MS: i64 = 86_400_000;

fn budget(board: &mut Board, scope: Sight, day: Option<u64>, total: Option<u64>) {
    let command = Command::SetBudget { scope, day, total };
    board.does(By::Person, command).unwrap();
}

fn reserve(board: &mut Board, claim: (RunId, u64), amount: u64) -> Result<(), ErrorCode> {
    let done = board.step(claim, WorkStep::Reserve { amount });
    done.map(drop).map_err(|refused| refused.code)
}

fn bill(board: &mut Board, claim: (RunId, u64), cost: u64) -> Result<(), ErrorCode> {
    let usage = Usage {
        input: 10,
        cached: 0,
        output: 5,
    };
    let done = board.step(claim, WorkStep::Spend { usage, cost });
    done.map(drop).map_err(|refused| refused.code)
}

/// A call that costs just what was put aside for it.
fn spend(board: &mut Board, claim: (RunId, u64), cost: u64) {
    reserve(board, claim, cost).unwrap();
    bill(board, claim, cost).unwrap();
}

#[test]
fn a_budget_warns_at_four_fifths_and_is_exhausted_at_all_of_it() {
    let mut board = Board::new();
    budget(&mut board, Sight::Organization, None, Some(1_000));
    let task = board.task(By::Person, &[board.ada]);
    let work = board.claim(task);
    let alert = |board: &Board| {
        board
            .organization
            .budget(Sight::Organization)
            .unwrap()
            .alert
    };
    for (cost, then) in [
        (799, Alert::None),
        (1, Alert::Warning),
        (199, Alert::Warning),
        (1, Alert::Exhausted),
    ] {
        spend(&mut board, work, cost);
        assert_eq!(alert(&board), then);
    }
    assert_eq!(reserve(&mut board, work, 1), Err(ErrorCode::BudgetExceeded));
    assert_eq!(board.run(work.0).usage.tokens(), 60);
}

#[test]
fn what_is_put_aside_for_one_run_is_not_there_for_another() {
    let mut board = Board::new();
    budget(&mut board, Sight::Organization, Some(1_000), None);
    let (ada, bob) = (board.ada, board.bob);
    let [first, second] = [ada, bob].map(|agent| {
        let task = board.task(By::Person, &[agent]);
        board.claim(task)
    });
    reserve(&mut board, first, 700).unwrap();
    assert_eq!(
        reserve(&mut board, second, 301),
        Err(ErrorCode::BudgetExceeded)
    );
    reserve(&mut board, second, 300).unwrap();
    bill(&mut board, first, 100).unwrap();
    bill(&mut board, second, 0).unwrap();
    reserve(&mut board, second, 900).unwrap();
}

#[test]
fn no_bill_is_more_than_what_was_put_aside() {
    let mut board = Board::new();
    budget(&mut board, Sight::Organization, None, Some(1_000));
    let task = board.task(By::Person, &[board.ada]);
    let work = board.claim(task);
    assert_eq!(bill(&mut board, work, 1), Err(ErrorCode::Validation));
    reserve(&mut board, work, 1_000).unwrap();
    for too_much in [1_001, u64::MAX] {
        assert_eq!(bill(&mut board, work, too_much), Err(ErrorCode::Validation));
    }
    assert_eq!(board.run(work.0).cost, 0);
    bill(&mut board, work, 1_000).unwrap();
    // The bill of a call is counted once.
    assert_eq!(bill(&mut board, work, 1), Err(ErrorCode::Validation));
    let usage = Usage {
        input: u64::MAX,
        ..Usage::default()
    };
    let lie = board.step(work, WorkStep::Spend { usage, cost: 0 });
    assert_eq!(lie.unwrap_err().code, ErrorCode::Validation);
    assert_eq!(
        reserve(&mut board, work, u64::MAX),
        Err(ErrorCode::Validation)
    );
    assert_eq!(board.organization.spent(Sight::Organization).total, 1_000);
}

#[test]
fn what_was_put_aside_and_never_billed_is_spent_when_more_is_put_aside() {
    let mut board = Board::new();
    budget(&mut board, Sight::Organization, None, Some(1_000));
    let task = board.task(By::Person, &[board.ada]);
    let work = board.claim(task);
    reserve(&mut board, work, 600).unwrap();
    assert_eq!(
        reserve(&mut board, work, 600),
        Err(ErrorCode::BudgetExceeded)
    );
    reserve(&mut board, work, 400).unwrap();
    assert_eq!(board.run(work.0).cost, 600);
    assert_eq!(reserve(&mut board, work, 1), Err(ErrorCode::BudgetExceeded));
    board.step(work, WorkStep::Release).unwrap();
    assert_eq!(board.organization.spent(Sight::Organization).total, 1_000);
}

#[test]
fn a_budget_of_a_day_is_there_again_the_next_day() {
    let mut board = Board::new();
    let ada = board.ada;
    budget(&mut board, Sight::Member(ada), Some(100), None);
    let task = board.task(By::Person, &[ada]);
    let work = board.claim(task);
    spend(&mut board, work, 100);
    assert_eq!(reserve(&mut board, work, 1), Err(ErrorCode::BudgetExceeded));
    board.step(work, WorkStep::Release).unwrap();
    board.later(DAY_MS);
    let work = board.claim(task);
    reserve(&mut board, work, 100).unwrap();
}

#[test]
fn no_retry_no_second_task_and_no_plan_gets_past_an_exhausted_budget() {
    let mut board = Board::new();
    let ada = board.ada;
    let project = match board
        .does(
            By::Person,
            Command::CreateProject {
                new: from(json!({ "name": "Website" })),
            },
        )
        .unwrap()
        .subject
    {
        shared_types::decide::Subject::Project(id) => id,
        other => panic!("{other:?}"),
    };
    budget(&mut board, Sight::Project(project), None, Some(50));
    let new =
        |kind: &str| json!({ "kind": kind, "title": "It", "project": project, "assignees": [ada] });
    let mut task = new("task");
    task["status"] = json!("todo");
    let task = board.item(By::Person, task);
    let work = board.claim(task);
    spend(&mut board, work, 50);
    let failure = shared_types::model::FailureReason::BudgetExceeded;
    let reason = "Over".parse().unwrap();
    board
        .step(work, WorkStep::Fail { failure, reason })
        .unwrap();

    board
        .does(By::Person, Command::RetryRun { run: work.0 })
        .unwrap();
    let epic = board.item(By::Person, new("epic"));
    let start = Command::StartRun {
        item: epic.into(),
        new: NewRun::default(),
    };
    board.does(By::Person, start).unwrap();
    let mut more = new("task");
    more["status"] = json!("todo");
    let more = board.item(By::Person, more);
    for item in [task, epic, more] {
        let run = board.run_of(item).id();
        assert_eq!(
            board.refused(By::Worker(ada), claim(run)),
            ErrorCode::BudgetExceeded
        );
    }
    // What was spent stays spent, wherever the task goes.
    let delete = Command::DeleteItem {
        item: task.into(),
        expected: None,
    };
    board.does(By::Person, delete).unwrap();
    assert_eq!(board.organization.spent(Sight::Project(project)).total, 50);
    let run = board.run_of(more).id();
    assert_eq!(
        board.refused(By::Worker(ada), claim(run)),
        ErrorCode::BudgetExceeded
    );
}

#[test]
fn a_run_has_limits_of_its_own() {
    let mut board = Board::new();
    let member = board.ada.into();
    let patch = from(json!({ "agent": { "limits": { "cost": 100, "tokens": 1000 } } }));
    board
        .does(
            By::Person,
            Command::UpdateMember {
                member,
                patch,
                expected: None,
            },
        )
        .unwrap();
    let task = board.task(By::Person, &[board.ada]);
    let work = board.claim(task);
    spend(&mut board, work, 60);
    assert_eq!(
        reserve(&mut board, work, 41),
        Err(ErrorCode::BudgetExceeded)
    );
    reserve(&mut board, work, 40).unwrap();
    let usage = Usage {
        input: 985,
        cached: 0,
        output: 0,
    };
    board
        .step(work, WorkStep::Spend { usage, cost: 0 })
        .unwrap();
    assert_eq!(reserve(&mut board, work, 0), Err(ErrorCode::BudgetExceeded));
}
