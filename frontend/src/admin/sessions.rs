//! Where I am signed in.

use shared_types::directory::input::ListedSession;
use yew::prelude::*;

use super::{
    list::use_list,
    words::{browser, last_use, until},
};
use crate::components::{call::use_call, focus::use_focus_kept, time::in_full};

/// The sessions, each with what ends it.
#[component]
pub fn Sessions() -> Html {
    let sessions = use_list::<ListedSession>("/account/sessions");
    let call = use_call();
    let section = use_node_ref();
    use_focus_kept(section.clone());
    let end = |path: String| {
        let (call, ask) = (call.clone(), sessions.ask.clone());
        Callback::from(move |_: MouseEvent| {
            let ask = ask.clone();
            call.send("DELETE", &path, None, move |_| ask.emit(()));
        })
    };
    let draw = |listed: &ListedSession| {
        let session = &listed.session;
        let name = browser(session.user_agent.as_deref());
        let from = session.address.as_deref().unwrap_or("an unknown address");
        // To the second: two may have been begun in one minute, by the same browser.
        let second = session.created_at.as_millis() / 1_000 % 60;
        let since = format!("{}:{second:02}", in_full(session.created_at));
        html! {
            <li key={session.id.to_string()} class="entry">
                <div class="grow">
                    <strong>{ name.clone() }</strong>
                    <span class="muted">{ format!(" since {since}") }</span>
                    if listed.current {
                        <span class="chip chip-accent">{ "This browser" }</span>
                    }
                    <p class="stamp">
                        { format!("Signed in from {from}; ") }
                        { last_use(listed.last_used_at, listed.last_used_from.as_deref()) }{ "; " }
                        { until(Some(session.expires_at)) }
                    </p>
                </div>
                if !listed.current {
                    <button type="button" class="button button-small" aria-label={format!("End the session of {name} since {since}")}
                        onclick={end(format!("/account/sessions/{}", session.id))}>{ "End" }</button>
                }
            </li>
        }
    };
    let has_others = sessions.items().iter().any(|listed| !listed.current);
    html! {
        <section class="section" aria-label="Sessions" ref={section}>
            <div class="section-header">
                <h2>{ "Sessions" }</h2>
                <span class="count">{ sessions.items().len() }</span>
                if has_others {
                    <button type="button" class="button button-small" onclick={end("/account/sessions".into())}>
                        { "End all others" }
                    </button>
                }
            </div>
            { call.why() }
            { sessions.draw("You are signed in nowhere.", draw) }
        </section>
    }
}
