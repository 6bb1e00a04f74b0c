//! What must be true for an item to be accepted, and whether it is.

use std::sync::Arc;

use shared_types::{
    command::{ItemPatch, Patch},
    model::{Entity, Item},
    value::{Criterion, CriterionText},
};
use yew::prelude::*;

use crate::{
    components::{
        add_line::AddLine,
        icon::{Icon, icon},
        inline_text::InlineText,
    },
    store::{Action, use_may, use_store},
};

/// Properties of [`Acceptance`].
#[derive(Properties, PartialEq)]
pub struct AcceptanceProps {
    pub item: Arc<Item>,
}

/// The criteria: ticked, changed, added, taken away.
#[component]
pub fn Acceptance(props: &AcceptanceProps) -> Html {
    let store = use_store();
    let may = use_may(Action::Work);
    let id = props.item.id();
    let Some(criteria) = props.item.acceptance.clone() else {
        return Html::default();
    };
    let set = {
        let store = store.clone();
        Callback::from(move |acceptance: Vec<Criterion>| {
            store.update_item(
                id,
                ItemPatch {
                    acceptance: Patch::Set(acceptance),
                    ..ItemPatch::default()
                },
            );
        })
    };
    let check = Callback::from(|text: String| {
        text.parse::<CriterionText>()
            .err()
            .map(|invalid| invalid.to_string())
    });
    let lines = criteria.iter().enumerate().map(|(index, criterion)| {
        let tick = {
            let (store, done) = (store.clone(), criterion.done);
            Callback::from(move |_: Event| store.tick(id, index, !done))
        };
        let on_change = {
            let (set, criteria) = (set.clone(), criteria.clone());
            Callback::from(move |text: String| {
                let mut criteria = criteria.clone();
                if let (Ok(text), Some(criterion)) = (text.parse(), criteria.get_mut(index)) {
                    criterion.text = text;
                    set.emit(criteria);
                }
            })
        };
        let remove = {
            let (set, criteria) = (set.clone(), criteria.clone());
            Callback::from(move |_: MouseEvent| {
                let mut criteria = criteria.clone();
                criteria.remove(index);
                set.emit(criteria);
            })
        };
        html! {
            <li key={index} class="criterion" data-done={criterion.done.to_string()}>
                <input type="checkbox" class="checkbox" checked={criterion.done} disabled={!may} onchange={tick}
                    aria-label={criterion.text.to_string()} />
                <InlineText label="Criterion" value={criterion.text.to_string()} check={check.clone()} {on_change} />
                if may {
                    <button type="button" class="button button-quiet button-icon" onclick={remove}
                        aria-label={format!("Remove criterion {}", criterion.text)}>{ icon(Icon::Close) }</button>
                }
            </li>
        }
    });
    let on_add = {
        let (set, criteria) = (set.clone(), criteria.clone());
        Callback::from(move |text: String| {
            if let Ok(text) = text.parse() {
                let mut criteria = criteria.clone();
                criteria.push(Criterion { text, done: false });
                set.emit(criteria);
            }
        })
    };
    let done = criteria.iter().filter(|criterion| criterion.done).count();
    html! {
        <section class="section" aria-label="Acceptance criteria">
            <div class="section-header">
                <h2>{ "Acceptance" }</h2>
                if !criteria.is_empty() {
                    <span class="count">{ format!("{done} of {}", criteria.len()) }</span>
                }
            </div>
            if !criteria.is_empty() {
                <ul>{ for lines }</ul>
            }
            if !may && criteria.is_empty() {
                <p class="muted">{ "Nothing is said of it yet." }</p>
            }
            <AddLine label="New acceptance criterion" most={CriterionText::MAX} {on_add}
                placeholder="Add what must be true for this to be accepted" />
        </section>
    }
}
