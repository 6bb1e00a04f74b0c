//! The backlog as a tree: epics, features, tasks; moved by pointer, touch and keyboard.

pub mod model;
mod moves;
mod row;

use std::{collections::BTreeSet, rc::Rc};

use shared_types::{
    model::{Entity, ItemKind},
    value::{ItemId, ProjectId, TeamId},
};
use web_sys::{Element, KeyboardEvent, PointerEvent};
use yew::prelude::*;

use self::{
    model::{TreeModel, use_tree},
    moves::Spot,
    row::{TreeRow, row_id},
};
use super::{
    board::keyboard,
    empty::{empty, nothing},
    icon::Icon,
    roving::use_roving,
    virtual_list::VirtualList,
    work::{
        drag::use_drag,
        field::Field,
        field_menu::FieldMenu,
        filter::Filter,
        people::{use_pending, use_people},
        selection::{SelectionBar, use_selection},
    },
};
use crate::{
    keys::{Key as Press, is_page_covered, use_page_keys},
    routes::use_item_drawer,
    store::{Action, use_latest, use_may, use_store},
};

/// From one line to the next; as in tokens.css.
pub const PITCH: u32 = 36;

/// Properties of [`Backlog`].
#[derive(Properties, PartialEq)]
pub struct BacklogProps {
    /// None: the organization's own.
    pub project: Option<ProjectId>,
    /// Only this team's items, with what they are parts of.
    #[prop_or_default]
    pub team: Option<TeamId>,
    #[prop_or_default]
    pub filter: Filter,
    /// Asks for a new item, under another one.
    pub on_create: Callback<Option<ItemId>>,
}

/// See the module.
#[component]
pub fn Backlog(props: &BacklogProps) -> Html {
    let store = use_store();
    let may = use_may(Action::Work);
    let drawer = use_item_drawer();
    let people = use_people();
    let pending = use_pending();
    let selection = use_selection();
    let closed = use_state(|| Rc::new(BTreeSet::<ItemId>::new()));
    let model = use_tree(
        props.project,
        props.team,
        props.filter.clone(),
        (*closed).clone(),
    );
    let at = use_roving(row_id);
    let menu = use_state(|| None::<(Field, Element)>);
    let said = use_state(String::new);
    let list = use_node_ref();

    let drag = {
        let (located, dropped, list, store) =
            (model.clone(), model.clone(), list.clone(), store.clone());
        use_drag(
            move |x, y| Spot::at(&located, &list.cast::<Element>()?, x, y),
            move |ids, spot: Spot| moves::drop_at(&store, &dropped, &ids, spot),
        )
    };
    let toggle = {
        let closed = closed.clone();
        use_latest(move |id: ItemId| {
            let mut ids = (**closed).clone();
            if !ids.remove(&id) {
                ids.insert(id);
            }
            closed.set(Rc::new(ids));
        })
    };
    let current = at.drawn().filter(|id| model.row_of(*id).is_some());
    // A line that goes elsewhere is taken out on its way: the focus goes with it.
    {
        let at = at.clone();
        use_effect_with(current.and_then(|id| model.row_of(id)), move |_| {
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
                    .get_element_by_id(&row_id(id))
                    .map(|row| (field, row)),
            );
        }
    };
    {
        let (model, selection, drawer, at, toggle) = (
            model.clone(),
            selection.clone(),
            drawer.clone(),
            at.clone(),
            toggle.clone(),
        );
        let store = store.clone();
        use_page_keys(keyboard::taken(may), move |key| {
            let current = at.newest().filter(|id| model.row_of(*id).is_some());
            let step = |rows: isize| {
                if let Some(next) = model.neighbour(current, rows) {
                    at.go(next);
                }
                true
            };
            let row = current
                .and_then(|id| model.row_of(id))
                .and_then(|row| model.rows.get(row));
            match (key, row) {
                (Press::Next, _) => step(1),
                (Press::Previous, _) => step(-1),
                (Press::Left, Some(row)) => {
                    match row.item.parent {
                        _ if row.has_children && row.is_open => toggle.emit(row.item.id()),
                        Some(parent) if model.row_of(parent).is_some() => at.go(parent),
                        _ => {}
                    }
                    true
                }
                (Press::Right, Some(row)) if row.has_children && !row.is_open => {
                    toggle.emit(row.item.id());
                    true
                }
                (Press::Right, Some(_)) => step(1),
                (Press::Select, Some(row)) => {
                    selection.toggle(row.item.id());
                    true
                }
                (Press::Open | Press::Edit, Some(row)) => {
                    store.edit_next((key == Press::Edit).then_some(row.item.id()));
                    drawer.open(&row.item.key.to_string());
                    true
                }
                (Press::Assign, Some(row)) => {
                    open_menu(Field::Assignees, row.item.id());
                    true
                }
                (Press::Status, Some(row)) => {
                    open_menu(Field::Status, row.item.id());
                    true
                }
                (Press::Close, _) if !selection.is_empty() => {
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
            if std::mem::take(&mut *was_dragged.borrow_mut()) {
                return;
            }
            if event.ctrl_key() || event.meta_key() || event.shift_key() {
                selection.toggle(id);
            } else if let Some(row) = model.row_of(id).and_then(|row| model.rows.get(row)) {
                drawer.open(&row.item.key.to_string());
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
        let (store, model, said, at) = (store.clone(), model.clone(), said.clone(), at.clone());
        use_latest(move |(event, id): (KeyboardEvent, ItemId)| {
            let Some(direction) = keyboard::direction(&event).filter(|_| may && !is_page_covered())
            else {
                return;
            };
            event.prevent_default();
            if let Some(words) = moves::step(&store, &model, id, direction) {
                said.set(words);
                at.go(id);
            }
        })
    };
    let on_focus = {
        let at = at.clone();
        use_latest(move |id| at.set(id))
    };
    let on_create = {
        let on_create = props.on_create.clone();
        use_latest(move |id| on_create.emit(Some(id)))
    };

    if model.rows.is_empty() {
        return if props.filter.is_empty() && !may {
            nothing("Nothing in this backlog yet.")
        } else if props.filter.is_empty() {
            let create = props.on_create.reform(|_: MouseEvent| None);
            let next = html! { <button type="button" class="button button-primary" onclick={create}>{ "Create an item" }</button> };
            empty(
                Icon::Tree,
                "Nothing in this backlog",
                "Epics hold features, features hold tasks. Start with any of them, or press C.",
                next,
            )
        } else {
            nothing("Nothing fits the filter.")
        };
    }

    let dragged = drag.dragged.clone();
    let over = dragged.as_ref().and_then(|dragged| dragged.over);
    let row_at = current.and_then(|id| model.row_of(id));
    let draw = {
        let (model, selection, dragged) = (model.clone(), selection.clone(), dragged.clone());
        Callback::from(move |index: usize| {
            let Some(row) = model.rows.get(index) else {
                return (yew::virtual_dom::Key::from(index), Html::default());
            };
            let id = row.item.id();
            let node = html! {
                <TreeRow row={row.clone()} people={people.clone()} selected={selection.has(id)}
                    pending={pending.contains(&id.uuid())} current={row_at.unwrap_or(0) == index}
                    dragging={dragged.as_ref().is_some_and(|dragged| dragged.ids.contains(&id))}
                    drop_into={over == Some(Spot::Into(id))} on_toggle={toggle.clone()} on_open={on_open.clone()}
                    on_press={on_press.clone()} on_key={on_key.clone()} on_focus={on_focus.clone()}
                    on_create={on_create.clone()} />
            };
            (yew::virtual_dom::Key::from(id.to_string()), node)
        })
    };
    let line = match over {
        Some(Spot::Before(id)) => model.row_of(id).map(|row| row * PITCH as usize),
        Some(Spot::After(id)) => model.row_of(id).map(|row| (row + 1) * PITCH as usize),
        _ => None,
    };
    let line =
        line.map(|top| html! { <div class="drop-line" style={format!("top:{top}px")}></div> });
    let ghost = dragged.as_ref().and_then(|dragged| {
        let row = model.rows.get(model.row_of(*dragged.ids.first()?)?)?;
        let words = match dragged.ids.len() {
            1 => format!("{} {}", row.item.key, row.item.title),
            many => format!("{many} items"),
        };
        Some(html! {
            <div class="drag-ghost drag-ghost-line" aria-hidden="true" ref={drag.ghost.clone()}>
                <span class="chip chip-accent">{ words }</span>
            </div>
        })
    });
    let menu_ids = current.map(|id| selection.around(id)).unwrap_or_default();
    let close_menu = {
        let menu = menu.clone();
        Callback::from(move |()| menu.set(None))
    };
    html! {
        <>
            <div class="tree" ref={list}>
                <VirtualList label="Backlog" role="tree" many={true} class="tree-list" count={model.rows.len()} pitch={PITCH}
                    {draw} reveal={row_at} over={line.unwrap_or_default()} />
            </div>
            <span class="sr-only" role="status" aria-live="polite">{ (*said).clone() }</span>
            <SelectionBar selection={selection.clone()} />
            { ghost.unwrap_or_default() }
            if let Some((field, anchor)) = &*menu {
                <FieldMenu field={*field} items={menu_ids} anchor={anchor.clone()} on_close={close_menu} />
            }
        </>
    }
}

/// Whether an item of one kind can be right under one of another.
pub(super) fn can_hold(parent: ItemKind, child: ItemKind) -> bool {
    child.parent() == Some(parent)
}

/// The tree's own type in the signatures of this module.
pub(super) type Tree = TreeModel;
