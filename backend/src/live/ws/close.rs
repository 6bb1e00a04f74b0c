use bytes::{BufMut, Bytes, BytesMut};

/// Why the server closes a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Close {
    /// As the client has, with its code.
    Answer(u16),
    /// The server shuts down.
    GoingAway,
    /// What came is not the protocol.
    BadProtocol,
    /// Nobody has signed in, or in vain.
    NotAuthenticated,
    /// No sign of life, or a message that would not end.
    NoPong,
    /// A message that is too large.
    TooLarge,
    /// Too many messages, or too many replies that are not read.
    TooMuch,
}

impl Close {
    /// The close code.
    pub fn code(self) -> u16 {
        match self {
            Close::Answer(code) => code,
            Close::GoingAway => 1001,
            Close::BadProtocol => 4400,
            Close::NotAuthenticated => 4401,
            Close::NoPong => 4408,
            Close::TooLarge => 4413,
            Close::TooMuch => 4429,
        }
    }

    fn reason(self) -> &'static str {
        match self {
            Close::Answer(_) => "",
            Close::GoingAway => "going away",
            Close::BadProtocol => "bad protocol",
            Close::NotAuthenticated => "not authenticated",
            Close::NoPong => "no sign of life",
            Close::TooLarge => "message too large",
            Close::TooMuch => "too much",
        }
    }

    /// The close frame.
    pub fn frame(self) -> Bytes {
        let reason = self.reason();
        let mut frame = BytesMut::with_capacity(4 + reason.len());
        frame.put_u8(0x88);
        frame.put_u8(2 + reason.len() as u8);
        frame.put_u16(self.code());
        frame.put_slice(reason.as_bytes());
        frame.freeze()
    }
}
