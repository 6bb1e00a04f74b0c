use std::{
    collections::VecDeque,
    io::{self, IoSlice},
    pin::Pin,
    rc::Rc,
    task::{Context, Poll},
};

use actix_web::rt::net::TcpStream;
use bytes::Bytes;
use tokio::io::AsyncWrite;

use crate::live::chunk::{CHUNK_BYTES, Chunk};

/// Pieces handed to the socket in one call, at most.
const PIECES: usize = 16;

/// What is on its way to the socket: shared bytes, never a copy of them. Taken from the reader only while there is
/// less than a chunk of it.
#[derive(Debug, Default)]
pub struct Outbound {
    parts: VecDeque<Part>,
    /// Bytes of the first part that are written.
    written: usize,
    /// Bytes of all parts that are not.
    pending: usize,
    /// Whether the socket has taken anything the last time.
    moved: bool,
}

#[derive(Debug)]
enum Part {
    Bytes(Bytes),
    Events(Rc<Chunk>),
}

impl Part {
    fn bytes(&self) -> &Bytes {
        match self {
            Part::Bytes(bytes) => bytes,
            Part::Events(chunk) => chunk.websocket(),
        }
    }
}

impl Outbound {
    /// Whether it takes more before some of it is written.
    pub fn has_room(&self) -> bool {
        self.pending < CHUNK_BYTES
    }

    /// Whether all is written.
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// Adds one piece.
    pub fn push(&mut self, bytes: Bytes) {
        self.add(Part::Bytes(bytes));
    }

    /// Adds events.
    pub fn push_events(&mut self, chunk: Rc<Chunk>) {
        self.add(Part::Events(chunk));
    }

    fn add(&mut self, part: Part) {
        // A socket that was given nothing takes nothing, which looks as if it were broken.
        debug_assert!(!part.bytes().is_empty());
        self.pending += part.bytes().len();
        self.parts.push_back(part);
    }

    /// Writes what the socket takes. Ready when all is written.
    pub fn poll_write(
        &mut self,
        socket: &mut TcpStream,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        self.moved = false;
        while let Some(first) = self.parts.front() {
            let first = &first.bytes()[self.written..];
            let socket = Pin::new(&mut *socket);
            let polled = if self.parts.len() == 1 {
                socket.poll_write(cx, first)
            } else {
                let mut slices = [IoSlice::new(&[]); PIECES];
                slices[0] = IoSlice::new(first);
                let rest = self.parts.iter().skip(1);
                slices
                    .iter_mut()
                    .skip(1)
                    .zip(rest)
                    .for_each(|(slice, part)| *slice = IoSlice::new(part.bytes()));
                socket.poll_write_vectored(cx, &slices[..self.parts.len().min(PIECES)])
            };
            let Poll::Ready(written) = polled else {
                return Poll::Pending;
            };
            match written? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                written => self.advance(written),
            }
        }
        if self.parts.capacity() > PIECES {
            self.parts = VecDeque::new();
        }
        Poll::Ready(Ok(()))
    }

    /// The events that are the only thing on their way, if that is so.
    pub fn last_events(&self) -> Option<&Chunk> {
        match self.parts.front() {
            Some(Part::Events(chunk)) if self.parts.len() == 1 => Some(chunk),
            _ => None,
        }
    }

    /// Keeps of the events that are on their way only the one that is half written. Its position; none if there is
    /// nothing to gain.
    pub fn cut(&mut self) -> Option<u64> {
        let chunk = self.last_events()?;
        let mut end = 0;
        let entry = chunk.batch.entries.iter().find(|entry| {
            end += entry.frame.len();
            end > self.written
        })?;
        if chunk.batch.entries.len() == 1 {
            return None;
        }
        let (seq, frame) = (entry.seq, entry.frame.websocket());
        let rest = frame.slice(frame.len() - (end - self.written)..);
        self.pending = rest.len();
        self.written = 0;
        self.parts = VecDeque::from([Part::Bytes(rest)]);
        Some(seq)
    }

    /// Whether the last write has written anything.
    pub fn has_moved(&self) -> bool {
        self.moved
    }

    fn advance(&mut self, written: usize) {
        self.moved = true;
        self.pending -= written;
        self.written += written;
        while let Some(first) = self.parts.front() {
            let length = first.bytes().len();
            if self.written < length {
                break;
            }
            self.written -= length;
            self.parts.pop_front();
        }
    }
}
