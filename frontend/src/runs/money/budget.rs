//! What may be spent in one scope, and what is.

use serde_json::json;
use shared_types::state::Sight;
use yew::prelude::*;

use super::{
    alert,
    ask::{Budget, use_budgets},
};
use crate::{
    components::{
        call::use_call,
        form::{Typed, text_field, use_typed},
        icon::{Icon, icon},
    },
    runs::words::{micros, money, typed_dollars},
    store::{Action, use_may},
};

/// Properties of [`BudgetOf`].
#[derive(Properties, PartialEq)]
pub struct BudgetOfProps {
    pub scope: Sight,
}

/// The budget with its bars; who may sets it.
#[component]
pub fn BudgetOf(props: &BudgetOfProps) -> Html {
    let scope = props.scope;
    let may = use_may(Action::ManageAgents);
    let editing = use_state(|| false);
    let budgets = use_budgets();
    let all = match &budgets.found {
        Some(Ok(all)) => all.as_slice(),
        _ => &[],
    };
    let budget = all.iter().find(|budget| budget.scope == scope).cloned();
    let set_editing = |is_editing: bool| {
        let editing = editing.clone();
        Callback::from(move |()| editing.set(is_editing))
    };
    let on_done = {
        let (close, ask) = (set_editing(false), budgets.ask.clone());
        Callback::from(move |()| {
            close.emit(());
            ask.emit(());
        })
    };
    html! {
        <section class="section" aria-label="Budget">
            <div class="section-header">
                <h2>{ "Budget" }</h2>
                { for budget.as_ref().map(|budget| alert(budget.alert)) }
                if may && !*editing && budgets.found.is_some() {
                    <button type="button" class="button button-small" onclick={set_editing(true).reform(|_: MouseEvent| ())}>
                        { icon(Icon::Edit) }{ if budget.is_some() { "Change" } else { "Set a budget" } }
                    </button>
                }
            </div>
            if *editing {
                <Form {scope} budget={budget.clone()} {on_done} on_cancel={set_editing(false)} />
            } else {
                { match &budget {
                    Some(budget) => html! {
                        <>
                            { used("Today (UTC)", budget.today(), budget.day) }
                            { used("In all", budget.spent.total, budget.total) }
                            if budget.reserved > 0 {
                                <p class="field-hint">{ format!("{} is put aside for calls under way.", money(budget.reserved)) }</p>
                            }
                        </>
                    },
                    None if scope == Sight::Organization => html! { <p class="muted">{ "No limit is set." }</p> },
                    None => html! { <p class="muted">{ "No limit is set here; that of the organization holds." }</p> },
                } }
            }
        </section>
    }
}

/// How much of a limit is used, as a bar with its numbers.
fn used(what: &'static str, spent: u64, limit: Option<u64>) -> Html {
    let Some(limit) = limit else {
        return html! { <p class="budget-line"><span>{ what }</span><span class="muted">{ format!("{}, no limit", money(spent)) }</span></p> };
    };
    let percent = u128::from(spent) * 100 / u128::from(limit.max(1));
    let level = match percent {
        0..80 => "fine",
        80..100 => "warning",
        _ => "exhausted",
    };
    let words = format!("{} of {}", money(spent), money(limit));
    html! {
        <div class="budget-line">
            <span>{ what }</span>
            <span class="progress-bar" role="img" aria-label={format!("{what}: {words}")}>
                <span class="budget-used" data-level={level} style={format!("flex-basis:{}%", percent.min(100))}></span>
            </span>
            <span class="muted">{ words }</span>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct FormProps {
    scope: Sight,
    budget: Option<Budget>,
    on_done: Callback<()>,
    on_cancel: Callback<()>,
}

#[component]
fn Form(props: &FormProps) -> Html {
    let call = use_call();
    let now = props.budget.as_ref();
    let day = use_typed(typed_dollars(now.and_then(|budget| budget.day)));
    let total = use_typed(typed_dollars(now.and_then(|budget| budget.total)));
    let onsubmit = {
        let (call, day, total) = (call.clone(), day.clone(), total.clone());
        let (scope, on_done) = (props.scope, props.on_done.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let (Some(day), Some(total)) = (amount(&day), amount(&total)) else {
                return;
            };
            let body = json!({ "scope": scope, "day": day, "total": total });
            let on_done = on_done.clone();
            call.send("PUT", "/budgets", Some(body.to_string()), move |_| {
                on_done.emit(())
            });
        })
    };
    html! {
        <form class="stack" {onsubmit}>
            <div class="form-grid">
                { text_field("budget-day", "Dollars a day", "Counted by UTC. Empty: no limit.", &day, true) }
                { text_field("budget-total", "Dollars in all", "Empty: no limit.", &total, false) }
            </div>
            { call.why() }
            <div class="row">
                { call.button("Set the budget") }
                <button type="button" class="button" onclick={props.on_cancel.reform(|_: MouseEvent| ())}>{ "Cancel" }</button>
            </div>
        </form>
    }
}

/// What is typed, in micro-dollars; what is wrong with it is shown at the field.
fn amount(typed: &Typed) -> Option<Option<u64>> {
    micros(typed.text()).map_err(|why| typed.wrong(why)).ok()
}
