use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use shared_types::{
    Organization, Rejection, event::Actor, state::Sight, value::MemberId, wire::Cursor,
};

use super::aggregate::Aggregate;

/// A command with what the engine needs to carry it out.
#[derive(Debug, Clone)]
pub struct Request<A: Aggregate = Organization> {
    pub command: A::Command,
    pub actor: Actor,
    /// The member that acts, if it is one.
    pub member: Option<MemberId>,
    /// `X-Request-Id` as sent, else made.
    pub cause: String,
    /// What it may see.
    pub sight: Sight,
    /// The address it came from, where that is worth keeping.
    pub from: Option<IpAddr>,
    pub idempotency: Option<IdempotencyKey>,
}

/// A request's idempotency key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// Keys of different principals do not meet.
    pub principal: String,
    pub key: String,
    /// Of method, path, query and body: the same key with another hash is refused.
    pub request_hash: String,
}

/// What a command came to.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct Answer<A: Aggregate = Organization> {
    /// What it was about.
    pub subject: A::Subject,
    /// The entity at the position of this write, as REST answers it; null when it was deleted.
    pub entity: serde_json::Value,
    /// The entity's version.
    pub version: u64,
    /// The position at which the write became visible.
    pub cursor: Cursor,
    /// Whether this is the answer to an earlier request with the same idempotency key.
    #[serde(skip)]
    pub replayed: bool,
}

impl<A: Aggregate> PartialEq for Answer<A> {
    fn eq(&self, other: &Self) -> bool {
        self.subject == other.subject
            && self.entity == other.entity
            && self.version == other.version
            && self.cursor == other.cursor
            && self.replayed == other.replayed
    }
}

/// Why a command was not carried out.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Failure {
    /// The rules refuse it; for a version mismatch with the entity as it is now.
    #[error("{rejection}")]
    Rejected {
        rejection: Rejection,
        current: Option<serde_json::Value>,
    },
    /// Nothing was written.
    #[error("nothing was written: {0}")]
    Unavailable(String),
    /// It may have been written.
    #[error("the outcome is not known")]
    OutcomeUnknown,
}
