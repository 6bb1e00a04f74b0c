//! Toasts and the list of notifications: what the page tells without being asked. State only; [`crate::frame`] shows it.

use std::{collections::VecDeque, sync::Arc};

use shared_types::{event::Event, value::Timestamp};

use crate::store::State;

/// Something that was told.
#[derive(Debug, Clone, PartialEq)]
pub struct Notice {
    pub id: u64,
    pub at: Timestamp,
    pub tone: Tone,
    pub text: String,
    /// Where it leads: a path of the app, and what to call it.
    pub link: Option<(String, String)>,
    /// The event it is about, and whether that can be taken back.
    pub event: Option<Arc<Event>>,
    pub can_undo: bool,
    pub is_read: bool,
}

/// How it is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Somebody did something.
    News,
    /// Something of ours went wrong.
    Trouble,
}

/// All that was told, newest last, and what of it is on the page as a toast.
#[derive(Debug, Default)]
pub struct Toasts {
    pub(crate) all: VecDeque<Notice>,
    next: u64,
}

impl Toasts {
    const KEPT: usize = 200;

    /// What was told, newest first.
    pub fn notices(&self) -> impl Iterator<Item = &Notice> {
        self.all.iter().rev()
    }

    /// How many were not read yet.
    pub fn unread(&self) -> usize {
        self.all.iter().filter(|notice| !notice.is_read).count()
    }

    /// A write of ours was refused, and taken back.
    pub fn refused(&mut self, what: &str, why: &str) {
        self.push(Tone::Trouble, format!("{what}: {why}"));
    }

    /// Something that happened only here.
    pub fn tell(&mut self, text: &str) {
        self.push(Tone::News, text.to_owned());
    }

    fn push(&mut self, tone: Tone, text: String) {
        if self.all.len() == Self::KEPT {
            self.all.pop_front();
        }
        self.next += 1;
        self.all.push_back(Notice {
            id: self.next,
            at: crate::store::now(),
            tone,
            text,
            link: None,
            event: None,
            can_undo: false,
            is_read: false,
        });
    }
}

impl State {
    /// Tells of an event that others caused, if it concerns the page or this browser's member.
    pub(crate) fn note_toast(&mut self, _event: &Arc<Event>, _is_mine: bool) {}
}
