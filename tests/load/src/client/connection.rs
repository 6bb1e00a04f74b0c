//! One subscriber: a socket, and the scan of what comes out of it.

use std::{
    net::SocketAddr,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
};

use anyhow::{Context as _, Error, Result, anyhow, bail, ensure};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt, ReadBuf},
    net::TcpStream,
};

use super::{
    dialect::Dialect,
    frames::{self, Opcode, Outgoing},
    http::Http,
    nats,
    tally::Tally,
};
use crate::stamp::{self, Clock};

/// The buffer that all connections of a thread read into; it is empty again before the next one reads.
pub const SCRATCH: usize = 256 * 1024;

/// A frame beyond this is taken for a sign that we are out of step.
const MAX_FRAME: usize = 64 * 1024 * 1024;

/// A subscribed connection.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    /// The beginning of a frame whose end has not come.
    carry: Vec<u8>,
    inbound: Inbound,
}

/// What a connection remembers between messages, and what it has to say.
#[derive(Debug)]
struct Inbound {
    dialect: Arc<Dialect>,
    stamps: stamp::Reader,
    nats: nats::Stream,
    outbox: Vec<u8>,
}

impl Connection {
    /// Connects, upgrades and subscribes.
    ///
    /// # Errors
    /// Any of these is refused. It waits as long as the server does: bound it from outside.
    pub async fn open(address: SocketAddr, dialect: Arc<Dialect>) -> Result<Self> {
        let (mut stream, carry) = Http::connect(address)
            .await?
            .upgrade(dialect.path())
            .await?;
        let greeting = dialect.greeting();
        if let Some((kind, message)) = &greeting {
            let mut frame = Vec::new();
            frames::encode(*kind, message, &mut frame);
            stream.write_all(&frame).await?;
        }
        let inbound = Inbound {
            dialect,
            stamps: stamp::Reader::new(),
            nats: nats::Stream::default(),
            outbox: Vec::new(),
        };
        let mut connection = Self {
            stream,
            carry,
            inbound,
        };
        if greeting.is_some() {
            connection.confirmed().await.context("subscribing")?;
        }
        Ok(connection)
    }

    /// Reads until the subscription is confirmed.
    async fn confirmed(&mut self) -> Result<()> {
        loop {
            let mut at = 0;
            let mut confirmed = false;
            while let (false, Some(frame)) = (confirmed, frames::next(&self.carry[at..])?) {
                at += frame.size;
                match frame.opcode {
                    Opcode::Close => bail!("{}", closed(frame.payload)),
                    Opcode::Data => confirmed = self.inbound.dialect.confirms(frame.payload)?,
                    Opcode::Ping | Opcode::Pong => {}
                }
            }
            self.carry.drain(..at);
            if confirmed {
                // A snapshot came this way: its room is not needed again.
                self.carry.shrink_to_fit();
                return Ok(());
            }
            self.carry.reserve(8 * 1024);
            ensure!(
                self.stream.read_buf(&mut self.carry).await? > 0,
                "the server closed the connection"
            );
        }
    }

    /// Reads and counts for as long as there is something; ready only when the connection has ended.
    ///
    /// It is a poll function and not `async`, so that no connection holds the shared buffer while it waits.
    pub fn poll_count(
        &mut self,
        cx: &mut Context<'_>,
        scratch: &mut Vec<u8>,
        clock: Clock,
        tally: &Mutex<Tally>,
    ) -> Poll<Error> {
        loop {
            match self.poll_once(cx, scratch, clock, tally) {
                Poll::Ready(Ok(())) => {}
                Poll::Ready(Err(error)) => return Poll::Ready(error),
                Poll::Pending => return Poll::Pending,
            }
        }
    }

    fn poll_once(
        &mut self,
        cx: &mut Context<'_>,
        scratch: &mut Vec<u8>,
        clock: Clock,
        tally: &Mutex<Tally>,
    ) -> Poll<Result<()>> {
        let kept = self.carry.len();
        if scratch.len() < kept * 2 {
            // The server put a whole backlog into one frame.
            scratch.resize(kept * 2, 0);
        }
        scratch[..kept].copy_from_slice(&self.carry);
        let mut buffer = ReadBuf::new(&mut scratch[kept..]);
        match Pin::new(&mut self.stream).poll_read(cx, &mut buffer) {
            Poll::Pending => return Poll::Pending,
            Poll::Ready(Err(error)) => return Poll::Ready(Err(error.into())),
            Poll::Ready(Ok(())) => {}
        }
        let read = buffer.filled().len();
        if read == 0 {
            return Poll::Ready(Err(anyhow!("the server closed the connection")));
        }
        let bytes = &scratch[..kept + read];
        let now = clock.micros();
        let used = {
            let mut tally = locked(tally);
            tally.wire_bytes += read as u64;
            self.inbound.scan(bytes, now, &mut tally)?
        };
        bounded(bytes.len() - used)?;
        self.carry.clear();
        self.carry.extend_from_slice(&bytes[used..]);
        Poll::Ready(self.flush())
    }

    /// Sends what there is to answer; what the socket won't take stays for the next time.
    fn flush(&mut self) -> Result<()> {
        let outbox = &mut self.inbound.outbox;
        while !outbox.is_empty() {
            match self.stream.try_write(outbox) {
                Ok(written) => drop(outbox.drain(..written)),
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => break,
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}

/// Refuses to keep more than a frame can sensibly be.
fn bounded(rest: usize) -> Result<()> {
    ensure!(rest <= MAX_FRAME, "a frame of more than {MAX_FRAME} bytes");
    Ok(())
}

impl Inbound {
    /// Counts the whole frames at the front of `bytes` and says how many bytes they took.
    fn scan(&mut self, bytes: &[u8], now: u64, tally: &mut Tally) -> Result<usize> {
        let mut at = 0;
        while let Some(frame) = frames::next(&bytes[at..])? {
            match frame.opcode {
                Opcode::Data => self.data(frame.payload, now, tally)?,
                Opcode::Ping => frames::encode(Outgoing::Pong, frame.payload, &mut self.outbox),
                Opcode::Pong => {}
                Opcode::Close => bail!("{}", closed(frame.payload)),
            }
            at += frame.size;
        }
        Ok(at)
    }

    fn data(&mut self, payload: &[u8], now: u64, tally: &mut Tally) -> Result<()> {
        let Self {
            dialect,
            stamps,
            nats,
            outbox,
        } = self;
        if let Dialect::Nats { .. } = **dialect {
            return nats.feed(payload, |operation| match operation {
                nats::Operation::Message(message) => drop(count(stamps, message, now, tally)),
                nats::Operation::Ping => frames::encode(Outgoing::Binary, b"PONG\r\n", outbox),
                nats::Operation::Other => {}
            });
        }
        if !count(stamps, payload, now, tally)
            && let Some(again) = dialect.resubscribe(payload)
        {
            tally.resyncs += 1;
            frames::encode(Outgoing::Text, &again, outbox);
        }
        Ok(())
    }
}

/// Counts a message if it is a delivery, which is what a stamp makes it.
fn count(stamps: &mut stamp::Reader, message: &[u8], now: u64, tally: &mut Tally) -> bool {
    let Some(sent) = stamps.read(message) else {
        return false;
    };
    tally.deliveries += 1;
    tally.message_bytes += message.len() as u64;
    tally.latency.saturating_record(now.saturating_sub(sent));
    true
}

fn closed(payload: &[u8]) -> String {
    let code = payload
        .first_chunk()
        .map_or(0, |code| u16::from_be_bytes(*code));
    let reason = String::from_utf8_lossy(payload.get(2..).unwrap_or_default());
    format!("the server closed with {code} {reason}")
}

/// The tally, even if a thread panicked with it in hand: its counts are still true.
pub fn locked(tally: &Mutex<Tally>) -> MutexGuard<'_, Tally> {
    tally.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(payload: &[u8]) -> Vec<u8> {
        let mut frame = vec![0x81, 126];
        frame.extend(u16::try_from(payload.len()).unwrap().to_be_bytes());
        frame.extend(payload);
        frame
    }

    #[test]
    fn every_stamped_frame_is_a_delivery_and_the_rest_waits_for_its_end() {
        let dialect = Arc::new(Dialect::Devteam {
            topic: "project:load".into(),
        });
        let mut inbound = Inbound {
            dialect,
            stamps: stamp::Reader::new(),
            nats: nats::Stream::default(),
            outbox: Vec::new(),
        };
        let mut message = format!("{{\"title\":\"{}\"}}", stamp::placeholder()).into_bytes();
        stamp::write(&mut message[10..], 1_000);
        let mut bytes = text(&message);
        bytes.extend(text(br#"{"type":"heartbeat"}"#));
        bytes.extend(text(&message));
        let whole = bytes.len();
        bytes.extend(&text(&message)[..20]);

        let mut tally = Tally::new().unwrap();
        assert_eq!(inbound.scan(&bytes, 3_000, &mut tally).unwrap(), whole);
        assert_eq!(
            (tally.deliveries, tally.message_bytes),
            (2, 2 * message.len() as u64)
        );
        assert_eq!(tally.latency.max(), 2_000);
        assert!(inbound.outbox.is_empty());
    }

    #[test]
    fn pings_are_answered_and_resyncs_subscribed_again() {
        let dialect = Arc::new(Dialect::Devteam {
            topic: "project:load".into(),
        });
        let mut inbound = Inbound {
            dialect,
            stamps: stamp::Reader::new(),
            nats: nats::Stream::default(),
            outbox: Vec::new(),
        };
        let mut tally = Tally::new().unwrap();
        inbound.scan(&[0x89, 1, b'x'], 0, &mut tally).unwrap();
        assert_eq!(inbound.outbox, [0x8a, 0x81, 0, 0, 0, 0, b'x']);
        inbound
            .scan(
                &text(br#"{"type":"resync","topic":"project:1"}"#),
                0,
                &mut tally,
            )
            .unwrap();
        assert_eq!(tally.resyncs, 1);
        assert!(memchr::memmem::find(&inbound.outbox, b"subscribe").is_some());
    }
}
