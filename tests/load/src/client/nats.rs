//! The client protocol of NATS, as it comes out of WebSocket frames. A frame may hold several messages or a part of one.

use anyhow::{Context, Result};

/// What the server says.
#[derive(Debug, PartialEq, Eq)]
pub enum Operation<'a> {
    /// The payload of a message.
    Message(&'a [u8]),
    /// Must be answered with `PONG`.
    Ping,
    /// `INFO`, `PONG`, `+OK`.
    Other,
}

/// Cuts a stream of chunks into operations.
#[derive(Debug, Default)]
pub struct Stream {
    /// The beginning of an operation whose end has not come.
    rest: Vec<u8>,
}

impl Stream {
    /// Hands each operation that `chunk` completes to `each`.
    ///
    /// # Errors
    /// `-ERR`, or what is not the protocol.
    pub fn feed(&mut self, chunk: &[u8], mut each: impl FnMut(Operation<'_>)) -> Result<()> {
        // Nearly every frame ends where a message ends, so nearly nothing is ever copied here.
        if self.rest.is_empty() {
            let used = parse(chunk, &mut each)?;
            self.rest.extend(&chunk[used..]);
        } else {
            self.rest.extend(chunk);
            let used = parse(&self.rest, &mut each)?;
            self.rest.drain(..used);
        }
        Ok(())
    }
}

/// How many bytes the whole operations at the front of `bytes` took.
fn parse(bytes: &[u8], each: &mut impl FnMut(Operation<'_>)) -> Result<usize> {
    let mut at = 0;
    while let Some(line_end) = memchr::memmem::find(&bytes[at..], b"\r\n") {
        let line = &bytes[at..at + line_end];
        let next = at + line_end + 2;
        if line.starts_with(b"MSG ") {
            // MSG <subject> <sid> [reply-to] <bytes>
            let length = line.rsplit(|byte| *byte == b' ').next().unwrap_or_default();
            let length: usize = std::str::from_utf8(length)?
                .parse()
                .context("MSG without a length")?;
            let Some(payload) = bytes.get(next..next + length + 2) else {
                return Ok(at);
            };
            each(Operation::Message(&payload[..length]));
            at = next + length + 2;
            continue;
        }
        anyhow::ensure!(
            !line.starts_with(b"-ERR"),
            "{}",
            String::from_utf8_lossy(line)
        );
        each(if line == b"PING" {
            Operation::Ping
        } else {
            Operation::Other
        });
        at = next;
    }
    Ok(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_operations_come_out_however_the_stream_is_cut() {
        let stream = b"INFO {}\r\nMSG bench 1 5\r\nhello\r\nPING\r\nMSG bench 1 reply 4\r\na\r\nb\r\nPONG\r\n";
        for size in 1..=stream.len() {
            let (mut cutter, mut seen) = (Stream::default(), Vec::new());
            for chunk in stream.chunks(size) {
                cutter
                    .feed(chunk, |operation| {
                        seen.push(match operation {
                            Operation::Message(payload) => {
                                String::from_utf8_lossy(payload).into_owned()
                            }
                            other => format!("{other:?}"),
                        });
                    })
                    .unwrap();
            }
            assert_eq!(
                seen,
                ["Other", "hello", "Ping", "a\r\nb", "Other"],
                "chunks of {size}"
            );
        }
    }

    #[test]
    fn an_error_of_the_server_is_an_error() {
        assert!(
            Stream::default()
                .feed(b"-ERR 'Slow Consumer'\r\n", |_| ())
                .is_err()
        );
    }
}
