//! What one looks after: password, sessions and tokens; and, for admins, people, all tokens and the audit. A part of the
//! app of its own.

mod audit;
mod export;
mod invitations;
mod list;
mod make_token;
mod password;
mod people;
mod sessions;
mod tokens;
mod words;

use yew::prelude::*;

/// One tab of the account page, by its name in the address.
pub fn panel(tab: AttrValue) -> Html {
    let shown = match tab.as_str() {
        "sessions" => html! { <><password::ChangePassword /><sessions::Sessions /></> },
        "tokens" => html! { <tokens::Tokens is_all={false} /> },
        "people" => html! { <><people::People /><invitations::Invitations /></> },
        "all-tokens" => html! { <tokens::Tokens is_all={true} /> },
        _ => html! { <audit::Audit /> },
    };
    html! {
        <div class="account account-wide">
            <style>{ include_str!("../../styles/admin.css") }</style>
            { shown }
        </div>
    }
}
