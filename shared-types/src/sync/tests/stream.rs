//! SSE and polling: one position for all topics.

use super::{PROJECT, applied, asked, event, following, project, snapshot, tell, welcome};
use crate::sync::{Action, Closed, SyncClient, Transport};
use serde_json::json;

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
