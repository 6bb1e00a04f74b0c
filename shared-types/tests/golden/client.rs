use serde_json::json;
use shared_types::wire::ClientMessage;

use crate::golden;

#[test]
fn what_clients_send() {
    for text in [
        r#"{"type":"authenticate","token":"dt_secret"}"#,
        r#"{"type":"subscribe","id":1,"topic":"project:website","after":"k3:118"}"#,
        r#"{"type":"subscribe","id":"mine","topic":"org"}"#,
        r#"{"type":"subscribe","id":1,"topic":"run:019380a0-7b3c-7c41-a3f2-000000000011","log_after":83}"#,
        r#"{"type":"unsubscribe","id":2,"topic":"project:website"}"#,
        r#"{"type":"look","path":"/projects/website"}"#,
        r#"{"type":"ping","id":3}"#,
    ] {
        golden::<ClientMessage>(text);
    }
}

#[test]
fn a_field_of_a_later_version_is_no_hindrance() {
    let message: ClientMessage =
        serde_json::from_value(json!({ "type": "ping", "id": 3, "mood": "good" })).unwrap();
    assert_eq!(message, ClientMessage::Ping { id: json!(3) });
}
