use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
};

use shared_types::value::OrganizationId;

/// Which copies are to be made anew first: all or none, each of them once, however often its agent begins.
#[derive(Debug, Clone, Default)]
pub struct Anew {
    is_asked: bool,
    done: Arc<Mutex<BTreeSet<OrganizationId>>>,
}

impl Anew {
    /// All of them, if that is asked for.
    pub fn new(is_asked: bool) -> Self {
        Self {
            is_asked,
            done: Arc::default(),
        }
    }

    /// Whether this one still is.
    pub(super) fn is_due(&self, of: OrganizationId) -> bool {
        let done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        self.is_asked && !done.contains(&of)
    }

    /// It was made.
    pub(super) fn is_done(&self, of: OrganizationId) {
        let mut done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        done.insert(of);
    }
}
