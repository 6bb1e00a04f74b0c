//! What stands in place of a page whose subject is not there, or no longer, or not yet.

use std::sync::Arc;

use shared_types::{
    event::{Event, EventBody},
    model::Entity,
};
use yew::prelude::*;
use yew_router::prelude::*;

use crate::{
    components::{
        empty::empty,
        icon::{Icon, icon},
        skeleton::skeleton_page,
        time::RelativeTime,
    },
    routes::Route,
    store::{Action, Store, TopicState, use_may, use_select, use_store},
};

/// Properties of [`Absent`].
#[derive(Properties, PartialEq)]
pub struct AbsentProps {
    pub state: TopicState,
    /// What it is: `project`.
    pub what: &'static str,
    /// Its slug, key or id, as in the address.
    pub name: AttrValue,
    /// The way back, and what to call it.
    pub back: Route,
    pub back_label: AttrValue,
}

/// A skeleton while it is on its way; else what is known, and the ways on: back, and undo where somebody deleted it.
#[component]
pub fn Absent(props: &AbsentProps) -> Html {
    let store = use_store();
    let may = use_may(match props.what {
        "member" => Action::ManageMembers,
        "project" => Action::DeleteProjects,
        _ => Action::Work,
    });
    let name = props.name.clone();
    let what = props.what;
    let deletion = use_select(move |state| {
        let event = state
            .recent()
            .find(|event| deleted(event, what, &name))?
            .clone();
        let actor = event.actor.id.parse().ok().map(|id| {
            if Some(id) == state.me() {
                "you".to_owned()
            } else {
                state.member_name(id)
            }
        });
        Some((event, actor.unwrap_or_else(|| "a script".into())))
    });
    let back = html! { <Link<Route> classes="button" to={props.back.clone()}>{ props.back_label.clone() }</Link<Route>> };
    let (title, text, next) = match (&props.state, &*deletion) {
        (TopicState::Loading | TopicState::Ready(_), _) => return skeleton_page(),
        (TopicState::Gone(_), Some((event, actor))) => {
            let restore = {
                let (store, event) = (store.clone(), event.clone());
                Callback::from(move |_: MouseEvent| restore(&store, &event))
            };
            let next = html! {
                <>
                    if may {
                        <button type="button" class="button button-primary" onclick={restore}>
                            { icon(Icon::Restore) }{ format!("Restore the {what}") }
                        </button>
                    }
                    { back }
                </>
            };
            let when = html! { <p class="stamp"><RelativeTime at={event.at} /></p> };
            return html! {
                <div class="page">
                    <h1 class="sr-only">{ format!("Deleted {what}") }</h1>
                    { empty(Icon::Trash, &format!("This {what} was deleted by {actor}"),
                        "Nothing is lost for 30 days: it can be restored with all that was in it.", next) }
                    <div class="row" style="justify-content:center">{ when }</div>
                </div>
            };
        }
        (TopicState::Gone(_), None) => (
            format!("There is no such {what}"),
            "It may have been deleted, or its address may have changed.".to_owned(),
            back,
        ),
        (TopicState::Failed(message), _) => {
            let retry = Callback::from(move |_: MouseEvent| {
                if let Some(line) = store.line() {
                    line.retry_now();
                }
            });
            let next = html! {
                <>
                    <button type="button" class="button button-primary" onclick={retry}>{ "Try again now" }</button>
                    { back }
                </>
            };
            (
                format!("This {what} can’t be shown now"),
                format!("{} It is tried again by itself.", sentence(message)),
                next,
            )
        }
    };
    html! {
        <div class="page">
            <h1 class="sr-only">{ title.clone() }</h1>
            { empty(Icon::Search, &title, &text, next) }
        </div>
    }
}

fn sentence(text: &str) -> String {
    let end = if text.is_empty() || text.ends_with(['.', '!', '?']) {
        ""
    } else {
        "."
    };
    format!("{text}{end}")
}

/// Whether an event deleted what an address speaks of.
fn deleted(event: &Arc<Event>, what: &str, name: &str) -> bool {
    let is = |kind: &str, names: &[&str]| {
        kind == what && names.iter().any(|one| one.eq_ignore_ascii_case(name))
    };
    match &event.body {
        EventBody::ProjectDeleted { project } => {
            is("project", &[&project.slug, &project.id().to_string()])
        }
        EventBody::TeamDeleted { team } => is("team", &[&team.slug, &team.id().to_string()]),
        EventBody::MemberDeleted { member } => {
            is("member", &[&member.slug, &member.id().to_string()])
        }
        EventBody::ItemDeleted { item } => {
            is("item", &[&item.key.to_string(), &item.id().to_string()])
        }
        _ => false,
    }
}

fn restore(store: &Store, event: &Event) {
    match &event.body {
        EventBody::ProjectDeleted { project } => store.restore_project(project.id(), None),
        EventBody::TeamDeleted { team } => store.restore_team(team.project, team.id(), None),
        EventBody::MemberDeleted { member } => store.restore_member(member.id(), None),
        EventBody::ItemDeleted { item } => store.restore_item(item.id()),
        _ => {}
    }
}
