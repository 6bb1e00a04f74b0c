//! What a model gives to a tool, as the request that the tool stands for.

use actix_web::http::{Method, Uri};
use reqwest::Url;
use serde_json::{Map, Value};
use shared_types::{ErrorCode, Rejection, error::Problem};

use super::{rest::Call, schema, tools::Tool};

/// Only what comes after it is used.
const HERE: &str = "http://devteam";

/// The request, or the problem with the arguments.
pub(super) fn call(tool: &Tool, arguments: Value) -> Result<Call, Value> {
    let Value::Object(mut arguments) = arguments else {
        return Err(problem("", "must be an object"));
    };
    let operation = schema::operation(tool);
    let mut segments = Vec::new();
    for segment in tool.path.split('/').skip(1) {
        let name = segment
            .strip_prefix('{')
            .and_then(|name| name.strip_suffix('}'));
        segments.push(match name {
            Some(name) => text(name, arguments.remove(name))?,
            None => segment.to_owned(),
        });
    }
    let mut query = Vec::new();
    for parameter in schema::parameters(operation) {
        if let Some(name) = parameter["name"].as_str()
            && parameter["in"] == "query"
            && let Some(value) = arguments.remove(name)
        {
            query.push((name, text(name, Some(value))?));
        }
    }
    let version = match schema::takes_version(operation) {
        true => version(&mut arguments)?,
        false => None,
    };
    let has_body = operation.get("requestBody").is_some();
    if !has_body && let Some(name) = arguments.keys().next() {
        return Err(problem(name, "is unknown here: leave it out"));
    }
    Ok(Call {
        method: Method::from_bytes(tool.method.as_bytes()).unwrap_or_default(),
        uri: uri(&segments, &query)?,
        version,
        body: (has_body && !arguments.is_empty()).then_some(Value::Object(arguments)),
    })
}

/// Where the API has something.
pub(super) fn uri(segments: &[impl AsRef<str>], query: &[(&str, String)]) -> Result<Uri, Value> {
    let nowhere = || problem("", "must be names of something");
    let mut url = Url::parse(&format!("{HERE}/api/v1")).map_err(|_| nowhere())?;
    // Dots would lead elsewhere, and an empty name nowhere.
    let is_name = |name: &str| !matches!(name, "" | "." | "..");
    match url.path_segments_mut() {
        Ok(mut path) if segments.iter().all(|name| is_name(name.as_ref())) => {
            path.extend(segments);
        }
        _ => return Err(nowhere()),
    }
    if !query.is_empty() {
        url.query_pairs_mut().extend_pairs(query);
    }
    let relative = url.as_str().strip_prefix(HERE).unwrap_or_default();
    relative.parse().map_err(|_| nowhere())
}

fn text(name: &str, value: Option<Value>) -> Result<String, Value> {
    match value {
        Some(Value::String(text)) => Ok(text),
        Some(Value::Number(number)) => Ok(number.to_string()),
        Some(Value::Bool(flag)) => Ok(flag.to_string()),
        None => Err(problem(name, "must be given")),
        Some(_) => Err(problem(name, "must be a text")),
    }
}

fn version(arguments: &mut Map<String, Value>) -> Result<Option<u64>, Value> {
    match arguments.remove(schema::VERSION) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => match value.as_u64() {
            Some(version) => Ok(Some(version)),
            None => Err(problem(schema::VERSION, "must be a whole number")),
        },
    }
}

/// As the API describes a field that is wrong.
pub(super) fn problem(field: &str, message: &str) -> Value {
    let rejection = Rejection::field(ErrorCode::Validation, &format!("/{field}"), message);
    serde_json::to_value(Problem::new(rejection, "")).unwrap_or_default()
}
