//! Runs that the model does not keep any more: of an item with many attempts, the oldest are in the journal alone.

use std::sync::Arc;

use shared_types::{
    ErrorCode, Rejection, Topic,
    event::EventBody,
    model::{Entity, Run},
    value::RunId,
    wire::EventMessage,
};

use crate::{
    api::{ApiError, activity::unreadable, path::RunPath, read::Read},
    journal::Record,
};

/// Events that are looked at: its last one is followed by that of the run which took its place, at most.
const LOOKED_AT: usize = 4;

/// What a path names, whether it is still in the model or not.
pub(super) async fn find(read: &Read, path: &RunPath) -> Result<Arc<Run>, ApiError> {
    match read.find(path) {
        Ok(run) => Ok(Arc::clone(run)),
        Err(missing) if missing.code() == ErrorCode::NotFound => past(read, path.run).await,
        Err(error) => Err(error),
    }
}

/// A run as its last event in the journal tells it.
async fn past(read: &Read, id: RunId) -> Result<Arc<Run>, ApiError> {
    let before = read.model.cursor.seq + 1;
    let journal = &read.state.journal;
    let records = journal.read_topic_back(Topic::Run(id), before, LOOKED_AT);
    let records = records.await.map_err(unreadable)?;
    let run = records.iter().find_map(|record| told(record, id));
    let (model, sight) = (read.organization(), read.principal.sight);
    let run = run.filter(|run| model.sees_run(sight, run));
    run.ok_or_else(|| Rejection::not_found("run", id).into())
}

fn told(record: &Record, id: RunId) -> Option<Arc<Run>> {
    let EventMessage { event, .. } = serde_json::from_slice(&record.frame).ok()?;
    match &event.body {
        EventBody::RunCreated { run } | EventBody::RunUpdated { run, .. } if run.id() == id => {
            Some(Arc::new(Run::clone(run)))
        }
        _ => None,
    }
}
