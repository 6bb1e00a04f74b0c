//! One column of the board, windowed.

use std::{rc::Rc, sync::Arc};

use shared_types::{
    model::{Entity, Item, RunLine, Status},
    value::ItemId,
};
use web_sys::{KeyboardEvent, PointerEvent};
use yew::prelude::*;

use super::model::BoardModel;
use crate::{
    components::{
        icon::{Icon, icon},
        item::card::ItemCard,
        status::{status_icon, status_label},
        virtual_list::VirtualList,
        work::{
            people::{People, use_pending},
            selection::Selection,
        },
    },
    store::{Action, use_may},
};

/// From one card to the next: a card's 106 px (item.css) and the gap.
pub const PITCH: u32 = 112;

/// Properties of [`Column`].
#[derive(Properties, PartialEq)]
pub struct ColumnProps {
    pub status: Status,
    pub model: Rc<BoardModel>,
    pub people: Rc<People>,
    /// What AI members do right now.
    pub lines: Rc<Vec<RunLine>>,
    pub selection: Selection,
    /// The card that the keyboard is at, wherever it is.
    pub current: Option<ItemId>,
    pub dragging: Option<Rc<Vec<ItemId>>>,
    /// How many cards are above the place where something would drop.
    pub drop_at: Option<usize>,
    /// What to say of the board while it is empty.
    pub hint: Option<&'static str>,
    pub on_create: Callback<Status>,
    pub on_open: Callback<(MouseEvent, ItemId)>,
    pub on_press: Callback<(PointerEvent, ItemId)>,
    pub on_key: Callback<(KeyboardEvent, ItemId)>,
    pub on_focus: Callback<ItemId>,
}

/// See the module.
#[component]
pub fn Column(props: &ColumnProps) -> Html {
    let status = props.status;
    let model = props.model.clone();
    let may = use_may(Action::Work);
    let pending = use_pending();
    let Some(column) = model.column(status) else {
        return Html::default();
    };
    let count = column.items.len();
    let is_here = |item: &Arc<Item>| item.status == status;
    let current = props
        .current
        .filter(|id| model.item(*id).is_some_and(is_here));
    let at = current
        .and_then(|id| model.place_of(id))
        .map(|(_, row)| row);
    let draw = {
        let model = model.clone();
        let lines = props.lines.clone();
        let (people, selection, dragging) = (
            props.people.clone(),
            props.selection.clone(),
            props.dragging.clone(),
        );
        let (on_open, on_press) = (props.on_open.clone(), props.on_press.clone());
        let (on_key, on_focus) = (props.on_key.clone(), props.on_focus.clone());
        Callback::from(move |index: usize| {
            let Some(item) = model
                .column(status)
                .and_then(|column| column.items.get(index))
            else {
                return (yew::virtual_dom::Key::from(index), Html::default());
            };
            let id = item.id();
            let card = html! {
                <ItemCard item={item.clone()} people={people.clone()} parent={model.parent_of(item).cloned()}
                    line={lines.iter().find(|line| line.item == id).cloned()}
                    blocked={model.is_blocked(item)} selected={selection.has(id)} pending={pending.contains(&id.uuid())}
                    dragging={dragging.as_ref().is_some_and(|ids| ids.contains(&id))}
                    current={at.unwrap_or(0) == index} on_open={on_open.clone()} on_press={on_press.clone()}
                    on_key={on_key.clone()} on_focus={on_focus.clone()} />
            };
            (yew::virtual_dom::Key::from(id.to_string()), card)
        })
    };
    let over = props.drop_at.map(|index| {
        let top = (index * PITCH as usize).saturating_sub(4);
        html! { <div class="drop-line" style={format!("top:{top}px")}></div> }
    });
    let name = status_label(status);
    let create = props.on_create.reform(move |_: MouseEvent| status);
    html! {
        <section class="column" data-status={status.as_str()} data-over={props.drop_at.is_some().to_string()}
            aria-label={name}>
            <div class="column-header">
                { status_icon(status) }
                <h2>{ name }</h2>
                <span class="count">{ count }</span>
                if may {
                    <button type="button" class="button button-quiet button-icon" aria-label={format!("New task in {name}")}
                        title={format!("New task in {name}")} onclick={create}>{ icon(Icon::Plus) }</button>
                }
            </div>
            if let Some(hint) = props.hint {
                <p class="column-empty">{ hint }</p>
            }
            <VirtualList label={name} class="column-body" {count} pitch={PITCH} {draw} reveal={at}
                over={over.unwrap_or_default()} />
        </section>
    }
}
