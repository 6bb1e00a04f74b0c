//! Events straight from a journal, in the server that keeps it.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use shared_types::{
    Organization,
    model::OrganizationProfile,
    sync::Backoff,
    wire::{Cursor, Epoch},
};

use super::{Begun, MOST_BYTES, MOST_EVENTS, Source, SourceError, random};
use crate::{
    engine::{Engine, Position},
    journal::{Journal, Record},
    sql::projection::Incoming,
};

/// Records read at a time.
const PAGE: usize = 2_000;
/// How long one wait for the next event takes before the epoch is looked at again.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// How often the journal is told how far the copy is.
const NOTE_EVERY: Duration = Duration::from_secs(10);

/// An organization's line in the server that keeps it.
pub struct JournalSource {
    journal: Arc<dyn Journal>,
    engine: Engine,
    /// What the journal knows the copy by.
    name: String,
    /// The line that is told, and how far.
    at: Option<Cursor>,
    /// How far the copy is.
    copied: Option<u64>,
    noted_at: Option<Instant>,
    backoff: Backoff,
}

impl JournalSource {
    /// The line of an engine, which tells when there is more. The copy goes by a name that no other copy has.
    pub fn new(journal: Arc<dyn Journal>, engine: Engine, name: String) -> Self {
        Self {
            journal,
            engine,
            name,
            at: None,
            copied: None,
            noted_at: None,
            backoff: Backoff::default(),
        }
    }

    async fn read(&self, after: u64, limit: usize) -> Result<Vec<Record>, SourceError> {
        let read = self.journal.read(after, limit).await;
        read.map_err(|error| SourceError::Lost(error.to_string()))
    }

    /// Tells the journal how far the copy is, and that somebody still copies.
    async fn note(&mut self) {
        let is_due = self.noted_at.is_none_or(|at| at.elapsed() >= NOTE_EVERY);
        let Some(seq) = self.copied.filter(|_| is_due) else {
            return;
        };
        match self.journal.copied(&self.name, seq).await {
            Ok(()) => self.noted_at = Some(Instant::now()),
            // It is tried again with what is copied next.
            Err(error) => tracing::warn!(%error, seq, "it can't be noted how far the copy is"),
        }
    }

    async fn epoch(&self) -> Result<(Epoch, u64), SourceError> {
        let head = self.journal.head().await;
        let head = head.map_err(|error| SourceError::Lost(error.to_string()))?;
        Ok((head.epoch, head.seq))
    }

    async fn page(&self, at: &Cursor) -> Result<Vec<Record>, SourceError> {
        let mut records: Vec<Record> = Vec::new();
        let mut bytes = 0;
        let mut after = at.seq;
        while records.len() < MOST_EVENTS && bytes < MOST_BYTES {
            let page = self.read(after, PAGE).await?;
            let is_last = page.len() < PAGE;
            bytes += page.iter().map(|record| record.frame.len()).sum::<usize>();
            after = page.last().map_or(after, |record| record.seq);
            records.extend(page);
            if is_last {
                break;
            }
        }
        // Read after the records: of another epoch they may not be what follows on what was told.
        let (epoch, _) = self.epoch().await?;
        match epoch == at.epoch {
            true => Ok(records),
            false => Err(SourceError::Interrupted(format!(
                "the journal's epoch is {epoch} now"
            ))),
        }
    }
}

impl Source for JournalSource {
    async fn organization(&mut self) -> Result<OrganizationProfile, SourceError> {
        Ok(OrganizationProfile::clone(
            &self.engine.model().aggregate.profile,
        ))
    }

    async fn begin(&mut self, after: u64) -> Result<Begun, SourceError> {
        let (epoch, head) = self.epoch().await?;
        let next = self.read(after, 1).await?;
        let follows_on = next
            .first()
            .map_or(head == after, |record| record.seq == after + 1);
        self.at = follows_on.then(|| Cursor {
            epoch: epoch.clone(),
            seq: after,
        });
        Ok(Begun {
            epoch,
            head,
            is_resumed: follows_on,
        })
    }

    async fn next(&mut self) -> Result<Vec<Incoming>, SourceError> {
        let not_begun = || SourceError::Interrupted("nothing is told".into());
        loop {
            let at = self.at.clone().ok_or_else(not_begun)?;
            let records = self.page(&at).await?;
            if let Some(last) = records.last() {
                let seq = last.seq;
                self.at = Some(Cursor { seq, ..at });
                self.backoff.reset();
                return records.iter().map(read).collect();
            }
            self.note().await;
            let next = Cursor {
                seq: at.seq + 1,
                ..at
            };
            if self.engine.reached(&next, LOOK_EVERY).await == Position::OtherEpoch {
                return Err(SourceError::Interrupted(
                    "the journal's epoch has changed".into(),
                ));
            }
        }
    }

    async fn whole(&mut self) -> Result<(Cursor, Organization), SourceError> {
        let model = self.engine.model();
        Ok((model.cursor.clone(), model.aggregate.clone()))
    }

    async fn copied(&mut self, at: u64) {
        self.copied = Some(at);
        self.note().await;
    }

    fn pause(&mut self) -> Duration {
        Duration::from_millis(self.backoff.next_ms(random()))
    }
}

fn read(record: &Record) -> Result<Incoming, SourceError> {
    Incoming::read(&record.frame).map_err(|error| {
        SourceError::Refused(format!("event {} can't be read: {error}", record.seq))
    })
}
