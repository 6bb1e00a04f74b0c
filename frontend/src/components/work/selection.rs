//! Selecting several items and changing them at once.

use std::{collections::BTreeSet, rc::Rc};

use shared_types::value::ItemId;
use yew::prelude::*;

use super::{field::Field, field_menu::FieldPicker};
use crate::{
    components::icon::{Icon, icon},
    store::{Action, use_may, use_select, use_store},
};

/// The selected items.
#[derive(Clone, PartialEq)]
pub struct Selection(UseStateHandle<Rc<BTreeSet<ItemId>>>);

impl Selection {
    /// Whether it is among them.
    pub fn has(&self, id: ItemId) -> bool {
        self.0.contains(&id)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes it in, or out.
    pub fn toggle(&self, id: ItemId) {
        let mut ids = (**self.0).clone();
        if !ids.remove(&id) {
            ids.insert(id);
        }
        self.0.set(Rc::new(ids));
    }

    /// Selects none.
    pub fn clear(&self) {
        self.0.set(Rc::default());
    }

    /// What acting on this item acts on: all that are selected if it is one of them, else it alone.
    pub fn around(&self, id: ItemId) -> Vec<ItemId> {
        if self.has(id) { self.ids() } else { vec![id] }
    }

    /// All of them.
    pub fn ids(&self) -> Vec<ItemId> {
        self.0.iter().copied().collect()
    }
}

/// An empty selection.
#[hook]
pub fn use_selection() -> Selection {
    Selection(use_state(Rc::default))
}

/// Properties of [`SelectionBar`].
#[derive(Properties, PartialEq)]
pub struct SelectionBarProps {
    pub selection: Selection,
}

/// What can be done with the selected items; nothing while there are none.
#[component]
pub fn SelectionBar(props: &SelectionBarProps) -> Html {
    let store = use_store();
    let may = use_may(Action::Work);
    let all = props.selection.ids();
    // Some may have been deleted by others meanwhile.
    let ids = use_select(move |state| {
        all.iter()
            .copied()
            .filter(|id| state.item(*id).is_some())
            .collect::<Vec<_>>()
    });
    let delete = {
        let (ids, selection) = (ids.clone(), props.selection.clone());
        Callback::from(move |_: MouseEvent| {
            store.batch(&format!("Delete {} items", ids.len()), |store| {
                ids.iter().for_each(|id| store.delete_item(*id));
            });
            store.offer_undo(&format!("{} items deleted.", ids.len()));
            selection.clear();
        })
    };
    let clear = {
        let selection = props.selection.clone();
        Callback::from(move |_: MouseEvent| selection.clear())
    };
    if ids.is_empty() || !may {
        return Html::default();
    }
    let pick = |field: Field| {
        html! {
            <FieldPicker {field} items={(*ids).clone()} class="button button-small button-quiet">
                { field.name() }
            </FieldPicker>
        }
    };
    html! {
        <div class="selection-bar" role="toolbar" aria-label="Selected items">
            <span class="row" role="status">{ format!("{} selected", ids.len()) }</span>
            { for [Field::Status, Field::Priority, Field::Assignees, Field::Labels, Field::Team].map(pick) }
            <button type="button" class="button button-small button-quiet" onclick={delete}>
                { icon(Icon::Trash) }{ "Delete" }
            </button>
            <button type="button" class="button button-quiet button-icon" aria-label="Clear the selection" onclick={clear}>
                { icon(Icon::Close) }
            </button>
        </div>
    }
}
