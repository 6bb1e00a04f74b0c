//! How this browser is set, and how its line is doing.

use gloo::timers::callback::Interval;
use yew::prelude::*;

use crate::store::{
    Phase, Preference, Settings, Theme, Transport, transport_name, use_select, use_store,
};

/// All of it.
pub fn settings() -> Html {
    html! {
        <>
            <Transports />
            <Themes />
            <Notifications />
        </>
    }
}

/// A row of choices of which one is chosen.
fn choices<T: Copy + PartialEq + 'static>(
    name: &'static str,
    all: &[(T, &'static str, &'static str)],
    chosen: T,
    on_choose: Callback<T>,
) -> Html {
    let choices = all.iter().map(|(value, label, hint)| {
        let value = *value;
        let onchange = on_choose.reform(move |_: Event| value);
        html! {
            <label class="choice">
                <input type="radio" {name} checked={value == chosen} {onchange} />
                <span>
                    <strong>{ *label }</strong><br />
                    <span class="field-hint">{ *hint }</span>
                </span>
            </label>
        }
    });
    html! { <div class="choices">{ for choices }</div> }
}

#[component]
fn Transports() -> Html {
    let store = use_store();
    let settings = use_select(|state| state.settings().clone());
    let all = [
        (
            Preference::Automatic,
            "Automatic",
            "The best that gets through",
        ),
        (
            Preference::Only(Transport::WebSocket),
            "WebSocket",
            "One connection both ways",
        ),
        (
            Preference::Only(Transport::Sse),
            "SSE",
            "Where WebSockets are blocked",
        ),
        (
            Preference::Only(Transport::Polling),
            "Polling",
            "Gets through everything, every 5 s",
        ),
    ];
    let on_choose = {
        let (store, settings) = (store.clone(), settings.clone());
        Callback::from(move |preference| {
            store.set_settings(Settings {
                preference,
                ..(*settings).clone()
            })
        })
    };
    html! {
        <section class="section">
            <fieldset>
                <legend class="section-header"><h2>{ "Live updates" }</h2></legend>
                { choices("transport", &all, settings.preference, on_choose) }
            </fieldset>
            <LiveFacts />
        </section>
    }
}

/// How the line is doing, in full.
#[component]
fn LiveFacts() -> Html {
    let live = use_select(|state| state.live().clone());
    let waiting = use_select(|state| state.outbox().unanswered().count());
    let tick = use_force_update();
    use_effect_with((), move |()| {
        let interval = Interval::new(1_000, move || tick.force_update());
        move || drop(interval)
    });
    let seconds = |at: f64| ((at - js_sys::Date::now()).abs() / 1_000.0).round();
    let state = match live.phase {
        Phase::Connecting => "Connecting".to_owned(),
        Phase::Live => match live.lag {
            Some(lag) => format!("Live, at most {:.1} s old", lag / 1_000.0),
            None => "Live".to_owned(),
        },
        Phase::Reconnecting { retry_at, .. } => format!("Reconnecting in {} s", seconds(retry_at)),
        Phase::Stale { since } => format!("Stale for {} s", seconds(since)),
        Phase::Offline { since } => format!("Offline for {} s", seconds(since)),
    };
    let fact =
        |name: &'static str, value: String| html! { <><dt>{ name }</dt><dd>{ value }</dd></> };
    html! {
        <dl class="facts">
            { fact("State", state) }
            { fact("In use", live.transport.map_or_else(|| "nothing yet".into(), |transport| transport_name(transport).into())) }
            { fact("Position", live.cursor.as_ref().map_or_else(|| "unknown".into(), ToString::to_string)) }
            { fact("Messages", live.messages.to_string()) }
            { fact("Gaps repaired", live.gaps_repaired.to_string()) }
            { fact("Reconnects", live.reconnects.to_string()) }
            { fact("Waiting to be sent", waiting.to_string()) }
            { fact("Last error", live.last_error.clone().unwrap_or_else(|| "none".into())) }
        </dl>
    }
}

#[component]
fn Themes() -> Html {
    let store = use_store();
    let settings = use_select(|state| state.settings().clone());
    let all = [
        (Theme::System, "System", "As the system is"),
        (Theme::Light, "Light", "Dark on light"),
        (Theme::Dark, "Dark", "Light on dark"),
    ];
    let on_choose = {
        let settings = settings.clone();
        Callback::from(move |theme| {
            store.set_settings(Settings {
                theme,
                ..(*settings).clone()
            })
        })
    };
    html! {
        <section class="section">
            <fieldset>
                <legend class="section-header"><h2>{ "Theme" }</h2></legend>
                { choices("theme", &all, settings.theme, on_choose) }
            </fieldset>
        </section>
    }
}

#[component]
fn Notifications() -> Html {
    let store = use_store();
    let settings = use_select(|state| state.settings().clone());
    let all = [
        (
            false,
            "Toasts and list",
            "What others do here shows for a moment",
        ),
        (true, "List only", "Nothing moves; all is kept in the list"),
    ];
    let on_choose = {
        let settings = settings.clone();
        Callback::from(move |is_quiet| {
            store.set_settings(Settings {
                is_quiet,
                ..(*settings).clone()
            })
        })
    };
    html! {
        <section class="section">
            <fieldset>
                <legend class="section-header"><h2>{ "Notifications" }</h2></legend>
                { choices("notifications", &all, settings.is_quiet, on_choose) }
            </fieldset>
        </section>
    }
}
