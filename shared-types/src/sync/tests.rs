//! The rules one by one. That they add up is shown by the simulation in `tests/laws`.

use serde_json::{Value, json};

use super::{Action, Closed, Pace, Preference, Reconnect, SyncClient, Transport, TransportChoice};
use crate::{error::ErrorCode, topic::Topic, wire::ClientMessage};

const PROJECT: &str = "project:019380a0-7b3c-7c41-a3f2-000000000002";

fn project() -> Topic {
    PROJECT.parse().unwrap()
}

/// A client on a WebSocket that has been welcomed at k3:100.
fn welcomed() -> SyncClient {
    let mut client = SyncClient::new();
    client.opened(Transport::WebSocket);
    tell(&mut client, welcome());
    client
}

fn welcome() -> Value {
    json!({ "type": "welcome", "protocol": 1, "connection": "c", "cursor": "k3:100", "heartbeat_seconds": 20,
        "limits": { "topics": 100, "message_bytes": 65536, "replay_events": 10000 },
        "principal": { "kind": "member", "id": "ada", "role": "owner" } })
}

fn tell(client: &mut SyncClient, message: Value) -> Vec<Action> {
    client.received(&message.to_string())
}

fn snapshot(id: u64, topic: &str, cursor: &str) -> Value {
    json!({ "type": "subscribed", "id": id, "topic": topic, "requested": topic, "cursor": cursor, "mode": "snapshot",
        "snapshot": { "items": [] } })
}

fn resumed(id: u64, topic: &str, cursor: &str, replaying: u64) -> Value {
    json!({ "type": "subscribed", "id": id, "topic": topic, "requested": topic, "cursor": cursor, "mode": "resumed",
        "replaying": replaying })
}

fn event(seq: u64, prev: Value) -> Value {
    json!({ "type": "event", "prev": prev, "event": {
        "id": "019380a0-7b3c-7c41-a3f2-0000000000ff", "seq": seq, "at": "2026-11-23T14:00:00.123Z",
        "actor": { "kind": "system", "id": "demo" }, "cause": "c", "type": "organization.updated",
        "data": { "changed": ["name"], "organization": { "id": "019380a0-7b3c-7c41-a3f2-000000000001", "version": seq,
            "created_at": "2026-11-23T14:00:00Z", "updated_at": "2026-11-23T14:00:00Z", "slug": "acme", "name": "Acme" } } } })
}

fn heartbeat(cursor: &str) -> Value {
    json!({ "type": "heartbeat", "cursor": cursor })
}

/// What is asked for: ids, topics and positions.
fn asked(actions: &[Action]) -> Vec<(u64, String, Option<String>)> {
    let asked = |action: &Action| match action {
        Action::Send(ClientMessage::Subscribe { id, topic, after }) => {
            Some((id.as_u64().unwrap(), topic.clone(), after.clone()))
        }
        _ => None,
    };
    actions.iter().filter_map(asked).collect()
}

/// What is applied: seqs and topics.
fn applied(actions: &[Action]) -> Vec<(u64, Vec<Topic>)> {
    let applied = |action: &Action| match action {
        Action::Apply { topics, event } => Some((event.seq, topics.clone())),
        _ => None,
    };
    actions.iter().filter_map(applied).collect()
}

/// A client that follows the organization, live from k3:100.
fn following() -> SyncClient {
    let mut client = welcomed();
    let id = asked(&client.subscribe("org"))[0].0;
    tell(&mut client, snapshot(id, "org", "k3:100"));
    assert!(client.health().settled);
    client
}

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
fn an_event_is_applied_once_and_only_where_nothing_is_missing_before_it() {
    let mut client = following();
    // The first event after a snapshot may well follow one long before it.
    assert_eq!(
        applied(&tell(&mut client, event(101, json!({ "org": 97 })))),
        [(101, vec![Topic::Org])]
    );
    assert_eq!(tell(&mut client, event(101, json!({ "org": 97 }))), []);
    assert_eq!(tell(&mut client, event(99, json!({ "org": 97 }))), []);
    assert_eq!(tell(&mut client, event(102, json!({ PROJECT: 3 }))), []);
    let gap = tell(&mut client, event(110, json!({ "org": 105 })));
    assert_eq!(applied(&gap), []);
    assert_eq!(asked(&gap), [(2, "org".into(), Some("k3:101".into()))]);
    assert!(!client.health().settled);
    // Asked already: what follows is in the answer.
    assert_eq!(tell(&mut client, event(111, json!({ "org": 110 }))), []);
    assert_eq!(tell(&mut client, resumed(2, "org", "k3:101", 3)), []);
    for (seq, prev) in [(105, 101), (110, 105), (111, 110)] {
        assert_eq!(
            applied(&tell(&mut client, event(seq, json!({ "org": prev })))).len(),
            1
        );
    }
    assert!(client.health().settled);
    assert_eq!(client.health().gaps, 1);
}

#[test]
fn a_gap_that_asking_again_does_not_close_is_closed_by_a_snapshot() {
    let mut client = following();
    let gap = tell(&mut client, event(110, json!({ "org": 105 })));
    assert_eq!(asked(&gap), [(2, "org".into(), Some("k3:100".into()))]);
    tell(&mut client, resumed(2, "org", "k3:100", 0));
    let again = tell(&mut client, event(110, json!({ "org": 105 })));
    assert_eq!(asked(&again), [(3, "org".into(), None)]);
}

#[test]
fn a_heartbeat_moves_what_is_settled_and_nothing_else() {
    let mut client = following();
    let id = asked(&client.subscribe(PROJECT))[0].0;
    tell(&mut client, heartbeat("k3:120"));
    assert_eq!(client.have(Topic::Org).unwrap().seq, 120);
    // Resumed with two events to come: a heartbeat between them is not believed.
    tell(&mut client, resumed(id, PROJECT, "k3:50", 2));
    tell(&mut client, event(60, json!({ PROJECT: 50 })));
    tell(&mut client, heartbeat("k3:121"));
    assert_eq!(client.have(project()).unwrap().seq, 60);
    assert_eq!(
        applied(&tell(&mut client, event(70, json!({ PROJECT: 60 })))).len(),
        1
    );
    tell(&mut client, heartbeat("k3:122"));
    assert_eq!(client.have(project()).unwrap().seq, 122);
}

#[test]
fn a_heartbeat_while_a_gap_is_being_repaired_does_not_hide_it() {
    let mut client = following();
    tell(&mut client, event(110, json!({ "org": 105 })));
    tell(&mut client, heartbeat("k3:115"));
    assert_eq!(client.have(Topic::Org).unwrap().seq, 100);
}

#[test]
fn a_replay_may_repeat_what_another_topic_brought_and_get_it_early() {
    let mut client = welcomed();
    let org = asked(&client.subscribe("org"))[0].0;
    let project = asked(&client.subscribe(PROJECT))[0].0;
    tell(&mut client, resumed(org, "org", "k3:50", 1));
    tell(&mut client, resumed(project, PROJECT, "k3:50", 2));
    // 80 is on both; the project's own replay begins with 70.
    assert_eq!(
        applied(&tell(
            &mut client,
            event(80, json!({ "org": 50, PROJECT: 70 }))
        )),
        [(80, vec![Topic::Org])]
    );
    assert_eq!(
        applied(&tell(&mut client, event(70, json!({ PROJECT: 50 })))).len(),
        1
    );
    let own = tell(&mut client, event(80, json!({ "org": 50, PROJECT: 70 })));
    assert_eq!(applied(&own), [(80, vec![self::project()])]);
    assert!(client.health().settled);
    assert_eq!(client.health().gaps, 0);
}

#[test]
fn a_replay_that_stands_still_is_asked_for_again() {
    let mut client = welcomed();
    let id = asked(&client.subscribe("org"))[0].0;
    tell(&mut client, resumed(id, "org", "k3:50", 2));
    tell(&mut client, event(60, json!({ "org": 50 })));
    assert_eq!(asked(&tell(&mut client, heartbeat("k3:100"))), []);
    assert_eq!(
        asked(&tell(&mut client, heartbeat("k3:101"))),
        [(2, "org".into(), Some("k3:60".into()))]
    );
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
fn a_resync_starts_over_without_a_position() {
    let mut client = following();
    let actions = tell(
        &mut client,
        json!({ "type": "resync", "topic": "org", "reason": "too_old" }),
    );
    assert_eq!(asked(&actions), [(2, "org".into(), None)]);
    // A reason of a later protocol ends the subscription just the same.
    tell(&mut client, snapshot(2, "org", "k3:130"));
    let actions = tell(
        &mut client,
        json!({ "type": "resync", "topic": "org", "reason": "full_moon" }),
    );
    assert_eq!(asked(&actions), [(3, "org".into(), None)]);
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
    assert!(matches!(
        &client.subscribe("projects")[..],
        [Action::Failed {
            code: ErrorCode::Validation,
            ..
        }]
    ));
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
fn a_heartbeat_of_another_epoch_starts_everything_over() {
    let mut client = following();
    assert_eq!(
        asked(&tell(&mut client, heartbeat("k4:7"))),
        [(2, "org".into(), None)]
    );
}

#[test]
fn an_event_of_a_later_version_takes_its_place_in_the_line() {
    let mut client = following();
    let mut later = event(101, json!({ "org": 97, "report:weekly": 3 }));
    later["event"]["type"] = json!("report.created");
    assert_eq!(tell(&mut client, later), []);
    assert_eq!(
        applied(&tell(
            &mut client,
            event(102, json!({ "org": 101, "report:weekly": 101 }))
        ))
        .len(),
        1
    );
    assert_eq!(client.health().gaps, 0);
}

#[test]
fn nonsense_is_remembered_and_nothing_more() {
    let mut client = following();
    for text in [
        "",
        "{",
        "[]",
        "null",
        r#"{"type":"event"}"#,
        r#"{"type":"heartbeat","cursor":"x"}"#,
        "\u{0}",
    ] {
        assert_eq!(client.received(text), [], "{text}");
    }
    assert!(client.health().last_error.is_some());
    assert_eq!(client.polled("<html>"), []);
}

#[test]
fn all_is_gapless_by_itself() {
    let mut client = welcomed();
    let id = asked(&client.subscribe("all"))[0].0;
    let live = json!({ "type": "subscribed", "id": id, "topic": "all", "requested": "all", "cursor": "k3:100",
        "mode": "snapshot" });
    tell(&mut client, live);
    assert_eq!(
        applied(&tell(&mut client, event(101, json!({ "org": 97 })))),
        [(101, vec![Topic::All])]
    );
    assert_eq!(
        asked(&tell(&mut client, event(103, json!({ "org": 97 })))),
        [(2, "all".into(), Some("k3:101".into()))]
    );
}

#[test]
fn streams_ask_for_all_topics_behind_the_lowest_position() {
    let mut client = following();
    let id = asked(&client.subscribe(PROJECT))[0].0;
    tell(&mut client, snapshot(id, PROJECT, "k3:100"));
    tell(&mut client, event(104, json!({ "org": 97 })));
    client.subscribe("team:website/core");
    client.closed(Closed::Lost, 0.0);
    client.opened(Transport::Sse);
    let query = format!("topics=org,{PROJECT},team:website/core@snapshot&after=k3:100");
    assert_eq!(client.query(), Some(query));
    // What org has had already comes again, and is dropped.
    assert_eq!(tell(&mut client, event(104, json!({ "org": 97 }))), []);
    assert_eq!(
        applied(&tell(
            &mut client,
            event(105, json!({ "org": 104, PROJECT: 99 }))
        ))
        .len(),
        1
    );
}

#[test]
fn ids_of_a_stream_count_when_it_is_left() {
    let mut client = SyncClient::new();
    client.subscribe("org");
    client.subscribe(PROJECT);
    client.opened(Transport::Sse);
    assert_eq!(client.query(), Some(format!("topics=org,{PROJECT}")));
    for topic in ["org", PROJECT] {
        let begun = json!({ "type": "subscribed", "topic": topic, "requested": topic, "cursor": "k3:100",
            "mode": "snapshot", "snapshot": {} });
        tell(&mut client, begun);
    }
    client.position("k3:100");
    tell(&mut client, event(130, json!({ "org": 97 })));
    client.position("k3:130");
    assert_eq!(client.have(project()).unwrap().seq, 100);
    client.closed(Closed::Lost, 0.0);
    client.opened(Transport::WebSocket);
    let actions = tell(&mut client, welcome());
    let after = Some("k3:130".to_owned());
    assert_eq!(
        asked(&actions),
        [(1, "org".into(), after.clone()), (2, PROJECT.into(), after)]
    );
}

#[test]
fn polling_goes_on_behind_the_cursor_of_its_answers() {
    let mut client = SyncClient::new();
    client.opened(Transport::Polling);
    assert_eq!(client.query(), None);
    assert_eq!(client.subscribe("org"), [Action::Reopen]);
    assert_eq!(client.query(), Some("topics=org".into()));
    let begun = json!({ "type": "subscribed", "topic": "org", "requested": "org", "cursor": "k3:100",
        "mode": "snapshot", "snapshot": {} });
    let answer = json!({ "cursor": "k3:100", "messages": [begun] });
    assert_eq!(client.polled(&answer.to_string()).len(), 2);
    assert_eq!(client.query(), Some("topics=org&after=k3:100".into()));
    let answer = json!({ "cursor": "k3:140", "messages": [event(120, json!({ "org": 90 }))] });
    assert_eq!(applied(&client.polled(&answer.to_string())).len(), 1);
    assert_eq!(client.query(), Some("topics=org&after=k3:140".into()));
    // Another epoch: there is nothing to resume.
    assert_eq!(
        client.polled(r#"{"cursor":"k4:3","messages":[]}"#),
        [Action::Reopen]
    );
    assert_eq!(client.query(), Some("topics=org".into()));
}

#[test]
fn a_topic_too_far_behind_the_others_begins_with_a_snapshot() {
    let mut client = following();
    let id = asked(&client.subscribe(PROJECT))[0].0;
    client.closed(Closed::Lost, 0.0);
    client.opened(Transport::WebSocket);
    tell(&mut client, welcome());
    tell(&mut client, snapshot(id + 2, PROJECT, "k3:20000"));
    client.closed(Closed::Lost, 0.0);
    client.opened(Transport::Sse);
    assert_eq!(
        client.query(),
        Some(format!("topics={PROJECT},org@snapshot&after=k3:20000"))
    );
}

#[test]
fn waits_grow_to_fifteen_seconds_and_shrink_when_it_works() {
    let mut client = following();
    let mut waits = Vec::new();
    for _ in 0..9 {
        waits.push(client.closed(Closed::Lost, 0.999));
    }
    assert_eq!(waits[0], Reconnect::After(249));
    assert_eq!(waits[3], Reconnect::After(1998));
    assert_eq!(waits[8], Reconnect::After(14_985));
    client.opened(Transport::WebSocket);
    tell(&mut client, welcome());
    tell(&mut client, snapshot(2, "org", "k3:100"));
    assert_eq!(client.closed(Closed::Lost, 0.999), Reconnect::After(249));
}

#[test]
fn a_close_is_final_only_where_coming_back_would_not_help() {
    for (code, comes_back) in [
        (1001, true),
        (1006, true),
        (1011, true),
        (4408, true),
        (4429, true),
        (4400, false),
        (4401, false),
        (4413, false),
    ] {
        let back = matches!(
            SyncClient::new().closed(Closed::Code(code), 0.5),
            Reconnect::After(_)
        );
        assert_eq!(back, comes_back, "{code}");
    }
    for (status, comes_back) in [
        (401, false),
        (400, false),
        (429, true),
        (502, true),
        (503, true),
        (408, true),
    ] {
        let back = matches!(
            SyncClient::new().closed(Closed::Status(status), 0.5),
            Reconnect::After(_)
        );
        assert_eq!(back, comes_back, "{status}");
    }
}

#[test]
fn a_server_that_closes_says_when_to_come_back() {
    let mut client = following();
    tell(
        &mut client,
        json!({ "type": "closing", "reason": "shutdown", "retry_after_ms": 1200 }),
    );
    assert_eq!(
        client.closed(Closed::Code(1001), 0.5),
        Reconnect::After(1200)
    );
    assert_eq!(client.closed(Closed::Lost, 0.999), Reconnect::After(499));
}

#[test]
fn the_pace_stays_below_the_limit() {
    let mut pace = Pace::default();
    let delays: Vec<u64> = (0..80).map(|_| pace.delay_ms(1_000.0)).collect();
    assert_eq!(delays[39], 0);
    assert_eq!(delays[79], 1_000);
    assert_eq!(pace.delay_ms(10_000.0), 0);
}

#[test]
fn a_transport_that_does_not_work_gives_way_and_a_better_one_is_tried_again() {
    let mut choice = TransportChoice::new(Preference::Automatic);
    assert_eq!(choice.next(), Transport::WebSocket);
    choice.ended(Transport::WebSocket, 0.0);
    choice.ended(Transport::WebSocket, 1.0);
    assert_eq!(choice.next(), Transport::Sse);
    choice.proven(Transport::Sse, 10.0);
    assert_eq!(choice.better(20_000.0), None);
    assert_eq!(choice.better(30_010.0), Some(Transport::WebSocket));
    choice.ended(Transport::WebSocket, 31_000.0);
    assert_eq!(
        (choice.next(), choice.better(60_000.0)),
        (Transport::Sse, None)
    );
    assert_eq!(choice.better(91_000.0), Some(Transport::WebSocket));
    choice.proven(Transport::WebSocket, 91_100.0);
    assert_eq!(
        (choice.next(), choice.better(500_000.0)),
        (Transport::WebSocket, None)
    );
    // Losing one that has worked for long says nothing against it; two short lives do.
    choice.ended(Transport::WebSocket, 600_000.0);
    assert_eq!(choice.next(), Transport::WebSocket);
    for at in [600_100.0, 600_200.0] {
        choice.proven(Transport::WebSocket, at);
        choice.ended(Transport::WebSocket, at + 50.0);
    }
    assert_eq!(choice.next(), Transport::Sse);
}

#[test]
fn when_nothing_works_all_are_tried_in_turn_and_a_chosen_one_stays() {
    let mut choice = TransportChoice::new(Preference::Automatic);
    let mut tried = Vec::new();
    for at in 0..8 {
        tried.push(choice.next());
        choice.ended(choice.next(), f64::from(at));
    }
    let round = [
        Transport::WebSocket,
        Transport::Sse,
        Transport::Polling,
        Transport::WebSocket,
    ];
    assert_eq!(
        tried,
        round
            .iter()
            .flat_map(|transport| [*transport; 2])
            .collect::<Vec<_>>()
    );
    let mut choice = TransportChoice::new(Preference::Only(Transport::Sse));
    for at in 0..8 {
        choice.ended(Transport::Sse, f64::from(at));
        assert_eq!(choice.next(), Transport::Sse);
    }
}
