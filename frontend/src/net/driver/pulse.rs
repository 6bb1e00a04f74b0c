//! Whether the line is alive, and what may be said of it.

use std::rc::{Rc, Weak};

use gloo::{
    events::EventListener,
    timers::callback::{Interval, Timeout},
};
use shared_types::sync::{Closed, Transport};

use super::{Driver, now};
use crate::{
    net::{
        poll::EVERY_MS,
        signal::{Listener, Signal},
        socket::Socket,
    },
    store::{Phase, Update},
};

/// How often the clock ticks.
const TICK_MS: u32 = 1_000;
/// How often the line is measured.
const PING_MS: f64 = 10_000.0;
/// A ping that takes longer says that what is shown may be stale …
const LATE_MS: f64 = 4_000.0;
/// … sooner where the browser says that there is no network (a server on the same machine answers all the same) …
const LATE_OFFLINE_MS: f64 = 1_000.0;
/// … and one that takes so long that the connection is dead.
const DEAD_MS: f64 = 10_000.0;
/// Without a ping to measure by, the server is heard at least every 20 seconds (comments on SSE: 15).
const SILENT_MS: f64 = 24_000.0;

pub(super) fn clock(me: &Weak<Driver>) -> Interval {
    let me = me.clone();
    Interval::new(TICK_MS, move || {
        if let Some(driver) = me.upgrade() {
            driver.tick();
        }
    })
}

/// What the browser knows of the network, and when somebody looks again.
pub(super) fn listen(me: &Weak<Driver>) -> Vec<EventListener> {
    let listen = |target: &web_sys::EventTarget, name: &'static str, act: fn(&Driver)| {
        let me = me.clone();
        EventListener::new(target, name, move |_| {
            if let Some(driver) = me.upgrade() {
                act(&driver);
            }
        })
    };
    let (window, document) = (gloo::utils::window(), gloo::utils::document());
    vec![
        listen(&window, "online", |driver| driver.retry_now()),
        listen(&window, "offline", |driver| driver.send_ping()),
        listen(&document, "visibilitychange", |driver| {
            if !gloo::utils::document().hidden() {
                driver.retry_now();
            }
        }),
    ]
}

impl Driver {
    fn tick(&self) {
        let (is_dead, pings, better) = {
            let core = self.core.borrow();
            let now = now();
            let ping_dead = core.ping.is_some_and(|(_, at)| now - at > DEAD_MS);
            let silent = now - core.heard_at > core.client.silence_ms() as f64;
            let is_open = core.connection.is_some();
            let pings = core.ping.is_none() && now - core.pinged_at > PING_MS;
            let better = core.choice.better(now).filter(|_| core.probe.is_none());
            (
                is_open && core.is_proven && (ping_dead || silent),
                is_open && pings,
                better,
            )
        };
        if is_dead {
            return self.closed(Closed::Lost);
        }
        if pings {
            self.send_ping();
        }
        if better == Some(Transport::WebSocket) {
            self.probe();
        }
        self.tell_live();
    }

    /// Asks whether the line is alive, where it can be asked.
    pub(super) fn send_ping(&self) {
        let message = {
            let mut core = self.core.borrow_mut();
            if core.ping.is_some() {
                return;
            }
            let Some((id, message)) = core.client.ping() else {
                return;
            };
            core.pinged_at = now();
            core.ping = Some((id, core.pinged_at));
            message
        };
        self.carry_out(vec![message]);
    }

    pub(super) fn pong(&self, id: u64) {
        let mut core = self.core.borrow_mut();
        if let Some((_, at)) = core.ping.take_if(|(asked, _)| *asked == id) {
            let lag = now() - at;
            core.lag = Some(lag);
            // That was the outage, not the line: measure it again.
            if lag > LATE_OFFLINE_MS {
                core.pinged_at = 0.0;
            }
        }
    }

    /// Tries a WebSocket at once where it has worked before: it was the server or the network that failed, not it.
    pub(super) fn probe_if_worked(&self) {
        let core = self.core.borrow();
        let probes = core.socket_worked
            && core.probe.is_none()
            && core.choice.better(f64::INFINITY).is_some();
        drop(core);
        if probes {
            self.probe();
        }
    }

    /// Tries a WebSocket beside what is in use, and goes over to it when the server greets us there.
    fn probe(&self) {
        let me = self.me.clone();
        let listener: Listener = Rc::new(move |signal| {
            let Some(driver) = me.upgrade() else { return };
            match signal {
                Signal::Text(welcome) => driver.go_over(&welcome),
                Signal::Closed(_) => {
                    let mut core = driver.core.borrow_mut();
                    core.probe = None;
                    core.choice.ended(Transport::WebSocket, now());
                }
                _ => {}
            }
        });
        self.core.borrow_mut().probe = Socket::open(listener);
    }

    fn go_over(&self, welcome: &str) {
        // Its listener is the probe's, so it is opened again as the connection in use.
        let was_probing = self.core.borrow_mut().probe.take().is_some();
        if was_probing && welcome.contains("\"welcome\"") {
            let mut core = self.core.borrow_mut();
            core.choice.proven(Transport::WebSocket, now());
            drop(core);
            let me = self.me.clone();
            // Not from within the probe's own listener, which goes with it.
            Timeout::new(0, move || {
                if let Some(driver) = me.upgrade() {
                    driver.connect();
                }
            })
            .forget();
        }
    }

    /// Says how the line is doing, where that has changed.
    pub(super) fn tell_live(&self) {
        let live = {
            let mut core = self.core.borrow_mut();
            let health = core.client.health();
            let mut live = core.live.clone();
            live.phase = phase(&core, health.settled);
            live.transport = Some(core.choice.next());
            live.lag = match core.choice.next() {
                Transport::Polling => Some(f64::from(EVERY_MS)),
                _ => core.lag,
            };
            live.cursor = health.cursor;
            live.messages = health.messages;
            live.gaps_repaired = health.gaps;
            live.reconnects = health.connections.saturating_sub(1);
            live.last_error = health.last_error;
            if live == core.live {
                return;
            }
            core.live = live.clone();
            live
        };
        self.tell(Update::Live(Box::new(live)));
    }
}

/// What the browser thinks of the network.
pub(super) fn is_online() -> bool {
    gloo::utils::window().navigator().on_line()
}

fn phase(core: &super::Core, is_settled: bool) -> Phase {
    let (now, since) = (now(), core.true_at);
    let is_online = is_online();
    let late = if is_online { LATE_MS } else { LATE_OFFLINE_MS };
    let silent = match core.choice.next() {
        Transport::Polling => 3.0 * f64::from(EVERY_MS),
        Transport::WebSocket | Transport::Sse => SILENT_MS,
    };
    let is_late = core.ping.is_some_and(|(_, at)| now - at > late) || now - core.heard_at > silent;
    let is_open = core.is_proven && core.connection.is_some();
    match core.retry_at {
        _ if is_open && is_late && !is_online => Phase::Offline { since },
        _ if is_open && is_late => Phase::Stale { since },
        _ if is_open && is_settled => Phase::Live,
        _ if core.is_final => Phase::Stale { since },
        _ if !is_online && since > 0.0 => Phase::Offline { since },
        _ if since == 0.0 => Phase::Connecting,
        Some(retry_at) => Phase::Reconnecting { since, retry_at },
        None if matches!(core.live.phase, Phase::Live) && is_open => {
            // A topic that was just asked for does not make the others untrue.
            Phase::Live
        }
        None => Phase::Reconnecting {
            since,
            retry_at: now,
        },
    }
}
