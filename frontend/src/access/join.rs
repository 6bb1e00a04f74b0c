//! An account by way of an invitation's link.

use shared_types::{
    directory::input::{Accept, Invited, Link},
    wire::Role,
};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::{around, enter, useless};
use crate::{
    components::{
        call::use_call,
        form::{Line, line_field, use_typed},
        skeleton::skeleton_rows,
        time::in_full,
    },
    json,
    net::rest::{self, Failure},
    store::{Access, use_select},
};

const TITLE: &str = "Join a team";

/// The page: what the invitation is to, then the account.
#[component]
pub fn Join() -> Html {
    let secret = use_select(|state| state.secret.clone());
    let invited = use_state(|| None::<Result<Invited, Failure>>);
    {
        let invited = invited.setter();
        use_effect_with(secret.clone(), move |secret| {
            if let Some(secret) = (**secret).clone() {
                spawn_local(async move { invited.set(Some(look(secret).await)) });
            }
        });
    }
    let Some(secret) = (*secret).clone() else {
        return useless(
            TITLE,
            "This takes the link of an invitation: the whole of it, with what stands behind the #. Open it again, or ask \
             whoever invited you for another one.",
        );
    };
    match &*invited {
        None => around(TITLE, Html::default(), skeleton_rows(4)),
        Some(Ok(invited)) => html! { <Form {secret} invited={invited.clone()} /> },
        Some(Err(Failure::Network)) => useless(
            TITLE,
            "The server can’t be reached. Open the link again in a moment.",
        ),
        Some(Err(_)) => useless(
            "This invitation can’t be used",
            "It was used already, taken back, or its time is over. If you have used it, sign in; else ask whoever invited \
             you for another one.",
        ),
    }
}

async fn look(secret: String) -> Result<Invited, Failure> {
    let body = json::write(&Link { secret });
    let answer = rest::request("POST", "/invitations/look", &[], Some(&body), None).await?;
    json::read(&answer.body).ok_or(Failure::Network)
}

#[derive(Properties, PartialEq)]
struct FormProps {
    secret: String,
    invited: Invited,
}

#[component]
fn Form(props: &FormProps) -> Html {
    let call = use_call();
    let name = use_typed(String::new());
    let password = use_typed(String::new());
    let is_somebody = use_select(|state| state.access() == Access::Known);
    let invited = &props.invited;
    let onsubmit = {
        let (secret, call) = (props.secret.clone(), call.clone());
        let (name, password) = (name.clone(), password.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let (Some(name), Some(password)) = (name.parse(), password.parse()) else {
                return;
            };
            let body = Accept {
                secret: secret.clone(),
                password,
                name: Some(name),
            };
            let body = Some(json::write(&body));
            call.send("POST", "/invitations/accept", body, |answer| {
                enter(&answer, "/dashboard")
            });
        })
    };
    let role = match invited.role {
        Role::Owner => "an owner",
        Role::Admin => "an admin",
        Role::Member => "a member",
        Role::Viewer => "a viewer",
    };
    let about = html! {
        <p class="muted">
            { format!("You are invited as {role}, until {}. You sign in as ", in_full(invited.expires_at)) }
            <strong>{ invited.email.to_string() }</strong>{ "." }
            if *is_somebody {
                { " In this browser somebody is signed in already, and will be signed out." }
            }
        </p>
    };
    let body = html! {
        <form class="stack" {onsubmit} novalidate=true>
            // For the browser's own memory of passwords.
            <input class="sr-only" type="email" autocomplete="username" readonly=true tabindex="-1" aria-hidden="true"
                value={invited.email.to_string()} />
            { line_field("name", "Your name", "", &name, Line { autocomplete: "name", ..Line::text(true) }) }
            { line_field("password", "Password", "At least 10 characters", &password, Line::NEW_PASSWORD) }
            { call.why() }
            { call.button("Join") }
        </form>
    };
    around(&format!("Join {}", &*invited.organization), about, body)
}
