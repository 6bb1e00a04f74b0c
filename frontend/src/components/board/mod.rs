//! The board: tasks in columns by status, moved by pointer, touch and keyboard.

mod column;
pub mod keyboard;
mod model;
mod moves;

use shared_types::{
    model::Status,
    value::{ItemId, ProjectId, TeamId},
};
use web_sys::{Element, KeyboardEvent, PointerEvent};
use yew::prelude::*;

use self::{column::Column, model::use_board, moves::Spot};
use super::{
    item::card::{ItemCard, card_id},
    roving::use_roving,
    work::{
        drag::use_drag,
        field::Field,
        field_menu::FieldMenu,
        filter::Filter,
        people::use_people,
        selection::{SelectionBar, use_selection},
    },
};
use crate::{
    keys::{Key, is_page_covered, use_page_keys},
    routes::use_item_drawer,
    store::{Action, use_latest, use_lines, use_may, use_store},
};

/// Properties of [`Board`].
#[derive(Properties, PartialEq)]
pub struct BoardProps {
    pub project: ProjectId,
    /// Only this team's tasks.
    #[prop_or_default]
    pub team: Option<TeamId>,
    #[prop_or_default]
    pub filter: Filter,
    /// Asks for a new task of a status.
    pub on_create: Callback<Status>,
}

/// See the module.
#[component]
pub fn Board(props: &BoardProps) -> Html {
    let store = use_store();
    let may = use_may(Action::Work);
    let drawer = use_item_drawer();
    let people = use_people();
    let lines = use_lines();
    let selection = use_selection();
    let model = use_board(props.project, props.team, props.filter.clone());
    let at = use_roving(card_id);
    let menu = use_state(|| None::<(Field, Element)>);
    let said = use_state(String::new);

    let drag = {
        let (located, dropped, store) = (model.clone(), model.clone(), store.clone());
        use_drag(
            move |x, y| Spot::at(&located, x, y),
            move |ids, spot: Spot| moves::drop_at(&store, &dropped, &ids, spot),
        )
    };
    let current = at.drawn().filter(|id| model.place_of(*id).is_some());
    // A card that goes to another column is drawn anew there: the focus goes with it.
    {
        let at = at.clone();
        use_effect_with(current.and_then(|id| model.place_of(id)), move |_| {
            if current.is_some() {
                at.regain();
            }
        });
    }
    let open_menu = {
        let menu = menu.clone();
        move |field: Field, id: ItemId| {
            menu.set(
                gloo::utils::document()
                    .get_element_by_id(&card_id(id))
                    .map(|card| (field, card)),
            );
        }
    };
    {
        let (model, selection, drawer, at) =
            (model.clone(), selection.clone(), drawer.clone(), at.clone());
        let store = store.clone();
        use_page_keys(keyboard::taken(may), move |key| {
            let current = at.newest().filter(|id| model.place_of(*id).is_some());
            let step = |(columns, rows)| {
                if let Some(next) = model.neighbour(current, columns, rows) {
                    at.go(next);
                }
                true
            };
            match (key, current) {
                (Key::Next, _) => step((0, 1)),
                (Key::Previous, _) => step((0, -1)),
                (Key::Left, _) => step((-1, 0)),
                (Key::Right, _) => step((1, 0)),
                (Key::Select, Some(id)) => {
                    selection.toggle(id);
                    true
                }
                (Key::Open | Key::Edit, Some(id)) => match model.item(id) {
                    Some(item) => {
                        store.edit_next((key == Key::Edit).then_some(id));
                        drawer.open(&item.key.to_string());
                        true
                    }
                    None => false,
                },
                (Key::Assign, Some(id)) => {
                    open_menu(Field::Assignees, id);
                    true
                }
                (Key::Status, Some(id)) => {
                    open_menu(Field::Status, id);
                    true
                }
                (Key::Close, _) if !selection.is_empty() => {
                    selection.clear();
                    true
                }
                _ => false,
            }
        });
    }

    let on_open = {
        let (selection, drawer, model, was_dragged) = (
            selection.clone(),
            drawer.clone(),
            model.clone(),
            drag.was_dragged.clone(),
        );
        use_latest(move |(event, id): (MouseEvent, ItemId)| {
            // The press that ended a drag is no click.
            if std::mem::take(&mut *was_dragged.borrow_mut()) {
                return;
            }
            if event.ctrl_key() || event.meta_key() || event.shift_key() {
                selection.toggle(id);
            } else if let Some(item) = model.item(id) {
                drawer.open(&item.key.to_string());
            }
        })
    };
    let on_press = {
        let (selection, on_press) = (selection.clone(), drag.on_press.clone());
        use_latest(move |(event, id): (PointerEvent, ItemId)| {
            on_press.emit((event, selection.around(id)))
        })
    };
    let on_key = {
        let (store, model, selection, said, at) = (
            store.clone(),
            model.clone(),
            selection.clone(),
            said.clone(),
            at.clone(),
        );
        use_latest(move |(event, id): (KeyboardEvent, ItemId)| {
            let Some(direction) = keyboard::direction(&event).filter(|_| may && !is_page_covered())
            else {
                return;
            };
            event.prevent_default();
            if let Some(words) = moves::step(&store, &model, &selection.around(id), id, direction) {
                said.set(words);
                at.go(id);
            }
        })
    };
    let on_focus = {
        let at = at.clone();
        use_latest(move |id| at.set(id))
    };

    let dragged = drag.dragged.clone();
    let hint = match (model.is_empty(), props.filter.is_empty()) {
        (true, true) if may => Some("No tasks yet. Press C to create the first."),
        (true, true) => Some("No tasks yet."),
        (true, false) => Some("Nothing fits the filter."),
        _ => None,
    };
    let columns = model.columns.iter().map(|column| {
        let status = column.status;
        let over = dragged.as_ref().and_then(|dragged| dragged.over).filter(|spot| spot.status == status);
        html! {
            <Column key={status.as_str()} {status} model={model.clone()} people={people.clone()} lines={lines.clone()} current={current}
                selection={selection.clone()} dragging={dragged.as_ref().map(|dragged| dragged.ids.clone())}
                drop_at={over.map(|spot| spot.index)} hint={hint.filter(|_| status == Status::Backlog)} on_create={props.on_create.clone()} on_open={on_open.clone()}
                on_press={on_press.clone()} on_key={on_key.clone()} on_focus={on_focus.clone()} />
        }
    });
    let ghost = dragged
        .as_ref()
        .and_then(|dragged| Some((model.item(*dragged.ids.first()?)?.clone(), dragged)));
    let menu_ids = current.map(|id| selection.around(id)).unwrap_or_default();
    let close_menu = {
        let menu = menu.clone();
        Callback::from(move |()| menu.set(None))
    };
    html! {
        <>
            <div class="board">{ for columns }</div>
            <span class="sr-only" role="status" aria-live="polite">{ (*said).clone() }</span>
            <SelectionBar selection={selection.clone()} />
            if let Some((item, dragged)) = ghost {
                <div class="drag-ghost" aria-hidden="true" ref={drag.ghost.clone()}>
                    <ItemCard {item} people={people.clone()} />
                    if dragged.ids.len() > 1 {
                        <span class="drag-count">{ dragged.ids.len() }</span>
                    }
                </div>
            }
            if let Some((field, anchor)) = &*menu {
                <FieldMenu field={*field} items={menu_ids} anchor={anchor.clone()} on_close={close_menu} />
            }
        </>
    }
}
