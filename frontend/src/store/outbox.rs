//! The writes of this browser, from the moment they are made until the live line has confirmed them.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared_types::wire::Cursor;
use uuid::Uuid;

use super::overlay::{Effect, Kind};

/// A write as an action makes it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    pub method: Method,
    /// Under `/api/v1`.
    pub path: String,
    pub body: Option<Value>,
    /// Whether it goes wrong rather than overwrite what the writer has not seen (lists).
    pub checks_version: bool,
    /// What it changes, the entity it is about first.
    pub effects: Vec<Effect>,
    /// In words, such as "Rename Website".
    pub what: String,
}

impl Draft {
    /// Whether something that was gone is there again by it.
    pub(super) fn brings_back(&self) -> bool {
        self.path.ends_with("/restore")
    }
}

/// How it is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    Post,
    Put,
    Patch,
    Delete,
}

impl Method {
    /// As HTTP spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Patch => "PATCH",
            Method::Delete => "DELETE",
        }
    }
}

/// A write on its way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Write {
    /// Its idempotency key and request id: the same however often it is sent.
    pub id: Uuid,
    /// Who made it: nobody else sends it.
    pub by: String,
    pub draft: Draft,
    /// For `If-Match`: what the writer has seen.
    pub expected: Option<u64>,
    /// When it was made, in milliseconds since 1970.
    pub at: f64,
    #[serde(skip)]
    pub stage: Stage,
    /// Whether its events have come, so that what it changes is in the views.
    #[serde(skip)]
    pub is_confirmed: bool,
    /// How often it was sent in vain.
    #[serde(skip)]
    pub tries: u32,
}

/// How far a write is.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Stage {
    /// It waits for its turn, or for the network.
    #[default]
    Waiting,
    /// It is sent and not answered.
    Sent,
    /// It is written, and visible from this position on.
    Written(Cursor),
}

/// All of them, oldest first.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Outbox {
    writes: Vec<Write>,
    /// Left in this browser by somebody: by others, or nobody knows yet whether by oneself.
    left: Vec<Write>,
    /// The ids of those sent lately, to know our own events by.
    sent: VecDeque<Uuid>,
    /// Whether the server was not reached: nothing is sent until it may be there again.
    pub is_held: bool,
    /// Why the server, which was reached, takes nothing for now.
    pub not_taken: Option<String>,
    /// Where it is kept in the browser; empty until the tab knows which it is.
    pub(super) key: String,
}

impl Outbox {
    /// How many are sent at a time: as many connections as a browser opens to one host, less one for the live line.
    const AT_ONCE: usize = 5;

    /// How many of ours an event may lag behind and still be known as ours.
    const REMEMBERED: usize = 1_000;

    /// Those the server has not answered yet, oldest first.
    pub fn unanswered(&self) -> impl Iterator<Item = &Write> {
        self.writes
            .iter()
            .filter(|write| !matches!(write.stage, Stage::Written(_)))
    }

    /// What all of them change.
    pub fn effects(&self) -> impl Iterator<Item = &Effect> {
        self.writes
            .iter()
            .filter(|write| !write.is_confirmed)
            .flat_map(|write| &write.draft.effects)
    }

    /// What they change of one entity.
    pub(super) fn effects_on(
        &self,
        kind: Kind,
        id: Uuid,
    ) -> impl Iterator<Item = &super::overlay::Change> {
        let on = move |effect: &&Effect| effect.kind == kind && effect.id == id;
        self.effects().filter(on).map(|effect| &effect.change)
    }

    pub(super) fn get_mut(&mut self, id: Uuid) -> Option<&mut Write> {
        self.writes.iter_mut().find(|write| write.id == id)
    }

    pub(super) fn push(&mut self, write: Write) {
        if self.get_mut(write.id).is_some() {
            return;
        }
        self.note_sent(write.id);
        self.writes.push(write);
    }

    /// Takes in what was left in this browser, until it is known whose it is.
    pub(super) fn leave(&mut self, writes: Vec<Write>) {
        self.left.extend(writes);
    }

    /// Takes on what this person has left; whether there was anything.
    pub(super) fn claim(&mut self, by: &str) -> bool {
        let mine: Vec<Write> = self.left.extract_if(.., |write| write.by == by).collect();
        let is_any = !mine.is_empty();
        mine.into_iter().for_each(|write| self.push(write));
        is_any
    }

    /// What is to be kept in the browser until it is answered.
    pub(super) fn to_keep(&self) -> impl Iterator<Item = &Write> {
        self.left.iter().chain(self.unanswered())
    }

    /// The events of this write are no news.
    pub(super) fn note_sent(&mut self, write: Uuid) {
        if self.sent.len() == Self::REMEMBERED {
            self.sent.pop_front();
        }
        self.sent.push_back(write);
    }

    pub(super) fn remove(&mut self, id: Uuid) -> Option<Write> {
        let at = self.writes.iter().position(|write| write.id == id)?;
        Some(self.writes.remove(at))
    }

    /// Takes out those that are written and visible at a position of the line.
    pub(super) fn take_confirmed(&mut self, position: &Cursor) -> Vec<Write> {
        let is_visible = |write: &mut Write| match &write.stage {
            // Of another epoch: what the line shows now is all there is.
            Stage::Written(at) => at.epoch != position.epoch || at.seq <= position.seq,
            _ => false,
        };
        self.writes.extract_if(.., is_visible).collect()
    }

    /// Whether an event comes from a write of this browser.
    pub(super) fn is_mine(&self, cause: &str) -> bool {
        self.sent.iter().any(|id| id.to_string() == cause)
    }

    /// An event names this write: what it did is in the views. Answers what it changed.
    ///
    /// A write that is not answered stays until it is, without its effects.
    pub(super) fn confirm(&mut self, cause: &str) -> Vec<(Kind, Uuid)> {
        let Some(at) = self
            .writes
            .iter()
            .position(|write| write.id.to_string() == cause)
        else {
            return Vec::new();
        };
        let touched = self.writes[at].touched();
        if matches!(self.writes[at].stage, Stage::Written(_)) {
            self.writes.remove(at);
        } else {
            self.writes[at].is_confirmed = true;
        }
        touched
    }

    /// The next to send: one that does not speak of an entity that an earlier unanswered one is about.
    pub(super) fn take_sendable(&mut self) -> Option<Write> {
        if self.is_held
            || self
                .writes
                .iter()
                .filter(|write| write.stage == Stage::Sent)
                .count()
                >= Self::AT_ONCE
        {
            return None;
        }
        let mut busy: Vec<String> = Vec::new();
        for write in &mut self.writes {
            let subject = write
                .draft
                .effects
                .first()
                .map(|effect| effect.id.to_string());
            match write.stage {
                Stage::Written(_) => continue,
                Stage::Waiting if !busy.iter().any(|id| write.mentions(id)) => {
                    write.stage = Stage::Sent;
                    return Some(write.clone());
                }
                Stage::Waiting | Stage::Sent => busy.extend(subject),
            }
        }
        None
    }

    /// An answered write has moved its entity on: ours that wait have seen that version too.
    pub(super) fn seen(&mut self, id: Uuid, version: u64) {
        for write in &mut self.writes {
            let about = write
                .draft
                .effects
                .first()
                .is_some_and(|effect| effect.id == id);
            if let (Stage::Waiting, true, Some(expected)) =
                (&write.stage, about, &mut write.expected)
            {
                *expected = (*expected).max(version);
            }
        }
    }
}

impl Write {
    /// The entities it changes.
    pub(super) fn touched(&self) -> Vec<(Kind, Uuid)> {
        self.draft
            .effects
            .iter()
            .map(|effect| (effect.kind, effect.id))
            .collect()
    }

    /// Whether it speaks of an entity, in its path or body.
    fn mentions(&self, id: &str) -> bool {
        self.draft.path.contains(id)
            || self
                .draft
                .body
                .as_ref()
                .is_some_and(|body| body.to_string().contains(id))
    }
}
