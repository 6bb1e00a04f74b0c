//! The list of notifications: every toast there was.

use yew::prelude::*;

use super::{Panel, PanelOf, notices::NoticeText};
use crate::{
    components::{empty::nothing, time::RelativeTime},
    store::{use_select, use_store},
    toasts::Notice,
};

/// The bell, and the list behind it.
#[component]
pub fn Notifications() -> Html {
    let store = use_store();
    let unread = use_select(|state| state.toasts().unread());
    let latest = *use_select(|state| state.toasts().notices().next().map(|notice| notice.id));
    use_effect_with((latest, *unread), {
        let store = store.clone();
        move |(latest, _)| {
            if latest.is_some() {
                store.keep_notices();
            }
        }
    });
    let is_open = use_state(|| false);
    let toggle = {
        let (is_open, store) = (is_open.clone(), store.clone());
        Callback::from(move |_: MouseEvent| {
            if *is_open {
                store.read_notices();
            }
            is_open.set(!*is_open);
        })
    };
    let on_close = {
        let is_open = is_open.clone();
        Callback::from(move |()| {
            store.read_notices();
            is_open.set(false);
        })
    };
    let label = match *unread {
        0 => "Notifications".to_owned(),
        unread => format!("Notifications, {unread} new"),
    };
    html! {
        <div class="popover-anchor">
            <button type="button" class="button button-quiet button-icon" aria-label={label.clone()} title={label}
                aria-expanded={is_open.to_string()} aria-haspopup="dialog" onclick={toggle}>
                <svg class="icon" viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.5" aria-hidden="true"
                    stroke-linejoin="round"><path d="M4 11V7a4 4 0 018 0v4l1 1.5H3zM6.5 14h3" /></svg>
                if *unread > 0 {
                    <span class="bell-count" aria-hidden="true">{ (*unread).min(99) }</span>
                }
            </button>
            if *is_open {
                <PanelOf panel={Panel::Notifications} {on_close} />
            }
        </div>
    }
}

/// All of them, the latest first.
#[component]
pub fn List() -> Html {
    let store = use_store();
    let notices = use_select(|state| state.toasts().notices().cloned().collect::<Vec<Notice>>());
    if notices.is_empty() {
        return html! { <><h2>{ "Notifications" }</h2>{ nothing("Nothing yet. What others do that concerns you appears here.") }</> };
    }
    let rows = notices.iter().map(|notice| {
        let id = notice.id;
        let undo = {
            let store = store.clone();
            Callback::from(move |_: MouseEvent| store.undo_notice(id))
        };
        html! {
            <li key={id} class="notice-row" data-unread={(!notice.is_read).to_string()}>
                <NoticeText notice={notice.clone()} />
                <RelativeTime at={notice.at} />
                if !notice.undo.is_empty() {
                    <button type="button" class="button button-small" onclick={undo}>{ "Undo" }</button>
                }
            </li>
        }
    });
    html! { <><h2>{ "Notifications" }</h2><ul class="notice-list">{ for rows }</ul></> }
}
