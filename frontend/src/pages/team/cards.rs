//! Teams at a glance, and a new one.

use std::sync::Arc;

use shared_types::{
    command::NewTeam,
    model::{Entity, Member, Project, Rollup, Team},
    topic::Topic,
    value::ProjectId,
};
use yew::prelude::*;
use yew_router::prelude::*;

use crate::{
    components::{
        avatar::avatar_stack,
        dialog::Dialog,
        empty::{empty, nothing},
        form::{FormFooter, text_area, text_field, use_kept, use_reopen},
        icon::{Icon, icon},
        markdown::plain,
        progress::progress_bar,
    },
    keys::{create_if, use_keys},
    routes::Route,
    store::{Action, use_may, use_select, use_store},
};

/// The teams of a project, as cards.
pub fn team_cards(project: &Arc<Project>) -> Html {
    html! { <TeamCards project={project.clone()} /> }
}

#[derive(Properties, PartialEq)]
struct TeamCardsProps {
    project: Arc<Project>,
}

type Known = (Arc<Team>, Vec<Arc<Member>>, Rollup);

#[component]
fn TeamCards(props: &TeamCardsProps) -> Html {
    let id = props.project.id();
    let may = use_may(Action::Work);
    let creating = use_state(|| false);
    let teams = use_select(move |state| {
        let known = |team: &Arc<Team>| -> Known {
            let members = team
                .members
                .iter()
                .filter_map(|id| state.member(*id))
                .cloned()
                .collect();
            (team.clone(), members, state.rollup(Topic::Team(team.id())))
        };
        state.teams_of(id).map(known).collect::<Vec<_>>()
    });
    {
        let creating = creating.clone();
        use_reopen(new_team(id), move || creating.set(true));
    }
    {
        let creating = creating.clone();
        use_keys(create_if(may), move |_| {
            let takes = !*creating;
            creating.set(true);
            takes
        });
    }
    let create = {
        let creating = creating.clone();
        Callback::from(move |_: MouseEvent| creating.set(true))
    };
    let close = {
        let creating = creating.clone();
        Callback::from(move |()| creating.set(false))
    };
    let cards = teams.iter().map(|(team, members, rollup)| {
        html! {
            <li key={team.id().to_string()}>
                <article class="project-card">
                    <div class="row">
                        <h2 class="grow truncate">
                            <Link<Route> to={Route::team(&props.project.slug, &team.slug)}>{ team.name.to_string() }</Link<Route>>
                        </h2>
                        if !members.is_empty() {
                            { avatar_stack("Members:", members, 5) }
                        }
                    </div>
                    <p class="project-about">{ plain(team.mission.to_string()) }</p>
                    { progress_bar(rollup) }
                </article>
            </li>
        }
    });
    html! {
        <div class="stack">
            if teams.is_empty() && !may {
                { nothing("No teams yet.") }
            } else if teams.is_empty() {
                { empty(Icon::Team, "No teams yet", "A team takes members, people and AI alike, and has a backlog of its own.",
                    html! { <button type="button" class="button button-primary" onclick={create}>{ "Create a team" }</button> }) }
            } else {
                if may {
                    <div class="row">
                        <button type="button" class="button" onclick={create}>{ icon(Icon::Plus) }{ "New team" }</button>
                    </div>
                }
                <ul class="grid">{ for cards }</ul>
            }
            if *creating {
                <CreateTeam project={id} on_close={close} />
            }
        </div>
    }
}

/// Where what is typed in the dialog is kept.
fn new_team(project: ProjectId) -> AttrValue {
    format!("new team {project}").into()
}

#[derive(Properties, PartialEq)]
struct CreateTeamProps {
    project: ProjectId,
    on_close: Callback<()>,
}

#[component]
fn CreateTeam(props: &CreateTeamProps) -> Html {
    let store = use_store();
    let place = new_team(props.project);
    let name = use_kept(&place, "name", String::new());
    let mission = use_kept(&place, "mission", String::new());
    let onsubmit = {
        let place = place.clone();
        let (name, mission, project, on_close) = (
            name.clone(),
            mission.clone(),
            props.project,
            props.on_close.clone(),
        );
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let (Some(name), Some(mission)) = (name.parse(), mission.parse()) else {
                return;
            };
            let new = NewTeam {
                id: None,
                name,
                slug: None,
                mission,
            };
            store.send_from(&place, || {
                store.create_team(project, new);
            });
            on_close.emit(());
        })
    };
    html! {
        <Dialog title="New team" on_close={props.on_close.clone()}>
            <form {onsubmit}>
                <div class="dialog-body">
                    { text_field("team-name", "Name", "", &name, true) }
                    { text_area("team-mission", "Mission", "What it is for. Markdown.", &mission) }
                </div>
                <FormFooter {place} action="Create team" on_close={props.on_close.clone()} />
            </form>
        </Dialog>
    }
}
