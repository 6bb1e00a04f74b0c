//! The AsyncAPI document: a JSON Schema for each message of the live protocol and each type of event, from the types
//! themselves.

use serde_json::{Map, Value, json};
use shared_types::{
    event::{Event, EventBody},
    wire::{ClientMessage, EventsAnswer, ServerMessage, SnapshotAnswer},
};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{RefOr, Schema},
};

const SCHEMAS: &str = "#/components/schemas/";

/// The document.
pub(super) fn document() -> Value {
    let mut schemas = schemas();
    let sent = messages(&mut schemas, "Client", "type", &ClientMessage::schema());
    let received = messages(&mut schemas, "Server", "type", &ServerMessage::schema());
    let events = events(&mut schemas);

    let names =
        |messages: &Map<String, Value>| -> Vec<String> { messages.keys().cloned().collect() };
    let (sent_names, received_names) = (names(&sent), names(&received));
    let mut all = sent;
    all.extend(received);
    all.extend(events);
    json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "AI Dev Team, live",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "One resumable line of events over WebSocket, Server-Sent Events and polling. REST is \
                            described in /api/v1/openapi.json.",
        },
        "defaultContentType": "application/json",
        "servers": {
            "websocket": { "host": "localhost:8080", "protocol": "ws" },
            "http": { "host": "localhost:8080", "protocol": "http" },
        },
        "channels": {
            "websocket": channel(
                "/api/v1/ws",
                "Subprotocol devteam.v1, JSON text frames.",
                sent_names.iter().chain(&received_names),
            ),
            "sse": channel(
                "/api/v1/sse",
                "Server-Sent Events: `event` is the message's type (an error's is `problem`), `id` the cursor.",
                &received_names,
            ),
            "polling": channel(
                "/api/v1/events",
                "Each answer is an EventsAnswer with up to 1,000 of these messages.",
                &received_names,
            ),
        },
        "operations": {
            "send": operation("receive", "websocket", &sent_names),
            "follow": operation("send", "websocket", &received_names),
            "stream": operation("send", "sse", &received_names),
            "poll": operation("send", "polling", &received_names),
        },
        "components": { "messages": all, "schemas": schemas },
    })
}

fn channel<'n>(
    address: &str,
    description: &str,
    messages: impl IntoIterator<Item = &'n String>,
) -> Value {
    let references = messages
        .into_iter()
        .map(|name| {
            (
                name.clone(),
                json!({ "$ref": format!("#/components/messages/{name}") }),
            )
        })
        .collect::<Map<_, _>>();
    json!({ "address": address, "description": description, "messages": references })
}

/// `action` is what the server does.
fn operation(action: &str, channel: &str, messages: &[String]) -> Value {
    let reference =
        |name: &String| json!({ "$ref": format!("#/channels/{channel}/messages/{name}") });
    json!({
        "action": action,
        "channel": { "$ref": format!("#/channels/{channel}") },
        "messages": messages.iter().map(reference).collect::<Vec<_>>(),
    })
}

/// Every type that the messages are made of, by name.
fn schemas() -> Map<String, Value> {
    let mut found: Vec<(String, RefOr<Schema>)> = Vec::new();
    add::<ClientMessage>(&mut found);
    add::<ServerMessage>(&mut found);
    add::<Event>(&mut found);
    add::<EventBody>(&mut found);
    add::<EventsAnswer>(&mut found);
    add::<SnapshotAnswer>(&mut found);
    found
        .into_iter()
        .map(|(name, schema)| (name, json_of(&schema)))
        .collect()
}

fn add<T: ToSchema>(found: &mut Vec<(String, RefOr<Schema>)>) {
    found.push((T::name().into_owned(), T::schema()));
    T::schemas(found);
}

/// A message for each variant of a tagged enum; their payloads become schemas of their own.
fn messages(
    schemas: &mut Map<String, Value>,
    prefix: &str,
    tag: &str,
    schema: &RefOr<Schema>,
) -> Map<String, Value> {
    let mut messages = Map::new();
    for variant in variants(&json_of(schema)) {
        // What stands for messages of later versions is none of this one.
        let Some(name) = tag_of(&variant, tag).filter(|name| name != "unknown") else {
            continue;
        };
        let schema_name = format!("{prefix}{}", camel(&name));
        let message_name = format!("{}_{name}", prefix.to_lowercase());
        let summary = variant.get("description").cloned().unwrap_or_default();
        messages.insert(message_name, message(&name, &schema_name, summary));
        schemas.insert(schema_name, variant);
    }
    messages
}

/// A message for each type of event, as it stands in an `event` message.
fn events(schemas: &mut Map<String, Value>) -> Map<String, Value> {
    let mut messages = Map::new();
    for variant in variants(&json_of(&EventBody::schema())) {
        let Some(name) = tag_of(&variant, "type") else {
            continue;
        };
        let schema_name = format!("Event{}", camel(&name));
        messages.insert(
            name.clone(),
            message(
                &name,
                &schema_name,
                "In `event` of an event message.".into(),
            ),
        );
        let event = json!({ "allOf": [{ "$ref": format!("{SCHEMAS}Event") }, variant] });
        schemas.insert(schema_name, event);
    }
    messages
}

fn message(name: &str, schema: &str, summary: Value) -> Value {
    json!({ "name": name, "summary": summary, "payload": { "$ref": format!("{SCHEMAS}{schema}") } })
}

fn variants(schema: &Value) -> Vec<Value> {
    schema["oneOf"].as_array().cloned().unwrap_or_default()
}

/// The one value that a variant's tag can have, wherever in the variant it is described.
fn tag_of(variant: &Value, tag: &str) -> Option<String> {
    let described = &variant["properties"][tag];
    let name = described["const"]
        .as_str()
        .or_else(|| described["enum"][0].as_str());
    let in_parts = || {
        variant["allOf"]
            .as_array()?
            .iter()
            .find_map(|part| tag_of(part, tag))
    };
    name.map(str::to_owned).or_else(in_parts)
}

fn camel(name: &str) -> String {
    let capitalised = |word: &str| {
        let mut letters = word.chars();
        letters
            .next()
            .map(|first| first.to_uppercase().chain(letters).collect::<String>())
            .unwrap_or_default()
    };
    name.split(['.', '_']).map(capitalised).collect()
}

fn json_of(schema: &RefOr<Schema>) -> Value {
    serde_json::to_value(schema).unwrap_or_default()
}
