//! The projects, filtered.

use std::sync::Arc;

use shared_types::{
    model::{Entity, Project},
    topic::Topic,
};
use yew::prelude::*;

use super::card::ProjectCard;
use crate::{
    components::{
        empty::{empty, nothing},
        icon::Icon,
        order::ordered,
        search_field::{SearchField, sought},
        skeleton::skeleton_cards,
    },
    letters::lower,
    routes::use_query,
    store::{Action, use_may, use_select},
};

/// Properties of [`ProjectList`].
#[derive(Properties, PartialEq)]
pub struct ProjectListProps {
    pub on_create: Callback<()>,
}

/// Active or archived ones, by name.
#[component]
pub fn ProjectList(props: &ProjectListProps) -> Html {
    let query = use_query();
    let may = use_may(Action::Work);
    let projects = use_select(|state| {
        state.organization()?;
        let with_rollup =
            |project: &Arc<Project>| (project.clone(), state.rollup(Topic::Project(project.id())));
        let projects: Vec<_> = state.projects().map(with_rollup).collect();
        Some(ordered(projects, |(project, _)| lower(&project.name)))
    });
    let text = sought(&query);
    let archived = query.get("show") == Some("archived");
    let side = |label: String, is_archived: bool| {
        let query = query.clone();
        let onclick = Callback::from(move |_: MouseEvent| {
            query.replace("show", is_archived.then_some("archived"))
        });
        html! { <button type="button" aria-pressed={(archived == is_archived).to_string()} {onclick}>{ label }</button> }
    };
    let (put_away, all) = projects.as_ref().as_ref().map_or((0, 0), |projects| {
        (
            projects
                .iter()
                .filter(|(project, _)| project.archived)
                .count(),
            projects.len(),
        )
    });
    let body = match &*projects {
        None => skeleton_cards(6),
        Some(projects) if projects.is_empty() && !may => nothing("No projects yet."),
        Some(projects) if projects.is_empty() => {
            let next = html! { <button type="button" class="button button-primary" onclick={props.on_create.reform(|_: MouseEvent| ())}>{ "Create the first project" }</button> };
            empty(
                Icon::Folder,
                "No projects yet",
                "A project has a board, a backlog and teams of people and AI members. Press C to create one.",
                next,
            )
        }
        Some(projects) => {
            let fits = |project: &Project| {
                project.archived == archived
                    && (text.is_empty()
                        || lower(&project.name).contains(&text)
                        || lower(&project.key).contains(&text))
            };
            let cards: Vec<Html> = projects
                .iter()
                .filter(|(project, _)| fits(project))
                .map(|(project, rollup)| html! { <li key={project.id().to_string()}><ProjectCard project={project.clone()} rollup={*rollup} /></li> })
                .collect();
            match cards.is_empty() {
                true if archived && text.is_empty() => nothing("No project is archived."),
                true => nothing("No project fits the filter."),
                false => html! { <ul class="grid">{ for cards }</ul> },
            }
        }
    };
    html! {
        <>
            <div class="toolbar" role="search" aria-label="Filter">
                <SearchField label="Filter by name" />
                <span class="segmented" role="group" aria-label="Which projects">
                    { side(format!("Active {}", all - put_away), false) }
                    { side(format!("Archived {put_away}"), true) }
                </span>
            </div>
            <div class="page-body">{ body }</div>
        </>
    }
}
