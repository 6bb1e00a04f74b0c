//! Who I am here, and how this browser is set.

use gloo::timers::callback::Interval;
use shared_types::{
    command::{OrganizationPatch, Patch},
    value::Name,
    wire::Role,
};
use yew::prelude::*;
use yew_router::prelude::*;

use crate::{
    components::{
        avatar::{Avatar, Size},
        inline_text::InlineText,
        skeleton::skeleton_rows,
    },
    routes::Route,
    store::{Phase, Preference, Settings, Theme, Transport, transport_name, use_select, use_store},
};

/// The page.
#[component]
pub fn Account() -> Html {
    html! {
        <div class="page">
            <header class="page-header"><div class="page-heading"><h1>{ "Account" }</h1></div></header>
            <div class="page-body">
                <div class="account">
                    <Me />
                    <Organization />
                    <Transports />
                    <Themes />
                    <Notifications />
                </div>
            </div>
        </div>
    }
}

#[component]
fn Me() -> Html {
    let known = use_select(|state| {
        let member = state.me().and_then(|id| state.member(id).cloned());
        (member, state.role())
    });
    let (member, role) = &*known;
    let role = role.map(|role| match role {
        Role::Owner => "Owner",
        Role::Admin => "Admin",
        Role::Member => "Member",
        Role::Viewer => "Viewer",
    });
    html! {
        <section class="section" aria-label="Me">
            if let Some(member) = member {
                <div class="member-card">
                    <Avatar member={member.clone()} size={Size::Large} />
                    <div class="grow">
                        <h2><Link<Route> to={Route::member(&member.slug)}>{ member.name.to_string() }</Link<Route>></h2>
                        <p class="muted">{ &member.title }</p>
                        <p class="stamp">{ role.unwrap_or_default() }</p>
                    </div>
                </div>
            } else {
                { skeleton_rows(2) }
            }
        </section>
    }
}

/// What everybody here belongs to, renamed where it stands by those who may.
#[component]
fn Organization() -> Html {
    let store = use_store();
    let known = use_select(|state| {
        let may_rename = matches!(state.role(), Some(Role::Owner | Role::Admin));
        (
            state.organization().map(|it| it.name.to_string()),
            may_rename,
        )
    });
    let (Some(name), may_rename) = (*known).clone() else {
        return Html::default();
    };
    let check = Callback::from(|text: String| {
        let wrong = text.parse::<Name>().err();
        wrong.map(|wrong| wrong.to_string())
    });
    let on_change = Callback::from(move |text: String| {
        if let Ok(name) = text.parse() {
            let name = Patch::Set(name);
            store.update_organization(OrganizationPatch {
                name,
                ..OrganizationPatch::default()
            });
        }
    });
    html! {
        <section class="section" aria-label="Organization">
            <div class="section-header"><h2>{ "Organization" }</h2></div>
            <dl class="facts">
                <dt>{ "Name" }</dt>
                if may_rename {
                    <dd><InlineText label="Name of the organization" value={name} {check} {on_change} /></dd>
                } else {
                    <dd>{ name }</dd>
                }
            </dl>
        </section>
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
