//! An item's title and description.

use std::sync::Arc;

use shared_types::{
    command::{ItemPatch, Patch},
    model::{Entity, Item},
    value::Body,
};
use yew::prelude::*;

use crate::{
    components::{inline_text::InlineText, skeleton::skeleton_rows, text_block::TextBlock},
    store::{use_select, use_store},
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

/// The description.
#[component]
pub fn Description(props: &TextProps) -> Html {
    let store = use_store();
    let id = props.item.id();
    let is_live = *use_select(|state| state.live().is_live());
    let Some(description) = &props.item.description else {
        return match is_live {
            true => skeleton_rows(3),
            false => html! {
                <p class="muted" role="status">
                    { "Description, acceptance and comments are loaded when the server can be reached again." }
                </p>
            },
        };
    };
    let on_save = Callback::from(move |description: Body| {
        let description = Patch::Set(description);
        store.update_item(
            id,
            ItemPatch {
                description,
                ..ItemPatch::default()
            },
        );
    });
    html! {
        <TextBlock place={format!("description {id}")} label="Description" value={description.to_string()} add="Add a description"
            placeholder="What is it about, and why? Markdown." {on_save} />
    }
}
