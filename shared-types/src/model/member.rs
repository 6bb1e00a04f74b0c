use serde::Serialize;

use super::{AgentProfile, Stamp, entity};
use crate::json::{read_fields, words};
use crate::value::{AccountId, MemberId, Name, Slug};

/// A member of the organization: a person or an AI agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Member {
    #[serde(flatten)]
    pub stamp: Stamp<MemberId>,
    pub slug: Slug,
    pub name: Name,
    /// What they do, such as "Product designer"; may be empty.
    pub title: String,
    pub kind: MemberKind,
    /// An agent's profile; null for a person.
    pub agent: Option<AgentProfile>,
    /// The account a person signs in with, if any.
    pub account: Option<AccountId>,
}

entity!(Member, MemberId);
read_fields!(stamped Member { slug, name, title, kind, agent, account });

/// A person or an AI agent. Never changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum MemberKind {
    Human,
    Agent,
}

words!(MemberKind { Human = "human", Agent = "agent" });
