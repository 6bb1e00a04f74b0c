//! What can be asked of the directory. Ids are drawn when it is decided; hashes come made.

use super::{
    model::{Access, Lent},
    proof::Proof,
};
use crate::{
    state::Sight,
    value::{
        AccountId, Email, InvitationId, MemberId, Name, OrganizationId, SessionId, Timestamp,
        TokenId,
    },
    wire::Role,
};

/// With what right something is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct By {
    /// What is of another organization is to them as if it were not there.
    pub organization: OrganizationId,
    pub role: Role,
    /// None for the server's own operator.
    pub account: Option<AccountId>,
}

/// One change that somebody asks for.
#[derive(Debug, Clone)]
pub enum DirectoryCommand {
    /// There is this organization on the server.
    AddOrganization {
        organization: OrganizationId,
    },
    /// Offers the link with which the first account is made; one that was offered before is of no use any more.
    OfferSetUp {
        proof: Proof,
    },
    /// The first account, by one who has the link.
    SetUp {
        shown: Proof,
        organization: OrganizationId,
        email: Email,
        member: Option<MemberId>,
        password: Proof,
    },
    /// An account by way of an invitation.
    AcceptInvitation {
        shown: Proof,
        member: Option<MemberId>,
        password: Proof,
    },
    /// An account by the server's own operator.
    CreateAccount {
        organization: OrganizationId,
        email: Email,
        role: Role,
        member: Option<MemberId>,
        password: Proof,
    },
    ChangeRole {
        by: By,
        account: AccountId,
        role: Role,
    },
    RemoveAccount {
        by: By,
        account: AccountId,
    },
    /// Another password; every session but `keep` ends.
    ChangePassword {
        account: AccountId,
        password: Proof,
        keep: Option<SessionId>,
    },
    /// The same password, kept with larger parameters.
    RaisePassword {
        account: AccountId,
        password: Proof,
    },

    StartSession {
        account: AccountId,
        proof: Proof,
        expires_at: Timestamp,
        user_agent: Option<String>,
    },
    EndSession {
        account: AccountId,
        session: SessionId,
    },
    /// All sessions of an account, or all others.
    EndSessions {
        account: AccountId,
        keep: Option<SessionId>,
    },

    Invite {
        by: By,
        email: Email,
        role: Role,
        member: Option<MemberId>,
        expires_at: Timestamp,
        proof: Proof,
    },
    RevokeInvitation {
        by: By,
        invitation: InvitationId,
    },

    CreateToken {
        by: By,
        name: Name,
        access: Access,
        scope: Sight,
        expires_at: Option<Timestamp>,
        proof: Proof,
    },
    /// A token for one run alone, by whoever has claimed it.
    LendToken {
        by: By,
        lent: Lent,
        name: Name,
        scope: Sight,
        expires_at: Timestamp,
        proof: Proof,
    },
    RevokeToken {
        by: By,
        token: TokenId,
    },

    /// Notes that somebody has set a provider of models, for the audit.
    NoteProvider {
        by: By,
        provider: Name,
        change: ProviderNote,
    },
}

/// What was done to a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProviderNote {
    /// It was set, with another key or the one that it had.
    Set {
        key: bool,
    },
    Removed,
}
