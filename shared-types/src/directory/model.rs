//! What the directory holds, as it goes on the wire to those who may see it.

use serde::{Deserialize, Serialize};

use crate::{
    state::Sight,
    value::{
        AccountId, Email, InvitationId, MemberId, Name, OrganizationId, RunId, SessionId,
        Timestamp, TokenId,
    },
    wire::Role,
};

/// Somebody who can sign in. An account belongs to exactly one organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Account {
    pub id: AccountId,
    pub organization: OrganizationId,
    pub email: Email,
    pub role: Role,
    /// The member it acts as, if any.
    pub member: Option<MemberId>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// When the password was last chosen.
    pub password_at: Timestamp,
}

/// A browser in which somebody has signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Session {
    pub id: SessionId,
    pub account: AccountId,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    /// What the browser said that it is.
    pub user_agent: Option<String>,
    /// Where it was when it signed in.
    pub address: Option<String>,
}

/// A way in for one person, once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Invitation {
    pub id: InvitationId,
    pub organization: OrganizationId,
    /// Whom it is for: the account's address.
    pub email: Email,
    pub role: Role,
    /// The member that the account will act as; one is made where none is named.
    pub member: Option<MemberId>,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    /// The account that invited; none where the server's own operator did.
    pub created_by: Option<AccountId>,
}

/// A program's way in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Token {
    pub id: TokenId,
    pub organization: OrganizationId,
    /// Whose it is: it may never do more than that account may. None where the server's own operator made it.
    pub account: Option<AccountId>,
    pub name: Name,
    pub access: Access,
    /// What of the organization it sees.
    pub scope: Sight,
    pub created_at: Timestamp,
    /// From then on it is of no use; none: never.
    pub expires_at: Option<Timestamp>,
    /// For what it was made, if it is good for one run alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lent: Option<Lent>,
}

/// For which run a token is good, while it is worked by this claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Lent {
    pub run: RunId,
    /// The claim that it was made with.
    pub claim: u64,
    /// The token that claimed it, with which it goes; none: it was a person.
    pub by: Option<TokenId>,
}

/// What a token may do with what it sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// Look, as a viewer may.
    Read,
    /// Work, as a member may.
    Write,
    /// Run the place, as an admin may.
    Admin,
}

impl Access {
    /// The role that may do as much.
    pub fn role(self) -> Role {
        match self {
            Access::Read => Role::Viewer,
            Access::Write => Role::Member,
            Access::Admin => Role::Admin,
        }
    }
}

/// As much of a text as is kept of what a client says about itself.
pub(super) fn excerpt(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(200).collect()
}
