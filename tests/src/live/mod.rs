//! A live client: the sync client of shared-types on real sockets, with the views that it keeps.

mod line;
mod polling;
mod sse;
mod websocket;

use std::{collections::BTreeMap, net::SocketAddr, sync::Arc};

use shared_types::{
    Event, Topic, View,
    model::Rollup,
    sync::{Action, Closed, Health, Reconnect, SyncClient, Transport},
    wire::{Cursor, Snapshot, SnapshotAnswer},
};
use tokio::time::{Duration, Instant, sleep, sleep_until, timeout_at};

use self::line::{Heard, Line, Place};
use crate::{Api, wait::PATIENCE};

/// Until what was refused for a while is asked for again.
const ASK_AGAIN: Duration = Duration::from_secs(1);

/// A view that is not as the server shows it; told when it stays so.
#[derive(Debug)]
struct Differing {
    #[expect(dead_code, reason = "told by Debug")]
    here: Snapshot,
    #[expect(dead_code, reason = "told by Debug")]
    there: Option<Snapshot>,
}

/// A client that reads when it is asked to, and comes back by itself when its line breaks.
pub struct LiveClient {
    place: Place,
    api: Api,
    transport: Transport,
    line: Option<Line>,
    sync: SyncClient,
    names: BTreeMap<String, Topic>,
    views: BTreeMap<Topic, View>,
    rollups: BTreeMap<(Topic, Topic), (u64, Rollup)>,
    /// Every event with the topics on which it was new, in the order in which they came.
    pub events: Vec<(Arc<Event>, Vec<Topic>)>,
    /// What ended, and why.
    pub ended: Vec<(Topic, String)>,
    /// What was refused, and the code.
    pub failed: Vec<(String, String)>,
    /// How often a topic that is shown could not go on for a while.
    pub put_off: u32,
    /// Snapshots taken, by topic.
    pub snapshots: Vec<Topic>,
    /// Set when the server will not have this client back.
    pub refused: Option<String>,
    retry_at: Instant,
    /// When what was refused for a while is asked for again.
    ask_again_at: Option<Instant>,
    seed: u32,
}

impl LiveClient {
    /// A client with an open line that follows nothing yet.
    pub async fn connect(address: SocketAddr, transport: Transport) -> Self {
        let place = Place {
            address,
            token: None,
        };
        Self::start(Api::new(address), place, transport).await
    }

    /// The same as a program with this token.
    pub async fn bearer(address: SocketAddr, transport: Transport, token: &str) -> Self {
        let place = Place {
            address,
            token: Some(token.to_owned()),
        };
        Self::start(Api::new(address).bearer(token), place, transport).await
    }

    async fn start(api: Api, place: Place, transport: Transport) -> Self {
        let mut client = Self {
            place,
            api,
            transport,
            line: None,
            sync: SyncClient::new(),
            names: BTreeMap::new(),
            views: BTreeMap::new(),
            rollups: BTreeMap::new(),
            events: Vec::new(),
            ended: Vec::new(),
            failed: Vec::new(),
            put_off: 0,
            snapshots: Vec::new(),
            refused: None,
            retry_at: Instant::now(),
            ask_again_at: None,
            seed: 1,
        };
        client.open().await;
        client
    }

    /// Follows a topic and waits for its snapshot or its refusal.
    pub async fn follow(&mut self, topic: &str) {
        let actions = self.sync.subscribe(topic);
        self.carry_out(actions).await;
        let topic = topic.to_owned();
        self.until("a subscription", |client| {
            client.sync.health().settled
                || client
                    .failed
                    .iter()
                    .any(|(requested, _)| *requested == topic)
        })
        .await;
    }

    /// Begins to follow a topic and waits for nothing.
    pub async fn ask_for(&mut self, topic: &str) {
        let actions = self.sync.subscribe(topic);
        self.carry_out(actions).await;
    }

    /// Follows a topic no longer.
    pub async fn leave(&mut self, topic: &str) {
        if let Some(topic) = self.sync.topic(topic) {
            self.views.remove(&topic);
        }
        let actions = self.sync.unsubscribe(topic);
        self.carry_out(actions).await;
    }

    /// Goes over to another transport in mid-stream, with the positions it has.
    pub async fn switch(&mut self, transport: Transport) {
        self.cut();
        self.transport = transport;
        self.open().await;
    }

    /// Goes over to another server in mid-stream, with the positions it has.
    pub async fn move_to(&mut self, address: SocketAddr) {
        self.cut();
        self.place.address = address;
        self.api = self.api.at(address);
        self.open().await;
    }

    /// Breaks its own line without a word.
    pub fn cut(&mut self) {
        if self.line.take().is_some() {
            self.sync.closed(Closed::Lost, 0.0);
        }
    }

    /// The view of a topic by any name it was followed by.
    ///
    /// # Panics
    /// It is not followed.
    pub fn view(&self, name: &str) -> &View {
        let topic = self
            .sync
            .topic(name)
            .unwrap_or_else(|| panic!("{name} is not followed"));
        self.views
            .get(&topic)
            .unwrap_or_else(|| panic!("{name} has no view yet"))
    }

    /// The topics that have a view.
    pub fn topics(&self) -> Vec<Topic> {
        self.views.keys().copied().collect()
    }

    /// Whether a topic of this name is followed and shown.
    pub fn shows(&self, name: &str) -> bool {
        self.sync
            .topic(name)
            .is_some_and(|topic| self.views.contains_key(&topic))
    }

    /// The roll-up of something, as a topic shows it.
    pub fn rollup(&self, topic: Topic, key: Topic) -> Option<Rollup> {
        self.rollups.get(&(topic, key)).map(|(_, value)| *value)
    }

    /// The state of the line and what was counted.
    pub fn health(&self) -> Health {
        self.sync.health()
    }

    /// How far a topic has been followed.
    pub fn have(&self, topic: Topic) -> Option<&Cursor> {
        self.sync.have(topic)
    }

    /// Reads until something is true of this client.
    ///
    /// # Panics
    /// It does not become true in time.
    pub async fn until(&mut self, what: &str, done: impl FnMut(&Self) -> bool) {
        self.until_within(PATIENCE, what, done).await;
    }

    /// The same with a patience of its own.
    ///
    /// # Panics
    /// It does not become true in time.
    pub async fn until_within(
        &mut self,
        patience: Duration,
        what: &str,
        mut done: impl FnMut(&Self) -> bool,
    ) {
        let deadline = Instant::now() + patience;
        while !done(self) {
            assert!(
                Instant::now() < deadline,
                "waited in vain for {what} on {:?}: {:?}, refused: {:?}, again in {:?}",
                self.transport,
                self.sync.health(),
                self.refused,
                self.retry_at.checked_duration_since(Instant::now()),
            );
            self.read_until((Instant::now() + Duration::from_millis(200)).min(deadline))
                .await;
        }
    }

    /// Reads for so many milliseconds.
    pub async fn read_for(&mut self, millis: u64) {
        let end = Instant::now() + Duration::from_millis(millis);
        while Instant::now() < end {
            self.read_until(end).await;
        }
    }

    /// Reads until every view is as the server shows it.
    ///
    /// # Panics
    /// They do not become equal in time.
    pub async fn until_equal(&mut self) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let looking = Instant::now();
            let mut differing = Vec::new();
            for (topic, view) in self.views.iter().filter(|(topic, _)| **topic != Topic::All) {
                // One that is gone is to be told of, too.
                let now = self.api.get(&format!("/snapshot?topic={topic}")).await;
                let now: Option<SnapshotAnswer> = serde_json::from_slice(&now.body).ok();
                let now = now.map(|now| View::from_snapshot(*topic, &now.snapshot));
                if now.as_ref() != Some(view) {
                    differing.push((
                        *topic,
                        Differing {
                            here: view.snapshot(Vec::new()),
                            there: now.map(|now| now.snapshot(Vec::new())),
                        },
                    ));
                }
            }
            if differing.is_empty() && self.sync.health().settled {
                return;
            }
            assert!(
                Instant::now() < deadline,
                "{differing:?} differ: {:?}",
                self.sync.health()
            );
            // All that comes in as long a time: each look at the server takes longer than many messages.
            let took = u64::try_from(looking.elapsed().as_millis()).unwrap_or(u64::MAX);
            self.read_for(took.max(100)).await;
        }
    }

    /// Reads the next that comes, up to a moment. Comes back when the line is lost.
    async fn read_until(&mut self, end: Instant) {
        if self.line.is_none() && !self.come_back(end).await {
            return;
        }
        if self
            .ask_again_at
            .take_if(|at| *at <= Instant::now())
            .is_some()
        {
            let actions = self.sync.retry();
            self.carry_out(actions).await;
        }
        let Some(line) = &mut self.line else { return };
        let end = self.ask_again_at.map_or(end, |at| at.min(end));
        let Ok(heard) = timeout_at(end, line.hear()).await else {
            return;
        };
        let actions = match heard {
            Heard::Message(text) => self.sync.received(&text),
            Heard::MessageAt(text, id) => {
                let mut actions = self.sync.received(&text);
                actions.extend(self.sync.position(&id));
                actions
            }
            Heard::Answer(body) => {
                let actions = self.sync.polled(&body);
                self.ask();
                actions
            }
            Heard::Nothing => Vec::new(),
            Heard::End(why) => {
                self.lost(why);
                Vec::new()
            }
        };
        self.carry_out(actions).await;
    }

    fn lost(&mut self, why: Closed) {
        self.line = None;
        let random = self.random();
        match self.sync.closed(why, random) {
            Reconnect::After(millis) => {
                self.retry_at = Instant::now() + Duration::from_millis(millis)
            }
            Reconnect::Final(reason) => self.refused = Some(reason),
        }
    }

    /// Opens the line again when it is time to, unless that is later than `end`.
    async fn come_back(&mut self, end: Instant) -> bool {
        if self.refused.is_some() || self.retry_at > end {
            sleep_until(end).await;
            return false;
        }
        sleep_until(self.retry_at).await;
        self.open().await;
        self.line.is_some()
    }

    async fn open(&mut self) {
        self.sync.opened(self.transport);
        let query = if self.transport == Transport::WebSocket {
            None
        } else {
            self.sync.query()
        };
        match Line::open(self.transport, &self.place, query).await {
            Ok(line) => self.line = Some(line),
            Err(why) => self.lost(why),
        }
    }

    /// Makes the next request of polling, or the one of SSE again.
    fn ask(&mut self) {
        let query = self.sync.query();
        if let Some(line) = &mut self.line {
            line.ask(query);
        }
    }

    async fn carry_out(&mut self, actions: Vec<Action>) {
        // A fetched snapshot brings more to do.
        let mut queue = std::collections::VecDeque::from(actions);
        while let Some(action) = queue.pop_front() {
            match action {
                Action::Send(message) => {
                    let Some(line) = &mut self.line else { continue };
                    if let Err(why) = line.send(&message).await {
                        self.lost(why);
                    }
                }
                Action::Reopen => self.ask(),
                Action::Fetch {
                    topic,
                    href,
                    delay_ms,
                } => {
                    sleep(Duration::from_millis(delay_ms)).await;
                    let path = href.strip_prefix("/api/v1").unwrap_or(&href).to_owned();
                    let answer = self.api.get(&path).send().await;
                    let fetched = answer.as_ref().ok().filter(|answer| answer.status == 200);
                    let random = self.random();
                    queue.extend(
                        match fetched.and_then(|answer| serde_json::from_slice(&answer.body).ok()) {
                            Some(snapshot) => self.sync.fetched(snapshot),
                            None => self.sync.fetch_failed(
                                topic,
                                answer.ok().map(|answer| answer.status),
                                random,
                            ),
                        },
                    );
                }
                Action::Replace {
                    topic, snapshot, ..
                } => {
                    for rollup in snapshot.rollups.iter().flatten() {
                        self.rollups
                            .insert((topic, rollup.key), (rollup.seq, rollup.value));
                    }
                    self.snapshots.push(topic);
                    self.views
                        .insert(topic, View::from_snapshot(topic, &snapshot));
                }
                Action::Apply { topics, event, .. } => {
                    for topic in &topics {
                        self.views
                            .get_mut(topic)
                            .expect("a snapshot comes first")
                            .apply(&event);
                    }
                    self.events.push((event, topics));
                }
                Action::Rollup { topic, rollup, .. } => {
                    let known = self
                        .rollups
                        .entry((topic, rollup.key))
                        .or_insert((0, rollup.value));
                    if known.0 <= rollup.seq {
                        *known = (rollup.seq, rollup.value);
                    }
                }
                Action::Ended { topic, reason, .. } => {
                    self.views.remove(&topic);
                    self.ended.push((topic, reason));
                }
                Action::Failed {
                    requested,
                    code,
                    retryable,
                    ..
                } => {
                    if retryable {
                        self.ask_again_at = Some(Instant::now() + ASK_AGAIN);
                    }
                    for name in requested {
                        // What could not be followed any more is shown no more.
                        if let Some(topic) = self.names.get(&name) {
                            self.views.remove(topic);
                        }
                        self.failed.push((name, code.as_str().into()));
                    }
                }
                Action::AskLater => {
                    self.put_off += 1;
                    self.ask_again_at = Some(Instant::now() + ASK_AGAIN);
                }
                Action::Resolved { requested, topic } => drop(self.names.insert(requested, topic)),
                Action::Presence { .. } | Action::Pong { .. } => {}
            }
        }
    }

    /// Spreads reconnects; which numbers come does not matter, that they are the same every time does.
    fn random(&mut self) -> f64 {
        self.seed = self
            .seed
            .wrapping_mul(1_664_525)
            .wrapping_add(1_013_904_223);
        f64::from(self.seed) / f64::from(u32::MAX)
    }
}
