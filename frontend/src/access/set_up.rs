//! The first account of a server, by the link that the server has shown at its start.

use shared_types::{
    command::{OrganizationPatch, Patch},
    directory::input,
    value::{Email, Name},
};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::{around, enter, useless};
use crate::{
    components::{
        call::use_call,
        form::{Line, line_field, use_typed},
    },
    json,
    net::rest,
    store::use_select,
};

/// The page.
#[component]
pub fn SetUp() -> Html {
    let secret = use_select(|state| state.secret.clone());
    let call = use_call();
    let organization = use_typed(String::new());
    let name = use_typed(String::new());
    let email = use_typed(String::new());
    let password = use_typed(String::new());
    let onsubmit = {
        let (secret, call, organization) = (secret.clone(), call.clone(), organization.clone());
        let (name, email, password) = (name.clone(), email.clone(), password.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let (organization, name) = (organization.parse_optional::<Name>(), name.parse());
            let (email, password) = (email.parse::<Email>(), password.parse());
            let (Some(organization), Some(name), Some(email), Some(password)) =
                (organization, name, email, password)
            else {
                return;
            };
            let body = input::SetUp {
                secret: (*secret).clone().unwrap_or_default(),
                email,
                password,
                name: Some(name),
            };
            call.send("POST", "/set-up", Some(json::write(&body)), move |answer| {
                spawn_local(async move {
                    if let Some(organization) = organization {
                        rename(organization).await;
                    }
                    enter(&answer, "/account");
                });
            });
        })
    };
    if secret.is_none() {
        return useless(
            "Set up this server",
            "This takes the link that the server has shown on its standard output when it was started: the whole of it, \
             with what stands behind the #.",
        );
    }
    let about = html! {
        <p class="muted">{ "You make the first account, the owner’s. Everybody else comes by your invitation." }</p>
    };
    let body = html! {
        <form class="stack" {onsubmit} novalidate=true>
            { line_field("organization", "Organization", "What all of you belong to; it can be renamed.", &organization,
                Line { autocomplete: "organization", ..Line::text(true) }) }
            { line_field("name", "Your name", "", &name, Line { autocomplete: "name", ..Line::text(false) }) }
            { line_field("email", "E-mail", "To sign in with. Nothing is sent to it.", &email, Line::EMAIL) }
            { line_field("password", "Password", "At least 10 characters", &password, Line::NEW_PASSWORD) }
            { call.why() }
            { call.button("Set up") }
        </form>
    };
    around("Set up AI Dev Team", about, body)
}

/// The owner is signed in by now. If this goes wrong, the account page, which comes next, shows the name and renames it.
async fn rename(name: Name) {
    let patch = OrganizationPatch {
        name: Patch::Set(name),
        ..OrganizationPatch::default()
    };
    let _ = rest::request(
        "PATCH",
        "/organization",
        &[],
        Some(&json::write(&patch)),
        None,
    )
    .await;
}
