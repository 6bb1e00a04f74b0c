//! A topic's snapshot, where it does not come over the live line.

use shared_types::wire::{Cursor, SnapshotAnswer};

use super::rest::{self, Failure};
use crate::json;

/// Fetches it from a path; with a position, as it is there or later.
pub async fn fetch(href: &str, from: Option<&Cursor>) -> Result<SnapshotAnswer, Failure> {
    let cursor = from.map(Cursor::to_string);
    let headers: Vec<_> = cursor
        .iter()
        .map(|cursor| ("devteam-cursor", cursor.as_str()))
        .collect();
    let response = rest::fetch("GET", href, &headers, None, None).await?;
    let body = rest::text(&response).await?;
    if !response.ok() {
        return Err(rest::refusal(response.status(), &body));
    }
    json::read(&body).ok_or(Failure::Network)
}
