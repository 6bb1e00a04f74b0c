//! Signing in, wherever one wanted to go.

use shared_types::{directory::input, value::Email};
use yew::prelude::*;

use super::{around, enter, go};
use crate::{
    components::{
        call::use_call,
        form::{Line, line_field, use_typed},
        icon::{Icon, icon},
    },
    json,
    store::{Access, use_select},
};

const HERE: &str = "/sign-in";
const FIRST: &str = "/dashboard";

/// The page.
#[component]
pub fn SignIn() -> Html {
    let known = use_select(|state| (state.access(), state.outbox().unanswered().count()));
    let call = use_call();
    let email = use_typed(String::new());
    let password = use_typed(String::new());
    let onsubmit = {
        let (call, email, password) = (call.clone(), email.clone(), password.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let address = email.parse::<Email>();
            if password.text().is_empty() {
                password.wrong("must not be empty");
                return;
            }
            let Some(email) = address else { return };
            let body = input::SignIn {
                email,
                password: password.text().to_owned(),
            };
            call.send("POST", "/session", Some(json::write(&body)), |answer| {
                enter(&answer, &wanted())
            });
        })
    };
    let (access, waiting) = *known;
    if matches!(access, Access::Known | Access::Local) {
        return here_already();
    }
    let had_session = matches!(access, Access::Nobody { had_session: true });
    let about = html! {
        if had_session {
            <div class="notice" role="status">
                { icon(Icon::Warning) }
                <span>
                    { "You were signed out: this session was ended elsewhere, the password was changed, or its time was over. " }
                    { "Sign in to go on where you were." }
                    if waiting > 0 {
                        { format!(" {waiting} of your changes wait in this browser, and are sent then.") }
                    }
                </span>
            </div>
        }
    };
    let body = html! {
        <>
            <form class="stack" {onsubmit} novalidate=true>
                { line_field("email", "E-mail", "", &email, Line { first: true, ..Line::EMAIL }) }
                { line_field("password", "Password", "", &password, Line::PASSWORD) }
                { call.why() }
                { call.button("Sign in") }
            </form>
            <p class="field-hint">
                { "No account yet? An admin can send you an invitation. " }
                { "A new server shows a link to set it up when it is started." }
            </p>
        </>
    };
    around("Sign in to AI Dev Team", about, body)
}

/// Back to where one wanted to go.
fn wanted() -> String {
    let location = gloo::utils::window().location();
    let path = location.pathname().unwrap_or_default();
    if path == HERE {
        return FIRST.to_owned();
    }
    format!("{path}{}", location.search().unwrap_or_default())
}

fn here_already() -> Html {
    let onclick = Callback::from(|_: MouseEvent| go(FIRST));
    let next = html! { <button type="button" class="button button-primary" {onclick}>{ "Go to the dashboard" }</button> };
    around(
        "You are signed in",
        html! { <p class="muted">{ "To be somebody else here, sign out on the account page first." }</p> },
        next,
    )
}
