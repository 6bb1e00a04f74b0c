//! An item with all that is around it.

use std::collections::VecDeque;

use actix_web::http::{Method, Uri};
use serde_json::{Value, json};

use super::{arguments, rest::Call, server::Server};

/// So many of each are shown.
const MOST: &str = "50";
const COMMENTS: usize = 50;
/// Most that a page of the API has.
const A_PAGE: &str = "200";

/// The item at this address of the API, what it is part of, what is part of it, what was said about it and done.
pub(super) async fn of_item(server: &Server, item: Uri) -> Result<Value, Value> {
    let item = server.ask(get(item)).await?;
    let key = item["key"].as_str().unwrap_or_default();
    let mut parents = Vec::new();
    let mut above = item["parent"].as_str().map(str::to_owned);
    while let Some(id) = above {
        // What is out of sight ends the line.
        let Ok(parent) = read(server, &["items", &id], &[]).await else {
            break;
        };
        above = parent["parent"].as_str().map(str::to_owned);
        parents.push(parent);
    }
    let limit = || ("limit", MOST.to_owned());
    let children = read(server, &["items"], &[("parent", key.to_owned()), limit()]).await?;
    let comments = newest_comments(server, key).await?;
    let runs = read(server, &["items", key, "runs"], &[limit()]).await?;
    Ok(json!({
        "item": item,
        "parents": parents,
        "children": children,
        "comments": comments,
        "runs": runs,
    }))
}

/// A page with the newest comments, which the API tells oldest first.
async fn newest_comments(server: &Server, item: &str) -> Result<Value, Value> {
    let mut newest: VecDeque<Value> = VecDeque::new();
    let mut query = vec![("limit", A_PAGE.to_owned())];
    loop {
        let mut page = read(server, &["items", item, "comments"], &query).await?;
        if let Value::Array(items) = page["items"].take() {
            newest.extend(items);
        }
        newest.drain(..newest.len().saturating_sub(COMMENTS));
        match page["next"].as_str() {
            Some(next) => query = vec![query[0].clone(), ("page", next.to_owned())],
            None => return Ok(json!({ "items": newest, "next": null })),
        }
    }
}

/// What the API has at a path.
pub(super) async fn read(
    server: &Server,
    segments: &[&str],
    query: &[(&str, String)],
) -> Result<Value, Value> {
    let uri = arguments::uri(segments, query)?;
    server.ask(get(uri)).await
}

fn get(uri: Uri) -> Call {
    Call {
        method: Method::GET,
        uri,
        version: None,
        body: None,
    }
}
