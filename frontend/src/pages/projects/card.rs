//! A project at a glance.

use std::sync::Arc;

use shared_types::{
    command::{Patch, ProjectPatch},
    model::{Entity, Project, Rollup, Status},
};
use yew::prelude::*;
use yew_router::prelude::*;

use crate::{
    components::{
        icon::{Icon, icon},
        markdown::plain,
        progress::progress_bar,
        status::{status_icon, status_label},
    },
    routes::Route,
    store::{Action, use_may, use_store},
};

/// Properties of [`ProjectCard`].
#[derive(Properties, PartialEq)]
pub struct ProjectCardProps {
    pub project: Arc<Project>,
    pub rollup: Rollup,
}

/// Name, what it is about, and its live counts.
#[component]
pub fn ProjectCard(props: &ProjectCardProps) -> Html {
    let store = use_store();
    let may = use_may(Action::Work);
    let (project, rollup) = (&props.project, &props.rollup);
    let (id, archived) = (project.id(), project.archived);
    let archive = Callback::from(move |_: MouseEvent| {
        let archived = Patch::Set(!archived);
        store.update_project(
            id,
            ProjectPatch {
                archived,
                ..ProjectPatch::default()
            },
        );
    });
    let label = match archived {
        true => format!("Take {} out of the archive", project.name),
        false => format!("Archive {}", project.name),
    };
    let shown = [
        Status::InProgress,
        Status::InReview,
        Status::Todo,
        Status::Done,
    ];
    let counts = shown.into_iter().map(|status| {
        html! {
            <span title={status_label(status)}>
                { status_icon(status) }{ rollup.tasks.get(status) }
                <span class="sr-only">{ format!(" {}", status_label(status)) }</span>
            </span>
        }
    });
    html! {
        <article class="project-card" data-archived={archived.to_string()}>
            <div class="row">
                <h2 class="grow truncate">
                    <Link<Route> to={Route::project(&project.slug)}>{ project.name.to_string() }</Link<Route>>
                </h2>
                <span class="item-key">{ project.key.to_string() }</span>
            </div>
            <p class="project-about">{ plain(project.description.to_string()) }</p>
            { progress_bar(rollup) }
            <div class="row">
                <div class="counts grow">{ for counts }</div>
                if may {
                    <button type="button" class="button button-quiet button-icon over" aria-label={label.clone()} title={label}
                        onclick={archive}>
                        { icon(if archived { Icon::Restore } else { Icon::Archive }) }
                    </button>
                }
            </div>
        </article>
    }
}
