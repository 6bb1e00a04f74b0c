//! What a tool takes, from the description of its route: it can't drift from what the route takes.

use serde_json::{Map, Value, json};

use super::tools::Tool;
use crate::api;

const COMPONENTS: &str = "#/components/schemas/";
/// The argument that becomes `If-Match`.
pub(super) const VERSION: &str = "version";

/// The JSON Schema of a tool's arguments.
pub(super) fn of(tool: &Tool) -> Map<String, Value> {
    let operation = operation(tool);
    let mut properties = Map::new();
    let mut required = Vec::new();
    for parameter in parameters(operation) {
        let Some(name) = parameter["name"].as_str() else {
            continue;
        };
        let mut schema = parameter["schema"].clone();
        if let (Some(schema), Some(about)) = (schema.as_object_mut(), parameter.get("description"))
        {
            schema.entry("description").or_insert(about.clone());
        }
        properties.insert(name.to_owned(), schema);
        if parameter["required"] == true {
            required.push(Value::from(name));
        }
    }
    if takes_version(operation) {
        let about =
            "The version that you have read. If it is at another one by now, nothing is changed.";
        properties.insert(
            VERSION.to_owned(),
            json!({ "type": "integer", "minimum": 1, "description": about }),
        );
    }
    let (body, is_required) = body(operation);
    let fields = body["properties"].as_object().into_iter().flatten();
    properties.extend(fields.map(|(name, schema)| (name.clone(), schema.clone())));
    if is_required {
        required.extend(body["required"].as_array().into_iter().flatten().cloned());
    }
    let mut schema = Map::from_iter([
        ("type".to_owned(), "object".into()),
        ("properties".to_owned(), Value::Object(properties)),
        ("required".to_owned(), Value::Array(required)),
        ("additionalProperties".to_owned(), false.into()),
    ]);
    let definitions = definitions(&Value::Object(schema.clone()));
    if !definitions.is_empty() {
        schema.insert("$defs".to_owned(), Value::Object(definitions));
    }
    let mut schema = Value::Object(schema);
    refer_within(&mut schema);
    match schema {
        Value::Object(schema) => schema,
        _ => Map::new(),
    }
}

/// How the route of a tool is described.
pub(super) fn operation(tool: &Tool) -> &'static Value {
    let path = format!("/api/v1{}", tool.path);
    &api::description()["paths"][path][tool.method.to_ascii_lowercase()]
}

/// Those in the path and in the query.
pub(super) fn parameters(operation: &Value) -> impl Iterator<Item = &Value> {
    let all = operation["parameters"].as_array().into_iter().flatten();
    all.filter(|parameter| parameter["in"] == "path" || parameter["in"] == "query")
}

pub(super) fn takes_version(operation: &Value) -> bool {
    let mut all = operation["parameters"].as_array().into_iter().flatten();
    all.any(|parameter| parameter["$ref"] == "#/components/parameters/IfMatch")
}

/// The schema of the body, and whether there must be one.
pub(super) fn body(operation: &Value) -> (Value, bool) {
    let body = &operation["requestBody"];
    let schema = &body["content"]["application/json"]["schema"];
    (flat(schema), body["required"] == true)
}

/// The object that a schema comes to, be it a reference, optional, or put together of several.
fn flat(schema: &Value) -> Value {
    if let Some(name) = component(schema) {
        return flat(&api::description()["components"]["schemas"][name]);
    }
    for several in ["oneOf", "anyOf"] {
        let choices = schema[several].as_array().into_iter().flatten();
        let mut choices = choices.filter(|choice| choice["type"] != "null");
        if let (Some(one), None) = (choices.next(), choices.next()) {
            return flat(one);
        }
    }
    let Some(parts) = schema["allOf"].as_array() else {
        return schema.clone();
    };
    let mut whole = json!({ "type": "object", "properties": {}, "required": [] });
    for part in parts.iter().map(flat) {
        if let (Some(all), Some(more)) = (
            whole["properties"].as_object_mut(),
            part["properties"].as_object(),
        ) {
            all.extend(more.clone());
        }
        if let (Some(all), Some(more)) = (
            whole["required"].as_array_mut(),
            part["required"].as_array(),
        ) {
            all.extend(more.iter().cloned());
        }
    }
    whole
}

fn component(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str()?.strip_prefix(COMPONENTS)
}

/// Every schema that this one refers to, directly or not.
fn definitions(schema: &Value) -> Map<String, Value> {
    let mut found = Map::new();
    let mut open = vec![schema.clone()];
    while let Some(next) = open.pop() {
        if let Some(name) = component(&next)
            && !found.contains_key(name)
        {
            let definition = api::description()["components"]["schemas"][name].clone();
            found.insert(name.to_owned(), definition.clone());
            open.push(definition);
        }
        match next {
            Value::Object(fields) => open.extend(fields.into_iter().map(|(_, value)| value)),
            Value::Array(values) => open.extend(values),
            _ => {}
        }
    }
    found
}

/// Makes references lead to `$defs`.
fn refer_within(schema: &mut Value) {
    if let Some(name) = component(schema) {
        schema["$ref"] = format!("#/$defs/{name}").into();
    }
    match schema {
        Value::Object(fields) => fields.values_mut().for_each(refer_within),
        Value::Array(values) => values.iter_mut().for_each(refer_within),
        _ => {}
    }
}
