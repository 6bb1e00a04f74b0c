use super::{
    Action, Backoff, Closed, Health, Reconnect, Transport,
    follow::{Follow, Phase},
    incoming::{self, Incoming, RawAnswer},
    query::{Query, WINDOW},
};
use crate::{
    error::ErrorCode,
    topic::{Topic, TopicRef},
    wire::{ClientMessage, Cursor, HEARTBEAT_SECONDS, Limits, SnapshotAnswer},
};

/// The client's half of the protocol. See the [module](super) for how it is driven.
#[derive(Debug, Clone, Default)]
pub struct SyncClient {
    pub(super) follows: Vec<Follow>,
    pub(super) transport: Option<Transport>,
    /// On a WebSocket: `welcome` has come.
    pub(super) welcome: bool,
    /// What SSE's ids and polling's cursor said of all topics, not counted in yet.
    stream_seq: Option<u64>,
    /// The last message was a `subscribed`, whose id speaks of its own topic alone.
    pub(super) begun: bool,
    next_id: u64,
    pub(super) path: Option<String>,
    pub(super) backoff: Backoff,
    pub(super) retry_after_ms: Option<u64>,
    pub(super) heartbeat_seconds: Option<u32>,
    pub(super) health: Health,
}

impl SyncClient {
    /// A client that follows nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Follows a topic, named by id, slug or key. Following what is followed already asks again only where the server
    /// had refused it for a while, and more than a connection may have are refused here. To count references is the caller's
    /// business.
    pub fn subscribe(&mut self, requested: &str) -> Vec<Action> {
        if let Err(invalid) = requested.parse::<TopicRef>() {
            return vec![Action::Failed {
                requested: vec![requested.into()],
                code: ErrorCode::Validation,
                message: format!("The topic {requested} {invalid}."),
                retryable: false,
            }];
        }
        let topic: Option<Topic> = requested.parse().ok();
        let known = |follow: &Follow| {
            follow.names.iter().any(|name| name == requested)
                || (topic.is_some() && follow.topic == topic)
        };
        let Some(index) = self.follows.iter().position(known) else {
            // On a WebSocket the server would refuse this one, on SSE and polling all of them.
            let most = Limits::default().topics;
            if self.follows.len() >= most as usize {
                return vec![Action::Failed {
                    requested: vec![requested.into()],
                    code: ErrorCode::LimitReached,
                    message: format!("{most} topics can be followed at once: leave some."),
                    retryable: false,
                }];
            }
            self.follows.push(Follow::new(requested));
            return self.ask(self.follows.len() - 1);
        };
        let mut actions = Vec::new();
        let follow = &mut self.follows[index];
        if !follow.names.iter().any(|name| name == requested) {
            follow.names.push(requested.into());
            actions.extend(topic.map(|topic| Action::Resolved {
                requested: requested.into(),
                topic,
            }));
        }
        if matches!(follow.phase, Phase::Idle | Phase::Refused) {
            actions.extend(self.ask(index));
        }
        actions
    }

    /// Asks again for all that the server has refused for a while: to be called some seconds after such an
    /// [`Action::Failed`], and after [`Action::AskLater`].
    pub fn retry(&mut self) -> Vec<Action> {
        let is_refused = |index: &usize| matches!(self.follows[*index].phase, Phase::Refused);
        let refused: Vec<usize> = (0..self.follows.len()).filter(is_refused).collect();
        self.ask_all(refused)
    }

    /// Follows it no longer by this name; the topic itself ends with its last name.
    pub fn unsubscribe(&mut self, requested: &str) -> Vec<Action> {
        let named = |follow: &Follow| follow.names.iter().any(|name| name == requested);
        let Some(index) = self.follows.iter().position(named) else {
            return Vec::new();
        };
        self.follows[index].names.retain(|name| name != requested);
        if !self.follows[index].names.is_empty() {
            return Vec::new();
        }
        let follow = self.follows.remove(index);
        match (self.transport, follow.phase) {
            (None, _) | (_, Phase::Idle | Phase::Refused) => Vec::new(),
            (Some(Transport::WebSocket), _) => {
                let topic = follow
                    .topic
                    .map_or_else(|| requested.into(), |topic| topic.to_string());
                let id = self.fresh_id().into();
                vec![Action::Send(ClientMessage::Unsubscribe { id, topic })]
            }
            (Some(_), _) => vec![Action::Reopen],
        }
    }

    /// Where in the app this client is; kept, and told again on every new connection.
    pub fn look(&mut self, path: &str) -> Vec<Action> {
        self.path = Some(path.into());
        let open = self.transport == Some(Transport::WebSocket) && self.welcome;
        if open {
            vec![Action::Send(ClientMessage::Look { path: path.into() })]
        } else {
            Vec::new()
        }
    }

    /// A ping to send, where there is a line to send it on; answered by [`Action::Pong`] with this id.
    pub fn ping(&mut self) -> Option<(u64, Action)> {
        (self.transport == Some(Transport::WebSocket) && self.welcome).then(|| {
            let id = self.fresh_id();
            (id, Action::Send(ClientMessage::Ping { id: id.into() }))
        })
    }

    /// A connection is open. On a WebSocket, topics are asked for when `welcome` comes (send `authenticate` before, if
    /// that is how); for SSE and polling, [`SyncClient::query`] is what to ask for.
    pub fn opened(&mut self, transport: Transport) {
        self.rest();
        self.transport = Some(transport);
        self.health.connections += 1;
    }

    /// The query of the request to be made now on SSE or polling, without `wait`; none while there is nothing to ask
    /// for. The request counts as begun.
    pub fn query(&mut self) -> Option<String> {
        self.settle_stream();
        let newest = self.health.cursor.clone();
        let mut query = Query::default();
        for follow in &mut self.follows {
            if matches!(follow.phase, Phase::Fetching { .. } | Phase::Refused) {
                continue;
            }
            let near = |have: &&Cursor| {
                newest
                    .as_ref()
                    .is_none_or(|new| have.epoch == new.epoch && have.seq + WINDOW >= new.seq)
            };
            match follow.have.as_ref().filter(near) {
                Some(have) => {
                    query.resume.push((follow.name(), have.clone()));
                    follow.phase = Phase::Live;
                }
                None => {
                    query.begin.push((follow.name(), follow.have.is_some()));
                    follow.phase = Phase::Asked { id: 0 };
                }
            }
        }
        query.text()
    }

    /// A text frame of the WebSocket, or the `data` of an SSE message.
    pub fn received(&mut self, text: &str) -> Vec<Action> {
        match incoming::read(text) {
            Ok(Incoming::Message(message)) => {
                let mut actions = self.message(message);
                for action in &mut actions {
                    if let Action::Apply { message, .. }
                    | Action::Rollup { message, .. }
                    | Action::Presence { message, .. } = action
                    {
                        *message = text.into();
                    }
                }
                actions
            }
            Ok(Incoming::UnknownEvent { prev, seq }) => self.event(&prev, seq, None),
            Ok(Incoming::Resync(topic)) => self.resync(topic),
            Err(error) => {
                self.health.messages += 1;
                self.health.last_error = Some(error);
                Vec::new()
            }
        }
    }

    /// The `id` of an SSE message, after the message itself: everything followed was sent up to here.
    pub fn position(&mut self, id: &str) -> Vec<Action> {
        match id.parse::<Cursor>() {
            Ok(cursor) if !self.begun => self.stream_position(cursor),
            _ => Vec::new(),
        }
    }

    /// The body of polling's answer.
    pub fn polled(&mut self, body: &str) -> Vec<Action> {
        let answer: RawAnswer = match serde_json::from_str(body) {
            Ok(answer) => answer,
            Err(error) => {
                self.health.last_error = Some(format!("an answer could not be read: {error}"));
                return Vec::new();
            }
        };
        let mut actions: Vec<Action> = answer
            .messages
            .iter()
            .flat_map(|message| self.received(message.get()))
            .collect();
        self.backoff.reset();
        actions.extend(self.stream_position(answer.cursor));
        actions
    }

    /// The connection, or the attempt at one, has ended. `random` is uniform in 0..1.
    pub fn closed(&mut self, why: Closed, random: f64) -> Reconnect {
        self.rest();
        let reason = match why {
            Closed::Code(code) => format!("closed with code {code}"),
            Closed::Status(status) => format!("answered with status {status}"),
            Closed::Lost => "the connection was lost".into(),
        };
        self.health.last_error = Some(reason.clone());
        let retry_after = self.retry_after_ms.take();
        match why {
            Closed::Code(4429) | Closed::Status(429) => self.backoff.at_least(4),
            Closed::Code(4408) | Closed::Status(408 | 425) => {}
            Closed::Code(4400..=4499) | Closed::Status(400..=499) => {
                return Reconnect::Final(reason);
            }
            Closed::Code(_) | Closed::Status(_) | Closed::Lost => {}
        }
        let backoff = self.backoff.next_ms(random);
        Reconnect::After(retry_after.unwrap_or(backoff))
    }

    /// A snapshot asked for by [`Action::Fetch`] is here.
    pub fn fetched(&mut self, answer: SnapshotAnswer) -> Vec<Action> {
        let Some(index) = self.fetching(answer.topic) else {
            return Vec::new();
        };
        self.note(&answer.cursor);
        let follow = &mut self.follows[index];
        follow.begin(answer.cursor.clone());
        follow.phase = Phase::Idle;
        let mut actions = vec![Action::Replace {
            topic: answer.topic,
            cursor: answer.cursor,
            snapshot: answer.snapshot,
        }];
        actions.extend(self.ask(index));
        actions
    }

    /// It could not be fetched; `status` is the answer's, if there was one. `random` is uniform in 0..1.
    pub fn fetch_failed(&mut self, topic: Topic, status: Option<u16>, random: f64) -> Vec<Action> {
        let Some(index) = self.fetching(topic) else {
            return Vec::new();
        };
        self.health.last_error = Some(match status {
            Some(status) => format!("the snapshot of {topic} was answered with status {status}"),
            None => format!("the snapshot of {topic} could not be fetched"),
        });
        let follow = &mut self.follows[index];
        match (&mut follow.phase, status) {
            (Phase::Fetching { href, backoff }, status)
                if !matches!(status, Some(401 | 403 | 404 | 410)) =>
            {
                vec![Action::Fetch {
                    topic,
                    href: href.clone(),
                    delay_ms: backoff.next_ms(random),
                }]
            }
            // The answer to a subscription says why there is none, and ends it.
            _ => {
                follow.phase = Phase::Idle;
                self.ask(index)
            }
        }
    }

    /// What the live pill shows.
    pub fn health(&self) -> Health {
        Health {
            transport: self.transport,
            settled: self.transport.is_some() && self.follows.iter().all(Follow::is_live),
            topics: self.follows.len(),
            ..self.health.clone()
        }
    }

    /// The topic that a name means, once that is known.
    pub fn topic(&self, requested: &str) -> Option<Topic> {
        self.follows
            .iter()
            .find(|follow| follow.names.iter().any(|name| name == requested))?
            .topic
    }

    /// How far a topic has been followed.
    pub fn have(&self, topic: Topic) -> Option<&Cursor> {
        self.follows
            .iter()
            .find(|follow| follow.topic == Some(topic))?
            .have
            .as_ref()
    }

    /// After so many milliseconds without a sound (SSE's comments count), the line is dead and the driver closes it.
    pub fn silence_ms(&self) -> u64 {
        u64::from(self.heartbeat_seconds.unwrap_or(HEARTBEAT_SECONDS)) * 2_000 + 5_000
    }

    pub(super) fn fresh_id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }

    pub(super) fn follows(&self, topic: Topic) -> bool {
        self.follows
            .iter()
            .any(|follow| follow.topic == Some(topic))
    }

    fn fetching(&self, topic: Topic) -> Option<usize> {
        let fetching = |follow: &Follow| matches!(follow.phase, Phase::Fetching { .. });
        self.follows
            .iter()
            .position(|follow| follow.topic == Some(topic) && fetching(follow))
    }

    /// Nothing is asked for any more, positions are kept.
    fn rest(&mut self) {
        self.settle_stream();
        for follow in &mut self.follows {
            if !matches!(follow.phase, Phase::Fetching { .. }) {
                follow.phase = Phase::Idle;
            }
        }
        self.transport = None;
        self.welcome = false;
    }

    /// Asks for a topic behind its position, on the line that there is.
    pub(super) fn ask(&mut self, index: usize) -> Vec<Action> {
        match self.transport {
            Some(Transport::WebSocket) if self.welcome => {
                let id = self.fresh_id();
                let follow = &mut self.follows[index];
                follow.phase = Phase::Asked { id };
                let after = follow.have.as_ref().map(Cursor::to_string);
                vec![Action::Send(ClientMessage::Subscribe {
                    id: id.into(),
                    topic: follow.name(),
                    after,
                    log_after: None,
                })]
            }
            None | Some(Transport::WebSocket) => Vec::new(),
            Some(Transport::Sse | Transport::Polling) => {
                self.follows[index].phase = Phase::Asked { id: 0 };
                vec![Action::Reopen]
            }
        }
    }

    /// Asks for several, making at most one request.
    pub(super) fn ask_all(&mut self, indices: impl IntoIterator<Item = usize>) -> Vec<Action> {
        let mut actions: Vec<Action> = indices
            .into_iter()
            .flat_map(|index| self.ask(index))
            .collect();
        actions.dedup_by(|next, before| matches!((next, before), (Action::Reopen, Action::Reopen)));
        actions
    }

    pub(super) fn note(&mut self, cursor: &Cursor) {
        match &mut self.health.cursor {
            Some(newest) if newest.epoch == cursor.epoch => newest.seq = newest.seq.max(cursor.seq),
            newest => *newest = Some(cursor.clone()),
        }
    }

    fn stream_position(&mut self, cursor: Cursor) -> Vec<Action> {
        self.note(&cursor);
        self.stream_seq = Some(cursor.seq);
        let strayed = |follow: &Follow| follow.is_live() && !follow.is_in(&cursor.epoch);
        let strayed: Vec<usize> = (0..self.follows.len())
            .filter(|index| strayed(&self.follows[*index]))
            .collect();
        for index in &strayed {
            self.follows[*index].begin_anew();
        }
        self.ask_all(strayed)
    }

    /// Counts in what SSE's ids and polling's cursor said. Not before the line is left: a position told too early would
    /// drop what follows it, told late it costs a few duplicates.
    fn settle_stream(&mut self) {
        let Some(seq) = self.stream_seq.take() else {
            return;
        };
        for follow in self.follows.iter_mut().filter(|follow| follow.is_live()) {
            follow.heard(seq);
        }
    }
}
