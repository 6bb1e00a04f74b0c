use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use serde::Deserialize;
use shared_types::{Event, Topic, value::ProjectId, wire::Epoch};

use super::line::Line;
use crate::{
    api::{ApiError, activity::unreadable},
    engine::Model,
    journal::Journal,
};

/// Records read at a time.
const CHUNK: usize = 1_000;
/// Projects whose past is kept ready; a line takes some hundred bytes for each item.
const MOST_LINES: usize = 32;

/// A line is read on by one request at a time; those who ask meanwhile wait for it.
pub(super) type Shared = Arc<tokio::sync::Mutex<Line>>;

/// The pasts that were asked for, each as far as it was when it was asked for last.
#[derive(Default)]
pub struct Lines {
    lines: Mutex<HashMap<(Epoch, ProjectId), Shared>>,
}

impl Lines {
    /// A project's past, up to the model's position at least.
    pub(super) async fn up_to_date(
        &self,
        journal: &dyn Journal,
        model: &Model,
        project: ProjectId,
    ) -> Result<Shared, ApiError> {
        let topic = Topic::Project(project);
        let kept = self.of(model.cursor.epoch.clone(), project);
        let mut line = kept.lock().await;
        while line.seq < model.aggregate.head(topic) {
            let records = journal
                .read_topic(topic, line.seq, CHUNK)
                .await
                .map_err(unreadable)?;
            if records.is_empty() {
                break;
            }
            for record in records {
                let message: Message = serde_json::from_slice(&record.frame).map_err(|error| {
                    ApiError::new(shared_types::ErrorCode::Internal, error.to_string())
                })?;
                line.apply(&message.event);
            }
        }
        drop(line);
        Ok(kept)
    }

    fn of(&self, epoch: Epoch, project: ProjectId) -> Shared {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (epoch, project);
        if lines.len() >= MOST_LINES && !lines.contains_key(&key) {
            lines.retain(|_, line| Arc::strong_count(line) > 1);
        }
        lines
            .entry(key)
            .or_insert_with(|| Arc::new(tokio::sync::Mutex::new(Line::new(project))))
            .clone()
    }
}

#[derive(Deserialize)]
struct Message {
    event: Event,
}
