//! In an opened item: what AI members have done about it, what waits for a person, and what can be asked of them.

use std::sync::Arc;

use shared_types::{
    model::{Entity, Item, ItemKind, Member, MemberKind, Run, RunKind, RunState},
    value::ItemId,
};
use yew::prelude::*;
use yew_router::prelude::*;

use super::{
    list::attempts,
    plan::Proposals,
    run::{Ask, Review},
};
use crate::{
    components::{
        avatar::Avatar,
        icon::{Icon, icon},
        menu::{Choice, chosen_first},
        picker::Picker,
        work::field::member_hint,
    },
    routes::Route,
    store::{Action, use_lines, use_may, use_select, use_store},
};

/// Properties of [`OfItem`].
#[derive(Properties, PartialEq)]
pub struct OfItemProps {
    pub id: ItemId,
}

#[derive(PartialEq)]
struct Known {
    item: Arc<Item>,
    runs: Vec<Arc<Run>>,
    agents: Vec<Arc<Member>>,
}

/// See the module; nothing where no AI member has to do with it.
#[component]
pub fn OfItem(props: &OfItemProps) -> Html {
    let id = props.id;
    let may = use_may(Action::Work);
    let lines = use_lines();
    let known = use_select(move |state| {
        let item = state.item(id)?.clone();
        // A team's task is done by the team; whoever plans something is not assigned to it.
        let team = item.team.filter(|_| item.kind == ItemKind::Task);
        let team = team.and_then(|team| state.team(team));
        let fits = |member: &&Arc<Member>| {
            let is_in_team = team.is_none_or(|team| team.members.contains(&member.id()));
            member.kind == MemberKind::Agent && is_in_team
        };
        Some(Known {
            agents: state.members().filter(fits).cloned().collect(),
            runs: state.runs_of(id),
            item,
        })
    });
    let Some(Known { item, runs, agents }) = &*known else {
        return Html::default();
    };
    let latest = runs.first();
    let is_live = latest.is_some_and(|run| run.state.is_live());
    let may_start = may && !is_live && !item.status.is_over() && !agents.is_empty();
    if runs.is_empty() && !may_start {
        return Html::default();
    }
    let line = lines.iter().find(|line| line.item == id);
    let plan = runs
        .iter()
        .find(|run| run.kind == RunKind::Plan && !run.proposals.is_empty());
    html! {
        <section class="section" aria-label="AI work">
            <div class="section-header">
                <h2>{ "AI work" }</h2>
                if may_start {
                    <Start item={item.clone()} agents={agents.clone()} />
                }
            </div>
            if let Some(line) = line {
                <Link<Route> classes={classes!("run-now", line.state.as_str())} to={Route::run(&line.run)}>
                    { icon(Icon::Activity) }
                    <span class="grow">{ &line.line }</span>
                    { icon(Icon::Chevron) }
                </Link<Route>>
            }
            { for latest.filter(|run| run.state == RunState::AwaitingInput).map(|run| html! { <Ask run={run.clone()} /> }) }
            if let Some(plan) = plan {
                <Proposals run={plan.clone()} />
            }
            { for latest.filter(|run| may && run.state == RunState::AwaitingReview).map(|run| html! { <Review run={run.clone()} /> }) }
            if runs.is_empty() {
                <p class="muted">{ match item.kind {
                    ItemKind::Task => "No AI member has worked on it. One begins when it is assigned and the task is in Todo.",
                    ItemKind::Epic | ItemKind::Feature => "An AI member can propose what it needs; you accept what you like.",
                } }</p>
            } else {
                { attempts(runs, None) }
            }
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct StartProps {
    item: Arc<Item>,
    agents: Vec<Arc<Member>>,
}

/// Asks an AI member to do it, or to plan it: those it is assigned to come first.
#[component]
fn Start(props: &StartProps) -> Html {
    let store = use_store();
    let id = props.item.id();
    let path = format!("/items/{id}/runs");
    let is_sending = *use_select(move |state| state.is_sending_to(&path));
    if is_sending {
        return html! { <span class="muted" role="status">{ "Asking…" }</span> };
    }
    let choices = props.agents.iter().map(|member| {
        Choice::new(member.id().to_string(), member.name.to_string())
            .icon(html! { <Avatar member={member.clone()} /> })
            .hint(member_hint(member))
            .chosen(props.item.assignees.contains(&member.id()))
    });
    let choices = chosen_first(choices.collect());
    let on_choose = Callback::from(move |value: AttrValue| {
        if let Ok(member) = value.parse() {
            store.start_run(id, member);
        }
    });
    let words = match props.item.kind {
        ItemKind::Task => "Ask an AI member to do this",
        ItemKind::Epic | ItemKind::Feature => "Ask an AI member to plan this",
    };
    html! {
        <Picker label={words} class="button button-small" {choices} {on_choose}>{ icon(Icon::Plus) }{ words }</Picker>
    }
}
