//! Drives the sync client over the transports: the one live connection.

mod act;
mod core;
mod pulse;

use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
};

use gloo::{
    events::EventListener,
    timers::callback::{Interval, Timeout},
};
use shared_types::{
    sync::{Closed, Preference, Reconnect, Transport, TransportChoice},
    topic::Topic,
    wire::{Cursor, ServerMessage},
};

use self::core::{Connection, Core};
use super::{
    poll::{EVERY_MS, Poll},
    signal::{Listener, Signal},
    socket::Socket,
    sse::Sse,
};
use crate::{json, store::Update};

/// Until a request is tried for which there is nothing to ask yet.
const IDLE_MS: u32 = 500;

/// Until the next attempt after one was refused, for all or for a topic.
const REFUSED_MS: u32 = 5_000;

/// The driver. Stops when dropped.
pub struct Driver {
    core: RefCell<Core>,
    sink: Box<dyn Fn(Update)>,
    /// Whether it asks again soon.
    reopens: Cell<bool>,
    me: Weak<Driver>,
    _clock: Interval,
    _listeners: Vec<EventListener>,
}

fn now() -> f64 {
    js_sys::Date::now()
}

impl Driver {
    /// Starts to connect. `sink` is told all there is to tell; it must not call back into the driver.
    pub fn start(
        preference: Preference,
        names: &[String],
        sink: impl Fn(Update) + 'static,
    ) -> Rc<Self> {
        let driver = Rc::new_cyclic(|me: &Weak<Driver>| Self {
            core: RefCell::new(Core::new(preference)),
            sink: Box::new(sink),
            reopens: Cell::new(false),
            me: me.clone(),
            _clock: pulse::clock(me),
            _listeners: pulse::listen(me),
        });
        names.iter().for_each(|name| driver.follow(name));
        driver.connect();
        driver
    }

    /// Follows a topic.
    pub fn follow(&self, requested: &str) {
        let actions = self.core.borrow_mut().client.subscribe(requested);
        self.carry_out(actions);
    }

    /// Follows it no longer.
    pub fn unfollow(&self, requested: &str) {
        let actions = self.core.borrow_mut().client.unsubscribe(requested);
        self.carry_out(actions);
    }

    /// Tells where this browser looks.
    pub fn look(&self, path: &str) {
        let actions = self.core.borrow_mut().client.look(path);
        self.carry_out(actions);
    }

    /// How far a topic has been followed.
    pub fn position_of(&self, topic: Topic) -> Option<Cursor> {
        self.core.borrow().client.have(topic).cloned()
    }

    /// Goes over to another transport.
    pub fn choose(&self, preference: Preference) {
        {
            let mut core = self.core.borrow_mut();
            core.choice = TransportChoice::new(preference);
            core.drop_connection();
            core.is_final = false;
        }
        self.connect();
    }

    /// Tries at once: opens what waits to be opened, asks what is open whether it is.
    pub fn retry_now(&self) {
        let is_waiting = {
            let mut core = self.core.borrow_mut();
            core.is_final = false;
            core.connection.is_none()
        };
        if is_waiting {
            self.connect()
        } else {
            self.send_ping()
        }
    }

    /// Opens a connection on the transport whose turn it is.
    fn connect(&self) {
        let transport = {
            let mut core = self.core.borrow_mut();
            core.drop_connection();
            let transport = core.choice.next();
            core.client.opened(transport);
            core.heard_at = now();
            let me = self.me.clone();
            let given_up = move || {
                if let Some(driver) = me.upgrade() {
                    driver.closed(Closed::Lost);
                }
            };
            let patience = u32::try_from(TransportChoice::proof_ms(transport)).unwrap_or(u32::MAX);
            core.proof = Some(Timeout::new(patience, given_up));
            transport
        };
        match transport {
            Transport::WebSocket => self.open_socket(),
            Transport::Sse | Transport::Polling => self.ask(),
        }
        self.tell_live();
    }

    fn open_socket(&self) {
        let socket = Socket::open(self.listener());
        let failed = socket.is_none();
        self.core.borrow_mut().connection = socket.map(Connection::WebSocket);
        if failed {
            self.closed(Closed::Lost);
        }
    }

    /// Makes the request of SSE or polling with the query of now.
    fn ask(&self) {
        let (transport, query) = {
            let mut core = self.core.borrow_mut();
            core.timer = None;
            // The one before must not go on beside it.
            core.connection = None;
            let query = core.client.query();
            (core.choice.next(), query)
        };
        let connection = match (transport, query) {
            (_, None) => {
                self.ask_in(IDLE_MS);
                Connection::Polling { _request: None }
            }
            (Transport::Sse, Some(query)) => Connection::Sse {
                _stream: Sse::open(&query, self.listener()),
            },
            (_, Some(query)) => Connection::Polling {
                _request: Some(Poll::ask(&query, self.listener())),
            },
        };
        self.core.borrow_mut().connection = Some(connection);
    }

    fn ask_in(&self, ms: u32) {
        let me = self.me.clone();
        let timer = Timeout::new(ms, move || {
            if let Some(driver) = me.upgrade() {
                driver.ask();
            }
        });
        self.core.borrow_mut().timer = Some(timer);
    }

    /// Who hears the next connection.
    fn listener(&self) -> Listener {
        let mut core = self.core.borrow_mut();
        core.generation += 1;
        let (me, generation) = (self.me.clone(), core.generation);
        Rc::new(move |signal| {
            if let Some(driver) = me.upgrade()
                && driver.core.borrow().generation == generation
            {
                driver.hear(signal);
            }
        })
    }

    fn hear(&self, signal: Signal) {
        self.core.borrow_mut().heard_at = now();
        match signal {
            Signal::Text(text) => self.text(&text),
            Signal::Position(id) => {
                let actions = self.core.borrow_mut().client.position(&id);
                self.taken(actions);
            }
            Signal::Polled { body, role } => {
                self.proven(Transport::Polling);
                // Nothing else tells one who polls that they may do something else than before.
                let before = std::mem::replace(&mut self.core.borrow_mut().role, role.clone());
                if before.is_some() && before != role {
                    self.tell(Update::Who);
                }
                let actions = self.core.borrow_mut().client.polled(&body);
                self.core.borrow_mut().connection = Some(Connection::Polling { _request: None });
                // What is asked for anew is asked for at once, else it is time to wait.
                self.ask_in(EVERY_MS);
                self.taken(actions);
            }
            Signal::Sound => self.proven(Transport::Sse),
            Signal::Closed(why) => self.closed(why),
        }
    }

    fn text(&self, text: &str) {
        // `welcome` is the only message that carries what the sync client has no use for.
        if text.starts_with(r#"{"type":"welcome""#) {
            self.proven(Transport::WebSocket);
            if let Some(ServerMessage::Welcome { principal, .. }) = json::read(text) {
                (self.sink)(Update::Welcome(principal));
            }
        } else if self.may_change_us(text) {
            self.tell(Update::Who);
        }
        let actions = self.core.borrow_mut().client.received(text);
        self.taken(actions);
    }

    /// Whether a message may mean that we may do something else than before: a WebSocket says so, on SSE the subscriptions
    /// begin anew.
    fn may_change_us(&self, text: &str) -> bool {
        match self.core.borrow().choice.next() {
            Transport::Sse => text.starts_with(r#"{"type":"subscribed""#),
            _ => text.starts_with(r#"{"type":"resync""#) && text.contains("access_changed"),
        }
    }

    /// Carries out what a message came to, and says how far everything is known.
    fn taken(&self, actions: Vec<shared_types::sync::Action>) {
        let is_quiet = actions.is_empty();
        self.carry_out(actions);
        let position = {
            let mut core = self.core.borrow_mut();
            let health = core.client.health();
            if health.settled {
                core.true_at = now();
            }
            let is_news = is_quiet && health.settled && health.cursor != core.live.cursor;
            health.cursor.filter(|_| is_news)
        };
        if let Some(position) = position {
            (self.sink)(Update::Position(position));
        }
        if !self.core.borrow().live.is_live() {
            self.tell_live();
        }
    }

    fn proven(&self, transport: Transport) {
        {
            let mut core = self.core.borrow_mut();
            if core.is_proven {
                return;
            }
            core.is_proven = true;
            core.proof = None;
            core.choice.proven(transport, now());
            core.socket_worked |= transport == Transport::WebSocket;
        }
        if transport != Transport::WebSocket {
            // Only a WebSocket says by itself who we are.
            self.tell(Update::Who);
            self.probe_if_worked();
        }
    }

    /// A connection has ended, or is given up.
    fn closed(&self, why: Closed) {
        let after = {
            let mut core = self.core.borrow_mut();
            let transport = core.choice.next();
            // Without a network no transport is to blame.
            if pulse::is_online() {
                core.choice.ended(transport, now());
            }
            core.drop_connection();
            match core.client.closed(why, js_sys::Math::random()) {
                Reconnect::After(ms) => Some(u32::try_from(ms).unwrap_or(u32::MAX)),
                Reconnect::Final(_) if refuses_us(why) => None,
                // Something between us and the server may refuse one transport and let another one through.
                Reconnect::Final(_) => Some(REFUSED_MS),
            }
        };
        match after {
            Some(ms) => self.connect_in(ms),
            None => {
                self.core.borrow_mut().is_final = true;
                self.tell(Update::Who);
            }
        }
        self.tell_live();
    }

    fn connect_in(&self, ms: u32) {
        let me = self.me.clone();
        let timer = Timeout::new(ms, move || {
            if let Some(driver) = me.upgrade() {
                driver.connect();
            }
        });
        let mut core = self.core.borrow_mut();
        core.timer = Some(timer);
        core.retry_at = Some(now() + f64::from(ms));
    }

    fn tell(&self, update: Update) {
        (self.sink)(update);
    }
}

/// Whether it is this client that is refused, not this way to connect.
fn refuses_us(why: Closed) -> bool {
    matches!(why, Closed::Code(4400 | 4401) | Closed::Status(401 | 403))
}
