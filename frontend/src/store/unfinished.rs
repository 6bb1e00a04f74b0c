//! What somebody has begun to write: it is kept, by its place on the page, until the server has taken it or it is thrown
//! away on purpose. A box that is closed loses nothing; what is refused comes back to where it was written.

use litemap::LiteMap;
use uuid::Uuid;

use super::{State, Store, kept::DRAFTS};
use crate::net::rest::Failure;

/// What was typed at one place, by field.
#[derive(Debug, Clone, Default, PartialEq)]
struct Texts {
    fields: LiteMap<String, String>,
    /// What the server has against it, by field; of another field, by an empty name.
    wrong: LiteMap<String, String>,
    /// Whether it came back, and as which of all that did.
    returned: Option<u32>,
}

/// All of it.
#[derive(Debug, Default)]
pub struct Unfinished {
    places: LiteMap<String, Texts>,
    /// What was sent and not answered yet.
    sent: LiteMap<Uuid, (String, Texts)>,
    /// While something is being sent: from where, until a write takes it along.
    leaving: Option<String>,
    /// How often something came back: whoever shows a place looks at it again.
    returns: u32,
}

impl Unfinished {
    /// The next write is of what is kept at a place.
    pub(super) fn leave_with(&mut self, write: Uuid) {
        if let Some(place) = self.leaving.take() {
            let texts = self.places.remove(&place).unwrap_or_default();
            self.sent.insert(write, (place, texts));
        }
    }

    /// The server has taken a write.
    pub(super) fn arrived(&mut self, write: Uuid) {
        self.sent.remove(&write);
    }

    /// A write was refused: what was written is at its place again, with what is wrong with it. Something newer at that
    /// place stays as it is.
    pub(super) fn come_back(&mut self, write: Uuid, failure: &Failure) {
        let Some((place, mut texts)) = self.sent.remove(&write) else {
            return;
        };
        if self.places.contains_key(&place) {
            return;
        }
        if let Failure::Refused(problem) = failure {
            let errors = problem.errors.iter();
            texts.wrong = errors
                .map(|error| {
                    (
                        error.pointer.trim_start_matches('/').to_owned(),
                        error.message.clone(),
                    )
                })
                .collect();
            if texts.wrong.is_empty() {
                texts.wrong.insert(String::new(), problem.detail.clone());
            }
        }
        self.returns += 1;
        texts.returned = Some(self.returns);
        self.places.insert(place, texts);
    }
}

impl Store {
    /// Keeps what is typed in a field of a place. That there is something is told; what it is, whoever types shows.
    pub fn keep_text(&self, place: &str, field: &'static str, text: &str) {
        let keep = |state: &mut State| {
            let texts = state.unfinished.places.entry(place.to_owned()).or_default();
            texts.fields.insert(field.to_owned(), text.to_owned());
            texts.wrong.remove(field);
            state.keep_texts();
        };
        if self.read(|state| state.has_text_at(place)) {
            self.update_quietly(keep);
        } else {
            self.update(keep);
        }
    }

    /// Throws away what was typed at a place.
    pub fn discard_text(&self, place: &str) {
        self.update(|state| {
            state.unfinished.places.remove(place);
            state.keep_texts();
        });
    }

    /// Does what sends the text of a place: it is kept until the server has taken it, and comes back if it is refused.
    pub fn send_from(&self, place: &str, send: impl FnOnce()) {
        self.update(|state| state.unfinished.leaving = Some(place.to_owned()));
        send();
        self.update(|state| {
            state.unfinished.leaving = None;
            state.keep_texts();
        });
    }
}

impl State {
    /// Keeps all that is not sent beside the page.
    pub(super) fn keep_texts(&self) {
        let mut rows = Vec::new();
        for (place, texts) in self.unfinished.places.iter() {
            let row = |(field, text): (&String, &String)| {
                vec![place.clone(), field.clone(), text.clone()]
            };
            rows.extend(texts.fields.iter().map(row));
        }
        self.keep_rows(DRAFTS, &rows);
    }

    /// Takes on what the same person had begun to write on the page before. What is newer stays as it is.
    pub(super) fn restore_texts(&mut self) {
        let rows = self.rows_kept(DRAFTS);
        if !rows.is_empty() {
            self.unfinished.returns += 1;
        }
        for row in rows {
            if let Ok([place, field, text]) = <[String; 3]>::try_from(row) {
                let texts = self.unfinished.places.entry(place).or_default();
                texts.fields.entry(field).or_insert(text);
            }
        }
    }

    /// What is typed in a field of a place and was not sent, or came back.
    pub fn text_at(&self, place: &str, field: &str) -> Option<&str> {
        let texts = self.unfinished.places.get(place)?;
        texts.fields.get(field).map(String::as_str)
    }

    /// What the server has against a field of what is kept at a place.
    pub fn wrong_at(&self, place: &str, field: &str) -> Option<&str> {
        let texts = self.unfinished.places.get(place)?;
        texts.wrong.get(field).map(String::as_str)
    }

    /// Whether something is kept at a place.
    pub fn has_text_at(&self, place: &str) -> bool {
        self.unfinished.places.contains_key(place)
    }

    /// Whether what is kept at a place was refused: each time another number.
    pub fn refusal_at(&self, place: &str) -> Option<u32> {
        self.unfinished.places.get(place)?.returned
    }

    /// Changes whenever something comes back to its place.
    pub fn returns(&self) -> u32 {
        self.unfinished.returns
    }
}
