//! What a run has changed on the board, as a comparison of before and after.

mod compare;
mod gather;

use std::{rc::Rc, sync::Arc};

use gloo::timers::callback::Timeout;
use shared_types::{
    model::{Entity, Item, Run},
    value::MemberId,
};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use self::{compare::Change, gather::gather};
use crate::{
    components::{
        icon::{Icon, icon},
        markdown::plain,
        name::ItemLink,
    },
    store::{Store, use_store},
};

/// What comes at once is looked at once.
const PAUSE_MS: u32 = 400;

/// Properties of [`Changes`].
#[derive(Properties, PartialEq)]
pub struct ChangesProps {
    pub run: Arc<Run>,
    pub item: Arc<Item>,
}

type Found = Result<Rc<Vec<Change>>, String>;

/// Asked for when the run or its item has changed.
#[component]
pub fn Changes(props: &ChangesProps) -> Html {
    let store = use_store();
    let found = use_state(|| None::<Found>);
    let (run, item) = (props.run.id(), props.item.clone());
    let versions = (
        props.run.version(),
        props.item.version(),
        props.item.comments,
    );
    use_effect_with(versions, {
        let found = found.setter();
        move |_| {
            let timer = Timeout::new(PAUSE_MS, move || {
                spawn_local(async move {
                    let changes = gather(run, &item).await;
                    found.set(Some(
                        changes.map(Rc::new).map_err(|failure| failure.message()),
                    ));
                });
            });
            move || drop(timer)
        }
    });
    let shown = match &*found {
        None => html! { <p class="muted">{ "Looking…" }</p> },
        Some(Err(why)) => html! { <p class="field-error" role="alert">{ why }</p> },
        Some(Ok(changes)) if changes.is_empty() => {
            html! { <p class="muted">{ "Nothing on the board so far." }</p> }
        }
        Some(Ok(changes)) => {
            html! { <ul class="changes">{ for changes.iter().map(|change| line(&store, change)) }</ul> }
        }
    };
    html! {
        <section class="section" aria-label="What it changed">
            <div class="section-header"><h2>{ "What it changed" }</h2></div>
            { shown }
        </section>
    }
}

fn line(store: &Store, change: &Change) -> Html {
    match change {
        Change::Created(item) => html! {
            <li class="change">
                { icon(Icon::Plus) }
                <span>{ format!("Made {} ", item.kind) }<ItemLink item={item.clone()}>{ format!("{} {}", item.key, item.title) }</ItemLink></span>
            </li>
        },
        Change::Gone(item) => html! {
            <li class="change">{ icon(Icon::Trash) }<span>{ "Deleted " }<s>{ format!("{} {}", item.key, item.title) }</s></span></li>
        },
        Change::Commented(body) => html! {
            <li class="change">{ icon(Icon::Comment) }<span class="change-text">{ "Commented: " }{ plain(body.clone()) }</span></li>
        },
        Change::Ticked { text, done } => html! {
            <li class="change">
                { icon(if *done { Icon::Check } else { Icon::Close }) }
                <span>{ if *done { "Ticked: " } else { "Unticked: " } }{ text }</span>
            </li>
        },
        Change::Field {
            key,
            field,
            before,
            after,
        } => html! {
            <li class="change">
                { icon(Icon::Edit) }
                <span>
                    <span class="item-key">{ key }</span>{ format!(" {}: ", field.replace('_', " ")) }
                    <del>{ named(store, before) }</del>
                    <span class="sr-only">{ " became " }</span>{ " " }
                    <ins>{ named(store, after) }</ins>
                </span>
            </li>
        },
    }
}

/// A value as a person reads it: members by name.
fn named(store: &Store, value: &str) -> String {
    const MOST: usize = 160;
    let words = value
        .split(", ")
        .map(|word| match word.parse::<MemberId>() {
            Ok(id) => store.read(|state| state.member_name(id)),
            Err(_) => word.to_owned(),
        });
    let text = words.collect::<Vec<_>>().join(", ");
    match text.chars().count() > MOST {
        true => text.chars().take(MOST).chain(['…']).collect(),
        false => text,
    }
}
