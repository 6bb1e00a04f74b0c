//! WebSocket frames (RFC 6455, section 5.2): just what a client of a well-behaved server needs.

use anyhow::{Result, ensure};

/// What a frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opcode {
    /// Text, binary or a continuation of either.
    Data,
    /// The server is leaving.
    Close,
    /// Must be answered with a pong of the same payload.
    Ping,
    /// Asks for nothing.
    Pong,
}

/// One whole frame at the front of some bytes.
#[derive(Debug)]
pub struct Frame<'a> {
    /// What it is.
    pub opcode: Opcode,
    /// What it carries.
    pub payload: &'a [u8],
    /// Its size with the header: where the next one begins.
    pub size: usize,
}

/// The first frame of `bytes`, or nothing while it is incomplete.
///
/// # Errors
/// A masked frame (servers never mask) or a reserved opcode: we are out of step with the server.
pub fn next(bytes: &[u8]) -> Result<Option<Frame<'_>>> {
    let [first, second, rest @ ..] = bytes else {
        return Ok(None);
    };
    ensure!(second & 0x80 == 0, "the server sent a masked frame");
    let opcode = match first & 0x0f {
        0..=2 => Opcode::Data,
        8 => Opcode::Close,
        9 => Opcode::Ping,
        10 => Opcode::Pong,
        other => anyhow::bail!("the server sent a frame of the reserved opcode {other}"),
    };
    let (length, header) = match second & 0x7f {
        126 => match rest.first_chunk() {
            Some(length) => (usize::from(u16::from_be_bytes(*length)), 4),
            None => return Ok(None),
        },
        127 => match rest.first_chunk() {
            Some(length) => (usize::try_from(u64::from_be_bytes(*length))?, 10),
            None => return Ok(None),
        },
        length => (usize::from(length), 2),
    };
    let size = header + length;
    Ok(bytes.get(header..size).map(|payload| Frame {
        opcode,
        payload,
        size,
    }))
}

/// The kinds of frame that a client sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outgoing {
    /// One whole text message.
    Text = 0x81,
    /// One whole binary message.
    Binary = 0x82,
    /// The answer to a ping.
    Pong = 0x8a,
}

/// Appends a frame to `out`.
///
/// The mask is all zeros, which leaves the payload as it is: masks protect proxies from scripts in browsers, and here
/// is neither.
pub fn encode(kind: Outgoing, payload: &[u8], out: &mut Vec<u8>) {
    out.push(kind as u8);
    match (u8::try_from(payload.len()), u16::try_from(payload.len())) {
        (Ok(length @ ..=125), _) => out.push(0x80 | length),
        (_, Ok(length)) => {
            out.push(0x80 | 126);
            out.extend(length.to_be_bytes());
        }
        _ => {
            out.push(0x80 | 127);
            out.extend((payload.len() as u64).to_be_bytes());
        }
    }
    out.extend([0; 4]);
    out.extend(payload);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a server would send: as a client's frame, without mask.
    fn unmasked(payload: &[u8]) -> Vec<u8> {
        let mut frame = Vec::new();
        encode(Outgoing::Text, payload, &mut frame);
        let header = frame.len() - payload.len();
        frame.drain(header - 4..header);
        frame[1] &= 0x7f;
        frame
    }

    #[test]
    fn frames_of_every_length_form_are_read_only_when_whole() {
        for length in [0, 1, 125, 126, 65_535, 65_536] {
            let payload = vec![b'x'; length];
            let bytes = unmasked(&payload);
            for cut in [0, 1, 2, 3, 9, bytes.len() - 1] {
                if cut < bytes.len() {
                    assert!(
                        next(&bytes[..cut]).unwrap().is_none(),
                        "{length} cut at {cut}"
                    );
                }
            }
            let frame = next(&bytes).unwrap().unwrap();
            assert_eq!(
                (frame.opcode, frame.payload, frame.size),
                (Opcode::Data, &payload[..], bytes.len())
            );
        }
    }

    #[test]
    fn a_masked_or_reserved_frame_is_an_error() {
        assert!(next(&[0x81, 0x80]).is_err());
        assert!(next(&[0x83, 0x00]).is_err());
    }
}
