//! Routes as addresses, and back. By hand: what yew-router derives brings a matcher of patterns along.

use std::collections::HashMap;

use js_sys::{decode_uri_component, encode_uri_component};
use yew_router::Routable;

use super::Route;

impl Routable for Route {
    fn recognize(address: &str) -> Option<Self> {
        let segments: Vec<String> = address
            .split('/')
            .filter(|segment| !segment.is_empty())
            .map(|segment| decode_uri_component(segment).map_or(segment.to_owned(), String::from))
            .collect();
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        Some(match segments[..] {
            [] => Route::Home,
            ["dashboard"] => Route::Dashboard,
            ["projects"] => Route::Projects,
            ["projects", project] => Route::project(&project),
            ["projects", project, "teams"] => Route::Teams {
                project: project.to_owned(),
            },
            ["projects", project, "teams", team] => Route::team(&project, &team),
            ["members"] => Route::Members,
            ["members", member] => Route::member(&member),
            ["account"] => Route::Account,
            ["sign-in"] => Route::SignIn,
            ["set-up"] => Route::SetUp,
            ["join"] => Route::Join,
            ["items", item] => Route::item(&item),
            ["runs", run] => Route::run(&run),
            _ => Route::NotFound,
        })
    }

    fn to_path(&self) -> String {
        let segments = match self {
            Route::Home => vec![],
            Route::Dashboard => vec!["dashboard"],
            Route::Projects => vec!["projects"],
            Route::Project { project } => vec!["projects", project],
            Route::Teams { project } => vec!["projects", project, "teams"],
            Route::Team { project, team } => vec!["projects", project, "teams", team],
            Route::Members => vec!["members"],
            Route::Member { member } => vec!["members", member],
            Route::Account => vec!["account"],
            Route::SignIn => vec!["sign-in"],
            Route::SetUp => vec!["set-up"],
            Route::Join => vec!["join"],
            Route::Item { item } => vec!["items", item],
            Route::Run { run } => vec!["runs", run],
            Route::NotFound => vec!["not-found"],
        };
        let mut path = String::new();
        for segment in &segments {
            path.push('/');
            path.push_str(&String::from(encode_uri_component(segment)));
        }
        if path.is_empty() {
            path.push('/');
        }
        path
    }

    fn not_found_route() -> Option<Self> {
        Some(Route::NotFound)
    }

    // Patterns are for routers that match them; ours are read above.
    fn routes() -> Vec<&'static str> {
        Vec::new()
    }

    fn from_path(path: &str, _: &HashMap<&str, &str>) -> Option<Self> {
        Self::recognize(path)
    }
}
