//! Accepting what a run has done, or rejecting it with a reason that the next attempt sees.

use std::sync::Arc;

use shared_types::{
    model::{Entity, ProposalState, Run, RunKind},
    value::Body,
};
use yew::prelude::*;

use crate::{
    components::{
        editor::Editor,
        icon::{Icon, icon},
    },
    store::{use_select, use_store},
};

/// Properties of [`Review`].
#[derive(Properties, PartialEq)]
pub struct ReviewProps {
    pub run: Arc<Run>,
}

/// The two ways to go on.
#[component]
pub fn Review(props: &ReviewProps) -> Html {
    let store = use_store();
    let rejecting = use_state(|| false);
    let run = &props.run;
    let (id, item) = (run.id(), run.item);
    let is_sending = *use_select(move |state| state.is_sending_to(&format!("/runs/{id}")));
    let accept = {
        let store = store.clone();
        Callback::from(move |_: MouseEvent| store.accept_run(id, item))
    };
    let set_rejecting = |is_rejecting: bool| {
        let rejecting = rejecting.clone();
        Callback::from(move |()| rejecting.set(is_rejecting))
    };
    let on_save = {
        let close = set_rejecting(false);
        Callback::from(move |reason: Body| {
            close.emit(());
            store.reject_run(id, item, &reason);
        })
    };
    let open = run.proposals.iter();
    let open = open
        .filter(|proposal| proposal.state == ProposalState::Open)
        .count();
    let (accept_label, reject_label, hint) = match run.kind {
        RunKind::Work => (
            "Accept".to_owned(),
            "Reject…",
            "Accepting makes the task done. Rejecting puts it back, and the next attempt sees why.",
        ),
        RunKind::Plan => (
            format!("Accept all {open} left"),
            "Reject the plan…",
            "Each that is accepted becomes an item. Rejecting asks for another plan, which sees why.",
        ),
    };
    html! {
        <section class="section run-call" aria-label="Review">
            <div class="section-header">{ icon(Icon::Check) }<h2>{ "It waits for your review" }</h2></div>
            if *rejecting {
                <Editor place={format!("reason {id}")} label="Reason" placeholder="What has to be different? The next attempt reads this." action="Reject" eager={true}
                    {on_save} on_cancel={set_rejecting(false)} />
            } else {
                <div class="row row-wrap">
                    <button type="button" class="button button-primary" disabled={is_sending} onclick={accept}>
                        { icon(Icon::Check) }{ accept_label }
                    </button>
                    <button type="button" class="button" disabled={is_sending}
                        onclick={set_rejecting(true).reform(|_: MouseEvent| ())}>{ reject_label }</button>
                    <span class="field-hint">{ hint }</span>
                </div>
            }
        </section>
    }
}
