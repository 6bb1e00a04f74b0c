//! The budgets as the server has them: no topic shows them.

use std::rc::Rc;

use gloo::timers::callback::Interval;
use serde::Deserialize;
use shared_types::{
    model::{Alert, Spent},
    state::Sight,
};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::net::rest;

/// How often they are asked for again.
const EVERY_MS: u32 = 5_000;
const DAY_MS: f64 = 86_400_000.0;

/// A budget, and what is spent of it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Budget {
    pub scope: Sight,
    /// Micro-dollars a day (UTC).
    pub day: Option<u64>,
    /// Micro-dollars in all.
    pub total: Option<u64>,
    pub alert: Alert,
    pub spent: Spent,
    /// Put aside for calls that are under way.
    pub reserved: u64,
}

impl Budget {
    /// What was spent today.
    pub fn today(&self) -> u64 {
        self.spent.on((js_sys::Date::now() / DAY_MS) as i64)
    }
}

/// All budgets, as far as they are known.
#[derive(Clone, PartialEq)]
pub struct Budgets {
    /// None until the first answer.
    pub found: Option<Result<Rc<Vec<Budget>>, String>>,
    /// Asks again: one was changed here.
    pub ask: Callback<()>,
}

/// The budgets: asked for at once, after what is changed here, and every few seconds.
#[hook]
pub fn use_budgets() -> Budgets {
    #[derive(Deserialize)]
    struct Answer {
        budgets: Vec<Budget>,
    }
    let found = use_state_eq(|| None);
    let ask = {
        let found = found.setter();
        Callback::from(move |()| {
            let found = found.clone();
            spawn_local(async move {
                let answer = rest::get::<Answer>("/budgets").await;
                let budgets = answer.map(|answer| Rc::new(answer.budgets));
                found.set(Some(budgets.map_err(|failure| failure.message())));
            });
        })
    };
    {
        let ask = ask.clone();
        use_effect_with((), move |()| {
            ask.emit(());
            let interval = Interval::new(EVERY_MS, move || ask.emit(()));
            move || drop(interval)
        });
    }
    Budgets {
        found: (*found).clone(),
        ask,
    }
}
