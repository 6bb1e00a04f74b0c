//! What AI members do right now. It changes faster than anything that is an event, so it is asked for: while somebody looks
//! at it, when a run has changed, and every two seconds while one is at work.

use std::rc::Rc;

use gloo::timers::callback::Interval;
use serde_json::Value;
use shared_types::{
    event::EventBody,
    model::{RunLine, RunState},
};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::{State, Store, use_select, use_store};
use crate::{json, net::rest};

/// Between two looks at whether it is time to ask.
const TICK_MS: u32 = 500;
/// While something is at work it is asked this often.
const EVERY_MS: f64 = 2_000.0;

/// How many runs wait for a person, with those that have no line here.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Waiting {
    /// For whoever looks.
    pub for_me: usize,
    /// For anybody.
    pub all: usize,
}

/// What was answered, and when.
#[derive(Default)]
pub(super) struct Lines {
    known: Rc<Vec<RunLine>>,
    waiting: Waiting,
    /// The last change of a run that was seen before it was asked, and how often the line had been opened by then.
    asked_after: Option<(u64, u64)>,
    asked_at: f64,
    is_asking: bool,
}

/// One line for each run that something may still come of, kept up to date while the component is there.
#[hook]
pub fn use_lines() -> Rc<Vec<RunLine>> {
    let store = use_store();
    use_effect_with(store, |store| {
        store.ask_lines();
        let store = store.clone();
        let clock = Interval::new(TICK_MS, move || store.ask_lines());
        move || drop(clock)
    });
    (*use_select(|state| state.lines.known.clone())).clone()
}

/// How many runs wait for a person, as of when the lines were asked for.
#[hook]
pub fn use_waiting() -> Waiting {
    *use_select(|state| state.lines.waiting)
}

impl Store {
    fn ask_lines(&self) {
        let Some(after) = self.read(State::wants_lines) else {
            return;
        };
        self.update(|state| {
            state.lines.is_asking = true;
            state.lines.asked_at = js_sys::Date::now();
        });
        let store = self.clone();
        spawn_local(async move {
            let answer = rest::request("GET", "/runs/lines", &[], None, None).await;
            let lines = answer.ok().and_then(|answer| {
                let mut answer: Value = json::read(&answer.body)?;
                let lines = json::from_value(answer["lines"].take())?;
                let mut count = |what: &str| json::from_value(answer[what].take());
                let waiting = Waiting {
                    for_me: count("waiting_for_me")?,
                    all: count("waiting")?,
                };
                Some((lines, waiting))
            });
            store.update(|state| {
                state.lines.is_asking = false;
                if let Some((lines, waiting)) = lines {
                    state.lines.asked_after = Some(after);
                    state.lines.known = Rc::new(lines);
                    state.lines.waiting = waiting;
                }
            });
        });
    }
}

impl State {
    /// What has happened up to now, if it is time to ask again.
    fn wants_lines(&self) -> Option<(u64, u64)> {
        let lines = &self.lines;
        // Nobody looks at a hidden page, and nobody answers while the line is down.
        if lines.is_asking || !self.live.is_live() || gloo::utils::document().hidden() {
            return None;
        }
        let is_about_runs = |body: &EventBody| {
            matches!(
                body,
                EventBody::RunCreated { .. } | EventBody::RunUpdated { .. }
            )
        };
        let latest = self.recent().find(|event| is_about_runs(&event.body));
        let now = (latest.map_or(0, |event| event.seq), self.live.reconnects);
        let moves = |line: &RunLine| matches!(line.state, RunState::Running | RunState::Queued);
        let is_old = js_sys::Date::now() - lines.asked_at >= EVERY_MS;
        let is_due = match lines.asked_after {
            None => lines.asked_at == 0.0 || is_old,
            Some(then) => then != now || (is_old && lines.known.iter().any(moves)),
        };
        is_due.then_some(now)
    }
}
