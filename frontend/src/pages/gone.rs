//! What stands in place of a page whose subject is not there, or no longer, or not yet.

use shared_types::{event::EventBody, value::ProjectId};
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
    store::{Phase, Sought, TopicState, use_deletion, use_select, use_store},
};

/// Properties of [`Absent`].
#[derive(Properties, PartialEq)]
pub struct AbsentProps {
    pub state: TopicState,
    /// What it is: `project`.
    pub what: &'static str,
    /// Its slug, key or id, as in the address.
    pub name: AttrValue,
    /// The project that it is in, where its name is unique only there.
    #[prop_or_default]
    pub within: Option<ProjectId>,
    /// The way back, and what to call it.
    pub back: Route,
    pub back_label: AttrValue,
}

/// A skeleton while it is on its way; else what is known, and the ways on: back, and undo where somebody deleted it.
#[component]
pub fn Absent(props: &AbsentProps) -> Html {
    let store = use_store();
    let what = props.what;
    let sought = Sought {
        what,
        name: props.name.clone(),
        within: props.within,
    };
    let deletion = use_deletion(sought, matches!(props.state, TopicState::Gone(_)));
    let known = {
        let deletion = deletion.clone();
        use_select(move |state| {
            let event = deletion.as_deref()?;
            let actor = event.actor.id.parse().ok().map(|id| {
                if Some(id) == state.me() {
                    "you".to_owned()
                } else {
                    state.member_name(id)
                }
            });
            let actor = actor.unwrap_or_else(|| "a script".into());
            Some((actor, state.may_restore(event)))
        })
    };
    // Before the first connection it is on its way; after it, it would be there.
    let is_cut = *use_select(|state| {
        let phase = state.live().phase;
        !matches!(phase, Phase::Connecting | Phase::Live)
    });
    let retry = {
        let store = store.clone();
        Callback::from(move |_: MouseEvent| store.retry_now())
    };
    let back = html! { <Link<Route> classes="button" to={props.back.clone()}>{ props.back_label.clone() }</Link<Route>> };
    let try_again = html! {
        <>
            <button type="button" class="button button-primary" onclick={retry}>{ "Try again now" }</button>
            { back.clone() }
        </>
    };
    let (title, text, next) = match (&props.state, &deletion, &*known) {
        (TopicState::Loading, ..) if is_cut => (
            format!("This {what} can’t be shown while offline"),
            "It was not opened here before, and the server can’t be reached. It is shown when it can.".to_owned(),
            try_again,
        ),
        (TopicState::Loading | TopicState::Ready(_), ..) => return skeleton_page(),
        (TopicState::Gone(_), Some(event), Some((actor, may_restore))) => {
            // What is in a deleted project went with it.
            let gone = match &event.body {
                EventBody::ProjectDeleted { .. } => "project",
                _ => what,
            };
            let restore = {
                let event = event.clone();
                Callback::from(move |_: MouseEvent| store.restore_deleted(&event))
            };
            let next = html! {
                <>
                    if *may_restore {
                        <button type="button" class="button button-primary" onclick={restore}>
                            { icon(Icon::Restore) }{ format!("Restore the {gone}") }
                        </button>
                    }
                    { back }
                </>
            };
            let when = html! { <p class="stamp"><RelativeTime at={event.at} /></p> };
            return html! {
                <div class="page">
                    <h1 class="sr-only">{ format!("Deleted {what}") }</h1>
                    { empty(Icon::Trash, &format!("This {gone} was deleted by {actor}"),
                        "Nothing is lost for 30 days: it can be restored with all that was in it.", next) }
                    <div class="row" style="justify-content:center">{ when }</div>
                </div>
            };
        }
        (TopicState::Gone(_), ..) => (
            format!("There is no such {what}"),
            "It may have been deleted, or its address may have changed.".to_owned(),
            back,
        ),
        (TopicState::Failed(message), ..) => (
            format!("This {what} can’t be shown now"),
            format!("{} It is tried again by itself.", sentence(message)),
            try_again,
        ),
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
