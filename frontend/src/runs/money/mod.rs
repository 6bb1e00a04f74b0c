//! Budgets, and the switch that stops all AI members.

mod ask;
mod budget;

use shared_types::{
    model::{Alert, RunState},
    state::Sight,
};
use yew::prelude::*;

use self::ask::use_budgets;
pub use self::budget::BudgetOf;
use super::words::money;
use crate::{
    components::{
        empty::{nothing, notice},
        icon::{Icon, icon},
        skeleton::skeleton_rows,
    },
    store::{use_lines, use_select, use_store},
};

/// For those who look after AI members: whether they work, and what all of it may cost.
#[component]
pub fn Agents() -> Html {
    html! {
        <div class="account">
            <Switch />
            <BudgetOf scope={Sight::Organization} />
            <All />
        </div>
    }
}

/// Stops all of them, or lets them work again.
#[component]
fn Switch() -> Html {
    let store = use_store();
    let lines = use_lines();
    let are_stopped =
        *use_select(|state| state.organization().is_some_and(|all| all.agents_stopped));
    let running = lines
        .iter()
        .filter(|line| line.state == RunState::Running)
        .count();
    let turn = Callback::from(move |_: MouseEvent| store.switch_agents(are_stopped));
    let (what, action) = match are_stopped {
        true => (
            "They are stopped. What they were at is queued, and nobody can claim it.".to_owned(),
            "Let AI members work",
        ),
        false => (
            format!(
                "They work: {running} now. Stopping them puts what they are at back into the queue."
            ),
            "Stop all AI members",
        ),
    };
    let class = if are_stopped {
        "button button-primary"
    } else {
        "button button-danger"
    };
    html! {
        <section class="section" aria-label="Switch">
            <div class="section-header"><h2>{ "AI members" }</h2></div>
            if are_stopped {
                { notice(false, html! { "All AI members are stopped." }, Html::default()) }
            }
            <p role="status">{ what }</p>
            <div class="row"><button type="button" {class} onclick={turn}>{ icon(Icon::Activity) }{ action }</button></div>
        </section>
    }
}

/// Every budget that was set, with how far it is used up.
#[component]
fn All() -> Html {
    let budgets = use_budgets();
    let names = use_select(|state| {
        let projects = state.projects().map(|project| {
            (
                Sight::Project(project.stamp.id),
                format!("Project {}", project.name),
            )
        });
        let members = state
            .members()
            .map(|member| (Sight::Member(member.stamp.id), member.name.to_string()));
        projects.chain(members).collect::<Vec<_>>()
    });
    let name = |scope: Sight| {
        let found = names.iter().find(|(one, _)| *one == scope);
        found.map_or_else(|| "The organization".to_owned(), |(_, name)| name.clone())
    };
    let shown = match &budgets.found {
        None => skeleton_rows(2),
        Some(Err(why)) => html! { <p class="field-error" role="alert">{ why }</p> },
        Some(Ok(all)) if all.is_empty() => {
            nothing("No budget was set. Those of projects and members are set on their own pages.")
        }
        Some(Ok(all)) => {
            let rows = all.iter().map(|budget| {
                let of = |what: &str, spent: u64, limit: Option<u64>| {
                    limit.map(|limit| format!("{what} {} of {}", money(spent), money(limit)))
                };
                let day = of("today", budget.today(), budget.day);
                let total = of("in all", budget.spent.total, budget.total);
                let used: Vec<String> = day.into_iter().chain(total).collect();
                html! {
                    <li key={budget.scope.to_string()} class="item-row">
                        <span class="grow truncate">{ name(budget.scope) }</span>
                        { alert(budget.alert) }
                        <span class="item-row-state">{ used.join(", ") }</span>
                    </li>
                }
            });
            html! { <ul class="item-list">{ for rows }</ul> }
        }
    };
    html! {
        <section class="section" aria-label="All budgets">
            <div class="section-header"><h2>{ "All budgets" }</h2></div>
            { shown }
        </section>
    }
}

/// How far a budget is used up, as a chip; nothing while there is enough.
fn alert(alert: Alert) -> Html {
    match alert {
        Alert::None => Html::default(),
        Alert::Warning => {
            html! { <span class="run-state failed"><span aria-hidden="true">{ "!" }</span>{ "Four fifths used" }</span> }
        }
        Alert::Exhausted => {
            html! { <span class="run-state failed"><span aria-hidden="true">{ "✕" }</span>{ "Used up" }</span> }
        }
    }
}
