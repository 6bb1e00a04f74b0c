//! The toasts on the page.

use std::{cell::Cell, rc::Rc};

use gloo::timers::callback::Interval;
use yew::prelude::*;

use super::notices::NoticeText;
use crate::{
    components::icon::{Icon, icon},
    store::{use_select, use_store},
    toasts::{Notice, Toast, What},
};

const TICK_MS: u32 = 250;

/// Where they appear. While the pointer or the focus is on them, they stay.
#[component]
pub fn ToastHost() -> Html {
    let store = use_store();
    let shown = use_select(|state| state.toasts().shown());
    let is_read = use_memo((), |()| Cell::new(false));
    {
        let is_read: Rc<Cell<bool>> = is_read.clone();
        use_effect_with((store, shown.is_empty()), move |(store, is_empty)| {
            let store = store.clone();
            let tick = move || {
                if !is_read.get() {
                    store.pass_toasts(f64::from(TICK_MS));
                }
            };
            let interval = (!is_empty).then(|| Interval::new(TICK_MS, tick));
            move || drop(interval)
        });
    }
    let reading = |value: bool| {
        let is_read = is_read.clone();
        move || is_read.set(value)
    };
    let (enter, leave, focus, blur) =
        (reading(true), reading(false), reading(true), reading(false));
    let (trouble, news): (Vec<_>, Vec<_>) = shown
        .iter()
        .partition(|(_, notice)| matches!(notice.what, What::Refused { .. }));
    let list = |toasts: Vec<&(Toast, Notice)>| {
        toasts
            .into_iter()
            .map(|(toast, notice)| html! { <ToastCard key={notice.id} count={toast.notices.len()} notice={notice.clone()} /> })
            .collect::<Html>()
    };
    // A narrow window has room for one, and for how many there are besides (overlay.css).
    let more = shown
        .len()
        .checked_sub(2)
        .map(|more| format!("and {} more", more + 1));
    html! {
        <section class="toasts" aria-label="Toasts" data-more={more} onpointerenter={move |_| enter()} onpointerleave={move |_| leave()}
            onfocusin={move |_| focus()} onfocusout={move |_| blur()}>
            <div role="status" aria-live="polite" class="toast-list">{ list(news) }</div>
            <div role="alert" class="toast-list">{ list(trouble) }</div>
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct ToastCardProps {
    notice: Notice,
    count: usize,
}

#[component]
fn ToastCard(props: &ToastCardProps) -> Html {
    let store = use_store();
    let notice = &props.notice;
    let id = notice.id;
    let dismiss = {
        let store = store.clone();
        Callback::from(move |_: MouseEvent| store.dismiss_toast(id))
    };
    let undo = Callback::from(move |_: MouseEvent| store.undo_notice(id));
    let kind = if matches!(notice.what, What::Refused { .. }) {
        "error"
    } else {
        "news"
    };
    let is_folded = props.count > 1;
    html! {
        <div class="toast" data-kind={kind}>
            if is_folded {
                { icon(Icon::Activity) }
                <span class="toast-text">{ format!("{} changes by others. They are all in the notifications.", props.count) }</span>
            } else {
                <NoticeText notice={notice.clone()} />
            }
            <span class="toast-actions">
                if !is_folded && !notice.undo.is_empty() {
                    <button type="button" class="button button-small" onclick={undo}>{ "Undo" }</button>
                }
                <button type="button" class="button button-quiet button-icon button-small" aria-label="Dismiss" onclick={dismiss}>
                    { icon(Icon::Close) }
                </button>
            </span>
        </div>
    }
}
