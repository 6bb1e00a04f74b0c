//! What waits for a person: what AI members ask and have handed in, first what concerns whoever looks; and what people have
//! put up for a review.

use std::{rc::Rc, sync::Arc};

use shared_types::{
    model::{Entity, Item, RunLine, RunState, Status},
    value::{ItemId, ItemKey, MemberId, RunId, Title},
};
use yew::prelude::*;
use yew_router::prelude::*;

use super::work::Work;
use crate::{
    components::{
        avatar::Avatar,
        empty::nothing,
        icon::{Icon, icon},
        name::ItemRow,
        order::{number, ordered},
        skeleton::skeleton_rows,
        work::people::{People, use_people},
    },
    routes::Route,
    store::{use_select, use_waiting},
};

/// So many are shown before one asks for all of them.
const FEW: usize = 5;

/// Properties of [`WaitingForPeople`].
#[derive(Properties, PartialEq)]
pub struct WaitingProps {
    pub work: Rc<Work>,
    pub lines: Rc<Vec<RunLine>>,
}

/// A run that waits for somebody's word.
struct Asked<'a> {
    run: RunId,
    member: MemberId,
    item: ItemId,
    key: &'a ItemKey,
    title: &'a Title,
    line: &'a str,
    is_question: bool,
    is_mine: bool,
}

impl<'a> Asked<'a> {
    fn by_line(line: &'a RunLine) -> Self {
        Self {
            run: line.run,
            member: line.member,
            item: line.item,
            key: &line.key,
            title: &line.title,
            line: &line.line,
            is_question: line.state == RunState::AwaitingInput,
            is_mine: line.mine,
        }
    }

    /// What was handed in of an item. Whom that concerns is not known before its line is.
    fn by_item(item: &'a Item) -> Option<Self> {
        let run = item.run?;
        (run.state == RunState::AwaitingReview).then(|| Self {
            run: run.id,
            member: run.member,
            item: item.id(),
            key: &item.key,
            title: &item.title,
            line: "",
            is_question: false,
            is_mine: false,
        })
    }
}

/// The runs that wait for somebody: who asks can't go on; what was handed in can wait.
fn asked<'a>(lines: &'a [RunLine], items: &'a [(Arc<Item>, String)]) -> Vec<Asked<'a>> {
    let by_line = |state: RunState| {
        let lines = lines.iter().filter(move |line| line.state == state);
        lines.map(Asked::by_line)
    };
    let mut runs: Vec<Asked> = by_line(RunState::AwaitingInput)
        .chain(by_line(RunState::AwaitingReview))
        .collect();
    // An item knows of its run before the run's line has been asked for.
    for asked in items.iter().filter_map(|(item, _)| Asked::by_item(item)) {
        if !runs.iter().any(|known| known.run == asked.run) {
            runs.push(asked);
        }
    }
    runs
}

/// See the module.
#[component]
pub fn WaitingForPeople(props: &WaitingProps) -> Html {
    let people = use_people();
    let waiting = use_waiting();
    let under_way = props.work.clone();
    let items = use_select(move |state| {
        let place = |item: &Item| {
            item.project
                .and_then(|id| state.project(id))
                .map(|project| project.name.to_string())
        };
        let in_review = under_way.with(Status::InReview).into_iter();
        let in_review: Vec<_> = in_review
            .map(|item| (item.clone(), place(&item).unwrap_or_default()))
            .collect();
        // Who has waited longest comes first.
        ordered(in_review, |(item, _)| {
            number(item.stamp.updated_at.as_millis())
        })
    });
    let runs = asked(&props.lines, &items);
    let is_run = |item: &Item| runs.iter().any(|asked| asked.item == item.id());
    let by_people = items.iter().filter(|(item, _)| !is_run(item));
    let by_people = by_people.map(|(item, place)| {
        html! { <li key={item.id().to_string()}><ItemRow item={item.clone()} people={people.clone()} place={place.clone()} /></li> }
    });
    let (mine, others): (Vec<&Asked>, Vec<&Asked>) = runs.iter().partition(|asked| asked.is_mine);
    let rows = |asked: Vec<&Asked>| -> Vec<Html> {
        asked.into_iter().map(|asked| row(asked, &people)).collect()
    };
    // Of very many runs, only the first have a line.
    let without_line = |all: usize, shown: usize| all.saturating_sub(shown);
    let mine_left = without_line(waiting.for_me, mine.len());
    let others_left = without_line(waiting.all - waiting.for_me.min(waiting.all), others.len());
    let others: Vec<Html> = rows(others).into_iter().chain(by_people).collect();
    let none = "Nothing waits for your answer or review.";
    html! {
        <>
            if props.work.is_known {
                <List title="Waiting for you" rows={rows(mine)} left={mine_left} is_cut=false {none} />
                if !others.is_empty() {
                    <List title="Waiting for others" rows={others} left={others_left} is_cut={props.work.is_cut} none="" />
                }
            } else {
                <section class="section" aria-label="Waiting for you">
                    <div class="section-header"><h2>{ "Waiting for you" }</h2></div>
                    { skeleton_rows(3) }
                </section>
            }
        </>
    }
}

fn row(asked: &Asked, people: &Rc<People>) -> Html {
    let member = people.get(asked.member);
    html! {
        <li key={asked.run.to_string()}>
            <Link<Route> classes="item-row" to={Route::run(&asked.run)}>
                { icon(if asked.is_question { Icon::Comment } else { Icon::Check }) }
                <span class="item-key">{ asked.key.to_string() }</span>
                <span class="item-row-title" title={asked.title.to_string()}>{ asked.title.to_string() }</span>
                <span class="run-line wide-only">{ asked.line }</span>
                { for member.map(|member| html! { <Avatar member={member.clone()} /> }) }
            </Link<Route>>
        </li>
    }
}

#[derive(Properties, PartialEq)]
struct ListProps {
    title: AttrValue,
    rows: Vec<Html>,
    /// How many there are that have no row.
    left: usize,
    /// Whether there are even more, that were not asked for.
    is_cut: bool,
    /// What is said where there is none.
    none: AttrValue,
}

/// The first of a list, and all of it for whoever asks.
#[component]
fn List(props: &ListProps) -> Html {
    let is_open = use_state(|| false);
    let toggle = {
        let is_open = is_open.clone();
        Callback::from(move |_: MouseEvent| is_open.set(!*is_open))
    };
    let most = if *is_open { usize::MAX } else { FEW };
    let is_long = props.rows.len() > FEW;
    let and_more = if props.is_cut { "+" } else { "" };
    let count = format!("{}{and_more}", props.rows.len() + props.left);
    let what = match (*is_open, props.is_cut) {
        (true, _) => "Show fewer".to_owned(),
        (false, false) => format!("Show all ({})", props.rows.len()),
        (false, true) => format!("Show {}", props.rows.len()),
    };
    html! {
        <section class="section" aria-label={props.title.clone()}>
            <div class="section-header">
                <h2>{ props.title.clone() }</h2>
                <span class="count">{ count }</span>
                if is_long {
                    <button type="button" class="button" aria-expanded={is_open.to_string()} onclick={toggle}>{ what }</button>
                }
            </div>
            if props.rows.is_empty() {
                { nothing(&props.none) }
            } else {
                <ul class="item-list">{ for props.rows.iter().take(most).cloned() }</ul>
            }
            if props.left > 0 && (*is_open || !is_long) {
                <p class="field-hint">{ format!("And {} more, which move up as these are dealt with.", props.left) }</p>
            }
        </section>
    }
}
