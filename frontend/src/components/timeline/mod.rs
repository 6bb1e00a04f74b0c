//! The timeline: epics, features and tasks on an axis of days, with today marked.

mod model;
mod scale;

use std::{collections::BTreeSet, rc::Rc};

use shared_types::{
    model::{Entity, ItemKind, Status},
    value::{Date, ItemId, ProjectId},
};
use web_sys::{Element, HtmlSelectElement};
use yew::{prelude::*, virtual_dom::Key as NodeKey};

use self::{
    model::{Span, depth_of, lines, spans},
    scale::Scale,
};
use super::{
    backlog::model::{Row, use_tree},
    empty::nothing,
    kind::kind_icon,
    name::on_plain_press,
    roving::use_roving,
    status::{status_icon, status_label},
    time::{day, day_of, now},
    virtual_list::VirtualList,
    work::filter::Filter,
};
use crate::{
    keys::{Key, use_page_keys},
    routes::{ItemDrawer, UseQuery, use_item_drawer, use_query},
    store::use_select,
};

/// From one line to the next; as in tokens.css.
const PITCH: u32 = 36;

/// What can be chosen, each with what it is called: how far down the tree, and how many pixels a day has.
const LEVELS: [(&str, &str); 3] = [
    ("tasks", "Down to tasks"),
    ("features", "Down to features"),
    ("epics", "Epics"),
];
const ZOOMS: [(&str, &str); 3] = [
    ("months", "Months"),
    ("weeks", "Weeks"),
    ("quarters", "Quarters"),
];

/// Properties of [`Timeline`].
#[derive(Properties, PartialEq)]
pub struct TimelineProps {
    pub project: ProjectId,
    #[prop_or_default]
    pub filter: Filter,
}

/// See the module.
#[component]
pub fn Timeline(props: &TimelineProps) -> Html {
    let project = props.project;
    let query = use_query();
    let drawer = use_item_drawer();
    let root = use_node_ref();
    let at = use_roving(line_id);
    let open = use_memo((), |()| BTreeSet::new());
    let tree = use_tree(Some(project), None, props.filter.clone(), open);
    let items = use_select(move |state| state.item_list(Some(project)));
    let today = day_of(now());
    let down_to = match query.get("level") {
        Some("epics") => depth_of(ItemKind::Epic),
        Some("features") => depth_of(ItemKind::Feature),
        _ => depth_of(ItemKind::Task),
    };
    let spans = use_memo((items, today), |(items, today)| spans(items, *today));
    let lines = use_memo((tree.clone(), spans, down_to), |(tree, spans, down_to)| {
        Rc::new(lines(&tree.rows, spans, *down_to))
    });
    let day_width = match query.get("zoom") {
        Some("weeks") => 24.0,
        Some("quarters") => 2.5,
        _ => 8.0,
    };
    let scale = Scale::new(lines.iter().map(|(_, span)| *span), today, day_width);
    {
        let root = root.clone();
        use_effect_with((day_width.to_bits(), lines.is_empty()), move |_| {
            let list = root.cast::<Element>();
            let list = list.and_then(|root| root.query_selector(".virtual").ok().flatten());
            if let Some(list) = list {
                // A little more of what is to come than of what was.
                list.set_scroll_left((scale.now() - f64::from(list.client_width()) / 3.0) as i32);
            }
        });
    }
    let row_of = {
        let lines = lines.clone();
        move |at: Option<ItemId>| lines.iter().position(|(row, _)| Some(row.item.id()) == at)
    };
    let row_at = row_of(at.drawn());
    {
        let (lines, at) = (lines.clone(), at.clone());
        use_page_keys(&[Key::Next, Key::Previous], move |key| {
            let row_at = row_of(at.newest());
            let next = match key {
                Key::Next => row_at.map_or(Some(0), |row| row.checked_add(1)),
                Key::Previous => row_at.and_then(|row| row.checked_sub(1)),
                _ => return false,
            };
            if let Some((row, _)) = next.and_then(|next| lines.get(next)) {
                at.go(row.item.id());
            }
            true
        });
    }
    let undated = tree.rows.len() - tree.rows.len().min(lines.len());
    let tools = html! {
        <div class="timeline-tools">
            { choice(&query, "level", "How far down", &LEVELS) }
            { choice(&query, "zoom", "Scale", &ZOOMS) }
            if undated > 0 && down_to == depth_of(ItemKind::Task) {
                <span class="muted wide-only">{ format!("{undated} more have no date, or were cancelled") }</span>
            }
        </div>
    };
    if lines.is_empty() {
        let why = if props.filter.is_empty() {
            "Nothing has a time yet. Give an item a due date, or begin to work on one: it appears here."
        } else {
            "Nothing that has a time fits the filter."
        };
        return html! { <div class="timeline">{ tools }{ nothing(why) }</div> };
    }
    let draw = {
        let (lines, at) = (lines.clone(), at.clone());
        Callback::from(move |index: usize| {
            let Some((row, span)) = lines.get(index) else {
                return (NodeKey::from(index), Html::default());
            };
            let id = row.item.id();
            let at = at.clone();
            let onfocus = Callback::from(move |_: FocusEvent| at.set(id));
            let is_current = row_at.unwrap_or(0) == index;
            let line = line(row, *span, &scale, &drawer, is_current, onfocus);
            (NodeKey::from(id.to_string()), line)
        })
    };
    let width = format!("--days:{:.0}px", scale.width());
    html! {
        <div class="timeline" ref={root} style={width}>
            { tools }
            <VirtualList label="Timeline" class="timeline-list" count={lines.len()} pitch={PITCH} {draw} reveal={row_at}
                over={scale.view()} />
        </div>
    }
}

fn choice(
    query: &UseQuery,
    name: &'static str,
    label: &'static str,
    all: &[(&'static str, &'static str)],
) -> Html {
    let chosen = query.get(name).unwrap_or(all[0].0).to_owned();
    let usual = all[0].0;
    let query = query.clone();
    let onchange = Callback::from(move |event: Event| {
        let select = event.target_dyn_into::<HtmlSelectElement>();
        let value = select.map(|select| select.value()).unwrap_or_default();
        query.replace(name, Some(value.as_str()).filter(|value| *value != usual));
    });
    let options = all.iter().map(|(value, words)| {
        html! { <option key={*value} value={*value} selected={chosen == *value}>{ *words }</option> }
    });
    html! { <select class="input input-compact" aria-label={label} {onchange}>{ for options }</select> }
}

fn line_id(id: ItemId) -> String {
    format!("line-{id}")
}

/// One item: its name, which stays in sight, and its bar.
fn line(
    row: &Row,
    span: Span,
    scale: &Scale,
    drawer: &ItemDrawer,
    is_current: bool,
    onfocus: Callback<FocusEvent>,
) -> Html {
    let item = &row.item;
    let key = item.key.to_string();
    let is_task = item.kind == ItemKind::Task;
    let (left, right) = (scale.at(span.from), scale.at(span.to + 1));
    let place = format!("left:{left:.1}px;width:{:.1}px", (right - left).max(6.0));
    let due = item.due.map(Date::days);
    let is_late = due.is_some_and(|due| due < day_of(now())) && !item.status.is_over();
    let on_day = |days: i64| day(Date::from_days(days));
    let mut words = format!(
        "{}, {} to {}",
        status_label(item.status),
        on_day(span.from),
        on_day(span.to)
    );
    if let Some(due) = due {
        words += &format!(
            ", {} {}",
            if is_late { "overdue since" } else { "due" },
            on_day(due)
        );
    }
    let done = if is_task {
        f64::from(u8::from(item.status == Status::Done))
    } else {
        f64::from(row.rollup.tasks.done) / f64::from(row.rollup.tasks.total().max(1))
    };
    html! {
        <a id={line_id(item.id())} class="timeline-row" href={format!("/items/{key}")} title={format!("{}: {words}", item.title)}
            tabindex={if is_current { "0" } else { "-1" }} data-kind={item.kind.to_string()}
            onclick={on_plain_press(drawer, &key)} {onfocus}>
            <span class="timeline-label" style={format!("--depth:{}", row.depth)}>
                { if is_task { status_icon(item.status) } else { kind_icon(item.kind) } }
                <span class="item-key wide-only">{ key }</span>
                <span class="truncate">{ item.title.to_string() }</span>
                <span class="sr-only">{ words }</span>
            </span>
            <span class="timeline-days">
                <span class={classes!("timeline-bar", format!("status-{}", item.status.as_str()))} style={place}>
                    <span class="timeline-done" style={format!("width:{:.0}%", done * 100.0)}></span>
                </span>
                if let Some(due) = due {
                    <span class="timeline-due" data-late={is_late.to_string()} style={format!("left:{:.1}px", scale.at(due + 1))}></span>
                }
            </span>
        </a>
    }
}
