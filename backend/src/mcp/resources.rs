//! What can be read as a resource: projects, items and runs, by addresses that begin with `devteam://`.

use rmcp::{
    ErrorData,
    model::{
        ListResourcesResult, ReadResourceResult, Resource, ResourceContents, ResourceTemplate,
    },
};
use serde_json::{Value, json};

use super::{arguments, context, context::read as get, server::Server};

const SCHEME: &str = "devteam://";
const JSON: &str = "application/json";

/// The addresses that can be made.
pub(super) fn templates() -> Vec<ResourceTemplate> {
    let of = |kind: &str, name: &str, about: &str| {
        ResourceTemplate::new(format!("{SCHEME}{kind}s/{{{kind}}}"), name)
            .with_description(about)
            .with_mime_type(JSON)
    };
    vec![
        of(
            "project",
            "Project",
            "A project by its slug, with its teams and its first 50 items.",
        ),
        of("item", "Item", "An item by its key, with its context."),
        of("run", "Run", "A run by its id."),
    ]
}

/// The projects.
pub(super) async fn list(
    server: &Server,
    page: Option<String>,
) -> Result<ListResourcesResult, ErrorData> {
    let page = page.map(|page| ("page", page));
    let found = get(server, &["projects"], &Vec::from_iter(page)).await;
    let found = found.map_err(|problem| refused(SCHEME, &problem))?;
    let text =
        |project: &Value, field: &str| project[field].as_str().unwrap_or_default().to_owned();
    let projects = found["items"].as_array().into_iter().flatten();
    let resources = projects.map(|project| {
        let slug = text(project, "slug");
        Resource::new(format!("{SCHEME}projects/{slug}"), slug)
            .with_title(text(project, "name"))
            .with_description(text(project, "description"))
            .with_mime_type(JSON)
    });
    let mut list = ListResourcesResult::with_all_items(resources.collect());
    list.next_cursor = found["next"].as_str().map(str::to_owned);
    Ok(list)
}

/// One of them.
pub(super) async fn read(server: &Server, uri: &str) -> Result<ReadResourceResult, ErrorData> {
    let path = uri.strip_prefix(SCHEME).unwrap_or_default();
    let found = match path.split_once('/') {
        Some(("projects", name)) => project(server, name).await,
        Some(("items", key)) => item(server, key).await,
        Some(("runs", id)) => get(server, &["runs", id], &[]).await,
        _ => {
            let known = templates()
                .into_iter()
                .map(|template| template.uri_template);
            let known = known.collect::<Vec<_>>().join(", ");
            let message =
                format!("there is nothing at {uri}: what there is has an address like {known}");
            return Err(ErrorData::resource_not_found(message, None));
        }
    };
    let found = found.map_err(|problem| refused(uri, &problem))?;
    let content = ResourceContents::text(found.to_string(), uri).with_mime_type(JSON);
    Ok(ReadResourceResult::new(vec![content]))
}

async fn project(server: &Server, name: &str) -> Result<Value, Value> {
    let project = get(server, &["projects", name], &[]).await?;
    let teams = get(server, &["projects", name, "teams"], &[]).await?;
    let items = get(server, &["items"], &[("project", name.to_owned())]).await?;
    Ok(json!({ "project": project, "teams": teams, "items": items }))
}

async fn item(server: &Server, key: &str) -> Result<Value, Value> {
    let uri = arguments::uri(&["items", key], &[])?;
    context::of_item(server, uri).await
}

fn refused(uri: &str, problem: &Value) -> ErrorData {
    let detail = problem["detail"].as_str().unwrap_or("It can't be read.");
    let message = format!("{uri}: {detail}");
    match problem["status"].as_u64() {
        Some(404) => ErrorData::resource_not_found(message, Some(problem.clone())),
        Some(status) if status < 500 => ErrorData::invalid_params(message, Some(problem.clone())),
        _ => ErrorData::internal_error(message, Some(problem.clone())),
    }
}
