//! Reading a log as it grows. It has offsets of its own: whatever happens to the network or the server, it is read on after
//! the last entry that was had, so that none is missing and none comes twice. The request is held by the server until there
//! is something; that is the same on every transport of the live line, and a page that nobody looks at holds none.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};

use gloo::timers::callback::Timeout;
use serde::Deserialize;
use shared_types::{model::LogEntry, value::RunId};
use web_sys::AbortController;
use yew::{
    platform::{spawn_local, time::sleep},
    prelude::*,
};

use super::block::{Block, take_in};
use crate::net::rest::{self, Failure};

/// Seconds that the server holds the request.
const WAIT: u32 = 20;
/// A request that takes longer than this is given up.
const PATIENCE_MS: u32 = 30_000;
/// Between two requests: twenty entries a second are drawn four times a second.
const PACE: Duration = Duration::from_millis(250);
/// What the worker writes on its way out comes shortly after the run is over.
const LAST_WORDS: Duration = Duration::from_secs(1);
const RETRY: Duration = Duration::from_secs(1);
const RETRY_AT_MOST: Duration = Duration::from_secs(8);

/// What is known of a log.
#[derive(Clone, PartialEq, Default)]
pub struct Log {
    pub blocks: Vec<Rc<Block>>,
    /// The last entry that was had.
    pub offset: u64,
    /// The server has answered.
    pub is_known: bool,
    /// Why nothing more comes for now.
    pub trouble: Option<String>,
}

#[derive(Deserialize)]
struct Part {
    entries: Vec<LogEntry>,
    last: u64,
}

/// The log of a run, read on as long as something may be written and the component is there.
#[hook]
pub fn use_log(run: RunId, is_open: bool) -> UseStateHandle<Log> {
    let log = use_state(Log::default);
    let setter = log.setter();
    let before = (*log).clone();
    // One that is opened again, such as by an answer, is read on.
    use_effect_with((run, is_open), move |(run, is_open)| {
        let reader = Rc::new(Reader {
            run: *run,
            is_open: *is_open,
            is_left: Cell::new(false),
            request: RefCell::default(),
        });
        let left = reader.clone();
        spawn_local(async move { reader.read(before, &setter).await });
        move || left.leave()
    });
    log
}

struct Reader {
    run: RunId,
    is_open: bool,
    is_left: Cell<bool>,
    /// The request under way.
    request: RefCell<Option<AbortController>>,
}

impl Reader {
    fn leave(&self) {
        self.is_left.set(true);
        if let Some(request) = self.request.take() {
            request.abort();
        }
    }

    async fn read(&self, mut log: Log, shown: &UseStateSetter<Log>) {
        let mut retry = RETRY;
        let mut is_last_look = false;
        while !self.is_left.get() {
            if gloo::utils::document().hidden() {
                sleep(PACE).await;
                continue;
            }
            let answer = self.ask(log.offset, self.is_open && log.is_known).await;
            if self.is_left.get() {
                return;
            }
            match answer {
                Ok(part) => {
                    retry = RETRY;
                    if part.last < log.offset {
                        // What was read is of a log that is no more: the server has another one, such as from a backup.
                        log = Log::default();
                        continue;
                    }
                    log.offset += part.entries.len() as u64;
                    let is_all = log.offset >= part.last;
                    let is_news =
                        !part.entries.is_empty() || !log.is_known || log.trouble.is_some();
                    part.entries
                        .into_iter()
                        .for_each(|entry| take_in(&mut log.blocks, entry));
                    log.is_known = true;
                    log.trouble = None;
                    if is_news {
                        shown.set(log.clone());
                    }
                    match (is_all, self.is_open, is_last_look) {
                        (true, false, true) => return,
                        (true, false, false) => {
                            is_last_look = true;
                            sleep(LAST_WORDS).await;
                        }
                        (true, true, _) => sleep(PACE).await,
                        (false, ..) => {}
                    }
                }
                Err(failure) => {
                    log.trouble = Some(failure.message());
                    log.is_known = true;
                    shown.set(log.clone());
                    if !failure.is_retryable() {
                        return;
                    }
                    sleep(retry).await;
                    retry = (retry * 2).min(RETRY_AT_MOST);
                }
            }
        }
    }

    async fn ask(&self, after: u64, is_held: bool) -> Result<Part, Failure> {
        let wait = if is_held { WAIT } else { 0 };
        let path = format!("/runs/{}/log?after={after}&wait={wait}", self.run);
        let controller = AbortController::new().ok();
        let signal = controller.as_ref().map(AbortController::signal);
        // Where the network has gone without a word, nothing else would end it.
        let given_up = controller
            .clone()
            .map(|controller| Timeout::new(PATIENCE_MS, move || controller.abort()));
        self.request.replace(controller);
        let answer = rest::request("GET", &path, &[], None, signal.as_ref()).await;
        drop(given_up);
        self.request.take();
        crate::json::read(&answer?.body).ok_or(Failure::Network)
    }
}
