//! Polling: one request at a time.

use std::{cell::Cell, rc::Rc};

use shared_types::sync::Closed;
use wasm_bindgen_futures::spawn_local;
use web_sys::AbortController;

use super::{
    rest::{self, Failure},
    signal::{Listener, Signal},
};

/// How often the page asks, in milliseconds.
pub const EVERY_MS: u32 = 5_000;

/// One request; given up when dropped.
pub struct Poll {
    abort: Option<AbortController>,
    is_alive: Rc<Cell<bool>>,
}

impl Poll {
    /// Asks once for what the query says.
    pub fn ask(query: &str, listener: Listener) -> Self {
        let abort = AbortController::new().ok();
        let is_alive = Rc::new(Cell::new(true));
        let path = format!("/events?{query}");
        let (signal, alive) = (
            abort.as_ref().map(AbortController::signal),
            is_alive.clone(),
        );
        spawn_local(async move {
            let outcome = rest::request("GET", &path, &[], None, signal.as_ref()).await;
            if alive.get() {
                listener(match outcome {
                    Ok(answer) => Signal::Polled {
                        body: answer.body,
                        role: answer.role,
                    },
                    Err(Failure::Refused(problem)) => {
                        Signal::Closed(Closed::Status(problem.status))
                    }
                    Err(Failure::Network) => Signal::Closed(Closed::Lost),
                });
            }
        });
        Self { abort, is_alive }
    }
}

impl Drop for Poll {
    fn drop(&mut self) {
        self.is_alive.set(false);
        if let Some(abort) = &self.abort {
            abort.abort();
        }
    }
}
