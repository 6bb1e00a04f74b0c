//! Toasts and the list of notifications: what the page tells without being asked. State only; [`crate::frame`] shows it.

mod concern;
mod keep;
mod undo;

use std::{collections::VecDeque, rc::Rc, sync::Arc};

use shared_types::{
    event::Event,
    value::{MemberId, Timestamp},
};

use crate::store::{Draft, now};

/// Something that was told.
#[derive(Debug, Clone, PartialEq)]
pub struct Notice {
    pub id: u64,
    pub at: Timestamp,
    pub what: What,
    /// What takes it back, if it can be taken back.
    pub undo: Vec<Draft>,
    pub is_read: bool,
}

/// What was told.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// Somebody did this.
    Event {
        event: Arc<Event>,
        /// As the server wrote it.
        message: Rc<str>,
        whom: Option<Whom>,
    },
    /// Something of ours was refused, for this reason.
    Refused { what: String, why: String },
    /// Something that happened only here.
    Told(String),
}

/// Who was given something, or had it taken: an event tells only who has it now.
#[derive(Debug, Clone, PartialEq)]
pub struct Whom {
    pub is_given: bool,
    pub people: Vec<MemberId>,
}

/// What is on the page for a while.
#[derive(Debug, Clone, PartialEq)]
pub struct Toast {
    /// The notices in it: more than one are folded into a line.
    pub notices: Vec<u64>,
    born_at: f64,
    left_ms: f64,
}

/// All that was told, newest last, and what of it is on the page.
#[derive(Debug, Default)]
pub struct Toasts {
    all: VecDeque<Notice>,
    shown: Vec<Toast>,
    next: u64,
}

impl Toasts {
    /// How many notices are kept.
    const KEPT: usize = 200;
    /// More than this many …
    const FOLDED_FROM: usize = 3;
    /// … within this time fold into one.
    const FOLD_MS: f64 = 2_000.0;
    const NEWS_MS: f64 = 7_000.0;
    const TROUBLE_MS: f64 = 15_000.0;

    /// What was told, newest first.
    pub fn notices(&self) -> impl Iterator<Item = &Notice> {
        self.all.iter().rev()
    }

    /// How many were not read yet.
    pub fn unread(&self) -> usize {
        self.all.iter().filter(|notice| !notice.is_read).count()
    }

    /// What is on the page, oldest first, each with its first notice.
    pub fn shown(&self) -> Vec<(Toast, Notice)> {
        let notice = |toast: &Toast| {
            self.all
                .iter()
                .find(|notice| toast.notices.first() == Some(&notice.id))
                .cloned()
        };
        self.shown
            .iter()
            .filter_map(|toast| Some((toast.clone(), notice(toast)?)))
            .collect()
    }

    /// Whether an event was told already.
    fn has_told(&self, event: &Event) -> bool {
        let is_it = |notice: &Notice| matches!(&notice.what, What::Event { event: told, .. } if told.id == event.id);
        self.all.iter().rev().any(is_it)
    }

    /// A write of ours was refused, and taken back.
    pub fn refused(&mut self, what: &str, why: &str) {
        let what = What::Refused {
            what: what.to_owned(),
            why: why.to_owned(),
        };
        self.push(what, Vec::new(), true);
    }

    /// Something that happened only here.
    pub fn tell(&mut self, text: &str) {
        self.push(What::Told(text.to_owned()), Vec::new(), true);
    }

    /// Something of ours that these writes take back.
    pub fn tell_undoable(&mut self, text: &str, undo: Vec<Draft>) {
        self.push(What::Told(text.to_owned()), undo, true);
    }

    fn push(&mut self, what: What, undo: Vec<Draft>, is_toast: bool) {
        if self.all.len() == Self::KEPT {
            self.all.pop_front();
        }
        self.next += 1;
        let id = self.next;
        let left_ms = if matches!(what, What::Refused { .. }) {
            Self::TROUBLE_MS
        } else {
            Self::NEWS_MS
        };
        let is_news = matches!(what, What::Event { .. });
        self.all.push_back(Notice {
            id,
            at: now(),
            what,
            undo,
            is_read: false,
        });
        if is_toast {
            self.shown.push(Toast {
                notices: vec![id],
                born_at: js_sys::Date::now(),
                left_ms,
            });
            if is_news {
                self.fold();
            }
        }
    }

    /// Folds what came at once into one, which then takes in what comes after.
    fn fold(&mut self) {
        let now = js_sys::Date::now();
        let is_news = |toast: &Toast| {
            let told = self
                .all
                .iter()
                .find(|notice| toast.notices.first() == Some(&notice.id));
            told.is_some_and(|notice| matches!(notice.what, What::Event { .. }))
        };
        let is_recent = |toast: &&Toast| now - toast.born_at <= Self::FOLD_MS && is_news(toast);
        let recent: Vec<Toast> = self.shown.iter().filter(is_recent).cloned().collect();
        let notices: Vec<u64> = recent
            .iter()
            .flat_map(|toast| toast.notices.clone())
            .collect();
        if notices.len() <= Self::FOLDED_FROM {
            return;
        }
        self.shown.retain(|toast| !recent.contains(toast));
        self.shown.push(Toast {
            notices,
            born_at: now,
            left_ms: Self::NEWS_MS,
        });
    }

    /// So much time has passed, in which nobody was reading the toasts.
    pub fn passed(&mut self, ms: f64) {
        self.shown.iter_mut().for_each(|toast| toast.left_ms -= ms);
        self.shown.retain(|toast| toast.left_ms > 0.0);
    }

    /// Takes a toast, known by its first notice, off the page.
    pub fn dismiss(&mut self, notice: u64) {
        self.shown
            .retain(|toast| toast.notices.first() != Some(&notice));
        if let Some(notice) = self.all.iter_mut().find(|other| other.id == notice) {
            notice.is_read = true;
        }
    }

    /// Somebody has looked at the list.
    pub fn read_all(&mut self) {
        self.all.iter_mut().for_each(|notice| notice.is_read = true);
        self.shown.clear();
    }

    /// Takes what takes a notice back, once.
    pub fn take_undo(&mut self, notice: u64) -> Vec<Draft> {
        let found = self.all.iter_mut().find(|other| other.id == notice);
        found
            .map(|notice| std::mem::take(&mut notice.undo))
            .unwrap_or_default()
    }
}
