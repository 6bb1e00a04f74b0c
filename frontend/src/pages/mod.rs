//! The pages, one for each route.

mod account;
mod dashboard;
mod gone;
mod item;
mod member;
mod members;
mod not_found;
mod project;
mod projects;
mod team;
mod teams;

pub use dashboard::Dashboard;
pub use gone::Absent;

use yew::prelude::*;

use crate::{components::runs_part::runs, routes::Route, runs::Panel};

/// Draws the page of a route.
pub type DrawPage = fn(&Route) -> Html;

/// The styles of what only these pages show.
const STYLES: &str = concat!(
    include_str!("../../styles/edit.css"),
    include_str!("../../styles/board.css"),
    include_str!("../../styles/timeline.css"),
    include_str!("../../styles/markdown.css"),
);

/// Any page but the dashboard. What a page knows of its subject hangs on the id: its address may change while it is open.
pub fn page(route: &Route) -> Html {
    let page = match route.clone() {
        // The dashboard and the ways in are drawn elsewhere.
        Route::Home | Route::Dashboard | Route::SignIn | Route::SetUp | Route::Join => {
            Html::default()
        }
        Route::Projects => html! { <projects::Projects /> },
        Route::Project { project } => html! { <project::Project {project} /> },
        Route::Teams { project } => html! { <teams::Teams {project} /> },
        Route::Team { project, team } => html! { <team::Team {project} {team} /> },
        Route::Members => html! { <members::Members /> },
        Route::Member { member } => html! { <member::Member {member} /> },
        Route::Account => html! { <account::Account /> },
        Route::Item { item } => html! { <item::Item {item} /> },
        Route::Run { run } => runs(Panel::Run(run)),
        Route::NotFound => html! { <not_found::NotFound /> },
    };
    styled(page)
}

fn styled(shown: Html) -> Html {
    html! { <><style>{ STYLES }</style>{ shown }</> }
}

/// The item drawer, and what closes it.
pub fn drawer(item: String, onclose: Callback<()>) -> Html {
    styled(html! { <item::ItemDrawer item={item.clone()} {onclose} key={item} /> })
}
