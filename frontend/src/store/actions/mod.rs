//! What a person can do. Each action is shown at once, sent as a REST write with an id made here, and can be undone.

mod comment;
pub(super) mod draft;
mod item;
mod lists;
mod member;
mod organization;
mod project;
mod run;
mod team;

use super::{State, Store};

impl Store {
    /// Makes all that `act` does one step of undo.
    pub fn batch<T>(&self, what: &str, act: impl FnOnce(&Store) -> T) -> T {
        self.update(|state| state.undo.open(what));
        let made = act(self);
        self.update(|state| state.undo.close());
        made
    }

    /// Takes back the latest step; false when there is none.
    pub fn undo(&self) -> bool {
        let Some(mut step) = self.update(|state| state.undo.take_undo()) else {
            return false;
        };
        step.writes = step
            .undo
            .iter()
            .map(|draft| self.submit(draft.clone()))
            .collect();
        self.update(|state| {
            state.toasts.tell(&format!("Undone: {}", step.what));
            state.undo.undone(step);
        });
        true
    }

    /// Tells of the latest step of this browser's user, with a way to take it back: for what is gone from the page.
    pub fn offer_undo(&self, text: &str) {
        self.update(|state| {
            let undo = state.undo.last().map(|step| step.undo.clone());
            state.toasts.tell_undoable(text, undo.unwrap_or_default());
        });
    }

    /// Takes back what a notice tells of, where that can be done.
    pub fn undo_notice(&self, notice: u64) {
        let drafts = self.update(|state| {
            state.toasts.dismiss(notice);
            state.toasts.take_undo(notice)
        });
        // What is undone here must not be undone once more by the keyboard.
        let is_latest = |state: &State| {
            let last = state.undo.last();
            last.is_some_and(|step| !drafts.is_empty() && step.undo == drafts)
        };
        if self.read(is_latest) {
            self.undo();
            return;
        }
        for draft in drafts {
            self.submit(draft);
        }
    }

    /// Does again what was taken back last; false when there is nothing.
    pub fn redo(&self) -> bool {
        let Some(mut step) = self.update(|state| state.undo.take_redo()) else {
            return false;
        };
        step.writes = step
            .redo
            .iter()
            .map(|draft| self.submit(draft.clone()))
            .collect();
        self.update(|state| {
            state.toasts.tell(&format!("Done again: {}", step.what));
            state.undo.redone(step);
        });
        true
    }
}
