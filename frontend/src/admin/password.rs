//! Another password.

use shared_types::directory::input::{AccountPatch, PasswordChange};
use yew::prelude::*;

use crate::{
    components::{
        call::use_call,
        form::{Line, line_field, use_typed},
    },
    json,
    store::use_store,
};

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
            let Some(password) = new.parse() else { return };
            let password = PasswordChange {
                current: current.text().to_owned(),
                new: password,
            };
            let (store, current, new) = (store.clone(), current.clone(), new.clone());
            let body = Some(json::write(&AccountPatch { password }));
            call.send("PATCH", "/account", body, move |_| {
                current.set(String::new());
                new.set(String::new());
                store.update(|state| {
                    state
                        .toasts
                        .tell("Your password is changed. You are signed out everywhere else.")
                });
            });
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
