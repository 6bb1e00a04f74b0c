//! An item's title and description.

use std::sync::Arc;

use shared_types::{
    command::{ItemPatch, Patch},
    model::{Entity, Item},
    value::Body,
};
use yew::prelude::*;

use crate::{
    components::{
        editor::Editor,
        icon::{Icon, icon},
        inline_text::InlineText,
        markdown::markdown,
        skeleton::skeleton_rows,
    },
    store::use_store,
};

/// Properties of [`Title`] and [`Description`].
#[derive(Properties, PartialEq)]
pub struct TextProps {
    pub item: Arc<Item>,
}

/// The title, edited where it stands.
#[component]
pub fn Title(props: &TextProps) -> Html {
    let store = use_store();
    let id = props.item.id();
    let check = Callback::from(|text: String| {
        text.parse::<shared_types::value::Title>()
            .err()
            .map(|invalid| invalid.to_string())
    });
    let on_change = Callback::from(move |text: String| {
        if let Ok(title) = text.parse() {
            store.update_item(
                id,
                ItemPatch {
                    title: Patch::Set(title),
                    ..ItemPatch::default()
                },
            );
        }
    });
    html! {
        <h1>
            <InlineText label="Title" class="item-title" value={props.item.title.to_string()} {check} {on_change} />
        </h1>
    }
}

/// The description: read, and rewritten.
#[component]
pub fn Description(props: &TextProps) -> Html {
    let store = use_store();
    let editing = use_state(|| false);
    let id = props.item.id();
    let Some(description) = &props.item.description else {
        return skeleton_rows(3);
    };
    if *editing {
        let on_save = {
            let editing = editing.clone();
            Callback::from(move |description: Body| {
                editing.set(false);
                store.update_item(
                    id,
                    ItemPatch {
                        description: Patch::Set(description),
                        ..ItemPatch::default()
                    },
                );
            })
        };
        let on_cancel = {
            let editing = editing.clone();
            Callback::from(move |()| editing.set(false))
        };
        return html! {
            <Editor label="Description" value={description.to_string()} action="Save" eager={true} may_be_empty={true}
                placeholder="What is it about, and why? Markdown." {on_save} {on_cancel} />
        };
    }
    let edit = {
        let editing = editing.clone();
        Callback::from(move |_: MouseEvent| editing.set(true))
    };
    if description.trim().is_empty() {
        return html! {
            <button type="button" class="inline-edit" data-empty="true" onclick={edit}>{ "Add a description" }</button>
        };
    }
    html! {
        <section class="section" aria-label="Description">
            { markdown(description) }
            <div class="row">
                <button type="button" class="button button-small button-quiet" onclick={edit}>
                    { icon(Icon::Edit) }{ "Edit description" }
                </button>
            </div>
        </section>
    }
}
