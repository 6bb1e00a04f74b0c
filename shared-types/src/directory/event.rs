//! What has happened in the directory. Kept for ever, so nothing that proves who somebody is stands here.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::model::{Account, Invitation, Session, Token};
use crate::{
    event::Actor,
    value::{
        AccountId, EventId, InvitationId, Name, OrganizationId, SessionId, Timestamp, TokenId,
    },
};

/// One change of the directory.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DirectoryEvent {
    pub id: EventId,
    pub seq: u64,
    pub at: Timestamp,
    pub actor: Actor,
    /// The request it came from.
    pub cause: Arc<str>,
    /// The organization whose admins may read of it; none for what concerns the server alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization: Option<OrganizationId>,
    /// `type` and `data`.
    #[serde(flatten)]
    pub body: DirectoryEventBody,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", content = "data")]
pub enum DirectoryEventBody {
    #[serde(rename = "organization.added")]
    OrganizationAdded { organization: OrganizationId },
    #[serde(rename = "set_up.offered")]
    SetUpOffered {},
    #[serde(rename = "account.created")]
    AccountCreated { account: Account },
    #[serde(rename = "account.updated")]
    AccountUpdated {
        account: Account,
        changed: Vec<String>,
    },
    #[serde(rename = "account.removed")]
    AccountRemoved { account: Account },
    /// `chosen` is false where the same password is only kept better than before.
    #[serde(rename = "password.changed")]
    PasswordChanged { account: AccountId, chosen: bool },
    #[serde(rename = "session.started")]
    SessionStarted { session: Session },
    #[serde(rename = "session.ended")]
    SessionEnded {
        session: SessionId,
        account: AccountId,
        why: Ended,
    },
    #[serde(rename = "invitation.created")]
    InvitationCreated { invitation: Invitation },
    #[serde(rename = "invitation.ended")]
    InvitationEnded {
        invitation: InvitationId,
        why: Ended,
    },
    #[serde(rename = "token.created")]
    TokenCreated { token: Token },
    #[serde(rename = "token.revoked")]
    TokenRevoked { token: TokenId, why: Ended },
    /// It is kept elsewhere, its key above all; here is that somebody has set it.
    #[serde(rename = "provider.set")]
    ProviderSet {
        provider: Name,
        /// Whether its key was given or taken away, and not left as it was.
        key: bool,
    },
    #[serde(rename = "provider.removed")]
    ProviderRemoved { provider: Name },
}

/// Why a session, invitation or token is of no use any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// Somebody ended it.
    Asked,
    /// Its time was over.
    Expired,
    /// It was used, and can be used once.
    Used,
    /// The password was changed.
    PasswordChanged,
    /// The account is gone.
    AccountRemoved,
    /// A newer one took its place: there are only so many.
    Replaced,
}

impl DirectoryEventBody {
    /// Whether somebody may see or do less from here on than before, or may not be told any more.
    pub fn narrows(&self) -> bool {
        match self {
            Self::AccountUpdated { .. }
            | Self::AccountRemoved { .. }
            | Self::SessionEnded { .. }
            | Self::TokenRevoked { .. } => true,
            Self::OrganizationAdded { .. }
            | Self::SetUpOffered {}
            | Self::AccountCreated { .. }
            | Self::PasswordChanged { .. }
            | Self::SessionStarted { .. }
            | Self::InvitationCreated { .. }
            | Self::InvitationEnded { .. }
            | Self::TokenCreated { .. }
            | Self::ProviderSet { .. }
            | Self::ProviderRemoved { .. } => false,
        }
    }

    /// Whether a provider is another than before.
    pub fn is_about_providers(&self) -> bool {
        matches!(
            self,
            Self::ProviderSet { .. } | Self::ProviderRemoved { .. }
        )
    }
}
