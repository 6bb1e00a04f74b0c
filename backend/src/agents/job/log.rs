use std::time::Instant;

use shared_types::model::Logged;

use crate::agents::{
    desk::{Broken, Desk},
    log::Unwritten,
};

/// A worker's hand in the log of its run.
pub struct LogWriter<'a> {
    desk: &'a dyn Desk,
    unwritten: Unwritten,
}

impl<'a> LogWriter<'a> {
    pub fn new(desk: &'a dyn Desk) -> Self {
        Self {
            desk,
            unwritten: Unwritten::default(),
        }
    }

    /// Adds an entry, which is written soon.
    pub async fn add(&mut self, entry: Logged) -> Result<(), Broken> {
        match self.unwritten.add(entry) {
            true => self.flush().await,
            false => Ok(()),
        }
    }

    /// When what waits is to be written; none where nothing waits.
    pub fn due(&self) -> Option<Instant> {
        self.unwritten.due()
    }

    /// Writes what waits.
    pub async fn flush(&mut self) -> Result<(), Broken> {
        let entries = self.unwritten.take();
        match entries.is_empty() {
            true => Ok(()),
            false => self.desk.write(entries).await,
        }
    }
}
