//! What an engine can own: the organization, and the directory of who may use the server.

mod directory;
mod organization;

use std::fmt::Debug;

use bytes::Bytes;
use serde::{Serialize, de::DeserializeOwned};
use shared_types::{
    Rejection,
    decide::Context,
    directory::ProofChange,
    state::Reach,
    topic::Topic,
    value::{EventId, Timestamp},
};

/// A model that changes only by events, which its own rules decide. A copy is a few pointers.
pub trait Aggregate: Clone + Debug + Send + Sync + 'static {
    /// Whether anybody proves anything to it.
    const HAS_PROOFS: bool;
    /// What can be asked of it.
    type Command: Clone + Debug + Send + Sync + 'static;
    /// What a command can be about.
    type Subject: Copy + Debug + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static;
    /// What it is before its first event.
    type Origin: Clone + Debug + Serialize + DeserializeOwned + Send + Sync + 'static;
    /// All of it as plain data.
    type Saved: Serialize + DeserializeOwned + Send + 'static;

    /// It, before its first event.
    fn begin(origin: Self::Origin) -> Self;
    /// When it began, if that is known.
    fn begun_at(origin: &Self::Origin) -> Timestamp;
    /// The seq of its last event.
    fn seq(&self) -> u64;
    /// What a command comes to.
    fn decide(&self, command: &Self::Command, context: &Context) -> Result<Decided<Self>, Refused>;
    /// Applies an event that was decided before, as it was kept.
    fn replay(&mut self, frame: &[u8]) -> Result<Replayed, String>;
    /// The version of what a command was about; 0 where it is not there.
    fn version(&self, subject: Self::Subject) -> u64;
    /// What a refusal shows as it is now.
    fn at_issue(rejection: &Rejection) -> Option<Self::Subject>;
    /// Its plain data.
    fn save(&self) -> Self::Saved;
    /// It, from its plain data.
    fn load(saved: Self::Saved) -> Self;
    /// Takes in all the proofs there are, in place of those it knows.
    fn take_proofs(&mut self, proofs: Vec<ProofChange>);
}

/// What a command comes to.
pub struct Decided<A: Aggregate> {
    /// With the events applied.
    pub aggregate: A,
    pub subject: A::Subject,
    /// None where nothing changes.
    pub events: Vec<NewEvent>,
}

/// An event that is yet to be written.
#[derive(Debug)]
pub struct NewEvent {
    pub seq: u64,
    pub id: EventId,
    pub at: Timestamp,
    /// As it is kept and as it goes out: serialised here and nowhere else.
    pub frame: Bytes,
    pub reach: Reach,
    pub proofs: Vec<ProofChange>,
}

/// An event that was applied again.
#[derive(Debug)]
pub struct Replayed {
    pub at: Timestamp,
    /// The things whose roll-up it changed.
    pub rollups: Vec<Topic>,
}

/// Why a command comes to nothing.
#[derive(Debug)]
pub enum Refused {
    /// The rules refuse it.
    Rules(Rejection),
    /// An event can't be written as JSON.
    Encoding(serde_json::Error),
}

impl From<Rejection> for Refused {
    fn from(rejection: Rejection) -> Self {
        Self::Rules(rejection)
    }
}

impl From<serde_json::Error> for Refused {
    fn from(error: serde_json::Error) -> Self {
        Self::Encoding(error)
    }
}
