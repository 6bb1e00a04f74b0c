use std::fmt::Write;

use crate::wire::Cursor;

/// A position further behind the newest one than the server is sure to remember is not worth resuming at.
pub(super) const WINDOW: u64 = 10_000;

/// The query of SSE and polling: topics to resume behind one position, and topics to begin with a snapshot.
#[derive(Debug, Default)]
pub(super) struct Query {
    /// By name, with the position.
    pub resume: Vec<(String, Cursor)>,
    /// By name, and whether something of it was had before: `all` begins with a snapshot only where that is asked for.
    pub begin: Vec<(String, bool)>,
}

impl Query {
    /// As text, without a `?`; none if there is nothing to ask for. One position serves all topics, so it is the lowest:
    /// what others have had already comes again, and is dropped by its position.
    pub fn text(&self) -> Option<String> {
        let after = self
            .resume
            .iter()
            .map(|(_, cursor)| cursor)
            .min_by_key(|cursor| cursor.seq);
        let suffix = |was_had: bool| match after.is_some() || was_had {
            true => "@snapshot",
            false => "",
        };
        let resume = self.resume.iter().map(|(name, _)| encode(name));
        let begin = self.begin.iter();
        let begin = begin.map(|(name, was_had)| encode(name) + suffix(*was_had));
        let topics: Vec<String> = resume.chain(begin).collect();
        if topics.is_empty() {
            return None;
        }
        let mut query = format!("topics={}", topics.join(","));
        if let Some(after) = after {
            query.push_str(&format!("&after={after}"));
        }
        Some(query)
    }
}

/// Percent-encodes what may not stand in a query as itself. A comma would part two topics.
fn encode(name: &str) -> String {
    let mut encoded = String::with_capacity(name.len());
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b':' | b'/' => {
                encoded.push(char::from(byte));
            }
            // Writing to a string does not fail.
            _ => drop(write!(encoded, "%{byte:02X}")),
        }
    }
    encoded
}
