//! One project: board, backlog, teams, timeline, activity.

mod about;
mod actions;

use shared_types::{
    command::{Patch, ProjectPatch},
    model::ItemKind,
    topic::Topic,
    value::{Name, ProjectId},
};
use yew::prelude::*;

use self::{about::About, actions::Actions};
use super::{gone::Absent, team::team_cards};
use crate::{
    components::{
        activity::ActivityFeed,
        backlog::Backlog,
        board::Board,
        empty::notice,
        form::use_reopen,
        icon::{Icon, icon},
        inline_text::InlineText,
        item::create::{CreateItem, Wanted},
        progress::{progress_ring, progress_words},
        tabs::{Tab, Tabs},
        timeline::Timeline,
        work::filter::{FilterBar, use_filter},
    },
    keys::{create_if, use_keys},
    routes::{Route, use_query},
    store::{Action, TopicState, use_latest, use_may, use_select, use_store, use_topic},
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
        TopicState::Ready(Topic::Project(id)) => html! { <Found key={id.to_string()} {id} /> },
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
    let may = use_may(Action::Work);
    let query = use_query();
    let filter = use_filter();
    let creating = use_state(|| None::<Wanted>);
    let project = use_select(move |state| state.project(id).cloned());
    let counts = use_select(move |state| {
        let items = state.item_list(Some(id));
        let tasks = items.iter().filter(|item| item.kind == ItemKind::Task);
        (tasks.count(), items.len(), state.teams_of(id).count())
    });
    {
        let creating = creating.clone();
        // On the tab of the teams it is a team that is made.
        let is_teams = query.get("tab") == Some("teams");
        use_keys(create_if(may && !is_teams), move |_| {
            let takes = creating.is_none();
            if takes {
                creating.set(Some(Wanted {
                    project: Some(id),
                    ..Wanted::default()
                }));
            }
            takes
        });
    }
    let here = Wanted {
        project: Some(id),
        ..Wanted::default()
    };
    {
        let creating = creating.clone();
        use_reopen(here.place(), move || {
            if creating.is_none() {
                creating.set(Some(here.clone()));
            }
        });
    }
    let new_in_status = {
        let creating = creating.setter();
        use_latest(move |status| {
            creating.set(Some(Wanted {
                project: Some(id),
                status: Some(status),
                ..Wanted::default()
            }))
        })
    };
    let new_under = {
        let creating = creating.setter();
        use_latest(move |parent| {
            creating.set(Some(Wanted {
                project: Some(id),
                parent,
                ..Wanted::default()
            }))
        })
    };
    let Some(project) = &*project else {
        return Html::default();
    };
    let new_item = {
        let creating = creating.clone();
        Callback::from(move |_: MouseEvent| {
            creating.set(Some(Wanted {
                project: Some(id),
                ..Wanted::default()
            }))
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
        Tab::new("timeline", "Timeline"),
        Tab::new("activity", "Activity"),
        Tab::new("about", "About"),
    ];
    let is_fixed = matches!(tab.as_str(), "board" | "backlog" | "timeline");
    let panel = match tab.as_str() {
        "backlog" => {
            html! { <Backlog key="backlog" project={Some(id)} filter={filter.clone()} on_create={new_under} /> }
        }
        "teams" => html! { <div class="page-body">{ team_cards(project) }</div> },
        "timeline" => html! { <Timeline key="timeline" project={id} filter={filter.clone()} /> },
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
                if may {
                    <div class="page-actions">
                        <button type="button" class="button button-primary" onclick={new_item} title="Create an item (C)"
                            aria-label="New item">
                            { icon(Icon::Plus) }<span class="wide-only">{ "New item" }</span>
                        </button>
                        <Actions {id} archived={project.archived} name={project.name.to_string()} />
                    </div>
                }
            </header>
            if project.archived {
                { notice(false, html! { "This project is archived: out of the way, and still readable." },
                    html! {
                        if may {
                            <button type="button" class="button button-small" onclick={unarchive}>{ "Take it out of the archive" }</button>
                        }
                    }) }
            }
            <Tabs label="Views of the project" {tabs} current={tab.clone()} {on_choose} />
            if is_fixed {
                <div class="toolbar" role="search" aria-label="Filter"><FilterBar project={Some(id)} /></div>
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
