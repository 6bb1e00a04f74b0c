//! The latest notices outlast the page; what takes them back does not.

use shared_types::{sync, value::Timestamp, wire::ServerMessage};

use super::{Notice, Toasts, What, Whom};
use crate::store::{NOTICES, State, Store};

/// How many of them.
const MOST: usize = 50;

impl Notice {
    /// When, whether it was read, what it is, and whom it is about.
    fn to_row(&self) -> Vec<String> {
        let mut row = vec![self.at.as_millis().to_string(), self.is_read.to_string()];
        match &self.what {
            What::Event { message, whom, .. } => {
                row.extend(["event".to_owned(), message.to_string()]);
                if let Some(whom) = whom {
                    row.push(whom.is_given.to_string());
                    row.extend(whom.people.iter().map(ToString::to_string));
                }
            }
            What::Refused { what, why } => {
                row.extend(["refused".to_owned(), what.clone(), why.clone()]);
            }
            What::Told(text) => row.extend(["told".to_owned(), text.clone()]),
        }
        row
    }

    /// None if it is of another version of the app.
    fn from_row(row: &[String]) -> Option<Self> {
        let [at, is_read, kind, text, more @ ..] = row else {
            return None;
        };
        let what = match kind.as_str() {
            "event" => {
                let Some(ServerMessage::Event(read)) = sync::read(text) else {
                    return None;
                };
                let whom = more.split_first().map(|(is_given, people)| Whom {
                    is_given: is_given == "true",
                    people: people.iter().filter_map(|id| id.parse().ok()).collect(),
                });
                What::Event {
                    event: read.event,
                    message: text.as_str().into(),
                    whom,
                }
            }
            "refused" => What::Refused {
                what: text.clone(),
                why: more.first()?.clone(),
            },
            _ => What::Told(text.clone()),
        };
        Some(Self {
            id: 0,
            at: Timestamp::from_millis(at.parse().ok()?),
            what,
            undo: Vec::new(),
            is_read: is_read == "true",
        })
    }
}

impl Toasts {
    /// Puts what was told before in front of what has been told since.
    fn begin_with(&mut self, kept: Vec<Notice>) {
        for mut notice in kept.into_iter().rev() {
            self.next += 1;
            notice.id = self.next;
            self.all.push_front(notice);
        }
    }
}

impl State {
    /// Takes on what was told on the page before.
    pub(crate) fn restore_notices(&mut self) {
        let rows = self.rows_kept(NOTICES);
        let kept = rows.iter().filter_map(|row| Notice::from_row(row));
        self.toasts.begin_with(kept.collect());
    }
}

impl Store {
    /// Keeps the latest of what was told, for the page that comes after a reload.
    pub fn keep_notices(&self) {
        self.read(|state| {
            let all = &state.toasts.all;
            let latest = all.iter().skip(all.len().saturating_sub(MOST));
            let rows: Vec<_> = latest.map(Notice::to_row).collect();
            state.keep_rows(NOTICES, &rows);
        });
    }
}
