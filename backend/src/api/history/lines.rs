use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use serde::Deserialize;
use shared_types::{
    ErrorCode, Event, Topic,
    value::{ItemId, ProjectId},
    wire::Epoch,
};

use super::line::Line;
use crate::{
    api::{ApiError, activity::unreadable},
    engine::Model,
    journal::{Journal, Record},
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
                let event = event(&record)?;
                if let Some(read) = line.to_read(&event) {
                    read_item(journal, &mut line, read, event.seq).await?;
                }
                line.apply(&event);
            }
        }
        // Of runs at work not every word is told here.
        let live = model.aggregate.live_runs().map(|run| run.item);
        let is_here = |item: &ItemId| {
            let item = model.aggregate.item(*item);
            item.is_some_and(|item| item.project == Some(project))
        };
        for item in live.filter(is_here) {
            read_item(journal, &mut line, (item, true), model.aggregate.seq).await?;
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

/// Follows the line of an item, which was here or not until then, up to a position.
async fn read_item(
    journal: &dyn Journal,
    line: &mut Line,
    read @ (item, _): (ItemId, bool),
    until: u64,
) -> Result<(), ApiError> {
    loop {
        let topic = Topic::Item(item);
        let records = journal.read_topic(topic, line.read_to(item), CHUNK).await;
        let records = records.map_err(unreadable)?;
        for record in &records {
            let event = event(record)?;
            if event.seq > until {
                return Ok(());
            }
            line.follow(read, &event);
        }
        if records.len() < CHUNK {
            return Ok(());
        }
    }
}

fn event(record: &Record) -> Result<Event, ApiError> {
    let read = serde_json::from_slice::<Message>(&record.frame);
    read.map(|message| message.event)
        .map_err(|error| ApiError::new(ErrorCode::Internal, error.to_string()))
}

#[derive(Deserialize)]
struct Message {
    event: Event,
}
