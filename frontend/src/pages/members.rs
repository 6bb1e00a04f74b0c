//! All members: people and AI.

mod create;

use std::sync::Arc;

use shared_types::{
    model::{Entity, Member, MemberKind, Rollup, RunLine},
    topic::Topic,
};
use yew::prelude::*;
use yew_router::{prelude::*, query::Raw};

use self::create::{CreateMember, new_member};
use crate::{
    components::{
        avatar::{Avatar, Size, ai_badge},
        empty::nothing,
        form::use_reopen,
        icon::{Icon, icon},
        order::ordered,
        run_line::run_line,
        search_field::{SearchField, sought},
        skeleton::skeleton_cards,
    },
    keys::{create_if, use_keys},
    letters::lower,
    routes::{Route, use_query},
    store::{Action, use_lines, use_may, use_select},
};

/// The page.
#[component]
pub fn Members() -> Html {
    let creating = use_state(|| None::<MemberKind>);
    let may = use_may(Action::ManageMembers);
    let may_invite = use_may(Action::Invite);
    let navigator = use_navigator();
    let sought = sought(&use_query());
    let lines = use_lines();
    let members = use_select(|state| {
        state.organization()?;
        let known =
            |member: &Arc<Member>| (member.clone(), state.rollup(Topic::Member(member.id())));
        let members: Vec<_> = state.members().map(known).collect();
        Some(ordered(members, |(member, _)| lower(&member.name)))
    });
    {
        let creating = creating.clone();
        use_keys(create_if(may), move |_| {
            let takes = creating.is_none();
            if takes {
                creating.set(Some(MemberKind::Human));
            }
            takes
        });
    }
    let reopen = |kind: MemberKind| {
        let creating = creating.clone();
        move || {
            if creating.is_none() {
                creating.set(Some(kind));
            }
        }
    };
    use_reopen(new_member(MemberKind::Human), reopen(MemberKind::Human));
    use_reopen(new_member(MemberKind::Agent), reopen(MemberKind::Agent));
    let create = |kind: MemberKind| {
        let creating = creating.clone();
        Callback::from(move |_: MouseEvent| creating.set(Some(kind)))
    };
    let close = {
        let creating = creating.clone();
        Callback::from(move |()| creating.set(None))
    };
    let invite = Callback::from(move |_: MouseEvent| {
        if let Some(navigator) = &navigator {
            let Ok(()) = navigator.push_with_query(&Route::Account, Raw("tab=people"));
        }
    });
    let section = |title: &'static str, kind: MemberKind, none: &'static str| {
        let Some(members) = &*members else {
            return skeleton_cards(4);
        };
        let fits = |member: &Member| {
            member.kind == kind
                && [&*member.name, &*member.title]
                    .iter()
                    .any(|text| lower(text).contains(&sought))
        };
        let members: Vec<_> = members.iter().filter(|(member, _)| fits(member)).collect();
        let cards = members.iter().map(|(member, rollup)| html! { <li key={member.id().to_string()}>{ card(member, rollup, &lines) }</li> });
        html! {
            <section class="section" aria-label={title}>
                <div class="section-header">
                    <h2>{ title }</h2>
                    <span class="count">{ members.len() }</span>
                </div>
                if members.is_empty() {
                    { nothing(if sought.is_empty() { none } else { "Nobody here fits the filter." }) }
                } else {
                    <ul class="grid">{ for cards }</ul>
                }
            </section>
        }
    };
    html! {
        <div class="page">
            <header class="page-header">
                <div class="page-heading"><h1>{ "Members" }</h1></div>
                <div class="page-actions">
                    if may_invite {
                        <button type="button" class="button" onclick={invite} title="Let somebody sign in">{ icon(Icon::Link) }{ "Invite" }</button>
                    }
                    if may {
                        <button type="button" class="button" onclick={create(MemberKind::Agent)}>{ icon(Icon::Plus) }{ "AI member" }</button>
                        <button type="button" class="button button-primary" onclick={create(MemberKind::Human)} title="Add a person (C)">
                            { icon(Icon::Plus) }{ "Person" }
                        </button>
                    }
                </div>
            </header>
            <div class="toolbar" role="search" aria-label="Filter"><SearchField label="Filter by name or title" /></div>
            <div class="page-body stack" style="gap:var(--s6)">
                { section("AI members", MemberKind::Agent, "No AI members yet. One is assigned tasks like anybody else.") }
                { section("People", MemberKind::Human, "No people yet.") }
            </div>
            if let Some(kind) = *creating {
                <CreateMember {kind} on_close={close} />
            }
        </div>
    }
}

fn card(member: &Arc<Member>, rollup: &Rollup, lines: &[RunLine]) -> Html {
    let tasks = rollup.tasks;
    let open = tasks.total() - tasks.done;
    let busy = match (tasks.in_progress, open) {
        (0, 0) => "Nothing assigned".to_owned(),
        (0, open) => format!("{open} open"),
        (active, open) => format!("{active} in progress, {open} open"),
    };
    let working = member.kind == MemberKind::Agent && tasks.in_progress > 0;
    let own = lines.iter().filter(|line| line.member == member.id());
    html! {
        <article class="member-card">
            <Avatar member={member.clone()} size={Size::Large} {working} />
            <div class="grow">
                <h3>
                    <Link<Route> classes="truncate" to={Route::member(&member.slug)}>{ member.name.to_string() }</Link<Route>>
                    { ai_badge(member) }
                </h3>
                <p class="muted truncate">{ if member.title.is_empty() { "No title" } else { &member.title } }</p>
                <p class="stamp">{ busy }</p>
                { for own.take(2).map(run_line) }
            </div>
        </article>
    }
}
