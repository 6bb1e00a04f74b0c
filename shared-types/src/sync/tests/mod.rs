//! The rules one by one. That they add up is shown by the simulation in `tests/laws`.

mod choice;
mod positions;
mod stream;
mod topics;

use serde_json::{Value, json};

use super::{Action, SyncClient, Transport};
use crate::{topic::Topic, wire::ClientMessage};

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
        Action::Send(ClientMessage::Subscribe {
            id, topic, after, ..
        }) => Some((id.as_u64().unwrap(), topic.clone(), after.clone())),
        _ => None,
    };
    actions.iter().filter_map(asked).collect()
}

/// What is applied: seqs and topics.
fn applied(actions: &[Action]) -> Vec<(u64, Vec<Topic>)> {
    let applied = |action: &Action| match action {
        Action::Apply { topics, event, .. } => Some((event.seq, topics.clone())),
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
