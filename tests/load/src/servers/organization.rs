//! What is asked of an organization, or made in it, over the public REST interface.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::Running;
use crate::client::http::{Http, request};

/// What the requests say that they carry.
pub const JSON: &str = "application/json";

/// Creates an entity, which is the answer.
///
/// # Errors
/// It is refused.
pub async fn post(http: &mut Http, path: &str, body: &Value) -> Result<Value> {
    http.send(&request("POST", path, JSON, &body.to_string()))
        .await?
        .json()
        .with_context(|| format!("POST {path}"))
}

/// The organization's id.
///
/// # Errors
/// The server doesn't tell.
pub async fn id(server: &Running) -> Result<String> {
    text(&get(server, "/api/v1/organization").await?, "id")
}

/// How many events have happened, as this server shows it.
///
/// # Errors
/// The server doesn't tell.
pub async fn position(server: &Running) -> Result<u64> {
    let snapshot = get(server, "/api/v1/snapshot?topic=org").await?;
    let cursor = text(&snapshot, "cursor")?;
    let seq = cursor.split_once(':').and_then(|(_, seq)| seq.parse().ok());
    seq.with_context(|| format!("the cursor {cursor:?}"))
}

/// A new token that may read everything.
///
/// # Errors
/// It is refused.
pub async fn token(server: &Running) -> Result<String> {
    let mut http = Http::connect(server.address).await?;
    let token = json!({ "name": "Load", "access": "read", "scope": "organization" });
    let made = post(&mut http, "/api/v1/account/tokens", &token).await?;
    text(&made, "secret")
}

/// A field that must be text.
///
/// # Errors
/// It isn't there.
pub fn text(entity: &Value, field: &str) -> Result<String> {
    Ok(entity[field]
        .as_str()
        .with_context(|| format!("no {field} in {entity}"))?
        .to_owned())
}

async fn get(server: &Running, path: &str) -> Result<Value> {
    let mut http = Http::connect(server.address).await?;
    http.send(&request("GET", path, JSON, ""))
        .await?
        .json()
        .with_context(|| format!("GET {path}"))
}
