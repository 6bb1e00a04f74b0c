//! The rail on the left: where one can go. On a phone, a bar at the bottom.

use std::sync::Arc;

use shared_types::{
    model::{Entity, MemberKind, Project, Rollup, Status},
    topic::Topic,
};
use web_sys::Element;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::{
    components::{focus::into_sight, progress::progress_ring},
    letters::{lower, upper},
    routes::Route,
    store::{State, use_select, use_topic_quietly},
};

/// The four places, each with its icon's path.
const PLACES: [(Route, &str, &str); 4] = [
    (
        Route::Dashboard,
        "Dashboard",
        "M2.5 8.5h4v5h-4zM9.5 2.5h4v5h-4zM2.5 2.5h4v3.5h-4zM9.5 10h4v3.5h-4z",
    ),
    (Route::Projects, "Projects", "M2 4h4l1.5 2H14v7H2z"),
    (
        Route::Members,
        "Members",
        "M6 7.5a2.5 2.5 0 100-5 2.5 2.5 0 000 5zM1.5 13.5c.4-2.6 2.2-4 4.5-4s4.1 1.4 4.5 4M11 7.3a2.4 2.4 0 000-4.700M12.3 9.8c1.2.6 2 1.9 2.2 3.7",
    ),
    (
        Route::Account,
        "Account",
        "M8 8a2.7 2.7 0 100-5.400A2.7 2.7 0 008 8zM2.8 13.500c.6-2.5 2.6-3.7 5.2-3.700s4.6 1.2 5.2 3.7",
    ),
];

/// How many AI members are followed for the dots beside the projects, besides whoever looks.
const WATCHED: usize = 16;

/// The rail.
#[component]
pub fn Rail() -> Html {
    let organization = use_select(|state| {
        state
            .organization()
            .map(|organization| organization.name.to_string())
    });
    let projects = use_select(projects);
    let watched = use_select(|state| {
        let agents = state
            .members()
            .filter(|member| member.kind == MemberKind::Agent);
        agents
            .take(WATCHED)
            .map(|member| member.id())
            .chain(state.me())
            .collect::<Vec<_>>()
    });
    let name = (*organization).clone().unwrap_or_default();
    let mark: String = name.chars().take(1).collect();
    let links = projects.iter().map(|(project, rollup, is_at_work)| {
        html! {
            <li key={project.id().to_string()}>
                <RailLink to={Route::project(&project.slug)}>
                    { progress_ring(rollup) }
                    <span class="truncate" title={project.name.to_string()}>{ project.name.to_string() }</span>
                    if *is_at_work {
                        <span class="rail-dot" title="AI members are at work"></span>
                        <span class="sr-only">{ ", AI members are at work" }</span>
                    }
                </RailLink>
            </li>
        }
    });
    let watches = watched
        .iter()
        .map(|id| html! { <Watch key={id.to_string()} topic={Topic::Member(*id).to_string()} /> });
    html! {
        <nav class="rail" aria-label="Main">
            // A list of its own element, as every list in Yew should be.
            <div hidden=true>{ for watches }</div>
            <Link<Route> classes="rail-organization" to={Route::Account}>
                <span class="rail-mark" aria-hidden="true">{ upper(&mark) }</span>
                <span class="truncate">{ name }</span>
            </Link<Route>>
            { place(0, false) }
            { place(1, false) }
            <ul class="rail-projects">{ for links }</ul>
            { place(2, false) }
            <div class="rail-spacer"></div>
            { place(3, false) }
        </nav>
    }
}

#[derive(Properties, PartialEq)]
struct WatchProps {
    topic: AttrValue,
}

/// Follows a member: an AI member, to know in which projects it is at work; oneself, to hear of what is one's own from any
/// page.
#[component]
fn Watch(props: &WatchProps) -> Html {
    use_topic_quietly(&props.topic);
    Html::default()
}

/// The same places, for a thumb.
#[component]
pub fn BottomBar() -> Html {
    html! { <nav class="bottombar" aria-label="Main">{ for (0..PLACES.len()).map(|index| place(index, true)) }</nav> }
}

fn place(index: usize, is_alone: bool) -> Html {
    let (route, name, path) = &PLACES[index];
    html! {
        <RailLink to={route.clone()} {is_alone}>
            <svg class="icon" viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.5"
                stroke-linejoin="round" aria-hidden="true"><path d={*path} /></svg>
            <span>{ *name }</span>
        </RailLink>
    }
}

#[derive(Properties, PartialEq)]
struct RailLinkProps {
    to: Route,
    /// No link beside it leads to a single project: it stands for all that is in any of them.
    #[prop_or_default]
    is_alone: bool,
    children: Children,
}

/// A link that knows whether it leads to where one is.
#[component]
fn RailLink(props: &RailLinkProps) -> Html {
    let navigator = use_navigator();
    let is_here = use_route::<Route>().is_some_and(|at| {
        is_within(&at, &props.to)
            || props.is_alone && props.to == Route::Projects && is_in_project(&at)
    });
    let href = props.to.to_path();
    let to = props.to.clone();
    let onclick = Callback::from(move |event: MouseEvent| {
        // Whoever wants a new tab or window gets one.
        let is_plain = event.button() == 0
            && !(event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key());
        if let Some(navigator) = navigator.as_ref().filter(|_| is_plain) {
            event.prevent_default();
            navigator.push(&to);
        }
    });
    let link = use_node_ref();
    {
        let link = link.clone();
        use_effect_with(is_here, move |is_here| {
            if let Some(link) = link.cast::<Element>().filter(|_| *is_here) {
                into_sight(&link);
            }
        });
    }
    let current = is_here.then_some("page");
    html! {
        <a class="rail-link" {href} {onclick} aria-current={current} ref={link}>{ for props.children.iter() }</a>
    }
}

fn is_within(at: &Route, link: &Route) -> bool {
    match (at, link) {
        (
            Route::Project { project } | Route::Teams { project } | Route::Team { project, .. },
            Route::Project { project: link },
        ) => project == link,
        (Route::Member { .. }, Route::Members) => true,
        (at, link) => at == link,
    }
}

fn is_in_project(at: &Route) -> bool {
    matches!(
        at,
        Route::Project { .. }
            | Route::Teams { .. }
            | Route::Team { .. }
            | Route::Item { .. }
            | Route::Run { .. }
    )
}

/// The projects that are not put away, with their progress, and whether AI members are at work in them.
fn projects(state: &State) -> Vec<(Arc<Project>, Rollup, bool)> {
    let is_agent = |id| {
        state
            .member(id)
            .is_some_and(|member| member.kind == MemberKind::Agent)
    };
    let mut projects: Vec<_> = state
        .projects()
        .filter(|project| !project.archived)
        .map(|project| {
            let rollup = state.rollup(Topic::Project(project.id()));
            // What AI members work on is known of every project, by following them.
            let mut active = state
                .items_in(Some(project.id()))
                .filter(|item| item.status == Status::InProgress);
            let is_at_work = active.any(|item| item.assignees.iter().any(|id| is_agent(*id)));
            (project.clone(), rollup, is_at_work)
        })
        .collect();
    projects.sort_by_cached_key(|(project, ..)| lower(&project.name));
    projects
}
