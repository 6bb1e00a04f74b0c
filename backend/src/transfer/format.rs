//! The lines of an export, each a JSON object with one field that says what it is.

use serde::{Deserialize, Serialize};
use serde_json::{Value, value::RawValue};
use shared_types::{
    model::LogEntry,
    topic::Topic,
    value::{EventId, RunId, Timestamp},
    wire::Cursor,
};

use crate::journal::Private;

/// The version of the format. Another one is for whatever a reader of this one would get wrong; a file of an earlier one
/// is read as well.
pub(super) const VERSION: u32 = 3;

/// One line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Line {
    /// The first.
    Export(Header),
    /// An organization begins: its records follow.
    Organization(Beginning),
    /// The accounts begin: their records and proofs follow.
    Directory(DirectoryBeginning),
    /// The model at a later position, where the first events are gone. Since version 3.
    Saved(SavedLine),
    /// One event as the journal keeps it.
    Record(RecordLine),
    /// A part of what a run wrote to its log, in the order of its offsets. Since version 2.
    Log(LogLine),
    /// What proves who somebody is: a hash, never a password or token.
    Proof(ProofLine),
    /// The organization or the accounts end.
    End(End),
    /// The last.
    Complete(Complete),
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Header {
    pub version: u32,
    /// Of the program that wrote it.
    pub devteam: String,
    pub at: Timestamp,
    pub organizations: usize,
    pub accounts: bool,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Beginning {
    /// Whether it is the server's first.
    pub home: bool,
    /// What it was before its first event.
    pub origin: Value,
    /// Where its line ended, in the epoch of then.
    pub cursor: Cursor,
    /// The position after which there are records.
    #[serde(default)]
    pub after: u64,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct DirectoryBeginning {
    pub cursor: Cursor,
    #[serde(default)]
    pub after: u64,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct SavedLine {
    pub seq: u64,
    /// The event at that position.
    pub id: EventId,
    /// As the engine saves it.
    pub model: Box<RawValue>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct RecordLine {
    pub seq: u64,
    pub id: EventId,
    /// Byte for byte as it is kept.
    pub frame: Box<RawValue>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub barriers: Vec<Topic>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub private: Option<Private>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct LogLine {
    pub run: RunId,
    /// The claim that wrote to it last, as far as the records go.
    pub fence: u64,
    pub entries: Vec<LogEntry>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ProofLine {
    pub holder: String,
    pub proof: String,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct End {
    pub records: u64,
    /// Of the model that the records lead to.
    pub state_hash: String,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Complete {
    /// Lines before this one.
    pub lines: u64,
    /// Hex SHA-256 of all bytes before this line.
    pub sha256: String,
}
