//! How topics begin, end and are called.

use super::{
    PROJECT, applied, asked, event, following, project, resumed, snapshot, tell, welcome, welcomed,
};
use crate::{
    error::ErrorCode,
    sync::{Action, Closed, Reconnect, SyncClient, Transport},
    topic::Topic,
    wire::{ClientMessage, SnapshotAnswer},
};
use serde_json::json;

#[test]
fn topics_are_asked_for_when_the_server_has_welcomed_this_client() {
    let mut client = SyncClient::new();
    assert_eq!(client.subscribe("project:website"), []);
    client.opened(Transport::WebSocket);
    assert_eq!(client.subscribe("org"), []);
    let actions = tell(&mut client, welcome());
    assert_eq!(
        asked(&actions),
        [(1, "project:website".into(), None), (2, "org".into(), None)]
    );
    assert_eq!(asked(&client.subscribe("all")), [(3, "all".into(), None)]);
}

#[test]
fn a_snapshot_begins_a_view_and_its_name_is_resolved() {
    let mut client = welcomed();
    let id = asked(&client.subscribe("project:website"))[0].0;
    let actions = tell(&mut client, snapshot(id, PROJECT, "k3:100"));
    assert_eq!(
        actions[0],
        Action::Resolved {
            requested: "project:website".into(),
            topic: project()
        }
    );
    assert!(
        matches!(&actions[1], Action::Replace { topic, cursor, .. } if *topic == project() && cursor.seq == 100)
    );
    assert_eq!(client.topic("project:website"), Some(project()));
}

#[test]
fn what_comes_while_a_snapshot_is_fetched_is_asked_for_after_it() {
    let mut client = welcomed();
    let id = asked(&client.subscribe("org"))[0].0;
    let href = json!({ "type": "subscribed", "id": id, "topic": "org", "requested": "org", "cursor": "k3:100",
        "mode": "snapshot", "href": "/api/v1/snapshot?topic=org" });
    let fetch = tell(&mut client, href);
    assert!(
        matches!(&fetch[1], Action::Fetch { href, delay_ms: 0, .. } if href.ends_with("topic=org"))
    );
    assert_eq!(tell(&mut client, event(101, json!({ "org": 97 }))), []);
    assert!(matches!(
        client.fetch_failed(Topic::Org, Some(503), 0.5)[..],
        [Action::Fetch { delay_ms: 125, .. }]
    ));
    let answer = json!({ "topic": "org", "cursor": "k3:100", "snapshot": { "items": [] } });
    let actions = client.fetched(serde_json::from_value(answer).unwrap());
    assert!(matches!(
        actions[0],
        Action::Replace {
            topic: Topic::Org,
            ..
        }
    ));
    assert_eq!(asked(&actions), [(2, "org".into(), Some("k3:100".into()))]);
}

#[test]
fn a_fetch_outlives_its_connection_and_is_resumed_after_on_the_next() {
    let mut client = welcomed();
    let id = asked(&client.subscribe("org"))[0].0;
    tell(
        &mut client,
        json!({ "type": "subscribed", "id": id, "topic": "org", "requested": "org", "cursor": "k3:100",
        "mode": "snapshot", "href": "/x" }),
    );
    client.closed(Closed::Lost, 0.0);
    client.opened(Transport::WebSocket);
    assert_eq!(asked(&tell(&mut client, welcome())), []);
    let answer = json!({ "topic": "org", "cursor": "k3:100", "snapshot": {} });
    let actions = client.fetched(serde_json::from_value(answer).unwrap());
    assert_eq!(asked(&actions), [(2, "org".into(), Some("k3:100".into()))]);
}

#[test]
fn the_answer_to_a_question_that_was_asked_again_counts_for_nothing() {
    let mut client = welcomed();
    client.subscribe("org");
    client.unsubscribe("org");
    let id = asked(&client.subscribe("org"))[0].0;
    assert_eq!(tell(&mut client, snapshot(1, "org", "k3:100")), []);
    assert_eq!(tell(&mut client, snapshot(id, "org", "k3:100")).len(), 2);
}

#[test]
fn two_names_of_one_topic_are_one_subscription() {
    let mut client = welcomed();
    let first = asked(&client.subscribe("project:website"))[0].0;
    let second = asked(&client.subscribe(PROJECT))[0].0;
    tell(&mut client, snapshot(first, PROJECT, "k3:100"));
    assert!(!client.health().settled, "the server starts it over");
    tell(&mut client, snapshot(second, PROJECT, "k3:101"));
    assert!(client.health().settled);
    assert_eq!(client.health().topics, 1);
    assert_eq!(client.unsubscribe(PROJECT), []);
    let end = client.unsubscribe("project:website");
    assert!(
        matches!(&end[..], [Action::Send(ClientMessage::Unsubscribe { topic, .. })] if topic == PROJECT)
    );
}

#[test]
fn what_the_server_ends_is_followed_no_longer() {
    let mut client = following();
    let actions = tell(
        &mut client,
        json!({ "type": "unsubscribed", "topic": "org", "reason": "deleted" }),
    );
    let ended = Action::Ended {
        requested: vec!["org".into()],
        topic: Topic::Org,
        reason: "deleted".into(),
    };
    assert_eq!(actions, [ended]);
    assert_eq!(client.health().topics, 0);
    // Its own unsubscribing is answered with an id, and ends nothing.
    let mut client = following();
    assert_eq!(
        tell(
            &mut client,
            json!({ "type": "unsubscribed", "id": 9, "topic": "org" })
        ),
        []
    );
    assert_eq!(client.health().topics, 1);
}

#[test]
fn what_is_refused_is_told_and_kept_only_if_it_may_succeed_later() {
    let mut client = welcomed();
    let refuse = |client: &mut SyncClient, id: u64, retryable: bool| {
        let code = if retryable {
            "unavailable"
        } else {
            "not_found"
        };
        tell(
            client,
            json!({ "type": "error", "id": id, "code": code, "message": "No.", "retryable": retryable }),
        )
    };
    let id = asked(&client.subscribe("project:website"))[0].0;
    assert!(matches!(
        &refuse(&mut client, id, true)[..],
        [Action::Failed {
            retryable: true,
            ..
        }]
    ));
    let id = asked(&client.retry())[0].0;
    assert_eq!(client.retry(), [], "it is under way");
    refuse(&mut client, id, true);
    let id = asked(&client.subscribe("project:website"))[0].0;
    let refused = refuse(&mut client, id, false);
    assert!(matches!(
        &refused[..],
        [Action::Failed {
            code: ErrorCode::NotFound,
            ..
        }]
    ));
    assert_eq!(client.health().topics, 0);
    assert_eq!(client.retry(), [], "that is over");
    assert!(matches!(
        &client.subscribe("projects")[..],
        [Action::Failed {
            code: ErrorCode::Validation,
            ..
        }]
    ));
}

#[test]
fn what_was_refused_for_a_while_goes_on_from_where_it_was() {
    let mut client = following();
    client.closed(Closed::Lost, 0.5);
    client.opened(Transport::WebSocket);
    let id = asked(&tell(&mut client, welcome()))[0].0;
    let refusal = json!({ "type": "error", "id": id, "code": "unavailable", "message": "No.", "retryable": true });
    assert_eq!(tell(&mut client, refusal), [Action::AskLater]);
    assert!(!client.health().settled);
    let again = asked(&client.retry());
    assert_eq!(
        (again[0].1.as_str(), again[0].2.as_deref()),
        ("org", Some("k3:100"))
    );
    assert_eq!(
        tell(&mut client, resumed(again[0].0, "org", "k3:100", 1)),
        []
    );
    let told = tell(&mut client, event(101, json!({ "org": 97 })));
    assert_eq!(applied(&told).len(), 1);
}

#[test]
fn all_is_asked_for_after_its_position_where_others_begin_anew_and_fetches_its_snapshot() {
    let mut client = welcomed();
    let id = asked(&client.subscribe("all"))[0].0;
    let begun = |id: Option<u64>, cursor: &str, href: Option<&str>| {
        json!({ "type": "subscribed", "id": id, "topic": "all", "requested": "all", "cursor": cursor, "mode": "snapshot",
            "href": href })
    };
    let href = Some("/api/v1/snapshot?topic=all");
    tell(&mut client, begun(Some(id), "k3:100", None));
    let resync = json!({ "type": "resync", "topic": "all", "reason": "epoch_changed" });
    let again = asked(&tell(&mut client, resync));
    assert_eq!(again[0].2.as_deref(), Some("k3:100"));
    let fetch = tell(&mut client, begun(Some(again[0].0), "k4:7", href));
    assert!(matches!(&fetch[..], [Action::Fetch { .. }]), "{fetch:?}");
    let fetched = client.fetched(SnapshotAnswer {
        topic: Topic::All,
        cursor: "k4:8".parse().unwrap(),
        snapshot: Box::default(),
    });
    assert!(matches!(&fetched[0], Action::Replace { .. }));
    assert_eq!(asked(&fetched)[0].2.as_deref(), Some("k4:8"));
    // On a stream, where the epoch changes once more.
    client.closed(Closed::Lost, 0.5);
    client.opened(Transport::Polling);
    assert_eq!(client.query(), Some("topics=all&after=k4:8".into()));
    client.polled(r#"{"cursor":"k5:9","messages":[]}"#);
    assert_eq!(client.query(), Some("topics=all@snapshot".into()));
    let answer = json!({ "cursor": "k5:9", "messages": [begun(None, "k5:9", href)] });
    let fetch = client.polled(&answer.to_string());
    assert!(matches!(&fetch[..], [Action::Fetch { .. }]), "{fetch:?}");
}

#[test]
fn a_new_connection_asks_behind_what_was_had() {
    let mut client = following();
    client.look("/projects");
    tell(&mut client, event(101, json!({ "org": 97 })));
    assert_eq!(client.closed(Closed::Lost, 0.5), Reconnect::After(125));
    assert_eq!(
        tell(&mut client, event(102, json!({ "org": 101 }))),
        [],
        "of a connection that is gone"
    );
    client.opened(Transport::WebSocket);
    let actions = tell(&mut client, welcome());
    assert_eq!(
        actions[0],
        Action::Send(ClientMessage::Look {
            path: "/projects".into()
        })
    );
    assert_eq!(asked(&actions), [(2, "org".into(), Some("k3:101".into()))]);
}

#[test]
fn more_topics_than_a_connection_may_have_are_refused_and_the_others_go_on() {
    let mut client = SyncClient::new();
    let name = |number: usize| format!("project:p{number}");
    for number in 0..100 {
        assert_eq!(client.subscribe(&name(number)), []);
    }
    let refused = client.subscribe(&name(100));
    assert!(matches!(
        &refused[..],
        [Action::Failed {
            code: ErrorCode::LimitReached,
            retryable: false,
            ..
        }]
    ));
    assert_eq!(client.subscribe(&name(7)), [], "that is one of them");
    client.unsubscribe(&name(7));
    assert_eq!(client.subscribe(&name(100)), []);
    assert_eq!(client.health().topics, 100);
}
