//! What can be undone and done again, the latest last.

use uuid::Uuid;

use super::outbox::Draft;

/// One thing a person did, however many writes it took.
#[derive(Debug, Clone, Default)]
pub struct Step {
    /// In words.
    pub what: String,
    /// What takes it back, in the order to send.
    pub undo: Vec<Draft>,
    /// What does it again.
    pub redo: Vec<Draft>,
    /// The writes that did it: when one is refused, there is nothing to undo.
    pub writes: Vec<Uuid>,
}

/// The two stacks.
#[derive(Debug, Default)]
pub struct Undo {
    done: Vec<Step>,
    undone: Vec<Step>,
    /// While several writes are one step.
    open: Option<Step>,
}

impl Undo {
    const DEPTH: usize = 100;

    /// From here to [`Undo::close`], all is one step.
    pub fn open(&mut self, what: &str) {
        self.open = Some(Step {
            what: what.to_owned(),
            ..Step::default()
        });
    }

    /// The step is complete.
    pub fn close(&mut self) {
        if let Some(step) = self.open.take().filter(|step| !step.undo.is_empty()) {
            self.push(step);
        }
    }

    /// Something was done.
    pub fn note(&mut self, step: Step) {
        self.undone.clear();
        match &mut self.open {
            Some(open) => {
                // The last is taken back first.
                open.undo.splice(0..0, step.undo);
                open.redo.extend(step.redo);
                open.writes.extend(step.writes);
            }
            None => self.push(step),
        }
    }

    fn push(&mut self, step: Step) {
        if self.done.len() == Self::DEPTH {
            self.done.remove(0);
        }
        self.done.push(step);
    }

    /// A write was refused.
    pub fn forget(&mut self, write: Uuid) {
        self.done.retain(|step| !step.writes.contains(&write));
        self.undone.retain(|step| !step.writes.contains(&write));
    }

    /// The latest step.
    pub fn last(&self) -> Option<&Step> {
        self.done.last()
    }

    /// What undo would take back.
    pub fn next_undo(&self) -> Option<&str> {
        self.done.last().map(|step| step.what.as_str())
    }

    /// Takes the latest step to undo it; [`Undo::undone`] when that is done.
    pub fn take_undo(&mut self) -> Option<Step> {
        self.done.pop()
    }

    /// Takes the latest undone step to do it again; [`Undo::redone`] when that is done.
    pub fn take_redo(&mut self) -> Option<Step> {
        self.undone.pop()
    }

    /// It was undone.
    pub fn undone(&mut self, step: Step) {
        self.undone.push(step);
    }

    /// It was done again.
    pub fn redone(&mut self, step: Step) {
        self.push(step);
    }
}
