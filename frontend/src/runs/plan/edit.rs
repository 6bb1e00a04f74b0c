//! A proposal, changed before it is accepted.

use shared_types::{
    command::{Patch, ProposalPatch},
    model::Proposal,
    value::{Body, Criterion, CriterionText, Estimate, Invalid, Title},
};
use yew::prelude::*;

use crate::components::{
    form::{Typed, text_area, text_field, use_typed},
    progress::points,
};

/// Properties of [`Edit`].
#[derive(Properties, PartialEq)]
pub struct EditProps {
    /// Its place.
    pub n: usize,
    pub proposal: Proposal,
    pub on_save: Callback<ProposalPatch>,
    pub on_cancel: Callback<()>,
}

/// Title, description, criteria (one a line) and estimate; saving accepts it.
#[component]
pub fn Edit(props: &EditProps) -> Html {
    let proposal = &props.proposal;
    let criteria = proposal.acceptance.iter();
    let criteria: Vec<String> = criteria
        .map(|criterion| criterion.text.to_string())
        .collect();
    let estimate = proposal
        .estimate
        .map(|estimate| points(estimate.hundredths().into()));
    let title = use_typed(proposal.title.to_string());
    let description = use_typed(proposal.description.to_string());
    let acceptance = use_typed(criteria.join("\n"));
    let estimate = use_typed(estimate.unwrap_or_default());
    let onsubmit = {
        let (title, description) = (title.clone(), description.clone());
        let (acceptance, estimate, on_save) =
            (acceptance.clone(), estimate.clone(), props.on_save.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let parsed = (
                title.parse::<Title>(),
                description.parse::<Body>(),
                criteria_in(&acceptance),
                estimate.parse_optional::<Estimate>(),
            );
            let (Some(title), Some(description), Some(acceptance), Some(estimate)) = parsed else {
                return;
            };
            on_save.emit(ProposalPatch {
                title: Patch::Set(title),
                description: Patch::Set(description),
                acceptance: Patch::Set(acceptance),
                estimate: Patch::Set(estimate),
            });
        })
    };
    html! {
        <form class="stack" aria-label={format!("Edit proposal {}", props.n + 1)} {onsubmit}>
            { text_field("proposal-title", "Title", "", &title, true) }
            { text_area("proposal-description", "Description", "Markdown", &description) }
            { text_area("proposal-acceptance", "Acceptance criteria", "One a line", &acceptance) }
            { text_field("proposal-estimate", "Estimate", "Points", &estimate, false) }
            <div class="row">
                <button type="submit" class="button button-small button-primary">{ "Accept as edited" }</button>
                <button type="button" class="button button-small button-quiet" onclick={props.on_cancel.reform(|_: MouseEvent| ())}>{ "Cancel" }</button>
            </div>
        </form>
    }
}

/// What is wrong is shown at the field.
fn criteria_in(typed: &Typed) -> Option<Vec<Criterion>> {
    let lines = typed
        .text()
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty());
    let criteria: Result<Vec<Criterion>, Invalid> = lines
        .map(|line| {
            let text = line.parse::<CriterionText>()?;
            Ok(Criterion { text, done: false })
        })
        .collect();
    criteria
        .map_err(|invalid| typed.wrong(&invalid.to_string()))
        .ok()
}
