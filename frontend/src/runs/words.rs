//! How states, failures, money and tokens are said.

use shared_types::model::{FailureReason, RunState};
use yew::prelude::*;

/// What a person reads.
pub fn state_label(state: RunState) -> &'static str {
    match state {
        RunState::Queued => "Queued",
        RunState::Running => "Running",
        RunState::AwaitingInput => "Asks",
        RunState::AwaitingReview => "In review",
        RunState::Accepted => "Accepted",
        RunState::Rejected => "Rejected",
        RunState::Failed => "Failed",
        RunState::Cancelled => "Cancelled",
    }
}

/// The state as a chip: each has its mark, so that it can be told without its colour.
pub fn state_chip(state: RunState) -> Html {
    let mark = match state {
        RunState::Queued => "○",
        RunState::Running => "●",
        RunState::AwaitingInput => "?",
        RunState::AwaitingReview => "◐",
        RunState::Accepted => "✓",
        RunState::Rejected => "↩",
        RunState::Failed => "!",
        RunState::Cancelled => "✕",
    };
    html! {
        <span class={classes!("run-state", state.as_str())}><span aria-hidden="true">{ mark }</span>{ state_label(state) }</span>
    }
}

/// What failed, and what to do about it.
pub fn failure(reason: FailureReason) -> (&'static str, &'static str) {
    match reason {
        FailureReason::ProviderUnauthorized => (
            "The provider does not take the key",
            "Give it another key, then try again.",
        ),
        FailureReason::ProviderRateLimited => (
            "The provider has had enough of us",
            "Wait a little and try again, or ask the provider for more.",
        ),
        FailureReason::ProviderUnavailable => (
            "The provider can’t be reached, or fails",
            "Look at its status and try again later.",
        ),
        FailureReason::ContextTooLong => (
            "The task is longer than the model takes",
            "Shorten it and what belongs to it, or choose another model in the member’s profile.",
        ),
        FailureReason::BudgetExceeded => (
            "A budget, or this run’s own limit, is used up",
            "Raise it, then try again.",
        ),
        FailureReason::LeaseLost => (
            "Nothing was heard of its worker for a minute",
            "Another attempt is queued by itself, until the third in a row.",
        ),
        FailureReason::Stalled => ("The provider sent nothing for two minutes", "Try again."),
        FailureReason::InvalidOutput => (
            "The model does not say what can be used",
            "Choose another model, or change the member’s instructions.",
        ),
        FailureReason::ToolFailed => (
            "A tool could not be used",
            "The log says which and why; try again when that is gone.",
        ),
        FailureReason::CircuitOpen => (
            "It failed three times in a row",
            "See why in the attempts, then try again.",
        ),
        FailureReason::Internal => (
            "A limit of turns or time, or a defect",
            "The log says which. Raise the limit in the member’s profile, or try again.",
        ),
    }
}

/// Micro-dollars as dollars: with as many decimals as there is something to see in.
pub fn money(micros: u64) -> String {
    // In whole numbers: what writes floats would come with the first file of the page.
    let (unit, decimals) = match micros {
        0 => return "$0".into(),
        1..10_000 => (100, 4),
        _ => (10_000, 2),
    };
    let per_dollar = 1_000_000 / unit;
    let units = (micros + unit / 2) / unit;
    let (dollars, rest) = (units / per_dollar, units % per_dollar);
    format!("${dollars}.{rest:0decimals$}")
}

/// Dollars as typed, in micro-dollars.
pub fn micros(text: &str) -> Result<Option<u64>, &'static str> {
    const MOST: f64 = 1_000_000_000.0;
    let text = text.trim().trim_start_matches('$').trim();
    if text.is_empty() {
        return Ok(None);
    }
    let dollars = text.parse::<f64>().ok();
    let dollars = dollars.filter(|dollars| (0.0..=MOST).contains(dollars));
    let dollars =
        dollars.ok_or("must be an amount in dollars, such as 12.50, or empty for no limit")?;
    Ok(Some((dollars * 1_000_000.0).round() as u64))
}

/// Micro-dollars as they are typed.
pub fn typed_dollars(micros: Option<u64>) -> String {
    let text = micros.map(|micros| format!("{:.6}", micros as f64 / 1_000_000.0));
    let text = text.unwrap_or_default();
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}

/// A number with its thousands apart.
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut apart = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            apart.push(',');
        }
        apart.push(digit);
    }
    apart
}
