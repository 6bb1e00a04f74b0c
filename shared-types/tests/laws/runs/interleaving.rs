//! Two workers, a lapse, a cancellation and late writes, in any order.

use proptest::prelude::*;
use shared_types::{
    command::{Command, NewRun, WorkStep},
    model::{Entity, RunState, Usage},
    value::RunId,
};

use super::board::{Board, By, claim, from, reject, submit};

/// What somebody tries, right or wrong.
#[derive(Debug, Clone, Copy)]
enum Try {
    /// One of two workers claims what is queued, and remembers its claim.
    Claim(usize),
    /// A worker writes by the claim that it remembers, however old.
    Write(usize, u8),
    /// The observer finds that nothing was heard since a claim that a worker remembers.
    Lapse(usize),
    Start,
    Cancel,
    Review(bool),
    Retry,
    Switch(bool),
    Reassign(bool),
    Wait,
}

fn tries() -> impl Strategy<Value = Vec<Try>> {
    let one = prop_oneof![
        4 => (0usize..2).prop_map(Try::Claim),
        6 => (0usize..2, 0u8..5).prop_map(|(worker, what)| Try::Write(worker, what)),
        2 => (0usize..2).prop_map(Try::Lapse),
        2 => Just(Try::Start),
        1 => Just(Try::Cancel),
        2 => any::<bool>().prop_map(Try::Review),
        1 => Just(Try::Retry),
        1 => any::<bool>().prop_map(Try::Switch),
        1 => any::<bool>().prop_map(Try::Reassign),
        2 => Just(Try::Wait),
    ];
    prop::collection::vec(one, 1..60)
}

fn step(what: u8) -> WorkStep {
    match what {
        0 => submit(),
        1 => WorkStep::Fail {
            failure: shared_types::model::FailureReason::ToolFailed,
            reason: "It broke".parse().unwrap(),
        },
        2 => WorkStep::Release,
        3 => WorkStep::Reserve { amount: 5 },
        _ => WorkStep::Spend {
            usage: Usage::default(),
            cost: 0,
        },
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn no_interleaving_gives_two_live_runs_or_a_write_from_a_stale_claim(tries in tries()) {
        let mut board = Board::new();
        let (ada, bob) = (board.ada, board.bob);
        // What a run may take is not what this is about.
        let patch = from(serde_json::json!({ "agent": { "limits": { "turns": 200, "minutes": 240 } } }));
        let member = ada.into();
        board.does(By::Person, Command::UpdateMember { member, patch, expected: None }).unwrap();
        let task = board.task(By::Person, &[ada]);
        let mut claims: [Option<(RunId, u64)>; 2] = [None, None];
        // Whose run it is, by what the workers were told, and not by the model.
        let mut holder: Option<usize> = None;
        for one in tries {
            let run = board.run_of(task).id();
            let ended = |holder: &mut Option<usize>, board: &Board| {
                if board.state_of(task) != RunState::Running || board.run_of(task).claim.is_none() {
                    *holder = None;
                }
            };
            match one {
                Try::Claim(worker) => {
                    if board.does(By::Worker(ada), claim(run)).is_ok() {
                        prop_assert_eq!(holder, None, "two have claimed it");
                        let fence = board.run(run).claim.unwrap();
                        prop_assert!(claims.iter().flatten().all(|(_, old)| *old < fence));
                        claims[worker] = Some((run, fence));
                        holder = Some(worker);
                    }
                }
                Try::Write(worker, what) => {
                    let Some(claim) = claims[worker] else { continue };
                    let taken = board.step(claim, step(what)).is_ok();
                    prop_assert_eq!(taken, holder == Some(worker), "{:?} of {}", one, worker);
                }
                Try::Lapse(worker) => {
                    let Some((run, claim)) = claims[worker] else { continue };
                    let taken = board.does(By::Person, Command::LapseRun { run, claim }).is_ok();
                    prop_assert_eq!(taken, holder == Some(worker), "a lapse of {}", worker);
                    if taken { holder = None; }
                }
                Try::Start => drop(board.does(By::Person, Command::StartRun {
                    item: task.into(),
                    new: NewRun::default(),
                })),
                Try::Cancel => drop(board.does(By::Person, Command::CancelRun { run, reason: "No".parse().unwrap() })),
                Try::Review(true) => drop(board.does(By::Person, reject(run))),
                Try::Review(false) => {
                    if board.does(By::Person, Command::AcceptRun { run }).is_ok() {
                        board.patch(By::Person, task, serde_json::json!({ "status": "todo" })).unwrap();
                    }
                }
                Try::Retry => drop(board.does(By::Person, Command::RetryRun { run })),
                Try::Switch(on) => drop(board.does(By::Person, Command::SwitchAgents { on })),
                Try::Reassign(to_bob) => {
                    let who = if to_bob { vec![bob, ada] } else { vec![ada] };
                    board.patch(By::Person, task, serde_json::json!({ "assignees": who })).unwrap();
                }
                Try::Wait => board.later(200_000),
            }
            ended(&mut holder, &board);
            let live = board.organization.runs_of(task).filter(|run| run.state.is_live()).count();
            prop_assert!(live <= 1);
        }
    }
}
