use serde_json::json;
use shared_types::wire::{EventsAnswer, ServerMessage, SnapshotAnswer};

use crate::golden;

macro_rules! p {
    () => {
        concat!("project:", id!("02"))
    };
}

#[test]
fn what_the_server_sends() {
    for text in [
        concat!(
            r#"{"type":"welcome","protocol":1,"connection":"c1","cursor":"k3:120","heartbeat_seconds":20,"#,
            r#""limits":{"topics":100,"message_bytes":65536,"replay_events":10000},"#,
            r#""principal":{"kind":"member","id":"ada","role":"owner"}}"#
        ),
        concat!(
            r#"{"type":"subscribed","id":1,"topic":""#,
            p!(),
            r#"","requested":"project:website","cursor":"k3:120","mode":"snapshot","snapshot":{"projects":["#,
            project!(),
            r#"],"teams":[],"items":[],"rollups":[]}}"#
        ),
        concat!(
            r#"{"type":"subscribed","id":1,"topic":""#,
            p!(),
            r#"","requested":"project:website","cursor":"k3:120","mode":"snapshot","href":"/api/v1/snapshot?topic="#,
            p!(),
            r#""}"#
        ),
        concat!(
            r#"{"type":"subscribed","id":1,"topic":""#,
            p!(),
            r#"","requested":"project:website","cursor":"k3:118","mode":"resumed","replaying":2}"#
        ),
        r#"{"type":"subscribed","topic":"all","requested":"all","cursor":"k3:118","mode":"snapshot"}"#,
        concat!(
            r#"{"type":"event","prev":{"org":118,""#,
            p!(),
            r#"":120},"event":{"id":"019380a0-7b3c-7c41-a3f2-0000000000ff","seq":121,"at":"2026-11-23T14:00:00.123Z","#,
            r#""actor":{"kind":"member","id":"ada"},"cause":"req-1","type":"project.updated","data":{"project":"#,
            project!(),
            r#","changed":["name"]}}}"#
        ),
        concat!(
            r#"{"type":"rollup","topic":"org","key":""#,
            p!(),
            r#"","seq":121,"value":"#,
            rollup!(),
            "}"
        ),
        r#"{"type":"heartbeat","cursor":"k3:121"}"#,
        concat!(
            r#"{"type":"resync","topic":""#,
            p!(),
            r#"","reason":"too_old"}"#
        ),
        r#"{"type":"resync","topic":"org","reason":"epoch_changed"}"#,
        r#"{"type":"resync","topic":"org","reason":"access_changed"}"#,
        r#"{"type":"resync","topic":"org","reason":"changed_at_once"}"#,
        r#"{"type":"unsubscribed","id":2,"topic":"org"}"#,
        concat!(
            r#"{"type":"unsubscribed","topic":""#,
            p!(),
            r#"","reason":"deleted"}"#
        ),
        concat!(
            r#"{"type":"presence","topic":""#,
            p!(),
            r#"","members":[{"id":""#,
            id!("04"),
            r#"","path":"/projects/website"}]}"#
        ),
        concat!(
            r#"{"type":"presence","topic":""#,
            p!(),
            r#"","members":[{"id":""#,
            id!("04"),
            r#"","path":"/projects/website","connections":2}]}"#
        ),
        concat!(
            r#"{"type":"log","topic":"run:"#,
            id!("11"),
            r#"","offset":84,"entries":[{"kind":"text","text":"I look."}]}"#
        ),
        r#"{"type":"pong","id":3,"cursor":"k3:121"}"#,
        r#"{"type":"error","id":1,"code":"not_found","message":"There is no project website.","retryable":false}"#,
        r#"{"type":"error","topic":"project:x","code":"not_found","message":"There is none.","retryable":false}"#,
        r#"{"type":"closing","reason":"shutdown","retry_after_ms":1200}"#,
    ] {
        golden::<ServerMessage>(text);
    }
}

#[test]
fn an_error_is_also_read_as_a_problem_which_is_its_name_on_sse() {
    let text =
        r#"{"type":"problem","topic":"org","code":"not_found","message":"No.","retryable":false}"#;
    assert!(matches!(
        serde_json::from_str(text).unwrap(),
        ServerMessage::Error { .. }
    ));
}

#[test]
fn a_message_of_a_later_protocol_is_unknown_and_a_later_field_ignored() {
    let later = json!({ "type": "confetti", "colour": "red" });
    assert_eq!(
        serde_json::from_value::<ServerMessage>(later).unwrap(),
        ServerMessage::Unknown
    );
    let field = json!({ "type": "heartbeat", "cursor": "k3:1", "beat": "slow" });
    assert!(matches!(
        serde_json::from_value(field).unwrap(),
        ServerMessage::Heartbeat { .. }
    ));
}

#[test]
fn what_polling_and_snapshot_answer() {
    golden::<EventsAnswer>(
        r#"{"cursor":"k3:121","messages":[{"type":"heartbeat","cursor":"k3:121"}]}"#,
    );
    golden::<SnapshotAnswer>(r#"{"topic":"org","cursor":"k3:121","snapshot":{"items":[]}}"#);
}
