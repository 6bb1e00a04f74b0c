use actix_codec::Decoder;
use actix_http::ws::{Codec, Frame, Item};
use bytes::{Bytes, BytesMut};
use shared_types::wire::Limits;

use super::close::Close;

/// What has come from a client.
#[derive(Debug, PartialEq, Eq)]
pub enum Incoming {
    Text(Bytes),
    /// A binary message, which there are none of.
    Binary,
    Ping(Bytes),
    Pong,
    /// The client closes, with this code if it gave one.
    Close(Option<u16>),
}

/// Puts a client's messages together. Nothing is allocated while nothing comes.
#[derive(Debug)]
pub struct Inbound {
    codec: Codec,
    /// A frame that is not complete.
    bytes: BytesMut,
    /// The fragments of a message that is not complete.
    fragments: Option<Fragments>,
}

#[derive(Debug)]
struct Fragments {
    binary: bool,
    text: BytesMut,
}

fn limit() -> usize {
    Limits::default().message_bytes as usize
}

impl Inbound {
    /// What came along with the handshake comes first.
    pub fn new(bytes: BytesMut) -> Self {
        Self {
            codec: Codec::new().max_size(limit()),
            bytes,
            fragments: None,
        }
    }

    /// Adds what has come.
    pub fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// Whether part of a message has come, and not all of it.
    pub fn is_partial(&self) -> bool {
        !self.bytes.is_empty() || self.fragments.is_some()
    }

    /// The next message or control frame, if it is complete.
    pub fn next(&mut self) -> Result<Option<Incoming>, Close> {
        loop {
            if declared_length(&self.bytes).is_some_and(|length| length > limit() as u64) {
                return Err(Close::TooLarge);
            }
            let frame = self
                .codec
                .decode(&mut self.bytes)
                .map_err(|_| Close::BadProtocol)?;
            let Some(frame) = frame else {
                if self.bytes.is_empty() {
                    self.bytes = BytesMut::new();
                }
                return Ok(None);
            };
            let complete = match frame {
                Frame::Text(text) => Some(Incoming::Text(text)),
                Frame::Binary(_) => Some(Incoming::Binary),
                Frame::Ping(payload) => Some(Incoming::Ping(payload)),
                Frame::Pong(_) => Some(Incoming::Pong),
                Frame::Close(reason) => {
                    Some(Incoming::Close(reason.map(|reason| reason.code.into())))
                }
                Frame::Continuation(item) => self.assemble(item)?,
            };
            if complete.is_some() {
                return Ok(complete);
            }
        }
    }

    fn assemble(&mut self, item: Item) -> Result<Option<Incoming>, Close> {
        let (first, part, last) = match item {
            Item::FirstText(part) => (Some(false), part, false),
            Item::FirstBinary(part) => (Some(true), part, false),
            Item::Continue(part) => (None, part, false),
            Item::Last(part) => (None, part, true),
        };
        if let Some(binary) = first {
            self.fragments = Some(Fragments {
                binary,
                text: BytesMut::new(),
            });
        }
        let Some(fragments) = &mut self.fragments else {
            return Err(Close::BadProtocol);
        };
        if fragments.text.len() + part.len() > limit() {
            return Err(Close::TooLarge);
        }
        fragments.text.extend_from_slice(&part);
        if !last {
            return Ok(None);
        }
        let whole = self.fragments.take();
        Ok(whole.map(|whole| {
            if whole.binary {
                Incoming::Binary
            } else {
                Incoming::Text(whole.text.freeze())
            }
        }))
    }
}

/// The length that a frame declares, so that one that is too large is refused before it has come. (RFC 6455 §5.2)
fn declared_length(bytes: &[u8]) -> Option<u64> {
    match *bytes.get(1)? & 0x7f {
        126 => Some(u64::from(u16::from_be_bytes(
            bytes.get(2..4)?.try_into().ok()?,
        ))),
        127 => Some(u64::from_be_bytes(bytes.get(2..10)?.try_into().ok()?)),
        short => Some(u64::from(short)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A frame as a client sends it, masked with zeros.
    fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
        let mut frame = vec![first];
        match payload.len() {
            length @ 0..=125 => frame.push(0x80 | length as u8),
            length @ 126..=0xffff => {
                frame.push(0x80 | 126);
                frame.extend((length as u16).to_be_bytes());
            }
            length => {
                frame.push(0x80 | 127);
                frame.extend((length as u64).to_be_bytes());
            }
        }
        frame.extend([0; 4]);
        frame.extend(payload);
        frame
    }

    fn inbound(frames: &[Vec<u8>]) -> Inbound {
        Inbound::new(BytesMut::from(&*frames.concat()))
    }

    #[test]
    fn fragments_are_put_together_around_control_frames() {
        let mut inbound = inbound(&[
            frame(0x01, b"{\"a\""),
            frame(0x89, b"hi"),
            frame(0x00, b":"),
            frame(0x80, b"1}"),
        ]);
        assert_eq!(inbound.next(), Ok(Some(Incoming::Ping("hi".into()))));
        assert!(inbound.is_partial());
        assert_eq!(inbound.next(), Ok(Some(Incoming::Text("{\"a\":1}".into()))));
        assert_eq!(inbound.next(), Ok(None));
        assert!(!inbound.is_partial());
    }

    #[test]
    fn a_message_comes_byte_by_byte() {
        let mut inbound = Inbound::new(BytesMut::new());
        let bytes = frame(0x81, b"slow");
        for byte in &bytes[..bytes.len() - 1] {
            inbound.push(&[*byte]);
            assert_eq!(inbound.next(), Ok(None));
        }
        inbound.push(&bytes[bytes.len() - 1..]);
        assert_eq!(inbound.next(), Ok(Some(Incoming::Text("slow".into()))));
    }

    #[test]
    fn too_large_a_message_is_refused_by_its_header_and_by_its_sum() {
        let mut declared =
            Inbound::new(BytesMut::from(&frame(0x81, &vec![b'x'; limit() + 1])[..10]));
        assert_eq!(declared.next(), Err(Close::TooLarge));
        let half = vec![b'x'; limit() / 2 + 1];
        assert_eq!(
            inbound(&[frame(0x01, &half), frame(0x80, &half)]).next(),
            Err(Close::TooLarge)
        );
        let whole = vec![b'x'; limit()];
        assert_eq!(
            inbound(&[frame(0x81, &whole)]).next(),
            Ok(Some(Incoming::Text(whole.into())))
        );
    }

    #[test]
    fn what_is_no_websocket_is_bad_protocol() {
        let unmasked = vec![0x81, 0x01, b'x'];
        let reserved = frame(0xf1, b"x");
        let orphan = frame(0x80, b"x");
        for bytes in [unmasked, reserved, orphan] {
            assert_eq!(inbound(&[bytes]).next(), Err(Close::BadProtocol));
        }
    }

    #[test]
    fn binary_messages_are_told_apart_even_in_fragments() {
        assert_eq!(
            inbound(&[frame(0x82, b"x")]).next(),
            Ok(Some(Incoming::Binary))
        );
        assert_eq!(
            inbound(&[frame(0x02, b"x"), frame(0x80, b"y")]).next(),
            Ok(Some(Incoming::Binary))
        );
    }
}
