//! The page of a run, put together.

use std::sync::Arc;

use shared_types::model::{Entity, Item, Member, Run, RunKind, RunState};
use yew::prelude::*;

use super::{ask::Ask, changes::Changes, facts::Facts, outcome::outcome, review::Review};
use crate::{
    components::{
        avatar::{Avatar, Size, ai_badge},
        empty::notice,
        icon::{Icon, icon},
        name::ItemLink,
    },
    routes::Route,
    runs::{list::attempts_section, log::Log, plan::Proposals, words::state_chip},
    store::{Action, use_lines, use_may, use_select, use_store},
};
use yew_router::prelude::*;

/// Properties of [`RunView`].
#[derive(Properties, PartialEq)]
pub struct RunViewProps {
    pub run: Arc<Run>,
    pub item: Arc<Item>,
    /// Who works; none where that one is gone.
    pub member: Option<Arc<Member>>,
}

/// See the module.
#[component]
pub fn RunView(props: &RunViewProps) -> Html {
    let (run, item) = (props.run.clone(), props.item.clone());
    let (id, item_id) = (run.id(), item.id());
    let may = use_may(Action::Work);
    let lines = use_lines();
    let all = use_select(move |state| state.runs_of(item_id));
    let later = all.first().filter(|latest| latest.id() != id);
    let line = lines
        .iter()
        .find(|line| line.run == id && line.state == run.state);
    let is_running = run.state == RunState::Running;
    let is_open = matches!(
        run.state,
        RunState::Queued | RunState::Running | RunState::AwaitingInput
    );
    let what = match run.kind {
        RunKind::Work => "Work",
        RunKind::Plan => "Plan",
    };
    html! {
        <div class="page run-page">
            <header class="page-header">
                if let Some(member) = &props.member {
                    <Avatar member={member.clone()} size={Size::Large} working={is_running} />
                }
                <div class="page-heading run-heading">
                    <h1>{ item.title.to_string() }</h1>
                    <span class="row row-wrap">
                        { state_chip(run.state) }
                        <span class="muted">{ format!("{what}, attempt {}", run.attempt) }</span>
                        { for props.member.as_deref().map(by) }
                        <ItemLink item={item.clone()} class="item-key">{ item.key.to_string() }</ItemLink>
                    </span>
                </div>
                if may {
                    <Actions run={run.clone()} is_latest={later.is_none()} is_deleted={props.member.is_none()} />
                }
            </header>
            <div class="page-body run-body">
                <div class="stack run-main">
                    <div role="status" class="stack">
                        if let Some(later) = later {
                            { notice(false, html! { "There is a later attempt." }, html! {
                                <Link<Route> classes="button button-small" to={Route::run(&later.id())}>
                                    { format!("See attempt {}", later.attempt) }
                                </Link<Route>>
                            }) }
                        }
                        if run.state == RunState::Queued {
                            <p class="run-waits">{ icon(Icon::Activity) }{ line.map_or_else(|| "Waits for a worker".to_owned(), |line| line.line.clone()) }</p>
                        }
                    </div>
                    if run.state == RunState::AwaitingInput {
                        <Ask run={run.clone()} />
                    }
                    { outcome(&run) }
                    if run.kind == RunKind::Plan && !run.proposals.is_empty() {
                        <Proposals run={run.clone()} />
                    }
                    if run.state == RunState::AwaitingReview && may {
                        <Review run={run.clone()} />
                    }
                    <Log key={id.to_string()} run={id} {is_open} {is_running} />
                </div>
                <aside class="stack run-aside" aria-label="About the run">
                    <Facts run={run.clone()} />
                    { attempts_section(&all, id) }
                    <Changes key={id.to_string()} run={run.clone()} item={item.clone()} />
                </aside>
            </div>
        </div>
    }
}

/// Who works, by name: the face is beside it.
fn by(member: &Member) -> Html {
    html! {
        <Link<Route> classes="member-name" to={Route::member(&member.slug)}>{ member.name.to_string() }{ ai_badge(member) }</Link<Route>>
    }
}

#[derive(Properties, PartialEq)]
struct ActionsProps {
    run: Arc<Run>,
    is_latest: bool,
    /// Who worked it is no member any more.
    is_deleted: bool,
}

/// Stop what may still come to something, try again what came to nothing.
#[component]
fn Actions(props: &ActionsProps) -> Html {
    let store = use_store();
    let (id, item) = (props.run.id(), props.run.item);
    let is_sending = *use_select(move |state| state.is_sending_to(&format!("/runs/{id}")));
    let state = props.run.state;
    let cancel = {
        let store = store.clone();
        Callback::from(move |_: MouseEvent| store.cancel_run(id, item))
    };
    let retry = Callback::from(move |_: MouseEvent| store.retry_run(id, item));
    let can_retry = props.is_latest
        && !props.is_deleted
        && matches!(
            state,
            RunState::Failed | RunState::Cancelled | RunState::Rejected
        );
    html! {
        <div class="page-actions">
            if state.is_live() {
                <button type="button" class="button" disabled={is_sending} onclick={cancel}>{ icon(Icon::Close) }{ "Stop" }</button>
            }
            if can_retry {
                <button type="button" class="button button-primary" disabled={is_sending} onclick={retry}>
                    { icon(Icon::Restore) }{ "Try again" }
                </button>
            }
        </div>
    }
}
