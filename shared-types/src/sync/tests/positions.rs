//! The rule of positions.

use super::{
    PROJECT, applied, asked, event, following, heartbeat, project, resumed, snapshot, tell,
    welcomed,
};
use crate::topic::Topic;
use serde_json::json;

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
    assert_eq!(applied(&own), [(80, vec![super::project()])]);
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
