//! One team: its members, its backlog and board.

mod cards;
mod members;

pub use cards::team_cards;

use shared_types::{
    command::{Patch, TeamPatch},
    topic::Topic,
    value::{Name, TeamId},
};
use yew::prelude::*;
use yew_router::prelude::*;

use self::members::TeamMembers;
use super::gone::Absent;
use crate::{
    components::{
        activity::ActivityFeed,
        avatar::avatar_stack,
        backlog::Backlog,
        board::Board,
        form::use_reopen,
        icon::{Icon, icon},
        inline_text::InlineText,
        item::create::{CreateItem, Wanted},
        more::MoreActions,
        runs_part::runs,
        tabs::{Tab, Tabs},
        work::filter::{FilterBar, use_filter},
    },
    keys::{create_if, use_keys},
    routes::{Route, use_query},
    runs::Panel,
    store::{Action, TopicState, use_latest, use_may, use_select, use_store, use_topic},
};

/// Properties of [`Team`].
#[derive(Properties, PartialEq)]
pub struct TeamProps {
    /// By slug or id.
    pub project: String,
    /// By slug or id.
    pub team: String,
}

/// The page.
#[component]
pub fn Team(props: &TeamProps) -> Html {
    // The project's topic has its teams and all items; the team's own says whether it is there, and is its activity.
    let project = use_topic(&format!("project:{}", props.project));
    let team = use_topic(&format!("team:{}/{}", props.project, props.team));
    match (project, team) {
        (TopicState::Ready(_), TopicState::Ready(Topic::Team(id))) => {
            html! { <Found key={id.to_string()} {id} /> }
        }
        (TopicState::Ready(Topic::Project(within)), state) => html! {
            <Absent {state} what="team" name={props.team.clone()} {within} back={Route::Teams { project: props.project.clone() }}
                back_label="See the project’s teams" />
        },
        (state, _) => html! {
            <Absent {state} what="project" name={props.project.clone()} back={Route::Projects} back_label="See all projects" />
        },
    }
}

#[derive(Properties, PartialEq)]
struct FoundProps {
    id: TeamId,
}

#[component]
fn Found(props: &FoundProps) -> Html {
    let id = props.id;
    let store = use_store();
    let may = use_may(Action::Work);
    let query = use_query();
    let filter = use_filter();
    let creating = use_state(|| None::<Wanted>);
    let known = use_select(move |state| {
        let team = state.team(id)?.clone();
        let members: Vec<_> = team
            .members
            .iter()
            .filter_map(|id| state.member(*id))
            .cloned()
            .collect();
        let items = state.item_list(Some(team.project));
        let items = items.iter().filter(|item| item.team == Some(id)).count();
        Some((team, members, items))
    });
    let project = known.as_ref().as_ref().map(|(team, ..)| team.project);
    {
        let creating = creating.clone();
        use_keys(create_if(may), move |_| {
            let takes = creating.is_none();
            if takes {
                creating.set(Some(Wanted {
                    project,
                    team: Some(id),
                    ..Wanted::default()
                }));
            }
            takes
        });
    }
    let here = Wanted {
        project,
        team: Some(id),
        ..Wanted::default()
    };
    {
        let (creating, here) = (creating.clone(), here.clone());
        use_reopen(here.place(), move || {
            if creating.is_none() {
                creating.set(Some(here.clone()));
            }
        });
    }
    let new_in_status = {
        let (creating, here) = (creating.setter(), here.clone());
        use_latest(move |status| {
            creating.set(Some(Wanted {
                status: Some(status),
                ..here.clone()
            }))
        })
    };
    let new_under = {
        let (creating, here) = (creating.setter(), here.clone());
        use_latest(move |parent| {
            creating.set(Some(Wanted {
                parent,
                ..here.clone()
            }))
        })
    };
    let Some((team, members, items)) = &*known else {
        return Html::default();
    };
    let project = team.project;
    let new_item = {
        let creating = creating.clone();
        Callback::from(move |_: MouseEvent| creating.set(Some(here.clone())))
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
                store.update_team(
                    id,
                    TeamPatch {
                        name: Patch::Set(name),
                        ..TeamPatch::default()
                    },
                );
            }
        })
    };
    let tab = query.get("tab").unwrap_or("board").to_owned();
    let on_choose = Callback::from(move |name: &'static str| {
        query.push("tab", Some(name).filter(|name| *name != "board"))
    });
    let tabs = vec![
        Tab::new("board", "Board"),
        Tab::new("backlog", "Backlog").count(*items),
        Tab::new("members", "Members").count(members.len()),
        Tab::new("runs", "Runs"),
        Tab::new("activity", "Activity"),
    ];
    let is_fixed = matches!(tab.as_str(), "board" | "backlog");
    let panel = match tab.as_str() {
        "backlog" => {
            html! { <Backlog key="backlog" project={Some(project)} team={Some(id)} filter={filter.clone()} on_create={new_under} /> }
        }
        "members" => html! { <div class="page-body"><TeamMembers team={team.clone()} /></div> },
        "runs" => html! { <div class="page-body">{ runs(Panel::OfTeam(id)) }</div> },
        "activity" => {
            html! { <div class="page-body"><ActivityFeed topic={Topic::Team(id).to_string()} /></div> }
        }
        _ => {
            html! { <Board key="board" {project} team={Some(id)} filter={filter.clone()} on_create={new_in_status} /> }
        }
    };
    html! {
        <div class={classes!("page", is_fixed.then_some("page-fixed"))}>
            <header class="page-header">
                <div class="page-heading">
                    <h1 class="grow"><InlineText label="Name" value={team.name.to_string()} {check} on_change={rename} /></h1>
                </div>
                <div class="page-actions">
                    if !members.is_empty() {
                        { avatar_stack("Members:", members, 5) }
                    }
                    if may {
                        <button type="button" class="button button-primary" onclick={new_item} title="Create an item (C)"
                            aria-label="New item">
                            { icon(Icon::Plus) }<span class="wide-only">{ "New item" }</span>
                        </button>
                        <Actions {id} />
                    }
                </div>
            </header>
            <Tabs label="Views of the team" {tabs} current={tab.clone()} {on_choose} />
            if is_fixed {
                <div class="toolbar" role="search" aria-label="Filter"><FilterBar project={Some(project)} teams={false} /></div>
            }
            <div class="page-panel">{ panel }</div>
            if let Some(wanted) = &*creating {
                <CreateItem wanted={wanted.clone()} on_close={close} />
            }
        </div>
    }
}

#[component]
fn Actions(props: &FoundProps) -> Html {
    let id = props.id;
    let store = use_store();
    let navigator = use_navigator();
    let known = use_select(move |state| {
        let team = state.team(id)?;
        Some((
            team.name.to_string(),
            state.project(team.project)?.slug.to_string(),
        ))
    });
    let Some((name, project)) = (*known).clone() else {
        return Html::default();
    };
    let on_delete = Callback::from(move |()| {
        store.delete_team(id);
        store.offer_undo("Team deleted.");
        if let Some(navigator) = &navigator {
            navigator.push(&Route::Teams {
                project: project.clone(),
            });
        }
    });
    html! {
        <MoreActions delete="Delete team" title={format!("Delete {name}?")} {on_delete}
            text="Its items go back to the project’s backlog. The team can be restored for 30 days." />
    }
}
