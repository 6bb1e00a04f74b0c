//! Runs as the store has them: those of items whose own topic is followed.

use std::sync::Arc;

use shared_types::{
    model::{Entity, Run},
    topic::Topic,
    value::{ItemId, RunId},
};

use super::State;

impl State {
    /// The runs of an item whose topic is followed, the newest first.
    pub fn runs_of(&self, item: ItemId) -> Vec<Arc<Run>> {
        let view = self.topics.views.get(&Topic::Item(item));
        let runs = view.into_iter().flat_map(|view| view.runs.values());
        let mut runs: Vec<Arc<Run>> = runs.cloned().collect();
        runs.sort_by_key(|run| std::cmp::Reverse((run.stamp.created_at, run.id())));
        runs
    }

    /// A run of an item whose topic is followed.
    pub fn run(&self, id: RunId) -> Option<&Arc<Run>> {
        self.topics.views().find_map(|view| view.runs.get(&id))
    }

    /// Whether something that this browser has done with a run, or about what goes by this path, is not answered yet.
    pub fn is_sending_to(&self, path: &str) -> bool {
        let mut writes = self.outbox().unanswered();
        writes.any(|write| write.draft.path.starts_with(path))
    }
}
