//! What tabs tell each other.

use serde::Serialize;
use shared_types::{topic::Topic, wire::Cursor};
use uuid::Uuid;

use crate::{
    json,
    store::{Live, Update},
};

/// A message on the channel, which all tabs hear.
pub enum Wire {
    ToLeader {
        from: String,
        message: ToLeader,
    },
    /// From the leader, to one tab or to all.
    ToAll {
        to: Option<String>,
        /// When that leader took over: of two that speak, the later one is heard.
        term: f64,
        message: ToAll,
    },
    /// A write of the same person, in another tab.
    Sent(Uuid),
}

/// What a tab asks of the one with the connection.
pub enum ToLeader {
    /// It is here.
    Hello,
    Follow(String),
    Unfollow(String),
    /// Where its person looks.
    Look(String),
    Retry,
    /// Which transport to use, by the word it is kept as. (The storage may show it to the other tab only later.)
    Choose(String),
    /// Whether there is a leader that answers.
    Ask,
}

/// What a tab hears.
pub enum ToAll {
    /// Another tab has the connection now: tell it what you follow.
    NewLeader,
    /// The tab with the connection hears, but its clock stands still: somebody else should have it.
    Asleep,
    /// Who somebody is may have changed.
    Who,
    /// The topic that was asked for by this name is this one.
    Resolved {
        requested: String,
        topic: Topic,
    },
    /// The topic begins anew, with its snapshot of this position or of a later one.
    Begin {
        topic: Topic,
        cursor: Cursor,
    },
    /// What the server wrote, of these topics.
    Message {
        topics: Vec<Topic>,
        message: Box<str>,
    },
    Position(Cursor),
    Gone {
        requested: Vec<String>,
        reason: String,
    },
    Failed {
        requested: Vec<String>,
        message: String,
    },
    Live(Box<Live>),
}

impl From<&Update> for ToAll {
    fn from(update: &Update) -> Self {
        match update {
            Update::Welcome(_) | Update::Who => Self::Who,
            Update::Resolved { requested, topic } => Self::Resolved {
                requested: requested.clone(),
                topic: *topic,
            },
            Update::Replace { topic, cursor, .. } => Self::Begin {
                topic: *topic,
                cursor: cursor.clone(),
            },
            Update::Event {
                topics, message, ..
            } => Self::Message {
                topics: topics.clone(),
                message: message.clone(),
            },
            Update::Rollup { message, .. } | Update::Presence { message, .. } => Self::Message {
                topics: Vec::new(),
                message: message.clone(),
            },
            Update::Position(cursor) => Self::Position(cursor.clone()),
            Update::Gone { requested, reason } => Self::Gone {
                requested: requested.clone(),
                reason: reason.clone(),
            },
            Update::Failed { requested, message } => Self::Failed {
                requested: requested.clone(),
                message: message.clone(),
            },
            Update::Live(live) => Self::Live(live.clone()),
        }
    }
}

/// A message as it is sent. It is one shape for all of them, and has what the server wrote as it was written: the code to
/// read and write each with all that can be on a board would be a twentieth of what the page loads.
#[derive(Default, Serialize)]
struct Note {
    kind: String,
    from: Option<String>,
    to: Option<String>,
    term: f64,
    names: Vec<String>,
    topics: Vec<Topic>,
    text: String,
    live: Option<Box<Live>>,
}

impl Note {
    fn read(text: &str) -> Option<Self> {
        let note = &mut json::read(text)?;
        Some(Self {
            kind: json::take(note, "kind")?,
            from: json::take(note, "from")?,
            to: json::take(note, "to")?,
            term: json::take(note, "term")?,
            names: json::take(note, "names")?,
            topics: json::take(note, "topics")?,
            text: json::take(note, "text")?,
            live: Live::from_json(json::take(note, "live")?).map(Box::new),
        })
    }
}

impl Wire {
    /// As text.
    pub fn write(self) -> String {
        let mut note = Note::default();
        let (kind, text) = match self {
            Wire::ToLeader { from, message } => {
                note.from = Some(from);
                match message {
                    ToLeader::Hello => ("hello", String::new()),
                    ToLeader::Follow(name) => ("follow", name),
                    ToLeader::Unfollow(name) => ("unfollow", name),
                    ToLeader::Look(path) => ("look", path),
                    ToLeader::Retry => ("retry", String::new()),
                    ToLeader::Choose(name) => ("choose", name),
                    ToLeader::Ask => ("ask", String::new()),
                }
            }
            Wire::ToAll { to, term, message } => {
                (note.to, note.term) = (to, term);
                match message {
                    ToAll::NewLeader => ("new leader", String::new()),
                    ToAll::Asleep => ("asleep", String::new()),
                    ToAll::Who => ("who", String::new()),
                    ToAll::Resolved { requested, topic } => {
                        note.topics = vec![topic];
                        ("resolved", requested)
                    }
                    ToAll::Begin { topic, cursor } => {
                        note.topics = vec![topic];
                        ("begin", cursor.to_string())
                    }
                    ToAll::Message { topics, message } => {
                        note.topics = topics;
                        ("message", message.into())
                    }
                    ToAll::Position(cursor) => ("position", cursor.to_string()),
                    ToAll::Gone { requested, reason } => {
                        note.names = requested;
                        ("gone", reason)
                    }
                    ToAll::Failed { requested, message } => {
                        note.names = requested;
                        ("failed", message)
                    }
                    ToAll::Live(live) => {
                        note.live = Some(live);
                        ("live", String::new())
                    }
                }
            }
            Wire::Sent(write) => ("sent", write.to_string()),
        };
        (note.kind, note.text) = (kind.to_owned(), text);
        json::write(&note)
    }

    /// What a text says; none: it is of another version of the app.
    pub fn read(text: &str) -> Option<Self> {
        let note = Note::read(text)?;
        let (topic, text) = (note.topics.first().copied(), note.text);
        if note.kind == "sent" {
            return text.parse().ok().map(Wire::Sent);
        }
        if let Some(from) = note.from {
            let message = match note.kind.as_str() {
                "hello" => ToLeader::Hello,
                "follow" => ToLeader::Follow(text),
                "unfollow" => ToLeader::Unfollow(text),
                "look" => ToLeader::Look(text),
                "retry" => ToLeader::Retry,
                "choose" => ToLeader::Choose(text),
                "ask" => ToLeader::Ask,
                _ => return None,
            };
            return Some(Wire::ToLeader { from, message });
        }
        let message = match note.kind.as_str() {
            "new leader" => ToAll::NewLeader,
            "asleep" => ToAll::Asleep,
            "who" => ToAll::Who,
            "resolved" => ToAll::Resolved {
                requested: text,
                topic: topic?,
            },
            "begin" => ToAll::Begin {
                topic: topic?,
                cursor: text.parse().ok()?,
            },
            "message" => ToAll::Message {
                topics: note.topics,
                message: text.into(),
            },
            "position" => ToAll::Position(text.parse().ok()?),
            "gone" => ToAll::Gone {
                requested: note.names,
                reason: text,
            },
            "failed" => ToAll::Failed {
                requested: note.names,
                message: text,
            },
            "live" => ToAll::Live(note.live?),
            _ => return None,
        };
        Some(Wire::ToAll {
            to: note.to,
            term: note.term,
            message,
        })
    }
}
