//! Who did what, when and from where.

use std::{rc::Rc, sync::Arc};

use serde::Deserialize;
use serde_json::Value;
use shared_types::{
    event::{Actor, ActorKind},
    model::Member,
    value::Timestamp,
};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::{export::Export, list::Page};
use crate::{
    components::{empty::nothing, skeleton::skeleton_rows, time::in_full},
    net::rest,
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

/// All that was asked for so far, and where it goes on.
#[derive(Clone, Default, PartialEq)]
struct Read {
    entries: Vec<Rc<Entry>>,
    next: Option<String>,
    is_busy: bool,
    why: Option<String>,
}

/// The entries, newest first, and more of them when they are asked for.
#[component]
pub fn Audit() -> Html {
    let read = use_state(Read::default);
    let more = {
        let read = read.clone();
        Callback::from(move |()| {
            let (mut now, setter) = ((*read).clone(), read.setter());
            if now.is_busy {
                return;
            }
            setter.set(Read {
                is_busy: true,
                ..now.clone()
            });
            spawn_local(async move {
                let mut path = "/audit?limit=50".to_owned();
                if let Some(next) = &now.next {
                    path = format!("{path}&page={}", rest::encode(next));
                }
                match rest::get::<Page<Entry>>(&path).await {
                    Ok(page) => {
                        now.entries.extend(page.items.into_iter().map(Rc::new));
                        now.next = page.next;
                        now.why = None;
                    }
                    Err(failure) => now.why = Some(failure.message()),
                }
                setter.set(now);
            });
        })
    };
    {
        let more = more.clone();
        use_effect_with((), move |()| more.emit(()));
    }
    let names = {
        let entries = read.entries.clone();
        use_select(move |state| {
            let names = entries.iter().map(|entry| name(state, &entry.actor));
            names.collect::<Vec<_>>()
        })
    };
    let known = read.entries.iter().zip(names.iter()).enumerate();
    let rows = known.map(|(index, (entry, name))| row(index, entry, name));
    let is_first = read.entries.is_empty();
    html! {
        <section class="section" aria-label="Audit">
            <div class="section-header"><h2>{ "Audit" }</h2><Export /></div>
            <p class="field-hint">{ "Everything that anybody did, newest first. Secrets are never in it." }</p>
            if let Some(why) = &read.why {
                <p class="notice notice-bad" role="alert">{ why }</p>
            }
            if is_first && read.is_busy {
                { skeleton_rows(8) }
            } else if is_first {
                { nothing("Nothing was done yet.") }
            } else {
                <ul class="item-list entries">{ for rows }</ul>
            }
            if read.next.is_some() {
                <div class="row">
                    <button type="button" class="button" disabled={read.is_busy} onclick={more.reform(|_: MouseEvent| ())}>
                        { "Show earlier ones" }
                    </button>
                </div>
            }
        </section>
    }
}

fn row(index: usize, entry: &Entry, name: &str) -> Html {
    let from = entry.from.as_deref().unwrap_or("the server itself");
    let data = serde_json::to_string_pretty(&entry.data).unwrap_or_default();
    html! {
        <li key={index} class="entry audit-entry">
            <details class="grow">
                <summary>
                    <strong>{ name }</strong>{ " " }<code>{ &entry.action }</code>
                    <span class="stamp">{ format!(" {} from {from}", in_full(entry.at)) }</span>
                </summary>
                <p class="stamp">{ format!("Request {}", entry.request_id) }</p>
                <pre class="example" tabindex="0"><code>{ data }</code></pre>
            </details>
        </li>
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
