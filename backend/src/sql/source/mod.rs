//! Where events come from: a server, over its WebSocket as for any third party; or a journal.

mod journal;
mod server;

use std::{future::Future, time::Duration};

use shared_types::{
    Organization,
    model::OrganizationProfile,
    wire::{Cursor, Epoch},
};

pub use journal::JournalSource;
pub use server::ServerSource;

use super::projection::Incoming;

/// Events handed over at a time, at most: what one transaction holds.
const MOST_EVENTS: usize = 10_000;
/// Bytes of them.
const MOST_BYTES: usize = 16 << 20;

/// Why events don't come.
#[derive(Debug, Clone, thiserror::Error)]
pub enum SourceError {
    /// It will be no better later.
    #[error("{0}")]
    Refused(String),
    /// For now.
    #[error("{0}")]
    Lost(String),
    /// The line is not the one it was, or has a hole: begin again.
    #[error("{0}")]
    Interrupted(String),
}

impl SourceError {
    /// Whether trying again may help.
    pub fn is_passing(&self) -> bool {
        !matches!(self, Self::Refused(_))
    }
}

/// What [`Source::begin`] has found.
#[derive(Debug, Clone)]
pub struct Begun {
    /// The line's epoch.
    pub epoch: Epoch,
    /// Where the line ended then.
    pub head: u64,
    /// Whether exactly what comes after the position is told from here on; else that can't be had.
    pub is_resumed: bool,
}

/// One organization's line of events.
pub trait Source: Send {
    /// The organization as it was at some position.
    fn organization(
        &mut self,
    ) -> impl Future<Output = Result<OrganizationProfile, SourceError>> + Send;

    /// Begins to tell what comes after a position, of whatever epoch the line is now; from 0 it is everything.
    fn begin(&mut self, after: u64) -> impl Future<Output = Result<Begun, SourceError>> + Send;

    /// The next events, at least one, without a hole; as many as there are at once.
    fn next(&mut self) -> impl Future<Output = Result<Vec<Incoming>, SourceError>> + Send;

    /// The whole model as it is now.
    fn whole(&mut self)
    -> impl Future<Output = Result<(Cursor, Organization), SourceError>> + Send;

    /// Notes how far the copy has come, where somebody looks at that.
    fn copied(&mut self, at: u64) -> impl Future<Output = ()> + Send;

    /// How long to wait before the next attempt.
    fn pause(&mut self) -> Duration;
}

/// The position after which a source can tell every event. None of them says it, so it is searched for.
pub async fn oldest(source: &mut impl Source) -> Result<u64, SourceError> {
    let begun = source.begin(0).await?;
    if begun.is_resumed {
        return Ok(0);
    }
    let (mut gone, mut kept) = (0, begun.head);
    while kept > gone + 1 {
        let middle = gone + (kept - gone) / 2;
        match source.begin(middle).await?.is_resumed {
            true => kept = middle,
            false => gone = middle,
        }
    }
    Ok(kept)
}

/// Uniform in 0..1.
fn random() -> f64 {
    f64::from(getrandom::u32().unwrap_or(u32::MAX / 2)) / f64::from(u32::MAX)
}
