//! Making a token.

use shared_types::{
    directory::{
        Access,
        input::{NewToken, TokenMade},
    },
    model::Entity,
};
use yew::prelude::*;

use super::words::in_days;
use crate::{
    components::{
        call::use_call,
        dialog::Dialog,
        form::{choice_field, text_field, use_typed},
    },
    json,
    store::{Action, State, use_select},
};

/// Properties of [`MakeToken`].
#[derive(Properties, PartialEq)]
pub struct MakeTokenProps {
    pub on_made: Callback<TokenMade>,
    pub on_close: Callback<()>,
}

/// For how long, in days, and in words; none: for ever.
const TIMES: [(&str, &str); 5] = [
    ("7", "For 7 days"),
    ("30", "For 30 days"),
    ("90", "For 90 days"),
    ("365", "For a year"),
    ("", "Until it is revoked"),
];

/// The dialog.
#[component]
pub fn MakeToken(props: &MakeTokenProps) -> Html {
    let call = use_call();
    let name = use_typed(String::new());
    let access = use_state(|| "read".to_owned());
    let scope = use_state(|| "organization".to_owned());
    let days = use_state(|| "90".to_owned());
    let offered = use_select(|state| (accesses(state), scopes(state)));
    let (accesses, scopes) = &*offered;
    let onsubmit = {
        let (call, name, on_made) = (call.clone(), name.clone(), props.on_made.clone());
        let (access, scope, days) = (access.clone(), scope.clone(), days.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Some(name) = name.parse() else { return };
            let new = NewToken {
                name,
                access: match access.as_str() {
                    "admin" => Access::Admin,
                    "write" => Access::Write,
                    _ => Access::Read,
                },
                scope: (*scope).clone(),
                expires_at: days.parse().ok().map(in_days),
            };
            let on_made = on_made.clone();
            call.send(
                "POST",
                "/account/tokens",
                Some(json::write(&new)),
                move |answer| {
                    if let Some(made) = json::read(&answer) {
                        on_made.emit(made);
                    }
                },
            );
        })
    };
    let set = |state: &UseStateHandle<String>| {
        let setter = state.setter();
        Callback::from(move |value| setter.set(value))
    };
    let times = TIMES.map(|(days, words)| (days.to_owned(), words.to_owned()));
    html! {
        <Dialog title="New token" on_close={props.on_close.clone()}>
            <form {onsubmit} novalidate=true>
                <div class="dialog-body">
                    { text_field("token-name", "Name", "What it is for, such as Dashboard in the hall", &name, true) }
                    { choice_field("token-access", "What it may do", accesses, &access, set(&access)) }
                    { choice_field("token-scope", "Where", scopes, &scope, set(&scope)) }
                    { choice_field("token-time", "For how long", &times, &days, set(&days)) }
                    { call.why() }
                </div>
                <div class="dialog-footer">
                    <button type="button" class="button" onclick={props.on_close.reform(|_: MouseEvent| ())}>{ "Cancel" }</button>
                    { call.button("Make token") }
                </div>
            </form>
        </Dialog>
    }
}

/// What one may give: no more than one may do.
fn accesses(state: &State) -> Vec<(String, String)> {
    let all = [
        ("read", "Read", true),
        ("write", "Read and write", state.may(Action::Work)),
        (
            "admin",
            "All that an admin may",
            state.may(Action::ManageAccess),
        ),
    ];
    let offered = all.into_iter().filter(|(.., is_offered)| *is_offered);
    offered
        .map(|(name, words, _)| (name.to_owned(), words.to_owned()))
        .collect()
}

fn scopes(state: &State) -> Vec<(String, String)> {
    let whole = (
        "organization".to_owned(),
        "In the whole organization".to_owned(),
    );
    let projects = state.projects().map(|project| {
        (
            format!("project:{}", project.id()),
            format!("In the project {}", &*project.name),
        )
    });
    let members = state.members().map(|member| {
        (
            format!("member:{}", member.id()),
            format!("With what is assigned to {}", &*member.name),
        )
    });
    std::iter::once(whole)
        .chain(projects)
        .chain(members)
        .collect()
}
