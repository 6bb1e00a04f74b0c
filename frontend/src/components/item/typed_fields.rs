//! The fields of an item whose values are typed: estimate and due day.

use std::sync::Arc;

use shared_types::{
    command::{ItemPatch, Patch},
    model::{Entity, Item},
    value::{Date, Estimate, Invalid},
};
use yew::prelude::*;

use crate::{
    components::{
        progress::points,
        time::day as day_words,
        value_input::{Kind, ValueInput},
    },
    store::use_store,
};

/// The first year that a day can be due in: of an earlier one, a year is only half typed.
const FIRST_YEAR: i16 = 1900;

/// Properties of [`EstimateField`] and [`DueField`].
#[derive(Properties, PartialEq)]
pub struct TypedFieldProps {
    pub item: Arc<Item>,
    /// Whether it may be changed.
    pub may: bool,
}

/// Points, with at most two decimals.
#[component]
pub fn EstimateField(props: &TypedFieldProps) -> Html {
    let store = use_store();
    let id = props.item.id();
    let value = props
        .item
        .estimate
        .map(|estimate| points(estimate.hundredths().into()));
    let check = Callback::from(|text: String| text.parse::<Estimate>().err());
    let on_change = Callback::from(move |text: String| {
        let estimate = Patch::Set(text.parse().ok());
        store.update_item(
            id,
            ItemPatch {
                estimate,
                ..ItemPatch::default()
            },
        );
    });
    if !props.may {
        return read(value.map(|points| format!("{points} pt")));
    }
    html! {
        <ValueInput id="item-estimate" kind={Kind::Number} value={value.unwrap_or_default()} placeholder="points" {check} {on_change} />
    }
}

/// A day.
#[component]
pub fn DueField(props: &TypedFieldProps) -> Html {
    let store = use_store();
    let id = props.item.id();
    let value = props.item.due.map(|due| due.to_string());
    let check = Callback::from(|text: String| day(&text).err());
    let on_change = Callback::from(move |text: String| {
        let due = Patch::Set(day(&text).ok());
        store.update_item(
            id,
            ItemPatch {
                due,
                ..ItemPatch::default()
            },
        );
    });
    if !props.may {
        return read(
            props
                .item
                .due
                .map(|due| format!("{} {}", day_words(due), due.year())),
        );
    }
    html! {
        <ValueInput id="item-due" kind={Kind::Day} value={value.unwrap_or_default()} {check} {on_change} />
    }
}

/// For one who may not change it: words, as the other fields are.
fn read(value: Option<String>) -> Html {
    match value {
        Some(value) => html! { <span class="picker-still">{ value }</span> },
        None => html! { <span class="picker-still muted">{ "None" }</span> },
    }
}

fn day(text: &str) -> Result<Date, Invalid> {
    let day: Date = text.parse()?;
    match day.year() {
        ..FIRST_YEAR => Err(Invalid(format!(
            "must be a day after the year {}",
            FIRST_YEAR - 1
        ))),
        _ => Ok(day),
    }
}
