use std::{
    pin::Pin,
    task::{Context, Poll},
    time::{Duration, Instant},
};

use actix_web::{
    HttpRequest, HttpResponse,
    body::{BodySize, MessageBody},
    get,
    http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE},
    web::Data,
};
use bytes::{Bytes, BytesMut};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    access::{Access, Change, not_any_more},
    begin::{StreamQuery, begin, stream_query},
    chunk::{CHUNK_BYTES, put_sse},
    message::Message,
    metrics::{Counted, Transport},
    reader::{Item, Manner, Reader},
    retry::closing,
};
use crate::{
    api::ApiError,
    auth::{Auth, Held, Principal},
};

/// Between two signs of life.
const COMMENT: Duration = Duration::from_secs(14);

pub(super) fn configure(config: &mut ServiceConfig) {
    config.service(stream);
}

/// Follow topics as server-sent events
///
/// `event` is the type of the message, `data` the same JSON as on the WebSocket, `id` the cursor. A comment comes every
/// 15 seconds.
#[utoipa::path(
    tag = "live",
    params(StreamQuery),
    responses((status = 200, content_type = "text/event-stream", body = String))
)]
#[get("/sse")]
async fn stream(
    request: HttpRequest,
    principal: Principal,
    auth: Data<Auth>,
) -> Result<HttpResponse, ApiError> {
    let query = stream_query(&request)?;
    let held = auth.hold(Some(&principal), principal.from)?;
    let reader = begin(&principal, &request, &query, Manner::Stream)?;
    let mut response = HttpResponse::Ok();
    response
        .insert_header((CONTENT_TYPE, "text/event-stream"))
        .insert_header((CACHE_CONTROL, "no-store"))
        // A compressor and a proxy both hold back what they have not got enough of.
        .insert_header((CONTENT_ENCODING, "identity"))
        .insert_header(("X-Accel-Buffering", "no"));
    Ok(response.body(Stream::new(
        reader,
        Access::new(auth.into_inner(), principal),
        held,
    )))
}

struct Stream {
    reader: Reader,
    access: Access,
    next_comment: Instant,
    ended: bool,
    _counted: Counted,
    _held: Held,
}

impl Stream {
    fn new(reader: Reader, access: Access, held: Held) -> Self {
        Self {
            reader,
            access,
            next_comment: Instant::now() + COMMENT,
            ended: false,
            _counted: Counted::new(Transport::Sse),
            _held: held,
        }
    }

    fn put(&self, out: &mut BytesMut, message: Message) {
        let (kind, at) = (message.kind, message.at);
        let parts: Vec<Bytes> = message.parts().collect();
        put_sse(
            out,
            kind,
            at.map(|seq| (self.reader.epoch(), seq)),
            parts.iter().map(AsRef::as_ref),
        );
    }
}

impl MessageBody for Stream {
    type Error = actix_web::Error;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        let this = self.get_mut();
        if this.ended {
            return Poll::Ready(None);
        }
        let mut out = BytesMut::new();
        match this.access.look() {
            Change::None => {}
            Change::Other => this.reader.access_changed(this.access.sight()),
            Change::Gone => {
                this.put(&mut out, not_any_more());
                this.ended = true;
                return Poll::Ready(Some(Ok(out.freeze())));
            }
        }
        while out.len() < CHUNK_BYTES {
            match this.reader.poll_next(cx) {
                Poll::Ready(Item::Events(chunk)) => {
                    let events = chunk.sse(this.reader.epoch());
                    if out.is_empty() && events.len() >= CHUNK_BYTES / 2 {
                        return Poll::Ready(Some(Ok(events.clone())));
                    }
                    out.extend_from_slice(events);
                }
                Poll::Ready(Item::Shared(frame)) => {
                    put_sse(&mut out, frame.kind, None, [frame.json()])
                }
                Poll::Ready(Item::Message(message)) => this.put(&mut out, message),
                Poll::Ready(Item::Refused(why)) => {
                    this.put(&mut out, Message::refusal(None, None, why));
                    this.ended = true;
                    return Poll::Ready(Some(Ok(out.freeze())));
                }
                Poll::Pending => break,
            }
        }
        let now = Instant::now();
        if this.reader.hub().is_closing() {
            this.put(&mut out, Message::new(&closing()));
            this.ended = true;
        } else if now >= this.next_comment {
            out.extend_from_slice(b": here\n\n");
            if this.reader.is_settled() {
                let heartbeat = this.reader.heartbeat();
                this.put(&mut out, heartbeat);
            }
            this.next_comment = now + COMMENT;
        }
        let due = this
            .access
            .due()
            .map_or(this.next_comment, |due| due.min(this.next_comment));
        this.reader.waiter().wake_at(due);
        if out.is_empty() {
            Poll::Pending
        } else {
            Poll::Ready(Some(Ok(out.freeze())))
        }
    }
}
