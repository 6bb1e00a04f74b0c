use serde_json::Value;
use shared_types::{
    error::{ErrorCode, Rejection},
    topic::TopicRef,
    wire::{Cursor, ServerMessage},
};

use super::{
    Ask, Reader,
    start::{Standing, Start},
};
use crate::live::message::{Asked, Message};

/// What a client asks of its reader.
#[derive(Debug, Clone)]
pub enum Request {
    /// Follow a topic.
    Subscribe {
        asked: Asked,
        name: TopicRef,
        after: Option<Cursor>,
    },
    /// Follow it no longer.
    Unsubscribe { id: Value, name: String },
    /// Tell where the reader stands.
    Ping { id: Value },
    /// Say this in its turn.
    Say(Message),
    /// Begin a stream: follow all these.
    Begin {
        asks: Vec<Ask>,
        after: Option<Cursor>,
    },
}

impl Request {
    /// About how many bytes its reply has, save a snapshot, which is shared: the names it came with, and a little more.
    pub fn reply_bytes(&self) -> usize {
        let named = match self {
            Request::Subscribe { asked, .. } => {
                asked.requested.len() + asked.id.as_ref().map_or(0, length)
            }
            Request::Unsubscribe { id, name } => length(id) + name.len(),
            Request::Ping { id } => length(id),
            Request::Say(message) => message.len(),
            Request::Begin { .. } => 0,
        };
        named + 128
    }

    /// The position that it is to go on after.
    fn after(&self) -> Option<&Cursor> {
        match self {
            Request::Subscribe { after, .. } | Request::Begin { after, .. } => after.as_ref(),
            Request::Unsubscribe { .. } | Request::Ping { .. } | Request::Say(_) => None,
        }
    }
}

impl Reader {
    /// Carries out a request. What it takes longer for it leaves as work, replay or gate.
    pub(super) fn carry_out(&mut self, request: Request) {
        match Standing::of(request.after(), &self.cursor_at(self.sent)) {
            Standing::Now(start) => self.carry_out_from(request, start),
            Standing::Ahead(seq) => self.await_position(request, seq),
        }
    }

    /// Carries it out from there, whatever position it names.
    pub(super) fn carry_out_from(&mut self, request: Request, start: Start) {
        match request {
            Request::Subscribe { asked, name, .. } => self.subscribe(asked, &name, start),
            Request::Unsubscribe { id, name } => self.unsubscribe(id, &name),
            Request::Ping { id } => {
                let cursor = self.cursor();
                self.tell(Message::new(&ServerMessage::Pong { id, cursor }));
            }
            Request::Say(message) => self.tell(message),
            Request::Begin { asks, .. } => self.begin(asks, start),
        }
    }

    fn unsubscribe(&mut self, id: Value, name: &str) {
        let named = || self.hub.model()?.aggregate.find_topic(&name.parse().ok()?);
        let topic = self
            .follows
            .requested(name)
            .or_else(named)
            .filter(|topic| self.follows.has(*topic));
        let Some(topic) = topic else {
            let rejection = Rejection::new(
                ErrorCode::NotFound,
                "This connection does not follow that topic.",
            );
            return self.tell(Message::refusal(Some(id), None, rejection));
        };
        self.follows.remove(topic);
        self.leave_log(topic);
        let topic = topic.to_string();
        self.tell(Message::new(&ServerMessage::Unsubscribed {
            id: Some(id),
            topic,
            reason: None,
        }));
    }
}

fn length(id: &Value) -> usize {
    id.as_str().map_or(32, str::len)
}
