//! Another password.

use shared_types::directory::input::{AccountPatch, PasswordChange};
use yew::prelude::*;

use crate::{
    components::{
        call::use_call,
        form::{Line, line_field, use_typed},
    },
    json,
    net::rest::Failure,
    store::use_store,
};

const WRONG: &str = "This is not your password now.";

/// The form.
#[component]
pub fn ChangePassword() -> Html {
    let store = use_store();
    let call = use_call();
    let current = use_typed(String::new());
    let new = use_typed(String::new());
    let onsubmit = {
        let (call, current, new) = (call.clone(), current.clone(), new.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if current.text().is_empty() {
                current.wrong(WRONG);
            }
            let password = new.parse();
            let Some(password) = password.filter(|_| !current.text().is_empty()) else {
                return;
            };
            let password = PasswordChange {
                current: current.text().to_owned(),
                new: password,
            };
            let (store, current, new) = (store.clone(), current.clone(), new.clone());
            let body = Some(json::write(&AccountPatch { password }));
            let typed = current.clone();
            let is_wrong = move |failure: &Failure| {
                let is_wrong = failure.is_about("/password/current");
                if is_wrong {
                    typed.wrong(WRONG);
                }
                is_wrong
            };
            let done = move |_| {
                current.set(String::new());
                new.set(String::new());
                store.update(|state| {
                    state
                        .toasts
                        .tell("Your password is changed. You are signed out everywhere else.")
                });
            };
            call.send_or("PATCH", "/account", body, done, is_wrong);
        })
    };
    html! {
        <section class="section" aria-label="Password">
            <div class="section-header"><h2>{ "Password" }</h2></div>
            <form class="stack" {onsubmit} novalidate=true>
                <div class="form-grid">
                    { line_field("current", "Password now", "", &current, Line::PASSWORD) }
                    { line_field("new", "New password", "At least 10 characters", &new, Line::NEW_PASSWORD) }
                </div>
                { call.why() }
                <div class="row">{ call.button("Change password") }<span class="field-hint">{ "This ends your other sessions." }</span></div>
            </form>
        </section>
    }
}
