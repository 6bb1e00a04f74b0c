//! A task as a card of a board. Its height is fixed (item.css), because boards are windowed.

use std::{rc::Rc, sync::Arc};

use shared_types::{
    model::{Entity, Item, Priority, RunLine, RunState},
    value::ItemId,
};
use web_sys::{KeyboardEvent, PointerEvent};
use yew::prelude::*;

use crate::components::{
    avatar::{self, Avatar},
    icon::{Icon, icon},
    label::label_chip,
    priority::{priority_icon, priority_label},
    progress::points,
    run_line::run_words,
    status::status_label,
    time::{day, today},
    work::{field::Field, field_menu::FieldPicker, people::People},
};

/// Properties of [`ItemCard`].
#[derive(Properties, PartialEq)]
pub struct ItemCardProps {
    pub item: Arc<Item>,
    pub people: Rc<People>,
    /// What it is a part of.
    #[prop_or_default]
    pub parent: Option<Arc<Item>>,
    /// What an AI member does on it right now.
    #[prop_or_default]
    pub line: Option<RunLine>,
    /// Something it depends on is not done yet.
    #[prop_or_default]
    pub blocked: bool,
    #[prop_or_default]
    pub selected: bool,
    #[prop_or_default]
    pub dragging: bool,
    /// Not confirmed by the server yet.
    #[prop_or_default]
    pub pending: bool,
    /// The tab key leads here.
    #[prop_or_default]
    pub current: bool,
    #[prop_or_default]
    pub on_open: Callback<(MouseEvent, ItemId)>,
    #[prop_or_default]
    pub on_press: Callback<(PointerEvent, ItemId)>,
    #[prop_or_default]
    pub on_key: Callback<(KeyboardEvent, ItemId)>,
    #[prop_or_default]
    pub on_focus: Callback<ItemId>,
}

/// The DOM id of an item's card.
pub fn card_id(id: ItemId) -> String {
    format!("card-{id}")
}

/// See the module.
#[component]
pub fn ItemCard(props: &ItemCardProps) -> Html {
    let item = &props.item;
    let id = item.id();
    let assignees = props.people.of(item);
    let parent = props.parent.as_ref().map(|parent| parent.title.to_string());
    let selected = if props.selected { ", selected" } else { "" };
    let label = format!(
        "{} {}, {}{selected}",
        item.key,
        item.title,
        status_label(item.status)
    );
    let is_running = |line: &RunLine| line.state == RunState::Running;
    let working = props.line.as_ref().is_some_and(is_running) || props.people.agent_works_on(item);
    html! {
        <div id={card_id(id)} class="card" role="group" aria-label={label} tabindex={if props.current { "0" } else { "-1" }}
            data-selected={props.selected.to_string()} data-dragging={props.dragging.to_string()}
            data-pending={props.pending.to_string()}
            onclick={props.on_open.reform(move |event| (event, id))}
            onpointerdown={props.on_press.reform(move |event| (event, id))}
            onkeydown={props.on_key.reform(move |event| (event, id))}
            onfocus={props.on_focus.reform(move |_: FocusEvent| id)}>
            <div class="card-top">
                <FieldPicker field={Field::Priority} items={vec![id]} now={AttrValue::Static(priority_label(item.priority))} class="picker-button-icon">
                    { priority_icon(item.priority) }
                </FieldPicker>
                <span class="item-key">{ item.key.to_string() }</span>
                if props.blocked {
                    <span class="meta meta-warn" title="Waits for something that is not done">
                        { icon(Icon::Link) }{ "Blocked" }
                    </span>
                }
                <span class="card-parent truncate" title={parent.clone()}>{ parent }</span>
                <FieldPicker field={Field::Assignees} items={vec![id]} now={AttrValue::from(names(&assignees))} class="picker-button-icon">
                    if working && assignees.len() == 1 {
                        <Avatar member={assignees[0].clone()} working={true} />
                    } else {
                        { avatar::assignees(&assignees, 3) }
                    }
                </FieldPicker>
            </div>
            <span class="card-title" title={item.title.to_string()}>{ item.title.to_string() }</span>
            <div class="card-bottom">{ props.line.as_ref().map_or_else(|| meta(item), run_words) }</div>
        </div>
    }
}

fn names(members: &[Arc<shared_types::model::Member>]) -> String {
    match members {
        [] => "nobody".into(),
        members => members
            .iter()
            .map(|member| member.name.to_string())
            .collect::<Vec<_>>()
            .join(", "),
    }
}

/// What else is worth a glance: labels, points, due day, comments. Of many labels one has room, of two both unless there
/// is much else.
pub fn meta(item: &Item) -> Html {
    let others = [
        item.estimate.is_some(),
        item.due.is_some(),
        item.comments > 0,
    ];
    let is_full = others.into_iter().filter(|is_there| *is_there).count() > 1;
    let most = if item.labels.len() > 2 || is_full {
        1
    } else {
        2
    };
    let folded: Vec<&str> = item
        .labels
        .iter()
        .skip(most)
        .map(|label| &**label)
        .collect();
    let due = item.due.map(|due| {
        let late = !item.status.is_over() && due.to_string() < today();
        let words = if late { "Overdue" } else { "Due" };
        html! {
            <span class={classes!("meta", late.then_some("meta-bad"))} title={format!("{words} {due}")}>
                { icon(Icon::Calendar) }<span class="sr-only">{ words }</span>{ day(due) }
            </span>
        }
    });
    html! {
        <span class="card-meta">
            { for item.labels.iter().take(most).map(label_chip) }
            if !folded.is_empty() {
                <span class="meta" title={folded.join(", ")}>{ format!("+{}", folded.len()) }</span>
            }
            if let Some(estimate) = item.estimate {
                <span class="meta" title="Estimate in points">
                    { format!("{} pt", points(estimate.hundredths().into())) }
                </span>
            }
            { for due }
            if item.comments > 0 {
                <span class="meta" title="Comments">{ icon(Icon::Comment) }{ item.comments }</span>
            }
            if item.priority == Priority::Urgent && !item.status.is_over() {
                <span class="sr-only">{ "Urgent" }</span>
            }
        </span>
    }
}
