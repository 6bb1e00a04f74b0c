//! One run: what is done, what it waits for, what came of it.

mod ask;
mod changes;
mod facts;
mod outcome;
mod review;
mod view;

use std::sync::Arc;

use gloo::timers::callback::Timeout;
use shared_types::{
    model::Run,
    topic::Topic,
    value::{ItemId, RunId},
};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use self::view::RunView;
pub use self::{ask::Ask, review::Review};
use crate::{
    components::skeleton::skeleton_page,
    net::rest::{self, Failure},
    pages::Absent,
    routes::Route,
    store::{TopicState, use_select, use_topic},
};

/// Until it is asked again what a run is about.
const RETRY_MS: u32 = 3_000;

/// Properties of [`RunPage`].
#[derive(Properties, PartialEq)]
pub struct RunPageProps {
    /// By id.
    pub run: String,
}

/// The page.
#[component]
pub fn RunPage(props: &RunPageProps) -> Html {
    match props.run.parse::<RunId>() {
        Ok(id) => html! { <Named key={props.run.clone()} {id} /> },
        Err(_) => absent(TopicState::Gone(String::new()), &props.run),
    }
}

fn absent(state: TopicState, name: &str) -> Html {
    html! { <Absent {state} what="run" name={name.to_owned()} back={Route::Dashboard} back_label="Go to the dashboard" /> }
}

#[derive(Properties, PartialEq)]
struct NamedProps {
    id: RunId,
}

/// Its item's topic has all there is to say of it, and what comes; the address says only which run.
#[component]
fn Named(props: &NamedProps) -> Html {
    let id = props.id;
    let asked = use_state(|| None::<Result<Arc<Run>, TopicState>>);
    let tries = use_state(|| 0_u32);
    let known = use_select(move |state| state.run(id).map(|run| run.item));
    let item = known.or(asked
        .as_ref()
        .and_then(|asked| asked.as_ref().ok().map(|run| run.item)));
    use_effect_with((item.is_none(), *tries), {
        let (asked, tries) = (asked.clone(), tries.clone());
        move |(is_wanted, round)| {
            let (is_wanted, round) = (*is_wanted, *round);
            let pause = if round == 0 { 0 } else { RETRY_MS };
            let timer = is_wanted.then(|| {
                Timeout::new(pause, move || {
                    spawn_local(async move {
                        let answer = rest::get::<Run>(&format!("/runs/{id}")).await;
                        if matches!(answer, Err(Failure::Network)) {
                            tries.set(round + 1);
                        }
                        asked.set(Some(answer.map(Arc::new).map_err(why)));
                    });
                })
            });
            move || drop(timer)
        }
    });
    match (item, &*asked) {
        (Some(item), asked) => {
            let past = asked
                .as_ref()
                .and_then(|asked| asked.as_ref().ok().cloned());
            html! { <Found {id} {item} {past} /> }
        }
        (None, Some(Err(state))) => absent(state.clone(), &id.to_string()),
        (None, _) => skeleton_page(),
    }
}

fn why(failure: Failure) -> TopicState {
    match &failure {
        Failure::Network => TopicState::Failed(failure.message()),
        Failure::Refused(problem) if problem.status == 404 => {
            TopicState::Gone(problem.detail.clone())
        }
        Failure::Refused(problem) => TopicState::Failed(problem.detail.clone()),
    }
}

#[derive(Properties, PartialEq)]
struct FoundProps {
    id: RunId,
    item: ItemId,
    /// As it was when it was asked for: its item's topic has the newest runs only.
    past: Option<Arc<Run>>,
}

#[component]
fn Found(props: &FoundProps) -> Html {
    let (id, item, past) = (props.id, props.item, props.past.clone());
    let topic = use_topic(&Topic::Item(item).to_string());
    let known = use_select(move |state| {
        let run = state.run(id).cloned().or(past.clone())?;
        let item = state.item(item)?.clone();
        let member = state.member(run.member).cloned();
        Some((run, item, member))
    });
    match (&*known, topic) {
        (Some((run, item, member)), TopicState::Ready(_)) => {
            html! { <RunView run={run.clone()} item={item.clone()} member={member.clone()} /> }
        }
        (None, TopicState::Ready(_)) => absent(TopicState::Gone(String::new()), &id.to_string()),
        (_, state) => absent(state, &id.to_string()),
    }
}
