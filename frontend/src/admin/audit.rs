//! Who did what, when and from where.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::Value;
use shared_types::{
    event::{Actor, ActorKind},
    model::Member,
    value::Timestamp,
};
use yew::prelude::*;

use super::{
    export::Export,
    words::{a_role, role_named},
};
use crate::{
    components::{pages::use_pages, time::in_full},
    store::{State, use_select},
};

/// One thing that somebody did.
#[derive(Deserialize, PartialEq)]
pub struct Entry {
    at: Timestamp,
    actor: Actor,
    action: String,
    from: Option<String>,
    request_id: String,
    data: Value,
}

/// The entries, newest first, and more of them when they are asked for.
#[component]
pub fn Audit() -> Html {
    let read = use_pages::<Entry>("/audit", ());
    let names = {
        let entries = read.entries().to_vec();
        use_select(move |state| {
            let names = entries
                .iter()
                .map(|entry| (name(state, &entry.actor), about(state, entry)));
            names.collect::<Vec<_>>()
        })
    };
    let known = read.entries().iter().zip(names.iter()).enumerate();
    let rows = known.map(|(index, (entry, (name, about)))| row(index, entry, name, about));
    html! {
        <section class="section" aria-label="Audit">
            <div class="section-header"><h2>{ "Audit" }</h2><Export /></div>
            <p class="field-hint">{ "Everything that anybody did, newest first. Secrets are never in it." }</p>
            { read.draw("entries", "Nothing was done yet.", rows.collect()) }
        </section>
    }
}

fn row(index: usize, entry: &Entry, name: &str, about: &str) -> Html {
    let from = entry.from.as_deref().unwrap_or("the server itself");
    let data = serde_json::to_string_pretty(&entry.data).unwrap_or_default();
    html! {
        <li key={index} class="entry audit-entry">
            <details class="grow">
                <summary>
                    <strong>{ name }</strong>{ " " }<code>{ &entry.action }</code>{ " " }{ about }
                    <span class="stamp">{ format!(" {} from {from}", in_full(entry.at)) }</span>
                </summary>
                <p class="stamp">{ format!("Request {}", entry.request_id) }</p>
                <pre class="example" tabindex="0"><code>{ data }</code></pre>
            </details>
        </li>
    }
}

/// What it was done to, and what has become of it where that is access; empty where nothing has a name.
fn about(state: &State, entry: &Entry) -> String {
    let kind = entry.action.split('.').next().unwrap_or_default();
    let subject = &entry.data[kind];
    let text = |field: &str| subject[field].as_str().map(ToOwned::to_owned);
    let role = || text("role").and_then(|role| role_named(&role));
    let member = text("member")
        .and_then(|id| id.parse().ok())
        .and_then(|id| state.member(id));
    let name = member.map(|member| member.name.to_string());
    let name = name.or_else(|| text("name")).or_else(|| text("title"));
    let name = name.or_else(|| text("email")).unwrap_or_default();
    match (entry.action.as_str(), role()) {
        ("account.updated" | "account.created", Some(role)) => {
            format!("{name} is {} now", a_role(role))
        }
        ("invitation.created", Some(role)) => format!("{name}, as {}", a_role(role)),
        _ => name,
    }
}

/// What to call an actor, who may be gone.
fn name(state: &State, actor: &Actor) -> String {
    let member: Option<Arc<Member>> = actor
        .id
        .parse()
        .ok()
        .and_then(|id| state.member(id).cloned());
    match (member, actor.kind) {
        (Some(member), _) => member.name.to_string(),
        (None, ActorKind::Token) => format!("Token {}", actor.id),
        (None, ActorKind::System) => format!("The system ({})", actor.id),
        (None, _) => format!("Account {}", actor.id),
    }
}
