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

use self::{
    compare::Change,
    gather::{Gathered, PAGES, gather},
};
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

type Found = Result<Rc<Gathered>, String>;

/// Asked for when the run or its item has changed.
#[component]
pub fn Changes(props: &ChangesProps) -> Html {
    let store = use_store();
    let found = use_state(|| None::<Found>);
    let pages = use_state(|| PAGES);
    let (run, item) = (props.run.id(), props.item.clone());
    let depth = *pages;
    let looking = use_state(|| false);
    let versions = (
        depth,
        props.run.version(),
        props.item.version(),
        props.item.comments,
    );
    use_effect_with(versions, {
        let (found, looking) = (found.setter(), looking.setter());
        move |_| {
            let timer = Timeout::new(PAUSE_MS, move || {
                spawn_local(async move {
                    let changes = gather(run, &item, depth).await;
                    found.set(Some(
                        changes.map(Rc::new).map_err(|failure| failure.message()),
                    ));
                    looking.set(false);
                });
            });
            move || drop(timer)
        }
    });
    let shown = match &*found {
        None => html! { <p class="muted">{ "Looking…" }</p> },
        Some(Err(why)) => html! { <p class="field-error" role="alert">{ why }</p> },
        Some(Ok(found)) if found.changes.is_empty() && !found.is_cut => {
            html! { <p class="muted">{ "Nothing on the board so far." }</p> }
        }
        Some(Ok(found)) => {
            html! { <ul class="changes">{ for found.changes.iter().map(|change| line(&store, change)) }</ul> }
        }
    };
    let is_cut = matches!(&*found, Some(Ok(found)) if found.is_cut);
    let further = {
        let looking = looking.clone();
        Callback::from(move |_: MouseEvent| {
            looking.set(true);
            pages.set(depth * 4);
        })
    };
    html! {
        <section class="section" aria-label="What it changed">
            <div class="section-header"><h2>{ "What it changed" }</h2></div>
            { shown }
            if is_cut {
                <p class="field-hint" role="status">
                    { "Much has happened since, and not all of it was looked through: some of what it changed may be missing. " }
                    <button type="button" class="button" disabled={*looking} onclick={further}>{ "Look further back" }</button>
                </p>
            }
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
