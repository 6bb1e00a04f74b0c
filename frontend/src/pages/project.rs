//! One project: board, backlog, teams, activity.

use shared_types::{
    command::{Patch, ProjectPatch},
    model::ItemKind,
    topic::Topic,
    value::{Name, ProjectId},
};
use yew::prelude::*;
use yew_router::prelude::*;

use super::{gone::Absent, team::team_cards};
use crate::{
    components::{
        activity::ActivityFeed,
        backlog::Backlog,
        board::Board,
        dialog::Confirm,
        editor::Editor,
        empty::notice,
        icon::{Icon, icon},
        inline_text::InlineText,
        item::create::{CreateItem, Wanted},
        markdown::markdown,
        menu::{Choice, Picker},
        progress::{progress_ring, progress_words},
        tabs::{Tab, Tabs},
        work::filter::{FilterBar, use_filter},
    },
    keys::{Key, use_keys},
    routes::{Route, use_query},
    store::{TopicState, use_select, use_store, use_topic},
};

/// Properties of [`Project`].
#[derive(Properties, PartialEq)]
pub struct ProjectProps {
    /// By slug or id.
    pub project: String,
}

/// The page.
#[component]
pub fn Project(props: &ProjectProps) -> Html {
    let topic = use_topic(&format!("project:{}", props.project));
    match topic {
        TopicState::Ready(Topic::Project(id)) => html! { <Found {id} /> },
        state => html! {
            <Absent {state} what="project" name={props.project.clone()} back={Route::Projects} back_label="See all projects" />
        },
    }
}

#[derive(Properties, PartialEq)]
struct FoundProps {
    id: ProjectId,
}

#[component]
fn Found(props: &FoundProps) -> Html {
    let id = props.id;
    let store = use_store();
    let query = use_query();
    let filter = use_filter();
    let creating = use_state(|| None::<Wanted>);
    let project = use_select(move |state| state.project(id).cloned());
    let counts = use_select(move |state| {
        (
            state
                .items_in(Some(id))
                .filter(|item| item.kind == ItemKind::Task)
                .count(),
            state.items_in(Some(id)).count(),
            state.teams_of(id).count(),
        )
    });
    {
        let creating = creating.clone();
        use_keys(move |key| {
            if key == Key::Create && creating.is_none() {
                creating.set(Some(Wanted {
                    project: Some(id),
                    ..Wanted::default()
                }));
                return true;
            }
            false
        });
    }
    let Some(project) = &*project else {
        return Html::default();
    };
    let want =
        |creating: &UseStateHandle<Option<Wanted>>, wanted: Wanted| creating.set(Some(wanted));
    let new_item = {
        let creating = creating.clone();
        Callback::from(move |_: MouseEvent| {
            want(
                &creating,
                Wanted {
                    project: Some(id),
                    ..Wanted::default()
                },
            )
        })
    };
    let new_in_status = {
        let creating = creating.clone();
        Callback::from(move |status| {
            want(
                &creating,
                Wanted {
                    project: Some(id),
                    status: Some(status),
                    ..Wanted::default()
                },
            )
        })
    };
    let new_under = {
        let creating = creating.clone();
        Callback::from(move |parent| {
            want(
                &creating,
                Wanted {
                    project: Some(id),
                    parent,
                    ..Wanted::default()
                },
            )
        })
    };
    let close = {
        let creating = creating.clone();
        Callback::from(move |()| creating.set(None))
    };
    let check = Callback::from(|text: String| {
        text.parse::<Name>()
            .err()
            .map(|invalid| invalid.to_string())
    });
    let rename = {
        let store = store.clone();
        Callback::from(move |text: String| {
            if let Ok(name) = text.parse() {
                store.update_project(
                    id,
                    ProjectPatch {
                        name: Patch::Set(name),
                        ..ProjectPatch::default()
                    },
                );
            }
        })
    };
    let unarchive = {
        let store = store.clone();
        Callback::from(move |_: MouseEvent| {
            store.update_project(
                id,
                ProjectPatch {
                    archived: Patch::Set(false),
                    ..ProjectPatch::default()
                },
            );
        })
    };
    let tab = query.get("tab").unwrap_or("board").to_owned();
    let on_choose = Callback::from(move |name: &'static str| {
        query.push("tab", Some(name).filter(|name| *name != "board"))
    });
    let (tasks, items, teams) = *counts;
    let tabs = vec![
        Tab::new("board", "Board").count(tasks),
        Tab::new("backlog", "Backlog").count(items),
        Tab::new("teams", "Teams").count(teams),
        Tab::new("activity", "Activity"),
        Tab::new("about", "About"),
    ];
    let is_fixed = matches!(tab.as_str(), "board" | "backlog");
    let panel = match tab.as_str() {
        "backlog" => {
            html! { <Backlog key="backlog" project={Some(id)} filter={filter.clone()} on_create={new_under} /> }
        }
        "teams" => html! { <div class="page-body">{ team_cards(project) }</div> },
        "activity" => {
            html! { <div class="page-body"><ActivityFeed topic={Topic::Project(id).to_string()} /></div> }
        }
        "about" => html! { <div class="page-body"><About {id} /></div> },
        _ => {
            html! { <Board key="board" project={id} filter={filter.clone()} on_create={new_in_status} /> }
        }
    };
    html! {
        <div class={classes!("page", is_fixed.then_some("page-fixed"))}>
            <header class="page-header">
                <div class="page-heading">
                    <Ring {id} />
                    <h1 class="grow">
                        <InlineText label="Name" value={project.name.to_string()} {check} on_change={rename} />
                    </h1>
                </div>
                <div class="page-actions">
                    <button type="button" class="button button-primary" onclick={new_item} title="Create an item (C)"
                        aria-label="New item">
                        { icon(Icon::Plus) }<span class="wide-only">{ "New item" }</span>
                    </button>
                    <Actions {id} archived={project.archived} name={project.name.to_string()} />
                </div>
            </header>
            if project.archived {
                { notice(false, html! { "This project is archived: out of the way, and still readable." },
                    html! { <button type="button" class="button button-small" onclick={unarchive}>{ "Take it out of the archive" }</button> }) }
            }
            <Tabs label="Views of the project" {tabs} current={tab.clone()} {on_choose} />
            if is_fixed {
                <div class="toolbar" role="search" aria-label="Filter"><FilterBar project={id} /></div>
            }
            <div class="page-panel">{ panel }</div>
            if let Some(wanted) = &*creating {
                <CreateItem wanted={wanted.clone()} on_close={close} />
            }
        </div>
    }
}

/// How far the project is, at a glance.
#[component]
fn Ring(props: &FoundProps) -> Html {
    let id = props.id;
    let rollup = use_select(move |state| state.rollup(Topic::Project(id)));
    html! { <span class="row" title={progress_words(&rollup)}>{ progress_ring(&rollup) }</span> }
}

#[derive(Properties, PartialEq)]
struct ActionsProps {
    id: ProjectId,
    archived: bool,
    name: String,
}

/// What else can be done with a project.
#[component]
fn Actions(props: &ActionsProps) -> Html {
    let store = use_store();
    let navigator = use_navigator();
    let confirming = use_state(|| false);
    let (id, archived) = (props.id, props.archived);
    let choices = vec![
        Choice::new(
            "archive",
            if archived {
                "Take out of the archive"
            } else {
                "Archive"
            },
        )
        .icon(icon(Icon::Archive)),
        Choice::new("delete", "Delete project")
            .icon(icon(Icon::Trash))
            .danger(),
    ];
    let on_choose = {
        let (store, confirming) = (store.clone(), confirming.clone());
        Callback::from(move |value: AttrValue| match value.as_str() {
            "delete" => confirming.set(true),
            _ => store.update_project(
                id,
                ProjectPatch {
                    archived: Patch::Set(!archived),
                    ..ProjectPatch::default()
                },
            ),
        })
    };
    let on_confirm = Callback::from(move |()| {
        store.delete_project(id);
        store.update(|state| state.toasts.tell("Project deleted. Undo with Ctrl Z."));
        if let Some(navigator) = &navigator {
            navigator.push(&Route::Projects);
        }
    });
    let on_close = {
        let confirming = confirming.clone();
        Callback::from(move |()| confirming.set(false))
    };
    html! {
        <>
            <Picker label="More actions" icon_only={true} class="button button-icon" {choices} {on_choose}>{ icon(Icon::More) }</Picker>
            if *confirming {
                <Confirm title={format!("Delete {}?", props.name)} action="Delete project" {on_confirm} {on_close}
                    text="Its teams and all its items go with it, for everybody. It can be restored for 30 days, as it is now." />
            }
        </>
    }
}

/// What the project is about, and its address.
#[component]
fn About(props: &FoundProps) -> Html {
    let id = props.id;
    let store = use_store();
    let editing = use_state(|| false);
    let project = use_select(move |state| state.project(id).cloned());
    let Some(project) = &*project else {
        return Html::default();
    };
    let check = Callback::from(|text: String| {
        text.parse::<shared_types::value::Slug>()
            .err()
            .map(|invalid| invalid.to_string())
    });
    let set_slug = {
        let store = store.clone();
        Callback::from(move |text: String| {
            if let Ok(slug) = text.parse::<shared_types::value::Slug>() {
                store.update_project(
                    id,
                    ProjectPatch {
                        slug: Patch::Set(slug),
                        ..ProjectPatch::default()
                    },
                );
            }
        })
    };
    let edit = {
        let editing = editing.clone();
        Callback::from(move |_: MouseEvent| editing.set(true))
    };
    let on_save = {
        let editing = editing.clone();
        Callback::from(move |description| {
            editing.set(false);
            store.update_project(
                id,
                ProjectPatch {
                    description: Patch::Set(description),
                    ..ProjectPatch::default()
                },
            );
        })
    };
    let on_cancel = {
        let editing = editing.clone();
        Callback::from(move |()| editing.set(false))
    };
    html! {
        <div class="account">
            <section class="section" aria-label="Description">
                <div class="section-header"><h2>{ "Description" }</h2></div>
                if *editing {
                    <Editor label="Description" value={project.description.to_string()} action="Save" eager={true}
                        may_be_empty={true} {on_save} {on_cancel} />
                } else {
                    if project.description.is_empty() {
                        <p class="muted">{ "No description yet." }</p>
                    } else {
                        { markdown(&project.description) }
                    }
                    <div class="row">
                        <button type="button" class="button button-small" onclick={edit}>{ icon(Icon::Edit) }{ "Edit description" }</button>
                    </div>
                }
            </section>
            <section class="section" aria-label="Address">
                <div class="section-header"><h2>{ "Address" }</h2></div>
                <dl class="facts">
                    <dt>{ "Slug" }</dt>
                    <dd><InlineText label="Slug" value={project.slug.to_string()} {check} on_change={set_slug} /></dd>
                    <dt>{ "Key" }</dt>
                    <dd>{ project.key.to_string() }</dd>
                </dl>
                <p class="field-hint">{ "After a change the old address keeps leading here. The key is fixed." }</p>
            </section>
        </div>
    }
}
