//! The second aggregate: who may use this server. Organizations, accounts, sessions, invitations and tokens.
//!
//! It works as the organization does: [`decide()`] says what a command comes to, and only [`Directory::apply`] changes
//! it. What proves who somebody is does not stand in its events, which are kept for ever: it is kept beside them, by
//! its [`Holder`], and overwritten. It comes here as a hash, drawn and made outside.

mod apply;
mod command;
mod decide;
mod event;
pub mod input;
mod lookup;
mod model;
mod proof;
mod saved;

use std::sync::Arc;

use imbl::{OrdMap, OrdSet};

pub use command::{By, DirectoryCommand, ProviderNote};
pub use decide::{DirectoryDecision, DirectorySubject, decide};
pub use event::{DirectoryEvent, DirectoryEventBody, Ended};
pub use model::{Access, Account, Invitation, Lent, Session, Token};
pub use proof::{Holder, Proof, ProofChange};
pub use saved::SavedDirectory;

use crate::value::{AccountId, Email, InvitationId, OrganizationId, SessionId, TokenId};

/// The directory at one position of its line of events.
#[derive(Debug, Clone, Default)]
pub struct Directory {
    /// The seq of the last event applied.
    pub seq: u64,
    organizations: OrdSet<OrganizationId>,
    accounts: OrdMap<AccountId, Arc<Account>>,
    sessions: OrdMap<SessionId, Arc<Session>>,
    invitations: OrdMap<InvitationId, Arc<Invitation>>,
    tokens: OrdMap<TokenId, Arc<Token>>,
    /// An address has one account on the whole server.
    emails: OrdMap<Email, AccountId>,
    proofs: OrdMap<Holder, Proof>,
    /// Whose proof it is, for those that are looked up by what was shown.
    holders: OrdMap<Proof, Holder>,
}

#[cfg(test)]
mod tests;
