//! Runs as lines of a list: the attempts of an item, what a member or a team works on.

use std::{rc::Rc, sync::Arc};

use serde::Deserialize;
use shared_types::{
    event::EventBody,
    model::{Entity, Run, RunLine, RunState},
    topic::Topic,
    value::{MemberId, RunId, TeamId, Timestamp},
};
use yew::prelude::*;
use yew_router::prelude::*;

use super::words::{count, money, state_chip};
use crate::{
    components::{
        avatar::Avatar,
        empty::nothing,
        pages::use_pages,
        time::RelativeTime,
        work::people::{People, use_people},
    },
    routes::Route,
    store::{use_lines, use_select},
};

/// All attempts at an item, the newest first; `current` is the one that is looked at.
pub fn attempts_section(runs: &[Arc<Run>], current: RunId) -> Html {
    html! {
        <section class="section" aria-label="Attempts">
            <div class="section-header"><h2>{ "Attempts" }</h2><span class="count">{ runs.len() }</span></div>
            { attempts(runs, Some(current)) }
        </section>
    }
}

/// The same as a list alone.
pub fn attempts(runs: &[Arc<Run>], current: Option<RunId>) -> Html {
    let rows = runs.iter().map(|run| {
        let id = run.id();
        html! {
            <li key={id.to_string()}>
                <Link<Route> classes={classes!("item-row", (current == Some(id)).then_some("is-here"))} to={Route::run(&id)}>
                    { state_chip(run.state) }
                    <span class="item-row-title">{ format!("Attempt {}", run.attempt) }</span>
                    <span class="item-row-state">{ money(run.cost) }</span>
                    <span class="item-row-state"><RelativeTime at={run.stamp.created_at} /></span>
                </Link<Route>>
            </li>
        }
    });
    html! { <ul class="item-list">{ for rows }</ul> }
}

/// Properties of [`OfMember`].
#[derive(Properties, PartialEq)]
pub struct OfMemberProps {
    pub id: MemberId,
}

/// A run of a member, as the server lists it.
#[derive(Deserialize)]
struct PastRun {
    id: RunId,
    state: RunState,
    attempt: u32,
    cost: u64,
    updated_at: Timestamp,
    key: Option<String>,
    title: Option<String>,
}

fn past_row(run: &PastRun) -> Html {
    html! {
        <li key={run.id.to_string()}>
            <Link<Route> classes="item-row" to={Route::run(&run.id)}>
                { state_chip(run.state) }
                <span class="item-key">{ run.key.clone() }</span>
                <span class="item-row-title">{ run.title.clone() }</span>
                if run.attempt > 1 {
                    <span class="item-row-state wide-only">{ format!("Attempt {}", run.attempt) }</span>
                }
                <span class="item-row-state wide-only">{ money(run.cost) }</span>
                <span class="item-row-state wide-only"><RelativeTime at={run.updated_at} /></span>
            </Link<Route>>
        </li>
    }
}

/// What an AI member does right now, what it did before, and what all of it has cost.
#[component]
pub fn OfMember(props: &OfMemberProps) -> Html {
    let id = props.id;
    let lines = use_lines();
    let people = use_people();
    let rollup = use_select(move |state| state.rollup(Topic::Member(id)));
    let own: Vec<&RunLine> = lines.iter().filter(|line| line.member == id).collect();
    let news = use_select(move |state| {
        let is_news = |body: &EventBody| match body {
            EventBody::RunCreated { run } => run.member == id,
            EventBody::RunUpdated { run, changed } => {
                run.member == id && changed.iter().any(|field| field == "state")
            }
            _ => false,
        };
        let latest = state.recent().find(|event| is_news(&event.body));
        latest.map(|event| event.seq)
    });
    let past = use_pages::<PastRun>(&format!("/members/{id}/runs"), *news);
    let over = past.entries().iter().filter(|run| !run.state.is_live());
    let rows: Vec<Html> = over.map(|run| past_row(run)).collect();
    let more = if past.has_more() { "+" } else { "" };
    html! {
        <div class="stack runs-of">
            <dl class="figures">
                { figure("Runs under way", rollup.runs.to_string()) }
                { figure("Tokens", count(rollup.tokens)) }
                { figure("Cost", money(rollup.cost)) }
            </dl>
            { under_way(&own, &people) }
            <section class="section" aria-label="Done before">
                <div class="section-header"><h2>{ "Done before" }</h2><span class="count">{ rows.len() }{ more }</span></div>
                { past.draw("", "Its runs are listed here once they are over.", rows) }
            </section>
        </div>
    }
}

fn figure(label: &'static str, value: String) -> Html {
    html! { <div class="figure"><dd class="figure-value">{ value }</dd><dt class="figure-label">{ label }</dt></div> }
}

/// Properties of [`OfTeam`].
#[derive(Properties, PartialEq)]
pub struct OfTeamProps {
    pub id: TeamId,
}

/// What the AI members of a team do right now, wherever.
#[component]
pub fn OfTeam(props: &OfTeamProps) -> Html {
    let id = props.id;
    let lines = use_lines();
    let people = use_people();
    let members = use_select(move |state| {
        let team = state.team(id);
        team.map(|team| team.members.clone()).unwrap_or_default()
    });
    let own: Vec<&RunLine> = lines
        .iter()
        .filter(|line| members.contains(&line.member))
        .collect();
    under_way(&own, &people)
}

fn under_way(lines: &[&RunLine], people: &Rc<People>) -> Html {
    let rows = lines.iter().map(|line| {
        html! {
            <li key={line.run.to_string()}>
                <Link<Route> classes="item-row run-row" to={Route::run(&line.run)}>
                    { for people.get(line.member).map(|member| html! { <Avatar member={member.clone()} /> }) }
                    { state_chip(line.state) }
                    <span class="item-key">{ line.key.to_string() }</span>
                    <span class="item-row-title">{ line.title.to_string() }</span>
                    <span class="run-line truncate">{ &line.line }</span>
                </Link<Route>>
            </li>
        }
    });
    html! {
        <section class="section" aria-label="Under way">
            <div class="section-header"><h2>{ "Under way" }</h2><span class="count">{ lines.len() }</span></div>
            if lines.is_empty() {
                { nothing("Nothing is under way. Assign a task in Todo to an AI member, and it begins.") }
            } else {
                <ul class="item-list">{ for rows }</ul>
            }
        </section>
    }
}
