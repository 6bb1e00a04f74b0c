//! The directory as plain data. What proves who somebody is does not go along: that is kept in one place only.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Account, Directory, Invitation, Session, Token};
use crate::value::OrganizationId;

/// A whole directory at one position.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SavedDirectory {
    seq: u64,
    organizations: Vec<OrganizationId>,
    accounts: Vec<Arc<Account>>,
    sessions: Vec<Arc<Session>>,
    invitations: Vec<Arc<Invitation>>,
    tokens: Vec<Arc<Token>>,
}

impl Directory {
    /// All of it as plain data.
    pub fn save(&self) -> SavedDirectory {
        SavedDirectory {
            seq: self.seq,
            organizations: self.organizations.iter().copied().collect(),
            accounts: self.accounts.values().cloned().collect(),
            sessions: self.sessions.values().cloned().collect(),
            invitations: self.invitations.values().cloned().collect(),
            tokens: self.tokens.values().cloned().collect(),
        }
    }

    /// What was saved; the proofs are still to be taken in.
    pub fn load(saved: SavedDirectory) -> Self {
        let emails = saved.accounts.iter();
        Self {
            seq: saved.seq,
            organizations: saved.organizations.into_iter().collect(),
            emails: emails
                .map(|account| (account.email.clone(), account.id))
                .collect(),
            accounts: saved.accounts.into_iter().map(|a| (a.id, a)).collect(),
            sessions: saved.sessions.into_iter().map(|s| (s.id, s)).collect(),
            invitations: saved.invitations.into_iter().map(|i| (i.id, i)).collect(),
            tokens: saved.tokens.into_iter().map(|t| (t.id, t)).collect(),
            ..Self::default()
        }
    }
}
