//! A server for one client, as small as the protocol allows.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use serde_json::{Value, json};
use shared_types::{
    Decision, Event, Organization, Topic,
    state::Reach,
    sync::Transport,
    view,
    view::rollups,
    wire::{
        ClientMessage, Cursor, EventMessage, Limits, Mode, Principal, PrincipalKind, ResyncReason,
        Role, ServerMessage, Snapshot, SnapshotAnswer, Subscribed,
    },
};

/// What goes over the line: a message, and on SSE and polling the position told with it.
pub type Sent = (ServerMessage, Option<Cursor>);

pub struct Server {
    pub organization: Organization,
    pub large: bool,
    epoch: u32,
    /// Nothing at or before it can be replayed.
    floor: u64,
    log: Vec<(Arc<Event>, Reach)>,
    transport: Transport,
    /// The topics of the connection, each with the position it was subscribed at.
    topics: BTreeMap<Topic, u64>,
    /// How far the connection has been sent.
    sent: u64,
    pub line: VecDeque<Sent>,
    /// Something of this connection was lost.
    pub lossy: bool,
}

impl Server {
    pub fn new(organization: Organization) -> Self {
        Self {
            organization,
            large: false,
            epoch: 1,
            floor: 0,
            log: Vec::new(),
            transport: Transport::WebSocket,
            topics: BTreeMap::new(),
            sent: 0,
            line: VecDeque::new(),
            lossy: false,
        }
    }

    pub fn publish(&mut self, decision: Decision) {
        self.organization = decision.organization;
        self.log.extend(
            decision
                .events
                .into_iter()
                .map(Arc::new)
                .zip(decision.reaches),
        );
    }

    pub fn trim(&mut self, kept: usize) {
        self.floor = self
            .floor
            .max(self.organization.seq.saturating_sub(kept as u64));
    }

    pub fn cursor(&self, seq: u64) -> Cursor {
        format!("e{}:{seq}", self.epoch).parse().unwrap()
    }

    /// Another life of the journal: readers of all topics are told.
    pub fn new_epoch(&mut self) {
        self.send();
        self.epoch += 1;
        self.floor = self.organization.seq;
        let topics: Vec<Topic> = self.topics.keys().copied().collect();
        for topic in topics {
            self.start_over(topic, ResyncReason::EpochChanged, self.sent);
        }
    }

    /// A connection is opened; what was on the old one is lost.
    pub fn open(&mut self, transport: Transport) {
        self.line.clear();
        self.lossy = false;
        self.topics.clear();
        self.transport = transport;
        self.sent = self.organization.seq;
        if transport == Transport::WebSocket {
            let principal = Principal {
                kind: PrincipalKind::Member,
                id: "dice".into(),
                role: Role::Owner,
                member: None,
            };
            self.tell(ServerMessage::Welcome {
                protocol: 1,
                connection: "c".into(),
                cursor: self.cursor(self.sent),
                heartbeat_seconds: 20,
                limits: Limits::default(),
                principal,
            });
        }
    }

    /// The request of SSE and polling.
    pub fn ask(&mut self, query: &str) {
        self.open(self.transport);
        let parameter = |name: &str| {
            query
                .split('&')
                .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
        };
        let after: Option<Cursor> = parameter("after").map(|after| after.parse().unwrap());
        let head = self.organization.seq;
        let mut resumed = BTreeSet::new();
        for name in parameter("topics").unwrap().split(',') {
            let (name, begin) = name
                .strip_suffix("@snapshot")
                .map_or((name, false), |name| (name, true));
            let Some(topic) = self.organization.find_topic(&name.parse().unwrap()) else {
                self.refuse(None, name);
                continue;
            };
            match after
                .as_ref()
                .filter(|after| !begin && self.replayable(topic, after))
            {
                Some(_) => {
                    resumed.insert(topic);
                    self.topics.insert(topic, head);
                }
                None => self.begin(None, topic, name, head),
            }
        }
        let Some(after) = after.filter(|_| !resumed.is_empty()) else {
            // The id comes with the last of the snapshots alone.
            let id = self.cursor(head);
            if let Some((_, position)) = self.line.back_mut() {
                *position = Some(id);
            }
            return;
        };
        let events: Vec<_> = self
            .log
            .iter()
            .filter(|(event, _)| event.seq > after.seq)
            .cloned()
            .collect();
        for (event, reach) in events {
            if reach
                .topics
                .iter()
                .any(|(topic, _)| resumed.contains(topic))
                || resumed.contains(&Topic::All)
            {
                self.tell_event(event, reach);
            }
        }
    }

    pub fn hear(&mut self, message: ClientMessage) {
        match message {
            ClientMessage::Subscribe {
                id,
                topic: requested,
                after,
                ..
            } => {
                let Some(topic) = self.organization.find_topic(&requested.parse().unwrap()) else {
                    self.refuse(Some(id), &requested);
                    return;
                };
                self.topics.remove(&topic);
                let after: Option<Cursor> = after.map(|after| after.parse().unwrap());
                match after.filter(|after| self.replayable(topic, after)) {
                    Some(after) => self.resume(id, topic, &requested, after),
                    // A snapshot may be ahead of what the connection was sent.
                    None => self.begin(Some(id), topic, &requested, self.organization.seq),
                }
            }
            ClientMessage::Unsubscribe { id, topic } => {
                if let Some(topic) = self.organization.find_topic(&topic.parse().unwrap()) {
                    self.topics.remove(&topic);
                }
                self.tell(ServerMessage::Unsubscribed {
                    id: Some(id),
                    topic,
                    reason: None,
                });
            }
            _ => {}
        }
    }

    /// Everything up to the head.
    pub fn send(&mut self) {
        let events: Vec<_> = self
            .log
            .iter()
            .filter(|(event, _)| event.seq > self.sent)
            .cloned()
            .collect();
        for (event, reach) in events {
            self.sent = event.seq;
            let on: Vec<Topic> = reach.topics.iter().map(|(topic, _)| *topic).collect();
            let on = on.into_iter().chain([Topic::All]);
            let on: Vec<Topic> = on
                .filter(|topic| self.topics.get(topic).is_some_and(|at| *at < event.seq))
                .collect();
            if !on.is_empty() {
                self.tell_event(event.clone(), reach.clone());
            }
            // What lies under something deleted is gone without an event of its own.
            let gone: Vec<Topic> = self
                .topics
                .keys()
                .copied()
                .filter(|topic| !self.is_there(*topic))
                .collect();
            for topic in gone {
                self.topics.remove(&topic);
                let reason = Some("deleted".into());
                self.tell(ServerMessage::Unsubscribed {
                    id: None,
                    topic: topic.to_string(),
                    reason,
                });
            }
            for topic in on {
                if reach.barriers.contains(&topic) && self.topics.contains_key(&topic) {
                    self.start_over(topic, ResyncReason::ChangedAtOnce, event.seq);
                }
            }
        }
    }

    /// Loses the message that would come next, if it is an event on a WebSocket.
    pub fn lose(&mut self) {
        let event = matches!(self.line.front(), Some((ServerMessage::Event(_), _)));
        if self.transport == Transport::WebSocket && event {
            self.line.pop_front();
            self.line
                .retain(|(message, _)| !matches!(message, ServerMessage::Heartbeat { .. }));
            self.lossy = true;
        }
    }

    pub fn heartbeat(&mut self) {
        // A heartbeat says that everything was sent, which would be a lie.
        if self.transport == Transport::WebSocket && !self.lossy {
            self.send();
            self.tell(ServerMessage::Heartbeat {
                cursor: self.cursor(self.sent),
            });
        }
    }

    pub fn snapshot(&self, topic: Topic) -> Option<SnapshotAnswer> {
        let snapshot = self.view(topic)?;
        Some(SnapshotAnswer {
            topic,
            cursor: self.cursor(self.organization.seq),
            snapshot,
        })
    }

    /// Only the model of now is kept: what has gone since counts as gone.
    fn is_there(&self, topic: Topic) -> bool {
        topic == Topic::All || self.organization.has_topic(topic)
    }

    fn view(&self, topic: Topic) -> Option<Box<Snapshot>> {
        let view = view(&self.organization, topic)?;
        Some(Box::new(view.snapshot(rollups(&self.organization, topic))))
    }

    fn replayable(&self, topic: Topic, after: &Cursor) -> bool {
        let crossed = |(event, reach): &(Arc<Event>, Reach)| {
            event.seq > after.seq && reach.barriers.contains(&topic)
        };
        after.epoch == self.cursor(0).epoch
            && (self.floor..=self.organization.seq).contains(&after.seq)
            && !self.log.iter().any(crossed)
    }

    /// The end of a subscription on a WebSocket, a snapshot in place on SSE and polling.
    fn start_over(&mut self, topic: Topic, reason: ResyncReason, at: u64) {
        match self.transport {
            Transport::WebSocket => {
                self.topics.remove(&topic);
                self.tell(ServerMessage::Resync { topic, reason });
            }
            Transport::Sse | Transport::Polling => self.begin(
                None,
                topic,
                &topic.to_string(),
                at.max(self.organization.seq),
            ),
        }
    }

    fn begin(&mut self, id: Option<Value>, topic: Topic, requested: &str, at: u64) {
        let href = self.large && topic != Topic::All;
        let mode = match href {
            true => Mode::Snapshot {
                snapshot: None,
                href: Some(format!("/api/v1/snapshot?topic={topic}")),
            },
            false => Mode::Snapshot {
                snapshot: self.view(topic),
                href: None,
            },
        };
        self.topics.insert(topic, at);
        let cursor = self.cursor(at);
        let subscribed = Subscribed {
            id,
            topic,
            requested: requested.into(),
            cursor,
            mode,
        };
        self.line
            .push_back((ServerMessage::Subscribed(subscribed), None));
    }

    fn resume(&mut self, id: Value, topic: Topic, requested: &str, after: Cursor) {
        let on =
            |reach: &Reach| topic == Topic::All || reach.topics.iter().any(|(on, _)| *on == topic);
        let range = after.seq + 1..=self.sent;
        let events: Vec<_> = self
            .log
            .iter()
            .filter(|(event, reach)| range.contains(&event.seq) && on(reach))
            .cloned()
            .collect();
        let mode = Mode::Resumed {
            replaying: events.len() as u64,
        };
        // What the client is ahead of this connection by has been had.
        self.topics.insert(topic, self.sent.max(after.seq));
        let subscribed = Subscribed {
            id: Some(id),
            topic,
            requested: requested.into(),
            cursor: after,
            mode,
        };
        self.tell(ServerMessage::Subscribed(subscribed));
        for (event, reach) in events {
            self.tell_event(event, reach);
        }
    }

    fn refuse(&mut self, id: Option<Value>, requested: &str) {
        let refusal = json!({ "type": "error", "topic": requested, "code": "not_found", "message": "No.", "retryable": false });
        let mut refusal: ServerMessage = serde_json::from_value(refusal).unwrap();
        if let ServerMessage::Error { id: own, .. } = &mut refusal {
            *own = id;
        }
        self.tell(refusal);
    }

    fn tell(&mut self, message: ServerMessage) {
        self.line.push_back((message, None));
    }

    fn tell_event(&mut self, event: Arc<Event>, reach: Reach) {
        let position = self.cursor(event.seq);
        let prev = reach.topics.into_iter().collect();
        self.line.push_back((
            ServerMessage::Event(EventMessage { prev, event }),
            Some(position),
        ));
    }
}
