use std::{collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Cursor;
#[cfg(feature = "schema")]
use crate::model::LogEntry;
use crate::{
    error::ErrorCode,
    event::Event,
    json::{read_fields, words},
    model::{Comment, Item, Member, OrganizationProfile, Project, Rollup, Run, Team},
    topic::Topic,
    value::MemberId,
};

/// Seconds between two heartbeats, at most.
pub const HEARTBEAT_SECONDS: u32 = 20;

/// What the server sends. Clients ignore types and fields they do not know.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerMessage {
    /// The connection is open and this is who you are.
    Welcome {
        /// The protocol's version.
        protocol: u32,
        /// This connection's id, as in the server's logs.
        connection: String,
        cursor: Cursor,
        heartbeat_seconds: u32,
        limits: Limits,
        principal: Principal,
    },
    /// A topic is followed from here on.
    Subscribed(Subscribed),
    /// Something happened on at least one followed topic.
    Event(EventMessage),
    /// What a roll-up is, at a position; the latest wins.
    Rollup {
        topic: Topic,
        #[serde(flatten)]
        rollup: RollupValue,
    },
    /// Every topic of this connection has been sent up to here.
    Heartbeat { cursor: Cursor },
    /// This subscription has ended: subscribe again.
    Resync { topic: Topic, reason: ResyncReason },
    /// This topic is followed no longer; without `id` and with a reason when the server ended it.
    Unsubscribed {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<Value>,
        topic: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Who looks at what this topic shows.
    Presence {
        topic: Topic,
        members: Vec<PresentMember>,
    },
    /// What a run has written, where its log was asked for. The entries follow one another without a hole.
    Log {
        topic: Topic,
        /// Of the first entry here.
        offset: u64,
        /// As they are kept: whoever shows them reads them.
        #[cfg_attr(feature = "schema", schema(value_type = Vec<LogEntry>))]
        entries: Vec<Value>,
    },
    /// The answer to `ping`.
    Pong { id: Value, cursor: Cursor },
    /// Something that was asked for can't be had. On SSE the type is `problem`.
    Error {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<Value>,
        /// The topic asked for, where there is no `id` to tell by.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        topic: Option<String>,
        code: ErrorCode,
        message: String,
        retryable: bool,
    },
    /// The server is about to close: come back after so many milliseconds.
    Closing { reason: String, retry_after_ms: u64 },
    /// A message of a later protocol, to be ignored.
    Unknown,
}

/// A topic is followed: where it stands and how it goes on.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Subscribed {
    /// The request's id; absent on SSE and polling.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Value>,
    pub topic: Topic,
    /// The topic as it was asked for.
    pub requested: String,
    /// With a snapshot, the position it is true at; resumed, the position resumed at.
    pub cursor: Cursor,
    #[serde(flatten)]
    pub mode: Mode,
}

/// How a subscription goes on.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(tag = "mode", rename_all = "snake_case")]
pub enum Mode {
    /// From the view at the cursor, here or at `href`. (`all` has neither where it starts live, and an `href` after a
    /// position that can't be resumed.)
    Snapshot {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        snapshot: Option<Box<Snapshot>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        href: Option<String>,
    },
    /// With the events after the cursor, of which there are so many.
    Resumed { replaying: u64 },
}

/// An event and, for each topic it is on save `all`, the seq of the event before it there (0: none).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct EventMessage {
    #[cfg_attr(feature = "schema", schema(value_type = BTreeMap<String, u64>))]
    pub prev: BTreeMap<Topic, u64>,
    #[cfg_attr(feature = "schema", schema(value_type = Event))]
    pub event: Arc<Event>,
}

/// A topic's view of the model. The arrays that the topic has, each sorted by id.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Snapshot {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<OrganizationProfile>))]
    pub organization: Option<Arc<OrganizationProfile>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<Vec<Project>>))]
    pub projects: Option<Vec<Arc<Project>>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<Vec<Team>>))]
    pub teams: Option<Vec<Arc<Team>>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<Vec<Member>>))]
    pub members: Option<Vec<Arc<Member>>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<Vec<Item>>))]
    pub items: Option<Vec<Arc<Item>>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<Vec<Comment>>))]
    pub comments: Option<Vec<Arc<Comment>>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<Vec<Run>>))]
    pub runs: Option<Vec<Arc<Run>>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rollups: Option<Vec<RollupValue>>,
}

read_fields!(Snapshot {
    organization,
    projects,
    teams,
    members,
    items,
    comments,
    runs,
    rollups
});

/// The roll-up of one thing, named as its topic is, at a position.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RollupValue {
    pub key: Topic,
    pub seq: u64,
    pub value: Rollup,
}

/// Why a subscription has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ResyncReason {
    /// The position is further back than what is kept.
    TooOld,
    /// The journal is not the one it was.
    EpochChanged,
    /// What this principal may see has changed.
    AccessChanged,
    /// Much changed in one event, such as a restored project.
    ChangedAtOnce,
}

words!(ResyncReason { TooOld = "too_old", EpochChanged = "epoch_changed", AccessChanged = "access_changed", ChangedAtOnce = "changed_at_once" });

/// What a connection may do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Limits {
    /// Topics on one connection.
    pub topics: u32,
    /// Bytes in one message from the client.
    pub message_bytes: u32,
    /// Events a resume is sure to reach back.
    pub replay_events: u32,
}

read_fields!(Limits {
    topics,
    message_bytes,
    replay_events
});

impl Default for Limits {
    fn default() -> Self {
        Self {
            topics: 100,
            message_bytes: 65_536,
            replay_events: 10_000,
        }
    }
}

/// Who the server takes the client for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Principal {
    pub kind: PrincipalKind,
    /// A member's or a token's id.
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub id: Arc<str>,
    pub role: Role,
    /// The member this principal acts as, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<MemberId>,
}

read_fields!(Principal {
    kind,
    id,
    role,
    member
});

/// What a principal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PrincipalKind {
    Member,
    Token,
}

words!(PrincipalKind { Member = "member", Token = "token" });

/// What an account may do, from the one that may do most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Owner,
    Admin,
    Member,
    Viewer,
}

words!(Role { Owner = "owner", Admin = "admin", Member = "member", Viewer = "viewer" });

impl Role {
    /// Whether it may do all that another one may.
    pub fn is_at_least(self, other: Role) -> bool {
        self as u8 <= other as u8
    }

    /// The one of the two that may do less.
    pub fn lesser(self, other: Role) -> Role {
        if self.is_at_least(other) { other } else { self }
    }
}

/// A member who is looking at a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PresentMember {
    pub id: MemberId,
    pub path: String,
    /// From how many connections, where it is more than one: a browser has one, however many windows are open in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connections: Option<u32>,
}

read_fields!(PresentMember {
    id,
    path,
    connections
});

impl PresentMember {
    /// From how many connections.
    pub fn count(&self) -> u32 {
        self.connections.unwrap_or(1)
    }
}

/// What `GET /events` answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct EventsAnswer {
    /// Where to go on.
    pub cursor: Cursor,
    /// At most 1,000.
    pub messages: Vec<ServerMessage>,
}

/// What `GET /snapshot` answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SnapshotAnswer {
    pub topic: Topic,
    pub cursor: Cursor,
    pub snapshot: Box<Snapshot>,
}
