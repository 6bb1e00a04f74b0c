//! Carrying out what the sync client asks for.

use gloo::timers::callback::Timeout;
use shared_types::{error::ErrorCode, sync::Action, topic::Topic, wire::ClientMessage};
use wasm_bindgen_futures::spawn_local;

use super::{Connection, Driver, REFUSED_MS, now};
use crate::{json, net::snapshot, store::Update};

impl Driver {
    pub(super) fn carry_out(&self, actions: Vec<Action>) {
        for action in actions {
            match action {
                Action::Send(message) => self.send(&message),
                Action::Reopen => self.reopen(),
                Action::Fetch {
                    topic,
                    href,
                    delay_ms,
                } => self.fetch(topic, href, delay_ms),
                Action::Resolved { requested, topic } => {
                    self.tell(Update::Resolved { requested, topic })
                }
                Action::Replace {
                    topic,
                    cursor,
                    snapshot,
                } => self.tell(Update::Replace {
                    topic,
                    cursor,
                    snapshot,
                }),
                Action::Apply {
                    topics,
                    event,
                    message,
                } => self.tell(Update::Event {
                    topics,
                    event,
                    message,
                }),
                Action::Rollup {
                    rollup, message, ..
                } => self.tell(Update::Rollup { rollup, message }),
                Action::Presence {
                    topic,
                    members,
                    message,
                } => self.tell(Update::Presence {
                    topic,
                    members,
                    message,
                }),
                Action::Ended {
                    requested, reason, ..
                } => {
                    let reason = match reason.as_str() {
                        "" | "deleted" => "It was deleted.".to_owned(),
                        other => format!("It can't be followed any more: {other}."),
                    };
                    self.tell(Update::Gone { requested, reason });
                }
                Action::Failed {
                    requested,
                    code: ErrorCode::NotFound | ErrorCode::Validation,
                    message,
                    ..
                } => {
                    self.tell(Update::Gone {
                        requested,
                        reason: message,
                    });
                }
                Action::Failed {
                    requested,
                    message,
                    retryable,
                    ..
                } => {
                    if retryable {
                        self.retry_refused();
                    }
                    self.tell(Update::Failed { requested, message });
                }
                Action::AskLater => self.retry_refused(),
                Action::Pong { id } => self.pong(id),
            }
        }
    }

    pub(super) fn send(&self, message: &ClientMessage) {
        let text = json::write(message);
        let delay = self.core.borrow_mut().pace.delay_ms(now());
        if delay == 0 {
            return self.send_text(&text);
        }
        let (me, generation) = (self.me.clone(), self.core.borrow().generation);
        let send = move || {
            if let Some(driver) = me.upgrade()
                && driver.core.borrow().generation == generation
            {
                driver.send_text(&text);
            }
        };
        Timeout::new(u32::try_from(delay).unwrap_or(u32::MAX), send).forget();
    }

    fn send_text(&self, text: &str) {
        if let Some(Connection::WebSocket(socket)) = &self.core.borrow().connection {
            socket.send(text);
        }
    }

    /// Asks again, after a while, for what was refused for a while.
    fn retry_refused(&self) {
        let me = self.me.clone();
        let retry = move || {
            if let Some(driver) = me.upgrade() {
                let actions = driver.core.borrow_mut().client.retry();
                driver.carry_out(actions);
            }
        };
        Timeout::new(REFUSED_MS, retry).forget();
    }

    /// Asks again on SSE and polling, once for all that asks for it now.
    fn reopen(&self) {
        if self.reopens.replace(true) {
            return;
        }
        let me = self.me.clone();
        let reopen = move || {
            let Some(driver) = me.upgrade() else { return };
            driver.reopens.set(false);
            // While the line is down, the next attempt asks for it.
            if driver.core.borrow().connection.is_some() {
                driver.ask();
            }
        };
        Timeout::new(0, reopen).forget();
    }

    fn fetch(&self, topic: Topic, href: String, delay_ms: u64) {
        let me = self.me.clone();
        let fetch = move || {
            spawn_local(async move {
                let fetched = snapshot::fetch(&href, None).await;
                let Some(driver) = me.upgrade() else { return };
                let actions = {
                    let mut core = driver.core.borrow_mut();
                    match fetched {
                        Ok(answer) => core.client.fetched(answer),
                        Err(failure) => core.client.fetch_failed(
                            topic,
                            failure.status(),
                            js_sys::Math::random(),
                        ),
                    }
                };
                driver.carry_out(actions);
            });
        };
        Timeout::new(u32::try_from(delay_ms).unwrap_or(u32::MAX), fetch).forget();
    }
}
