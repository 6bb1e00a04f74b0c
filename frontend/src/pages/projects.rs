//! All projects.

use std::sync::Arc;

use shared_types::{
    command::NewProject,
    model::{Entity, Project, Rollup, Status},
    topic::Topic,
};
use web_sys::HtmlInputElement;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::{
    components::{
        dialog::Dialog,
        empty::{empty, nothing},
        form::{form_footer, text_area, text_field, use_typed},
        icon::{Icon, icon},
        markdown::plain,
        progress::progress_bar,
        skeleton::skeleton_cards,
        status::{status_icon, status_label},
    },
    keys::{Key, use_keys},
    routes::{Route, use_query},
    store::{use_select, use_store},
};

/// The page.
#[component]
pub fn Projects() -> Html {
    let query = use_query();
    let creating = use_state(|| false);
    let projects = use_select(|state| {
        state.organization()?;
        let with_rollup =
            |project: &Arc<Project>| (project.clone(), state.rollup(Topic::Project(project.id())));
        Some(state.projects().map(with_rollup).collect::<Vec<_>>())
    });
    {
        let creating = creating.clone();
        use_keys(move |key| {
            let takes = key == Key::Create && !*creating;
            if takes {
                creating.set(true);
            }
            takes
        });
    }
    let text = query.get("q").unwrap_or_default().to_lowercase();
    let archived = query.get("show") == Some("archived");
    let oninput = {
        let query = query.clone();
        Callback::from(move |event: InputEvent| {
            let typed = event
                .target_dyn_into::<HtmlInputElement>()
                .map(|input| input.value())
                .unwrap_or_default();
            query.replace("q", Some(typed.as_str()).filter(|typed| !typed.is_empty()));
        })
    };
    let side = |label: String, is_archived: bool| {
        let query = query.clone();
        let onclick = Callback::from(move |_: MouseEvent| {
            query.replace("show", is_archived.then_some("archived"))
        });
        html! { <button type="button" aria-pressed={(archived == is_archived).to_string()} {onclick}>{ label }</button> }
    };
    let create = {
        let creating = creating.clone();
        Callback::from(move |_: MouseEvent| creating.set(true))
    };
    let close = {
        let creating = creating.clone();
        Callback::from(move |()| creating.set(false))
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
        Some(projects) if projects.is_empty() => {
            let next = html! { <button type="button" class="button button-primary" onclick={create.clone()}>{ "Create the first project" }</button> };
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
                        || project.name.to_lowercase().contains(&text)
                        || project.key.to_lowercase().contains(&text))
            };
            let cards: Vec<Html> = projects
                .iter()
                .filter(|(project, _)| fits(project))
                .map(|(project, rollup)| html! { <li key={project.id().to_string()}>{ card(project, rollup) }</li> })
                .collect();
            match cards.is_empty() {
                true if archived && text.is_empty() => nothing("No project is archived."),
                true => nothing("No project fits the filter."),
                false => html! { <ul class="grid">{ for cards }</ul> },
            }
        }
    };
    html! {
        <div class="page">
            <header class="page-header">
                <div class="page-heading"><h1>{ "Projects" }</h1></div>
                <div class="page-actions">
                    <button type="button" class="button button-primary" onclick={create} title="Create a project (C)">
                        { icon(Icon::Plus) }{ "New project" }
                    </button>
                </div>
            </header>
            <div class="toolbar" role="search" aria-label="Filter">
                <label class="search-field">
                    { icon(Icon::Filter) }
                    <input class="input input-compact" type="search" placeholder="Filter by name" aria-label="Filter by name"
                        value={query.get("q").unwrap_or_default().to_owned()} {oninput} />
                </label>
                <span class="segmented" role="group" aria-label="Which projects">
                    { side(format!("Active {}", all - put_away), false) }
                    { side(format!("Archived {put_away}"), true) }
                </span>
            </div>
            <div class="page-body">{ body }</div>
            if *creating {
                <CreateProject on_close={close} />
            }
        </div>
    }
}

/// A project at a glance.
pub fn card(project: &Project, rollup: &Rollup) -> Html {
    let counts = [
        Status::InProgress,
        Status::InReview,
        Status::Todo,
        Status::Done,
    ]
    .into_iter()
    .map(|status| {
        html! {
            <span title={status_label(status)}>
                { status_icon(status) }{ rollup.tasks.get(status) }
                <span class="sr-only">{ format!(" {}", status_label(status)) }</span>
            </span>
        }
    });
    html! {
        <article class="project-card" data-archived={project.archived.to_string()}>
            <div class="row">
                <h2 class="grow truncate">
                    <Link<Route> to={Route::project(&project.slug)}>{ project.name.to_string() }</Link<Route>>
                </h2>
                <span class="item-key">{ project.key.to_string() }</span>
            </div>
            <p class="project-about">{ plain(&project.description) }</p>
            { progress_bar(rollup) }
            <div class="counts">{ for counts }</div>
        </article>
    }
}

#[derive(Properties, PartialEq)]
struct CreateProjectProps {
    on_close: Callback<()>,
}

#[component]
fn CreateProject(props: &CreateProjectProps) -> Html {
    let store = use_store();
    let name = use_typed(String::new());
    let key = use_typed(String::new());
    let slug = use_typed(String::new());
    let description = use_typed(String::new());
    let onsubmit = {
        let (name, key, slug, description) =
            (name.clone(), key.clone(), slug.clone(), description.clone());
        let on_close = props.on_close.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let (Some(name), Some(key), Some(slug), Some(description)) = (
                name.parse(),
                key.parse_optional(),
                slug.parse_optional(),
                description.parse(),
            ) else {
                return;
            };
            store.create_project(NewProject {
                id: None,
                name,
                slug,
                key,
                description,
            });
            on_close.emit(());
        })
    };
    html! {
        <Dialog title="New project" on_close={props.on_close.clone()}>
            <form {onsubmit}>
                <div class="dialog-body">
                    { text_field("project-name", "Name", "", &name, true) }
                    <div class="form-grid">
                        { text_field("project-key", "Key", "Begins its items’ keys, such as WEB. Made from the name if empty.", &key, false) }
                        { text_field("project-slug", "Slug", "Its address, such as website. Made from the name if empty.", &slug, false) }
                    </div>
                    { text_area("project-description", "Description", "Markdown", &description) }
                </div>
                { form_footer("Create project", &props.on_close) }
            </form>
        </Dialog>
    }
}
