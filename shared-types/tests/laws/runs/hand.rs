//! What a worker elsewhere does with its token beside the tools.

use serde_json::{Value, json};
use shared_types::{
    ErrorCode,
    command::Command,
    event::Event,
    model::Entity,
    value::{ItemId, MemberId, TokenId},
};

use super::board::{Board, By, claim, from};

fn token(n: u128) -> TokenId {
    uuid::Uuid::from_u128(n).into()
}

fn switches(board: &mut Board, member: MemberId, tools: Value) {
    let command = Command::UpdateMember {
        member: member.into(),
        patch: from(json!({ "agent": { "tools": tools } })),
        expected: None,
    };
    board.does(By::Person, command).unwrap();
}

fn comment(item: ItemId) -> Command {
    Command::CreateComment {
        item: item.into(),
        new: from(json!({ "body": "I am on it" })),
    }
}

fn is_in(events: &[Event], run: shared_types::value::RunId) -> bool {
    !events.is_empty() && events.iter().all(|event| event.actor.run == Some(run))
}

#[test]
fn the_switches_of_an_ai_member_bind_what_a_token_does_in_its_name() {
    let mut board = Board::new();
    let ada = board.ada;
    let task = board.task(By::Person, &[ada]);
    let by = By::Token(token(1), Some(ada));
    board.does(by, comment(task)).unwrap();
    for (switch, remedy) in [("forbidden", "an admin"), ("ask", "/ask with")] {
        switches(
            &mut board,
            ada,
            json!({ "post_comment": switch, "update_task": switch }),
        );
        let refusals = [
            board.does(by, comment(task)).unwrap_err(),
            board
                .patch(by, task, json!({ "title": "Another" }))
                .unwrap_err(),
            board
                .patch(by, task, json!({ "status": "in_progress" }))
                .unwrap_err(),
        ];
        for (refusal, tool) in
            refusals
                .into_iter()
                .zip(["post_comment", "update_task", "update_task"])
        {
            assert_eq!(refusal.code, ErrorCode::Forbidden);
            let said = &refusal.detail;
            assert!(
                said.contains(tool) && said.contains(remedy) && said.contains("Ada"),
                "{said}"
            );
        }
        board.does(By::Person, comment(task)).unwrap();
    }
}

#[test]
fn a_token_that_works_a_run_does_what_it_does_in_the_run_and_under_its_members_switches() {
    let mut board = Board::new();
    let (ada, by) = (board.ada, By::Token(token(1), None));
    let [first, second] = [(); 2].map(|()| board.task(By::Person, &[ada]));
    let runs = [first, second].map(|task| board.run_of(task).id());
    let before = board.does(by, comment(first)).unwrap();
    assert_eq!(before.events[0].actor.run, None, "it works nothing yet");
    for run in runs {
        board.does(by, claim(run)).unwrap();
    }
    for (task, run) in [first, second].into_iter().zip(runs) {
        let said = board.does(by, comment(task)).unwrap();
        assert!(is_in(&said.events, run), "{:?}", said.events);
    }
    let new = json!({ "kind": "task", "title": "Beside it", "status": "todo", "assignees": [ada] });
    let made = board
        .does(
            by,
            Command::CreateItem {
                new: from(new.clone()),
            },
        )
        .unwrap();
    assert_eq!(made.events[0].actor.run, None, "it may be of either");
    let other = board
        .does(By::Token(token(2), None), comment(first))
        .unwrap();
    assert_eq!(other.events[0].actor.run, None);
    board
        .does(
            By::Person,
            Command::CancelRun {
                run: runs[0],
                reason: from(json!("")),
            },
        )
        .unwrap();
    let made = board
        .does(
            by,
            Command::CreateItem {
                new: from(new.clone()),
            },
        )
        .unwrap();
    assert!(is_in(&made.events, runs[1]));
    assert_eq!(made.events.len(), 1, "nobody wakes itself");
    switches(&mut board, ada, json!({ "create_task": "ask" }));
    let asks = board
        .does(by, Command::CreateItem { new: from(new) })
        .unwrap_err();
    assert!(
        asks.detail.contains(&format!("/runs/{}/ask", runs[1])),
        "{}",
        asks.detail
    );
}
