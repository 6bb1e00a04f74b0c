//! The moment a message was sent, carried inside the message.
//!
//! Publisher and subscribers live in one process and read one monotonic clock, so a latency is a plain subtraction.

use std::time::Instant;

use memchr::memmem::Finder;

/// What announces a stamp. Plain letters, so that it survives JSON in any encoding a server may choose.
const MARK: &[u8] = b"sent-";

/// Digits after the mark: microseconds for longer than any run.
const DIGITS: usize = 12;

/// How long a stamp is as text.
pub const LENGTH: usize = MARK.len() + DIGITS;

/// The clock of this run: microseconds since it began.
#[derive(Clone, Copy, Debug)]
pub struct Clock(Instant);

impl Clock {
    /// Starts at zero now.
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// Microseconds since the start.
    pub fn micros(self) -> u64 {
        u64::try_from(self.0.elapsed().as_micros()).unwrap_or(u64::MAX)
    }
}

/// Writes a stamp over the first [`LENGTH`] bytes of `place`.
pub fn write(place: &mut [u8], micros: u64) {
    place[..MARK.len()].copy_from_slice(MARK);
    let mut rest = micros;
    for digit in place[MARK.len()..LENGTH].iter_mut().rev() {
        // A remainder of ten always fits.
        *digit = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
}

/// A stamp as text, to be put into a template and overwritten there before each sending.
pub fn placeholder() -> String {
    let mut text = vec![0; LENGTH];
    write(&mut text, 0);
    String::from_utf8_lossy(&text).into_owned()
}

/// Where the placeholder is in a template.
pub fn find(template: &[u8]) -> Option<usize> {
    memchr::memmem::find(template, MARK)
}

/// Finds stamps in the messages of one connection.
///
/// The messages of a run have the same shape, so the place where the last one was found is tried first: that is what
/// makes it cheap enough to be done for every delivery instead of a sample.
#[derive(Debug)]
pub struct Reader {
    finder: Finder<'static>,
    last: usize,
}

impl Reader {
    /// A reader that has seen nothing yet.
    pub fn new() -> Self {
        Self {
            finder: Finder::new(MARK),
            last: 0,
        }
    }

    /// The stamp in this message, if it has one.
    pub fn read(&mut self, message: &[u8]) -> Option<u64> {
        if let Some(micros) = parse(message, self.last) {
            return Some(micros);
        }
        self.last = self.finder.find(message)?;
        parse(message, self.last)
    }
}

fn parse(message: &[u8], at: usize) -> Option<u64> {
    let digits = message.get(at..at + LENGTH)?.strip_prefix(MARK)?;
    digits.iter().try_fold(0, |sum, digit| {
        digit
            .is_ascii_digit()
            .then(|| sum * 10 + u64::from(digit - b'0'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_is_read_back_wherever_it_moves_to() {
        let mut reader = Reader::new();
        for (before, micros) in [
            ("", 7),
            ("{\"title\":\"", 1_234_567),
            ("{\"title\":\"", 8),
            ("longer than before ", 9),
        ] {
            let mut message = format!("{before}{}\"}}", placeholder()).into_bytes();
            write(&mut message[before.len()..], micros);
            assert_eq!(reader.read(&message), Some(micros), "{before:?}");
        }
    }

    #[test]
    fn what_has_no_whole_stamp_has_none() {
        let mut reader = Reader::new();
        for message in [
            "",
            "heartbeat",
            "sent-",
            "sent-12345678901",
            "sent-12345678901x",
        ] {
            assert_eq!(reader.read(message.as_bytes()), None, "{message:?}");
        }
    }
}
