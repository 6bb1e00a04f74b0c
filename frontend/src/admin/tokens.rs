//! Tokens for programs: one's own, or everybody's.

use shared_types::{
    directory::{
        Account,
        input::{ListedToken, TokenMade},
    },
    value::AccountId,
};
use yew::prelude::*;

use super::{
    list::use_list,
    make_token::MakeToken,
    words::{access_words, last_use, scope_words, until},
};
use crate::{
    components::{
        call::use_call,
        dialog::Confirm,
        focus::use_focus_kept,
        icon::{Icon, icon},
        shown_once::ShownOnce,
        time::RelativeTime,
    },
    store::use_select,
};

/// Properties of [`Tokens`].
#[derive(Properties, PartialEq)]
pub struct TokensProps {
    /// Everybody's, to revoke; else one's own.
    pub is_all: bool,
}

/// The tokens, each with what revokes it.
#[component]
pub fn Tokens(props: &TokensProps) -> Html {
    let path = match props.is_all {
        true => "/tokens",
        false => "/account/tokens",
    };
    let tokens = use_list::<ListedToken>(path);
    let accounts = use_list::<Account>(if props.is_all { "/accounts" } else { "" });
    let call = use_call();
    let is_making = use_state(|| false);
    let made = use_state(|| None::<TokenMade>);
    let revoking = use_state(|| None::<ListedToken>);
    let section = use_node_ref();
    use_focus_kept(section.clone());
    let scopes = {
        let tokens = tokens.clone();
        use_select(move |state| {
            let scopes = tokens.items().iter();
            scopes
                .map(|listed| scope_words(state, listed.token.scope))
                .collect::<Vec<_>>()
        })
    };
    let owner = |id: AccountId| {
        let account = accounts.items().iter().find(|account| account.id == id);
        account
            .map(|account| account.email.to_string())
            .unwrap_or_default()
    };
    let ask_to_revoke = |listed: &ListedToken| {
        let (revoking, listed) = (revoking.clone(), listed.clone());
        Callback::from(move |_: MouseEvent| revoking.set(Some(listed.clone())))
    };
    let draw = |listed: &ListedToken| {
        let token = &listed.token;
        let at = tokens.items().iter().position(|other| other == listed);
        let scope = at
            .and_then(|at| scopes.get(at))
            .cloned()
            .unwrap_or_default();
        html! {
            <li key={token.id.to_string()} class="entry">
                <div class="grow">
                    <strong>{ token.name.to_string() }</strong>
                    if let (true, Some(account)) = (props.is_all, token.account) {
                        <span class="muted">{ owner(account) }</span>
                    }
                    <p class="stamp">
                        { format!("{}: {scope}; made ", access_words(token.access)) }<RelativeTime at={token.created_at} />{ "; " }
                        { until(token.expires_at) }{ "; " }
                        { last_use(listed.last_used_at, listed.last_used_from.as_deref()) }
                    </p>
                </div>
                <button type="button" class="button button-small" aria-label={format!("Revoke {}", &*token.name)}
                    onclick={ask_to_revoke(listed)}>{ "Revoke" }</button>
            </li>
        }
    };
    let set_making = |makes: bool| {
        let is_making = is_making.clone();
        Callback::from(move |()| is_making.set(makes))
    };
    let on_made = {
        let (made, done, ask) = (made.clone(), set_making(false), tokens.ask.clone());
        Callback::from(move |token: TokenMade| {
            made.set(Some(token));
            done.emit(());
            ask.emit(());
        })
    };
    let forget = {
        let made = made.clone();
        Callback::from(move |()| made.set(None))
    };
    let revoke = |listed: &ListedToken| {
        let (call, ask) = (call.clone(), tokens.ask.clone());
        let path = format!("{path}/{}", listed.token.id);
        Callback::from(move |()| {
            let ask = ask.clone();
            call.send("DELETE", &path, None, move |_| ask.emit(()));
        })
    };
    let keep = {
        let revoking = revoking.clone();
        Callback::from(move |()| revoking.set(None))
    };
    let (title, none) = match props.is_all {
        true => ("All tokens", "Nobody has made a token."),
        false => (
            "Tokens",
            "No tokens yet. A token lets a program use the API, with as much as you give it.",
        ),
    };
    html! {
        <section class="section" aria-label={title} ref={section}>
            <div class="section-header">
                <h2>{ title }</h2>
                <span class="count">{ tokens.items().len() }</span>
                if !props.is_all {
                    <button type="button" class="button button-small" onclick={set_making(true).reform(|_: MouseEvent| ())}>
                        { icon(Icon::Plus) }{ "New token" }
                    </button>
                }
            </div>
            if let Some(made) = &*made {
                { shown_once(made, forget) }
            }
            { call.why() }
            { tokens.draw(none, draw) }
            if !props.is_all {
                <p class="field-hint">
                    { "What the API can do: " }<a href="/api/v1/docs/">{ "its description" }</a>{ "." }
                </p>
            }
            if *is_making {
                <MakeToken {on_made} on_close={set_making(false)} />
            }
            if let Some(listed) = &*revoking {
                <Confirm title={format!("Revoke {}?", &*listed.token.name)} action="Revoke"
                    text="Programs that use it are refused from now on, and their connections are closed. This can’t be taken back."
                    on_confirm={revoke(listed)} on_close={keep} />
            }
        </section>
    }
}

fn shown_once(made: &TokenMade, on_close: Callback<()>) -> Html {
    let origin = gloo::utils::window()
        .location()
        .origin()
        .unwrap_or_default();
    let example = format!(
        "curl {origin}/api/v1/projects \\\n  -H 'Authorization: Bearer {}'",
        made.secret
    );
    html! {
        <ShownOnce label={format!("The token {}", &*made.token.name)} value={made.secret.clone()} {on_close}>
            <pre class="example" tabindex="0"><code>{ example }</code></pre>
        </ShownOnce>
    }
}
