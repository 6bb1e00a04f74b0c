//! The live pill: how true the page is.

use gloo::timers::callback::Interval;
use yew::prelude::*;

use super::{Panel, PanelOf};
use crate::{
    routes::Route,
    store::{Live, Phase, Stage, Write, transport_name, use_select, use_store},
};
use yew_router::prelude::*;

/// The pill, and its details behind a press.
#[component]
pub fn Pill() -> Html {
    let live = use_select(|state| state.live().clone());
    let waiting = use_select(|state| state.outbox().unanswered().cloned().collect::<Vec<_>>());
    let is_open = use_state(|| false);
    let tick = use_force_update();
    // Only a countdown has to be drawn again by the clock.
    use_effect_with(
        matches!(live.phase, Phase::Reconnecting { .. }),
        move |counts| {
            let interval = counts.then(|| Interval::new(500, move || tick.force_update()));
            move || drop(interval)
        },
    );
    let (state, text) = words(&live);
    // What is on its way for an instant is no news; what waits is.
    let late = waiting
        .iter()
        .filter(|write| is_late(write, live.is_live()))
        .count();
    let toggle = {
        let is_open = is_open.clone();
        Callback::from(move |_: MouseEvent| is_open.set(!*is_open))
    };
    let on_close = {
        let is_open = is_open.clone();
        Callback::from(move |()| is_open.set(false))
    };
    html! {
        <div class="popover-anchor">
            <button type="button" class="pill" data-state={state} aria-expanded={is_open.to_string()} aria-haspopup="dialog"
                onclick={toggle}>
                <span class="pill-dot" aria-hidden="true"></span>
                <span>{ text.clone() }</span>
                if late > 0 {
                    <span class="count">{ format!("{late} waiting") }</span>
                }
            </button>
            // The countdown is not read out, the state is.
            <span class="sr-only" role="status">{ spoken(&live) }</span>
            if *is_open {
                <PanelOf panel={Panel::Live} {on_close} />
            }
        </div>
    }
}

fn is_late(write: &Write, is_live: bool) -> bool {
    !is_live
        || write.tries > 0
        || (write.stage == Stage::Sent && js_sys::Date::now() - write.at > 2_000.0)
}

fn words(live: &Live) -> (&'static str, String) {
    match live.phase {
        Phase::Connecting => ("connecting", "Connecting".into()),
        Phase::Live => (
            "live",
            live.lag
                .map_or_else(|| "Live".into(), |lag| format!("Live · {}", seconds(lag))),
        ),
        Phase::Reconnecting { retry_at, .. } => {
            let left = ((retry_at - js_sys::Date::now()) / 1000.0).ceil();
            let text = if left >= 1.0 {
                format!("Reconnecting in {} s", left as u64)
            } else {
                "Reconnecting".into()
            };
            ("reconnecting", text)
        }
        Phase::Stale { since } => ("stale", format!("Stale since {}", clock(since))),
        Phase::Offline { since } => ("offline", format!("Offline since {}", clock(since))),
    }
}

fn waiting_words(count: usize) -> String {
    match count {
        1 => "One change waits to be sent".into(),
        count => format!("{count} changes wait to be sent"),
    }
}

fn spoken(live: &Live) -> &'static str {
    match live.phase {
        Phase::Connecting => "",
        Phase::Live => "Live",
        Phase::Reconnecting { .. } => "Connection lost, reconnecting",
        Phase::Stale { .. } => "The page may be stale",
        Phase::Offline { .. } => "Offline",
    }
}

fn times(count: u64) -> String {
    match count {
        1 => "once".into(),
        count => format!("{count} times"),
    }
}

/// To a tenth of a second, and not less: the page is never quite now.
fn seconds(ms: f64) -> String {
    let tenths = (ms / 100.0).round().max(1.0) as u64;
    format!("{}.{} s", tenths / 10, tenths % 10)
}

fn clock(ms: f64) -> String {
    let date = js_sys::Date::new(&ms.into());
    format!("{:02}:{:02}", date.get_hours(), date.get_minutes())
}

/// All that is known of the line, and what waits for it.
#[component]
pub fn Details() -> Html {
    let store = use_store();
    let live = use_select(|state| state.live().clone());
    let waiting = use_select(|state| {
        let waiting = state.outbox().unanswered();
        waiting
            .map(|write| (write.id, write.draft.what.clone()))
            .collect::<Vec<_>>()
    });
    let not_taken = use_select(|state| state.outbox().not_taken.clone());
    let retry = Callback::from(move |_: MouseEvent| store.retry_now());
    let since = match live.phase {
        Phase::Reconnecting { since, .. } | Phase::Stale { since } | Phase::Offline { since }
            if since > 0.0 =>
        {
            Some(clock(since))
        }
        _ => None,
    };
    let row =
        |name: &str, value: String| html! { <><dt>{ name.to_owned() }</dt><dd>{ value }</dd></> };
    let transport = live.transport.map_or_else(
        || "none".into(),
        |transport| transport_name(transport).to_owned(),
    );
    let shared = if live.shared {
        ", through another tab"
    } else {
        ""
    };
    let writes = waiting
        .iter()
        .map(|(id, what)| html! { <li key={id.to_string()}>{ what.clone() }</li> });
    html! {
        <>
            <h2>{ words(&live).1 }</h2>
            if let Some(since) = since {
                <p>{ format!("What you see was true at {since}. You can go on: changes are kept and sent when the line is back.") }</p>
            }
            <dl class="facts">
                { row("Transport", format!("{transport}{shared}")) }
                if let Some(lag) = live.lag {
                    { row("Delay", format!("at most {}", seconds(lag))) }
                }
                { row("Position", live.cursor.as_ref().map(ToString::to_string).unwrap_or_default()) }
                { row("Messages", live.messages.to_string()) }
                { row("Gaps repaired", live.gaps_repaired.to_string()) }
                { row("Reconnected", times(live.reconnects)) }
                if let Some(error) = &live.last_error {
                    { row("Last error", error.clone()) }
                }
            </dl>
            if !waiting.is_empty() {
                <h3>{ waiting_words(waiting.len()) }</h3>
                if let Some(why) = &*not_taken {
                    <p>{ why.clone() }</p>
                }
                <ol class="waiting">{ for writes }</ol>
            }
            <div class="row">
                if !live.is_live() {
                    <button type="button" class="button button-primary button-small" onclick={retry}>{ "Try now" }</button>
                }
                <Link<Route> classes="button button-small" to={Route::Account}>{ "Choose the transport" }</Link<Route>>
            </div>
        </>
    }
}
