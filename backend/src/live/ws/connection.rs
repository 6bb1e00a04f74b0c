mod hear;

use std::{
    future::Future,
    mem::MaybeUninit,
    net::IpAddr,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Instant,
};

use actix_web::rt::net::TcpStream;
use bytes::{Bytes, BytesMut};
use shared_types::{
    error::ErrorCode,
    state::Sight,
    topic::Topic,
    wire::{HEARTBEAT_SECONDS, Limits, ServerMessage},
};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use uuid::Uuid;

use super::{
    clock::{Clock, Due},
    close::Close,
    handshake::Start,
    inbound::{Inbound, Incoming},
    outbound::Outbound,
    pace::Pace,
};
use crate::{
    api::ApiError,
    auth::{Auth, Held},
    live::{
        access::{Access, Change, not_any_more},
        message::Message,
        metrics::{Counted, Transport},
        reader::{Item, Manner, Reader},
        retry::closing,
    },
};

/// Bytes of replies that a client may leave unread.
const MAX_UNREAD: usize = 64 << 10;
/// Mistakes in a row after which it is clear that the client does not speak the protocol.
const MAX_ERRORS: u32 = 10;
/// Reads, and rounds of writing, before other connections of the thread have their turn.
const TURNS: usize = 8;

/// One WebSocket.
pub struct Connection {
    socket: TcpStream,
    reader: Reader,
    inbound: Inbound,
    outbound: Outbound,
    auth: Arc<Auth>,
    access: Option<Access>,
    from: Option<IpAddr>,
    /// Its shares of the connections.
    held: Vec<Held>,
    pace: Pace,
    /// Bytes of requests whose replies are not on their way yet.
    unanswered: usize,
    errors: u32,
    clock: Clock,
    number: u64,
    looks_at: Option<Topic>,
    recognising: Option<Box<Recognising>>,
    _counted: Counted,
}

/// A token that is not known here, and the time it is given to become so. Nothing is read meanwhile.
struct Recognising {
    token: String,
    looked_up: Pin<Box<dyn Future<Output = Result<(), ApiError>>>>,
}

impl Connection {
    /// Takes over a socket behind its handshake; none before the model is loaded.
    pub fn new(
        auth: Arc<Auth>,
        socket: TcpStream,
        received: BytesMut,
        start: Start,
    ) -> Option<Self> {
        let now = Instant::now();
        // Who has yet to say who they are follows nothing.
        let (hub, sight) = match &start.principal {
            Some(principal) => (&principal.state.hub, principal.sight),
            None => (&auth.home().hub, Sight::default()),
        };
        let reader = Reader::new(hub, Manner::Dialogue, sight)?;
        let number = hub.presence.next_connection();
        let mut connection = Self {
            socket,
            reader,
            inbound: Inbound::new(if received.is_empty() {
                BytesMut::new()
            } else {
                received
            }),
            outbound: Outbound::default(),
            access: start
                .principal
                .map(|principal| Access::new(Arc::clone(&auth), principal)),
            from: start.from,
            held: vec![start.held],
            auth,
            pace: Pace::new(now),
            unanswered: 0,
            errors: 0,
            clock: Clock::new(now),
            number,
            looks_at: None,
            recognising: None,
            _counted: Counted::new(Transport::WebSocket),
        };
        match connection.access {
            Some(_) => connection.welcome(),
            None if start.refused => connection.refuse_stranger(),
            None => connection.clock.await_sign_in(now),
        }
        Some(connection)
    }

    fn welcome(&mut self) {
        let Some(access) = &self.access else {
            return;
        };
        let welcome = ServerMessage::Welcome {
            protocol: 1,
            connection: Uuid::now_v7().to_string(),
            cursor: self.reader.cursor(),
            heartbeat_seconds: HEARTBEAT_SECONDS,
            limits: Limits::default(),
            principal: access.principal().wire.clone(),
        };
        self.send(Message::new(&welcome));
    }

    fn send(&mut self, message: Message) {
        message
            .websocket()
            .for_each(|part| self.outbound.push(part));
    }

    fn close(&mut self, why: Close) {
        if !self.clock.is_closing() {
            self.outbound.push(why.frame());
            self.clock.close(Instant::now());
            tracing::debug!(
                connection = self.number,
                code = why.code(),
                "a WebSocket is closed"
            );
        }
    }

    /// Reads what has come. True when the client is gone.
    fn poll_read(&mut self, cx: &mut Context<'_>) -> bool {
        for _ in 0..TURNS {
            // Not cleared first: most of the time nothing has come.
            let mut space = [const { MaybeUninit::uninit() }; 4096];
            let mut buffer = ReadBuf::uninit(&mut space);
            match Pin::new(&mut self.socket).poll_read(cx, &mut buffer) {
                Poll::Pending => return false,
                Poll::Ready(Err(_)) => return true,
                Poll::Ready(Ok(())) if buffer.filled().is_empty() => return true,
                Poll::Ready(Ok(())) => {}
            }
            self.inbound.push(buffer.filled());
            if self.listen() {
                return true;
            }
        }
        cx.waker().wake_by_ref();
        false
    }

    /// Acts on the messages that are complete. True when the client has closed what we had closed.
    fn listen(&mut self) -> bool {
        let now = Instant::now();
        loop {
            if self.recognising.is_some() {
                return false;
            }
            match self.inbound.next() {
                Ok(Some(Incoming::Close(code))) => {
                    if self.clock.is_closing() {
                        return true;
                    }
                    // 1005 stands for none and is never sent.
                    self.close(Close::Answer(code.unwrap_or(1000)));
                }
                // What comes behind a close does not count.
                Ok(Some(_)) if self.clock.is_closing() => {}
                Ok(Some(incoming)) => {
                    self.clock.heard();
                    self.hear(incoming, now);
                }
                Ok(None) => {
                    self.clock.listened(self.inbound.is_partial(), now);
                    return false;
                }
                Err(why) => {
                    self.close(why);
                    return false;
                }
            }
        }
    }

    /// Fills the socket with what the reader has. True when the connection is broken.
    fn poll_write(&mut self, cx: &mut Context<'_>) -> bool {
        for _ in 0..TURNS {
            let mut drained = self.clock.is_closing();
            while !drained && self.outbound.has_room() {
                match self.reader.poll_next(cx) {
                    Poll::Ready(Item::Events(chunk)) => self.outbound.push_events(chunk),
                    Poll::Ready(Item::Shared(frame)) => {
                        self.outbound.push(frame.websocket().clone())
                    }
                    // Only streams begin as a whole.
                    Poll::Ready(Item::Refused(why)) => {
                        self.send(Message::refusal(None, None, why));
                    }
                    Poll::Ready(Item::Message(message)) => {
                        self.count(&message);
                        self.send(message);
                        if self.errors >= MAX_ERRORS {
                            self.close(Close::BadProtocol);
                        }
                    }
                    Poll::Pending => {
                        self.unanswered = 0;
                        drained = true;
                    }
                }
                drained |= self.clock.is_closing();
            }
            match self.outbound.poll_write(&mut self.socket, cx) {
                Poll::Ready(Ok(())) => self.clock.written(true, true),
                Poll::Ready(Err(_)) => return true,
                Poll::Pending => {
                    self.clock.written(false, self.outbound.has_moved());
                    return false;
                }
            }
            if drained {
                return false;
            }
        }
        cx.waker().wake_by_ref();
        false
    }

    fn count(&mut self, message: &Message) {
        match message.kind {
            _ if message.is_mistake => self.errors += 1,
            "subscribed" | "unsubscribed" | "pong" => self.errors = 0,
            _ => {}
        }
    }

    /// Does what is due. True when there is nothing left to wait for.
    fn keep_time(&mut self) -> bool {
        if self.reader.hub().is_closing() && !self.clock.is_closing() {
            self.send(Message::new(&closing()));
            self.close(Close::GoingAway);
        }
        self.look_again();
        if !self.reader.waiter().is_due() {
            return false;
        }
        let now = Instant::now();
        if self.clock.is_slow(now) {
            self.give_back();
        }
        match self.clock.due(now) {
            Due::Nothing => {}
            Due::Heartbeat { ping } => {
                if self.access.is_some() && self.outbound.has_room() {
                    let heartbeat = self.reader.heartbeat();
                    self.send(heartbeat);
                }
                if ping {
                    self.outbound.push(Bytes::from_static(&[0x89, 0]));
                }
            }
            Due::SignIn => {
                self.send(Message::error(
                    None,
                    ErrorCode::NotAuthenticated,
                    "Nobody has signed in.",
                ));
                self.close(Close::NotAuthenticated);
            }
            Due::Dead => self.close(Close::NoPong),
            Due::Farewell => return true,
        }
        false
    }

    /// Whoever is nobody any more is told so, and whoever is somebody else begins anew.
    fn look_again(&mut self) {
        let change = self.access.as_mut().map(Access::look);
        match change.filter(|_| !self.clock.is_closing()) {
            None | Some(Change::None) => {}
            Some(Change::Other) => {
                let sight = self.access.as_ref().map(Access::sight).unwrap_or_default();
                self.reader.access_changed(sight);
            }
            Some(Change::Gone) => {
                self.send(not_any_more());
                self.close(Close::NotAuthenticated);
            }
        }
        if let Some(due) = self.access.as_ref().and_then(Access::due) {
            self.reader.waiter().wake_at(due);
        }
    }

    /// A slow client costs a cursor: what it was handed and has not taken is read again when it can be.
    fn give_back(&mut self) {
        if let Some(chunk) = self.outbound.last_events()
            && self.reader.can_take_back(chunk)
            && let Some(seq) = self.outbound.cut()
        {
            self.reader.take_back(seq);
        }
    }
}

impl Future for Connection {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.get_mut();
        if this.clock.is_closing() {
            // Nobody asks the reader any more, who would do it.
            this.reader.waiter().register(cx.waker());
        }
        // What came along with the handshake is acted on before anything is read.
        let is_gone = !this.is_recognising(cx)
            && ((this.inbound.is_partial() && this.listen()) || this.poll_read(cx));
        if this.recognising.is_some() && !this.is_recognising(cx) {
            // It took no time; what came behind it is acted on in the next round.
            cx.waker().wake_by_ref();
        }
        if is_gone || this.keep_time() || this.poll_write(cx) {
            return Poll::Ready(());
        }
        if this.clock.is_closing() && this.outbound.is_empty() {
            // Our half is closed; the client's follows, or does not in time.
            if let Poll::Ready(Err(_)) = Pin::new(&mut this.socket).poll_shutdown(cx) {
                return Poll::Ready(());
            }
        }
        if (this.clock.is_sooner() || this.reader.waiter().is_due())
            && let Some(due) = this.clock.next()
        {
            this.reader.waiter().wake_at(due);
        }
        Poll::Pending
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if let Some(topic) = self.looks_at {
            let hub = self.reader.hub();
            hub.presence.leave(self.number, topic);
            hub.latest.presence_changed([topic]);
        }
    }
}
