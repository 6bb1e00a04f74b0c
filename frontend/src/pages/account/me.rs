//! Who I am here, and what all of us belong to.

use shared_types::{
    command::{OrganizationPatch, Patch},
    value::Name,
};
use yew::prelude::*;
use yew_router::prelude::*;

use crate::{
    components::{
        avatar::{Avatar, Size},
        call::use_call,
        inline_text::InlineText,
        skeleton::skeleton_rows,
    },
    letters::capital,
    net::rest,
    routes::Route,
    store::{Access, Action, set_who, use_select, use_store},
};

/// Me: member, role, and by what the server knows me.
#[component]
pub fn Me() -> Html {
    let known = use_select(|state| {
        let member = state.me().and_then(|id| state.member(id).cloned());
        (member, state.role(), state.access())
    });
    let (member, role, access) = &*known;
    let by = match access {
        Access::Local => {
            "You are the demo’s owner on this machine; nobody signed in. That is so for whoever sits at it, and nowhere \
             else: reached by another address or through a proxy, this server asks everybody to sign in."
        }
        Access::Known => "Signed in, with a session in this browser.",
        Access::Unknown | Access::Nobody { .. } => return skeleton_rows(2),
    };
    html! {
        <section class="section" aria-label="Me">
            <div class="member-card">
                if let Some(member) = member {
                    <Avatar member={member.clone()} size={Size::Large} />
                }
                <div class="grow">
                    if let Some(member) = member {
                        <h2><Link<Route> to={Route::member(&member.slug)}>{ member.name.to_string() }</Link<Route>></h2>
                        <p class="muted">{ &member.title }</p>
                    }
                    if *access == Access::Known {
                        <Email />
                    }
                    <p class="stamp">{ role.map(|role| capital(role.as_str())).unwrap_or_default() }</p>
                    <p class="field-hint">{ by }</p>
                </div>
                if *access == Access::Known {
                    <SignOut />
                }
            </div>
        </section>
    }
}

/// The address of the account.
#[component]
fn Email() -> Html {
    let email = use_state(|| None::<String>);
    {
        let email = email.setter();
        use_effect_with((), move |()| {
            wasm_bindgen_futures::spawn_local(async move {
                // Without an answer it is left out; what else is here comes from the line.
                if let Ok(account) = rest::get::<serde_json::Value>("/account").await {
                    email.set(account["account"]["email"].as_str().map(ToOwned::to_owned));
                }
            });
        });
    }
    html! { <p>{ (*email).clone().unwrap_or_default() }</p> }
}

/// The way out. Writes that wait stay in this browser for the one who made them; what was only begun does not.
#[component]
fn SignOut() -> Html {
    let store = use_store();
    let call = use_call();
    let onsubmit = {
        let call = call.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let store = store.clone();
            call.send("DELETE", "/session", None, move |_| {
                store.read(|state| state.forget_rows());
                set_who(None);
                // A path of our own can always be gone to.
                let _ = gloo::utils::window().location().assign("/sign-in");
            });
        })
    };
    html! {
        // The card leads to the member, wherever it is pressed but here.
        <form class="over" {onsubmit}>
            <button type="submit" class="button" disabled={call.is_stopped()}>{ "Sign out" }</button>
            { call.why() }
        </form>
    }
}

/// What everybody here belongs to, renamed where it stands by those who may.
#[component]
pub fn Organization() -> Html {
    let store = use_store();
    let name = use_select(|state| state.organization().map(|it| it.name.to_string()));
    let Some(name) = (*name).clone() else {
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
                <dd>
                    <InlineText label="Name of the organization" value={name} action={Action::ManageOrganization} {check}
                        {on_change} />
                </dd>
            </dl>
        </section>
    }
}
