//! Inviting people.

use shared_types::{
    directory::{
        Invitation,
        input::{InvitationMade, NewInvitation},
    },
    value::Email,
    wire::Role,
};
use yew::prelude::*;

use super::{
    list::use_list,
    words::{in_days, role_named, role_words, roles_to_give, until},
};
use crate::{
    components::{
        call::use_call,
        focus::use_focus_kept,
        form::{Line, choice_field, line_field, use_typed},
        shown_once::ShownOnce,
    },
    json,
    store::use_select,
};

/// For how long an invitation can be used: days, and in words.
const TIMES: [(&str, &str); 3] = [
    ("1", "For a day"),
    ("7", "For 7 days"),
    ("30", "For 30 days"),
];

/// The open ones, each with what takes it back; and a new one.
#[component]
pub fn Invitations() -> Html {
    let invitations = use_list::<Invitation>("/invitations");
    let call = use_call();
    let revoke = use_call();
    let email = use_typed(String::new());
    let role = use_state(|| Role::Member);
    let days = use_state(|| "7".to_owned());
    let made = use_state(|| None::<InvitationMade>);
    let section = use_node_ref();
    use_focus_kept(section.clone());
    let roles = use_select(roles_to_give);
    let onsubmit = {
        let (call, email, ask) = (call.clone(), email.clone(), invitations.ask.clone());
        let (role, days, made) = (role.clone(), days.clone(), made.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Some(address) = email.parse::<Email>() else {
                return;
            };
            let new = NewInvitation {
                email: address,
                role: *role,
                member: None,
                expires_at: days.parse().ok().map(in_days),
            };
            let (email, ask, made) = (email.clone(), ask.clone(), made.clone());
            call.send(
                "POST",
                "/invitations",
                Some(json::write(&new)),
                move |answer| {
                    email.set(String::new());
                    made.set(json::read(&answer));
                    ask.emit(());
                },
            );
        })
    };
    let take_back = |invitation: &Invitation| {
        let (revoke, ask) = (revoke.clone(), invitations.ask.clone());
        let path = format!("/invitations/{}", invitation.id);
        Callback::from(move |_: MouseEvent| {
            let ask = ask.clone();
            revoke.send("DELETE", &path, None, move |_| ask.emit(()));
        })
    };
    let draw = |invitation: &Invitation| {
        html! {
            <li key={invitation.id.to_string()} class="entry">
                <div class="grow">
                    <strong>{ invitation.email.to_string() }</strong>
                    <p class="stamp">{ format!("{}; {}", role_words(invitation.role), until(Some(invitation.expires_at))) }</p>
                </div>
                <button type="button" class="button button-small"
                    aria-label={format!("Take back the invitation of {}", invitation.email)}
                    onclick={take_back(invitation)}>{ "Take back" }</button>
            </li>
        }
    };
    let forget = {
        let made = made.clone();
        Callback::from(move |()| made.set(None))
    };
    let set_role = {
        let role = role.clone();
        Callback::from(move |name: String| role.set(role_named(&name).unwrap_or(*role)))
    };
    let set_days = {
        let days = days.clone();
        Callback::from(move |chosen| days.set(chosen))
    };
    let times = TIMES.map(|(days, words)| (days.to_owned(), words.to_owned()));
    html! {
        <section class="section" aria-label="Invitations" ref={section}>
            <div class="section-header"><h2>{ "Invitations" }</h2><span class="count">{ invitations.items().len() }</span></div>
            <form class="entry-form" {onsubmit} novalidate=true>
                { line_field("invite-email", "E-mail", "", &email, Line { autocomplete: "off", ..Line::EMAIL }) }
                { choice_field("invite-role", "Role", &roles, role.as_str(), set_role) }
                { choice_field("invite-time", "Open", &times, &days, set_days) }
                { call.button("Invite") }
            </form>
            <p class="field-hint">{ "Nothing is sent by mail: you get a link to pass on. It can be used once." }</p>
            { call.why() }
            if let Some(made) = &*made {
                <ShownOnce label={format!("Link for {}", made.invitation.email)} value={link(&made.path)} on_close={forget} />
            }
            { revoke.why() }
            { invitations.draw("No invitation is open.", draw) }
        </section>
    }
}

fn link(path: &str) -> String {
    let origin = gloo::utils::window().location().origin();
    format!("{}{path}", origin.unwrap_or_default())
}
