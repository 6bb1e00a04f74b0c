//! One line of the tree.

use std::rc::Rc;

use shared_types::{
    model::{Entity, ItemKind},
    value::ItemId,
};
use web_sys::{KeyboardEvent, PointerEvent};
use yew::prelude::*;

use super::model::Row;
use crate::{
    components::{
        avatar::assignees,
        icon::{Icon, icon},
        item::card::meta,
        kind::{kind_icon, kind_label},
        priority::{priority_icon, priority_label},
        progress::progress_bar,
        status::{status_icon, status_label},
        work::{field::Field, field_menu::FieldPicker, people::People},
    },
    store::{Action, use_may},
};

/// Properties of [`TreeRow`].
#[derive(Properties, PartialEq)]
pub struct TreeRowProps {
    pub row: Row,
    pub people: Rc<People>,
    pub selected: bool,
    pub pending: bool,
    pub dragging: bool,
    /// The tab key leads here.
    pub current: bool,
    /// Something would drop into it.
    pub drop_into: bool,
    pub on_toggle: Callback<ItemId>,
    pub on_open: Callback<(MouseEvent, ItemId)>,
    pub on_press: Callback<(PointerEvent, ItemId)>,
    pub on_key: Callback<(KeyboardEvent, ItemId)>,
    pub on_focus: Callback<ItemId>,
    /// Asks for a new item under this one.
    pub on_create: Callback<ItemId>,
}

/// The DOM id of an item's line.
pub fn row_id(id: ItemId) -> String {
    format!("row-{id}")
}

/// See the module.
#[component]
pub fn TreeRow(props: &TreeRowProps) -> Html {
    let may = use_may(Action::Work);
    let row = &props.row;
    let item = &row.item;
    let id = item.id();
    let quietly = |callback: &Callback<ItemId>| {
        callback.reform(move |event: MouseEvent| {
            event.stop_propagation();
            id
        })
    };
    let is_task = item.kind == ItemKind::Task;
    let no_press = Callback::from(|event: PointerEvent| event.stop_propagation());
    html! {
        <div id={row_id(id)} class="tree-row" role="treeitem" style={format!("--depth:{}", row.depth)}
            aria-level={(row.depth + 1).to_string()} aria-selected={props.selected.to_string()}
            aria-expanded={row.has_children.then(|| row.is_open.to_string())} tabindex={if props.current { "0" } else { "-1" }}
            data-kind={item.kind.to_string()} data-pending={props.pending.to_string()}
            data-dragging={props.dragging.to_string()} data-into={props.drop_into.to_string()}
            onclick={props.on_open.reform(move |event| (event, id))}
            onpointerdown={props.on_press.reform(move |event| (event, id))}
            onkeydown={props.on_key.reform(move |event| (event, id))}
            onfocus={props.on_focus.reform(move |_: FocusEvent| id)}>
            if row.has_children {
                <button type="button" class="tree-toggle" tabindex="-1" data-open={row.is_open.to_string()}
                    aria-label={if row.is_open { format!("Close {}", item.key) } else { format!("Open {}", item.key) }}
                    onclick={quietly(&props.on_toggle)} onpointerdown={no_press.clone()}>
                    { icon(Icon::Chevron) }
                </button>
            } else {
                <span class="tree-toggle" aria-hidden="true"></span>
            }
            if is_task {
                <FieldPicker field={Field::Status} items={vec![id]} now={AttrValue::Static(status_label(item.status))} class="picker-button-icon">
                    { status_icon(item.status) }
                </FieldPicker>
            } else {
                { kind_icon(item.kind) }
                <span class="sr-only">{ kind_label(item.kind) }</span>
            }
            <span class="item-key">{ item.key.to_string() }</span>
            <span class="tree-title" title={item.title.to_string()}>{ item.title.to_string() }</span>
            if let Some(below) = below(item.kind).filter(|_| may) {
                <button type="button" class="button button-quiet button-icon wide-only row-action" tabindex="-1"
                    aria-label={format!("New {below} in {}", item.key)} title={format!("New {below}")}
                    onclick={quietly(&props.on_create)} onpointerdown={no_press}>
                    { icon(Icon::Plus) }
                </button>
            }
            if is_task {
                <span class="wide-only">{ meta(item) }</span>
            } else {
                <span class="tree-progress">{ progress_bar(&row.rollup) }</span>
            }
            <FieldPicker field={Field::Priority} items={vec![id]} now={AttrValue::Static(priority_label(item.priority))} class="picker-button-icon wide-only">
                { priority_icon(item.priority) }
            </FieldPicker>
            { assignees(&props.people.of(item), 3) }
        </div>
    }
}

/// What an item of this kind holds.
fn below(kind: ItemKind) -> Option<&'static str> {
    match kind {
        ItemKind::Epic => Some("feature"),
        ItemKind::Feature => Some("task"),
        ItemKind::Task => None,
    }
}
