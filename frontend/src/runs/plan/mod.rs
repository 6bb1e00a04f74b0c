//! What a planning run proposes: each becomes an item as it is or edited, or nothing comes of it.

mod edit;

use std::sync::Arc;

use shared_types::{
    command::ProposalPatch,
    model::{Proposal, ProposalState, Run, RunState},
    value::ItemId,
};
use yew::prelude::*;
use yew_router::prelude::*;

use self::edit::Edit;
use crate::{
    components::{
        icon::{Icon, icon},
        kind::kind_icon,
        markdown::markdown,
        progress::points,
    },
    routes::Route,
    store::{Action, use_may, use_select, use_store},
};

/// Properties of [`Proposals`].
#[derive(Properties, PartialEq)]
pub struct ProposalsProps {
    pub run: Arc<Run>,
}

/// All of them, in their order: the place is the name by which one is accepted.
#[component]
pub fn Proposals(props: &ProposalsProps) -> Html {
    let run = &props.run;
    let may = use_may(Action::Work) && run.state == RunState::AwaitingReview;
    let is_open = |proposal: &&Proposal| proposal.state == ProposalState::Open;
    let open = run.proposals.iter().filter(is_open).count();
    // One at a time: what is typed for another one is given up.
    let editing = use_state(|| None::<usize>);
    let rows = run.proposals.iter().enumerate().map(|(n, proposal)| {
        let on_edit = {
            let editing = editing.setter();
            Callback::from(move |is_edited: bool| editing.set(is_edited.then_some(n)))
        };
        html! {
            <OneProposal key={n} {n} item={run.item} proposal={proposal.clone()} {may} is_edited={*editing == Some(n)} {on_edit} />
        }
    });
    html! {
        <section class="section" aria-label="Proposals">
            <div class="section-header">
                <h2>{ "Proposals" }</h2>
                <span class="count">{ format!("{open} of {} open", run.proposals.len()) }</span>
            </div>
            <ol class="proposals">{ for rows }</ol>
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct OneProposalProps {
    item: ItemId,
    n: usize,
    proposal: Proposal,
    may: bool,
    is_edited: bool,
    on_edit: Callback<bool>,
}

#[component]
fn OneProposal(props: &OneProposalProps) -> Html {
    let store = use_store();
    let (item, n, proposal) = (props.item, props.n, &props.proposal);
    let path = format!("/items/{item}/proposals/{n}/");
    let is_sending = *use_select(move |state| state.is_sending_to(&path));
    let set_editing = |is_edited: bool| props.on_edit.reform(move |()| is_edited);
    if props.may && props.is_edited && proposal.state == ProposalState::Open {
        let on_save = {
            let close = set_editing(false);
            Callback::from(move |patch: ProposalPatch| {
                close.emit(());
                store.accept_proposal(item, n, &patch);
            })
        };
        return html! {
            <li class="proposal"><Edit {n} proposal={proposal.clone()} {on_save} on_cancel={set_editing(false)} /></li>
        };
    }
    let accept = {
        let store = store.clone();
        Callback::from(move |_: MouseEvent| {
            store.accept_proposal(item, n, &ProposalPatch::default())
        })
    };
    let dismiss = Callback::from(move |_: MouseEvent| store.dismiss_proposal(item, n));
    let what_became = match (proposal.state, proposal.item) {
        (ProposalState::Open, _) => Html::default(),
        (ProposalState::Accepted, Some(made)) => {
            html! { <Link<Route> classes="proposal-verdict" to={Route::item(&made)}>{ icon(Icon::Check) }{ "Accepted" }</Link<Route>> }
        }
        (ProposalState::Accepted, None) => {
            html! { <span class="proposal-verdict">{ icon(Icon::Check) }{ "Accepted" }</span> }
        }
        (ProposalState::Dismissed, _) => {
            html! { <span class="proposal-verdict muted">{ icon(Icon::Close) }{ "Dismissed" }</span> }
        }
    };
    html! {
        <li class="proposal" data-state={match proposal.state {
            ProposalState::Open => "open",
            ProposalState::Accepted => "accepted",
            ProposalState::Dismissed => "dismissed",
        }}>
            <div class="row">
                { kind_icon(proposal.kind) }
                <strong class="grow">{ proposal.title.to_string() }</strong>
                if let Some(estimate) = proposal.estimate {
                    <span class="meta">{ format!("{} pt", points(estimate.hundredths().into())) }</span>
                }
                { what_became }
            </div>
            if !proposal.description.is_empty() {
                { markdown(proposal.description.to_string()) }
            }
            if !proposal.acceptance.is_empty() {
                <ul class="proposal-acceptance">{ for proposal.acceptance.iter().map(|criterion| html! { <li>{ criterion.text.to_string() }</li> }) }</ul>
            }
            if props.may && proposal.state == ProposalState::Open {
                <div class="row row-wrap">
                    <button type="button" class="button button-small button-primary" disabled={is_sending} onclick={accept}
                        aria-label={format!("Accept {}", proposal.title)}>{ "Accept" }</button>
                    <button type="button" class="button button-small" disabled={is_sending}
                        onclick={set_editing(true).reform(|_: MouseEvent| ())} aria-label={format!("Edit {}", proposal.title)}>{ "Edit" }</button>
                    <button type="button" class="button button-small button-quiet" disabled={is_sending} onclick={dismiss}
                        aria-label={format!("Dismiss {}", proposal.title)}>{ "Dismiss" }</button>
                </div>
            }
        </li>
    }
}
