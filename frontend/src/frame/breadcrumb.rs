//! Where one is.

use yew::prelude::*;
use yew_router::prelude::*;

use crate::{
    routes::Route,
    store::{State, use_select},
};

/// From the widest to the narrowest; the last is the page itself.
#[component]
pub fn Breadcrumb() -> Html {
    let route = use_route::<Route>().unwrap_or(Route::NotFound);
    let crumbs = use_select(move |state| crumbs(state, &route));
    let last = crumbs.len().saturating_sub(1);
    let items = crumbs.iter().enumerate().map(|(index, (name, to))| {
        html! {
            <li key={index}>
                if index == last {
                    <span aria-current="page" title={name.clone()}>{ name.clone() }</span>
                } else {
                    <Link<Route> to={to.clone()}><span title={name.clone()}>{ name.clone() }</span></Link<Route>>
                }
            </li>
        }
    });
    html! { <nav class="breadcrumb" aria-label="Breadcrumb"><ol>{ for items }</ol></nav> }
}

/// The places that lead to a page, by name.
pub fn crumbs(state: &State, route: &Route) -> Vec<(String, Route)> {
    let fixed = |name: &str, route: Route| (name.to_owned(), route);
    let project = |name: &str| {
        let found = state
            .find_project(name)
            .map_or_else(|| name.to_owned(), |project| project.name.to_string());
        (
            found,
            Route::Project {
                project: name.to_owned(),
            },
        )
    };
    match route {
        Route::Home | Route::Dashboard => vec![fixed("Dashboard", Route::Dashboard)],
        Route::Projects => vec![fixed("Projects", Route::Projects)],
        Route::Project { project: name } => vec![fixed("Projects", Route::Projects), project(name)],
        Route::Teams { project: name } => {
            vec![
                fixed("Projects", Route::Projects),
                project(name),
                fixed("Teams", route.clone()),
            ]
        }
        Route::Team {
            project: name,
            team,
        } => {
            let teams = Route::Teams {
                project: name.clone(),
            };
            let found = state
                .find_project(name)
                .and_then(|project| state.find_team(project.stamp.id, team));
            let team = found.map_or_else(|| team.clone(), |team| team.name.to_string());
            vec![
                fixed("Projects", Route::Projects),
                project(name),
                fixed("Teams", teams),
                (team, route.clone()),
            ]
        }
        Route::Members => vec![fixed("Members", Route::Members)],
        Route::Member { member } => {
            let name = state
                .find_member(member)
                .map_or_else(|| member.clone(), |member| member.name.to_string());
            vec![fixed("Members", Route::Members), (name, route.clone())]
        }
        Route::Account => vec![fixed("Account", Route::Account)],
        Route::SignIn => vec![fixed("Sign in", Route::SignIn)],
        Route::SetUp => vec![fixed("Set up", Route::SetUp)],
        Route::Join => vec![fixed("Join", Route::Join)],
        Route::Item { item } => item_crumbs(state, item, route),
        Route::Run { run } => run_crumbs(state, run, route),
        Route::NotFound => vec![fixed("Not found", Route::NotFound)],
    }
}

fn item_crumbs(state: &State, name: &str, route: &Route) -> Vec<(String, Route)> {
    let item = state.find_item(name);
    let mut crumbs = vec![("Projects".to_owned(), Route::Projects)];
    if let Some(project) = item
        .and_then(|item| item.project)
        .and_then(|id| state.project(id))
    {
        crumbs.push((project.name.to_string(), Route::project(&project.slug)));
    }
    crumbs.push((
        item.map_or_else(|| name.to_owned(), |item| item.key.to_string()),
        route.clone(),
    ));
    crumbs
}

/// A run is below its item.
fn run_crumbs(state: &State, name: &str, route: &Route) -> Vec<(String, Route)> {
    let run = name.parse().ok().and_then(|id| state.run(id));
    let item = run.and_then(|run| state.item(run.item));
    let Some((run, item)) = run.zip(item) else {
        return vec![("Run".to_owned(), route.clone())];
    };
    let key = item.key.to_string();
    let mut crumbs = item_crumbs(state, &key, &Route::item(&key));
    crumbs.push((format!("Attempt {}", run.attempt), route.clone()));
    crumbs
}
