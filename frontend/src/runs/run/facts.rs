//! What a run has cost, and with what it works.

use std::sync::Arc;

use shared_types::model::{MemberKind, Run};
use yew::prelude::*;

use crate::{
    components::time::RelativeTime,
    runs::words::{count, money},
    store::use_select,
};

/// Properties of [`Facts`].
#[derive(Properties, PartialEq)]
pub struct FactsProps {
    pub run: Arc<Run>,
}

/// See the module.
#[component]
pub fn Facts(props: &FactsProps) -> Html {
    let run = &props.run;
    let reviewer = run.reviewer;
    let reviewer = use_select(move |state| {
        let member = state.member(reviewer?)?;
        let kind = if member.kind == MemberKind::Agent {
            " (AI)"
        } else {
            ""
        };
        Some(format!("{}{kind}", member.name))
    });
    let usage = run.usage;
    let provider = run.provider.as_ref().map(|provider| match &run.model {
        Some(model) => format!("{provider}, {model}"),
        None => provider.to_string(),
    });
    let is_scripted = run
        .provider
        .as_ref()
        .is_some_and(|provider| &**provider == "scripted");
    html! {
        <section class="section" aria-label="Cost and tokens">
            <dl class="facts">
                <dt>{ "Cost" }</dt>
                <dd>{ money(run.cost) }</dd>
                <dt>{ "Tokens" }</dt>
                <dd>
                    { format!("{} in, {} out", count(usage.input), count(usage.output)) }
                    if usage.cached > 0 {
                        <span class="muted">{ format!(" ({} cached)", count(usage.cached)) }</span>
                    }
                </dd>
                if let Some(provider) = provider {
                    <dt>{ "Model" }</dt>
                    <dd class="row row-wrap">
                        { provider }
                        if is_scripted {
                            <span class="chip" title="No model is asked: what it says is made from the task’s own text">{ "No model" }</span>
                        }
                    </dd>
                }
                if let Some(reviewer) = &*reviewer {
                    <dt>{ "Reviewed by" }</dt>
                    <dd>{ reviewer }</dd>
                }
                <dt>{ "Queued" }</dt>
                <dd><RelativeTime at={run.stamp.created_at} /></dd>
                <dt>{ "Changed" }</dt>
                <dd><RelativeTime at={run.stamp.updated_at} /></dd>
            </dl>
        </section>
    }
}
