//! The ways in: signing in, the first account, an invitation. A part of the app that one who is signed in never loads.

mod join;
mod set_up;
mod sign_in;

use serde_json::Value;
use yew::prelude::*;

use self::{join::Join, set_up::SetUp, sign_in::SignIn};
use crate::{json, routes::Route, store::set_who};

/// Draws one of them.
pub fn page(route: &Route) -> Html {
    match route {
        Route::SetUp => html! { <SetUp /> },
        Route::Join => html! { <Join /> },
        _ => html! { <SignIn /> },
    }
}

/// What they have around them.
fn around(title: &str, about: Html, body: Html) -> Html {
    html! {
        <main class="way-in">
            <style>{ include_str!("../../styles/access.css") }</style>
            <div class="way-in-card">
                <span class="rail-mark" aria-hidden="true">{ "A" }</span>
                <h1>{ title }</h1>
                { about }
                { body }
            </div>
        </main>
    }
}

/// Somebody has signed in: the app begins anew at this path, with nothing of whoever was here before.
fn enter(answer: &str, path: &str) {
    let signed_in: Value = json::read(answer).unwrap_or_default();
    set_who(signed_in["principal"]["id"].as_str());
    go(path);
}

fn go(path: &str) {
    // A path of our own can always be gone to.
    let _ = gloo::utils::window().location().assign(path);
}

/// A link of no use, and the way on.
fn useless(title: &str, text: &str) -> Html {
    let next = html! { <a class="button" href="/sign-in">{ "Sign in" }</a> };
    around(
        title,
        html! { <p class="muted" role="alert">{ text }</p> },
        next,
    )
}
