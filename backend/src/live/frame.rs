use bytes::{BufMut, Bytes, BytesMut};
use shared_types::wire::ServerMessage;

use super::message::kind;

/// The first byte of an unfragmented text frame.
const TEXT: u8 = 0x81;

/// A message encoded once: as a WebSocket text frame, out of which SSE and polling take the JSON.
#[derive(Debug, Clone)]
pub struct Frame {
    /// The message's type, as SSE names it.
    pub kind: &'static str,
    bytes: Bytes,
    json_at: usize,
}

impl Frame {
    /// A frame around the JSON text of an event message.
    pub fn event(json: &[u8]) -> Self {
        Self::text("event", json)
    }

    fn text(kind: &'static str, json: &[u8]) -> Self {
        let mut bytes = BytesMut::with_capacity(json.len() + MAX_HEADER);
        put_header(&mut bytes, json.len());
        let json_at = bytes.len();
        bytes.extend_from_slice(json);
        Self {
            kind,
            bytes: bytes.freeze(),
            json_at,
        }
    }

    /// A frame around a message.
    pub fn message(message: &ServerMessage) -> Self {
        // Wire messages have string keys and no other way to fail.
        Self::text(
            kind(message),
            &serde_json::to_vec(message).unwrap_or_default(),
        )
    }

    /// The whole frame, as it goes on a WebSocket.
    pub fn websocket(&self) -> &Bytes {
        &self.bytes
    }

    /// The JSON text in it.
    pub fn json(&self) -> &[u8] {
        &self.bytes[self.json_at..]
    }

    /// Bytes on the wire.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }
}

/// Bytes of the longest header: first byte, length marker, 64-bit length. A server does not mask.
pub const MAX_HEADER: usize = 10;

/// Begins a text frame of so many bytes.
pub fn put_header(out: &mut BytesMut, length: usize) {
    out.put_u8(TEXT);
    put_length(out, length);
}

/// The length of an unmasked frame, as RFC 6455 §5.2 packs it.
fn put_length(out: &mut BytesMut, length: usize) {
    match length {
        0..=125 => out.put_u8(length as u8),
        126..=0xffff => {
            out.put_u8(126);
            out.put_u16(length as u16);
        }
        _ => {
            out.put_u8(127);
            out.put_u64(length as u64);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_carries_its_json_behind_the_shortest_header() {
        for (length, header) in [(0, 2), (125, 2), (126, 4), (65_535, 4), (65_536, 10)] {
            let json = vec![b'x'; length];
            let frame = Frame::event(&json);
            assert_eq!(frame.json(), json);
            assert_eq!(frame.len(), length + header);
            assert_eq!(frame.websocket()[0], TEXT);
        }
    }
}
