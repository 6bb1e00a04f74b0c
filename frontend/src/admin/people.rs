//! Who can sign in, and as what.

use std::sync::Arc;

use shared_types::{
    directory::{Account, input::RolePatch},
    model::Member,
    wire::Role,
};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlSelectElement};
use yew::prelude::*;

use super::{
    list::use_list,
    words::{a_role, role_may, role_named, role_words, roles_to_give},
};
use crate::{
    components::{
        avatar::{Avatar, Size},
        call::use_call,
        dialog::Confirm,
        focus::use_focus_kept,
    },
    json,
    store::use_select,
};

/// The accounts, each with its role and what takes it away.
#[component]
pub fn People() -> Html {
    let accounts = use_list::<Account>("/accounts");
    let call = use_call();
    let removing = use_state(|| None::<Account>);
    let giving = use_state(|| None::<(Account, Role)>);
    let section = use_node_ref();
    use_focus_kept(section.clone());
    let known = {
        let accounts = accounts.clone();
        use_select(move |state| {
            let member = |account: &Account| state.member(account.member?).cloned();
            let members = accounts.items().iter().map(member);
            (
                members.collect::<Vec<Option<Arc<Member>>>>(),
                state.me(),
                state.role() == Some(Role::Owner),
                roles_to_give(state),
            )
        })
    };
    let (members, me, is_owner, roles) = &*known;
    let ask_to_give = |account: &Account| {
        let (giving, account) = (giving.clone(), account.clone());
        Callback::from(move |event: Event| {
            let Some(select) = event.target_dyn_into::<HtmlSelectElement>() else {
                return;
            };
            giving.set(role_named(&select.value()).map(|role| (account.clone(), role)));
        })
    };
    let give = |account: &Account, role: Role| {
        let (call, ask) = (call.clone(), accounts.ask.clone());
        let path = format!("/accounts/{}", account.id);
        Callback::from(move |()| {
            let ask = ask.clone();
            let body = Some(json::write(&RolePatch { role }));
            call.send("PATCH", &path, body, move |_| ask.emit(()));
        })
    };
    // One key changes what a field shows: it shows what is so again until that was meant.
    {
        let section = section.clone();
        use_effect(move || {
            let section = section.cast::<Element>();
            let all = section.and_then(|section| section.query_selector_all("select").ok());
            let all = all
                .into_iter()
                .flat_map(|all| (0..all.length()).filter_map(move |at| all.item(at)));
            for select in all.filter_map(|select| select.dyn_into::<HtmlSelectElement>().ok()) {
                select.set_value(&select.get_attribute("data-role").unwrap_or_default());
            }
        });
    }
    let choice = |(value, words): &(String, String)| html! { <option value={value.clone()}>{ words }</option> };
    // What people call somebody; the member may be unknown still.
    let called = |account: &Account| {
        let at = accounts.items().iter().position(|other| other == account);
        let member = at.and_then(|at| members.get(at)?.as_ref());
        member.map_or(account.email.to_string(), |member| member.name.to_string())
    };
    let ask_to_remove = |account: &Account| {
        let (removing, account) = (removing.clone(), account.clone());
        Callback::from(move |_: MouseEvent| removing.set(Some(account.clone())))
    };
    let draw = |account: &Account| {
        let at = accounts.items().iter().position(|other| other == account);
        let member = at.and_then(|at| members.get(at)).cloned().flatten();
        let is_me = account.member.is_some() && account.member == *me;
        // Only owners make and unmake owners; nobody takes away their own role by a slip of the hand.
        let may_change = !is_me && (*is_owner || account.role != Role::Owner);
        html! {
            <li key={account.id.to_string()} class="entry">
                if let Some(member) = &member {
                    <Avatar member={member.clone()} size={Size::Medium} />
                }
                <div class="grow">
                    <strong>{ member.as_ref().map(|member| member.name.to_string()).unwrap_or_default() }</strong>
                    if is_me {
                        <span class="chip chip-accent">{ "You" }</span>
                    }
                    <p class="stamp">{ account.email.to_string() }</p>
                </div>
                if may_change {
                    <select class="input" aria-label={format!("Role of {}", account.email)} data-role={account.role.as_str()}
                        onchange={ask_to_give(account)}>
                        { for roles.iter().map(choice) }
                    </select>
                    <button type="button" class="button button-small" aria-label={format!("Remove {}", account.email)}
                        onclick={ask_to_remove(account)}>{ "Remove" }</button>
                } else {
                    <span class="muted">{ role_words(account.role) }</span>
                }
            </li>
        }
    };
    let remove = |account: &Account| {
        let (call, ask) = (call.clone(), accounts.ask.clone());
        let path = format!("/accounts/{}", account.id);
        Callback::from(move |()| {
            let ask = ask.clone();
            call.send("DELETE", &path, None, move |_| ask.emit(()));
        })
    };
    let keep = {
        let (removing, giving) = (removing.clone(), giving.clone());
        Callback::from(move |()| {
            removing.set(None);
            giving.set(None);
        })
    };
    html! {
        <section class="section" aria-label="People" ref={section}>
            <div class="section-header"><h2>{ "Who can sign in" }</h2><span class="count">{ accounts.items().len() }</span></div>
            { call.why() }
            { accounts.draw("Nobody can sign in yet: the first account is made by the link that the server shows at its start, or by an invitation.", draw) }
            if let Some((account, role)) = &*giving {
                <Confirm title={format!("Make {} {}?", called(account), a_role(*role))} action={format!("Make {}", a_role(*role))}
                    text={format!("{} is {} now. {}", account.email, a_role(account.role), role_may(*role))}
                    on_confirm={give(account, *role)} on_close={keep.clone()} />
            }
            if let Some(account) = &*removing {
                <Confirm title={format!("Remove {}?", account.email)} action="Remove"
                    text="They are signed out at once, and their tokens are revoked. What they did stays, and so does the member."
                    on_confirm={remove(account)} on_close={keep} />
            }
        </section>
    }
}
