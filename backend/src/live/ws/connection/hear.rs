use std::{
    sync::Arc,
    task::{Context, Poll},
    time::Instant,
};

use bytes::{BufMut, BytesMut};
use shared_types::error::ErrorCode;

use super::{Connection, MAX_UNREAD, Recognising};
use crate::live::{
    access::Access,
    message::Message,
    presence::topic_of,
    reader::{Manner, Reader, Request},
    ws::{
        ask::{Understood, understand},
        close::Close,
        inbound::Incoming,
    },
};

impl Connection {
    /// Acts on one message.
    pub(super) fn hear(&mut self, incoming: Incoming, now: Instant) {
        if !self.pace.allows(now) {
            return self.close(Close::TooMuch);
        }
        let text = match incoming {
            Incoming::Ping(payload) => return self.pong(&payload),
            Incoming::Pong | Incoming::Close(_) => return,
            Incoming::Binary => {
                let why = "Binary messages are not understood: send JSON as text.";
                return self.ask(Request::Say(Message::error(
                    None,
                    ErrorCode::BadMessage,
                    why,
                )));
            }
            Incoming::Text(text) => text,
        };
        match understand(&text) {
            Ok(Understood::Authenticate(token)) => self.recognise(token),
            Ok(_) | Err(_) if self.access.is_none() => self.refuse_stranger(),
            Ok(Understood::Look(path)) => self.look(path),
            Ok(Understood::Request(request)) => self.ask(request),
            Err(refusal) => self.ask(Request::Say(refusal)),
        }
    }

    fn ask(&mut self, request: Request) {
        let waiting = self.unanswered;
        self.unanswered += request.reply_bytes();
        // A single reply may be as long as it takes: the message it answers was not too long either.
        if waiting > 0 && self.unanswered > MAX_UNREAD {
            return self.close(Close::TooMuch);
        }
        self.reader.ask(request);
    }

    fn pong(&mut self, payload: &[u8]) {
        let mut frame = BytesMut::with_capacity(2 + payload.len());
        frame.put_slice(&[0x8a, payload.len() as u8]);
        frame.put_slice(payload);
        // Pongs are not in the order of replies, so they are counted where they wait.
        if self.outbound.has_room() {
            self.outbound.push(frame.freeze());
        }
    }

    /// Looks a token up, where others may know of it already.
    fn recognise(&mut self, token: String) {
        let (auth, shown) = (Arc::clone(&self.auth), token.clone());
        let looked_up = Box::pin(async move { auth.recognise_shown(&shown).await });
        self.recognising = Some(Box::new(Recognising { token, looked_up }));
    }

    /// Whether a token is being looked up. As soon as it is not, its client is signed in or refused.
    pub(super) fn is_recognising(&mut self, cx: &mut Context<'_>) -> bool {
        let Some(recognising) = &mut self.recognising else {
            return false;
        };
        let Poll::Ready(looked_up) = recognising.looked_up.as_mut().poll(cx) else {
            return true;
        };
        match (self.recognising.take(), looked_up) {
            (Some(recognising), Ok(())) => self.authenticate(&recognising.token),
            // Its organization can't be read now.
            _ => self.close(Close::GoingAway),
        }
        false
    }

    fn authenticate(&mut self, token: &str) {
        if self.access.is_some() {
            let why = "This connection is signed in already.";
            return self.ask(Request::Say(Message::error(
                None,
                ErrorCode::BadMessage,
                why,
            )));
        }
        let principal = self.auth.by_token(token, self.from);
        // One for a run alone follows nothing.
        let Some(principal) = principal
            .ok()
            .filter(|principal| principal.lent().is_none())
        else {
            return self.refuse_stranger();
        };
        // Its address has its share already.
        match self.auth.hold(Some(&principal), None) {
            Ok(held) => self.held.push(held),
            Err(_) => return self.close(Close::TooMuch),
        }
        let hub = Arc::clone(&principal.state.hub);
        let Some(reader) = Reader::new(&hub, Manner::Dialogue, principal.sight) else {
            return self.close(Close::GoingAway);
        };
        self.reader = reader;
        self.number = hub.presence.next_connection();
        self.access = Some(Access::new(Arc::clone(&self.auth), principal));
        self.clock.signed_in();
        self.welcome();
    }

    /// Nothing is told to one who has not shown who they are.
    pub(super) fn refuse_stranger(&mut self) {
        self.send(Message::error(
            None,
            ErrorCode::NotAuthenticated,
            "This token is not known here.",
        ));
        self.close(Close::NotAuthenticated);
    }

    fn look(&mut self, path: String) {
        let hub = Arc::clone(self.reader.hub());
        let (Some(member), Some(model)) = (
            self.access
                .as_ref()
                .and_then(|access| access.principal().member),
            hub.model(),
        ) else {
            return;
        };
        let topic = topic_of(&model.aggregate, &path);
        let before = self
            .looks_at
            .replace(topic)
            .filter(|before| *before != topic);
        if let Some(before) = before {
            hub.presence.leave(self.number, before);
        }
        hub.presence.enter(self.number, topic, member, path);
        hub.latest
            .presence_changed(before.into_iter().chain([topic]));
    }
}
