//! Who the server takes this browser for, and what that one may do.

use gloo::storage::{LocalStorage, Storage};
use serde_json::Value;
use shared_types::{
    access::{Action, Standing},
    wire::{Principal, PrincipalKind},
};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::{State, Store, merge::Touched, use_select};
use crate::{json, net::rest};

/// Who is signed in, for all tabs of this browser: its cookie can't be read, and another tab may have changed it.
const WHO: &str = "devteam.who";

/// What is known of who is here.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub enum Access {
    /// It was not said yet.
    #[default]
    Unknown,
    Known,
    /// Whoever sits at the demo's own machine is its owner.
    Local,
    Nobody {
        /// Somebody was, on this page.
        had_session: bool,
    },
}

impl Store {
    /// Asks the server who we are: when the page is opened, and when there is reason to think that it has changed.
    pub fn ask_who(&self) {
        if self.update(|state| std::mem::replace(&mut state.asks_who, true)) {
            return;
        }
        let store = self.clone();
        spawn_local(async move {
            let answer = rest::request("GET", "/account", &[], None, None).await;
            store.update(|state| state.asks_who = false);
            match answer {
                Ok(answer) => {
                    let mut account: Value = serde_json::from_str(&answer.body).unwrap_or_default();
                    let access = match account["signed_in_by"].as_str() {
                        Some("local") => Access::Local,
                        _ => Access::Known,
                    };
                    if let Some(principal) = json::from_value(account["principal"].take()) {
                        store.is_known(principal, access);
                    }
                }
                Err(failure) if failure.is_nobody() => store.is_nobody(),
                Err(_) => store.later(Store::ask_who),
            }
        });
    }

    fn is_known(&self, principal: Principal, access: Access) {
        if let Some(was) = self.read(|state| state.principal().map(|was| was.id.clone()))
            && was != principal.id
        {
            return reload();
        }
        set_who(Some(&principal.id));
        let before = self.update(|state| {
            state.welcome(principal);
            std::mem::replace(&mut state.access, access)
        });
        self.pump();
        match before {
            Access::Unknown => {}
            // Somebody has signed in, in another tab.
            Access::Nobody { .. } => reload(),
            // The line may have been refused, and have stopped for that.
            Access::Known | Access::Local => self.later(Store::reopen),
        }
    }

    /// Tries to connect, unless that is so or we are nobody.
    fn reopen(&self) {
        let is_wanted = self.read(|state| !state.live().is_live() && state.principal().is_some());
        if let Some(line) = self.line().filter(|_| is_wanted) {
            line.retry_now();
        }
    }

    fn is_nobody(&self) {
        self.update(|state| {
            let had_session = state.principal.take().is_some();
            if had_session || state.access == Access::Unknown {
                state.access = Access::Nobody { had_session };
            }
        });
    }

    /// Another tab may have signed in or out: this one then begins anew, with nothing of whoever was here before.
    pub fn heed_other_tabs(&self) {
        let who = who();
        let (access, principal) =
            self.read(|state| (state.access, state.principal().map(|who| who.id.clone())));
        match (access, who) {
            (Access::Known | Access::Local, None) => self.ask_who(),
            (Access::Known | Access::Local, Some(who)) if principal.as_deref() != Some(&*who) => {
                reload()
            }
            (Access::Nobody { .. }, Some(_)) => reload(),
            _ => {}
        }
    }
}

/// Somebody has signed in on this page, or (none) out: the other tabs hear of it.
pub fn set_who(principal: Option<&str>) {
    // Without a storage the other tabs find it out by what the server refuses.
    let _ = match principal {
        Some(id) if who().as_deref() == Some(id) => Ok(()),
        Some(id) => LocalStorage::raw().set_item(WHO, id),
        None => LocalStorage::raw().remove_item(WHO),
    };
}

fn who() -> Option<String> {
    LocalStorage::raw().get_item(WHO).ok().flatten()
}

/// Begins anew where one is.
fn reload() {
    // There is no page that can't be loaded again.
    let _ = gloo::utils::window().location().reload();
}

impl State {
    /// What is known of who is here.
    pub fn access(&self) -> Access {
        self.access
    }

    /// Whether the server would let this browser do that. What it would not is not offered.
    pub fn may(&self, action: Action) -> bool {
        self.principal().is_some_and(|who| {
            action.is_allowed(Standing {
                role: who.role,
                is_token: who.kind == PrincipalKind::Token,
                sees_all: true,
            })
        })
    }

    /// Whether the writes of this page may be sent: by whoever made them, and nobody else.
    pub(super) fn may_send(&self) -> bool {
        let who = who();
        self.principal()
            .is_some_and(|me| who.is_none_or(|who| *who == *me.id))
    }

    /// What the line says of who we are. It may be another tab's line, and of an earlier time: the cookie counts.
    pub(super) fn hear_welcome(&mut self, principal: Principal) -> bool {
        let is_same = self.principal().is_some_and(|me| me.id == principal.id);
        if is_same {
            self.welcome(principal);
        }
        is_same
    }

    fn welcome(&mut self, principal: Principal) {
        let role = principal.role;
        let before = self.principal.replace(principal);
        if before.is_none() {
            self.restore_texts();
            self.restore_notices();
        }
        if before.is_some_and(|before| before.role != role) {
            let text = format!("Your role is {} now.", role.as_str());
            self.toasts.tell(&text);
        }
        self.claim_writes();
    }

    /// Takes on the writes that this person had not sent when the page was closed; those of others stay where they are.
    pub(super) fn claim_writes(&mut self) {
        let Some(me) = self.principal().map(|me| me.id.clone()) else {
            return;
        };
        if self.outbox.claim(&me) {
            self.refresh(Touched::All);
        }
    }
}

/// Whether the server would let this browser do that.
#[hook]
pub fn use_may(action: Action) -> bool {
    *use_select(move |state| state.may(action))
}
