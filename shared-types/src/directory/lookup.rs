//! Reading the directory.

use std::sync::Arc;

use super::{Account, Directory, Holder, Invitation, Proof, Session, Token};
use crate::{
    value::{AccountId, Email, InvitationId, OrganizationId, SessionId, TokenId},
    wire::Role,
};

impl Directory {
    /// Every organization of the server.
    pub fn organizations(&self) -> impl Iterator<Item = OrganizationId> {
        self.organizations.iter().copied()
    }

    /// Whether anybody can sign in at all.
    pub fn has_accounts(&self) -> bool {
        !self.accounts.is_empty()
    }

    /// An account by id.
    pub fn account(&self, id: AccountId) -> Option<&Arc<Account>> {
        self.accounts.get(&id)
    }

    /// An account by its address.
    pub fn account_of(&self, email: &Email) -> Option<&Arc<Account>> {
        self.account(*self.emails.get(email)?)
    }

    /// Every account of the server, by id.
    pub fn accounts(&self) -> impl Iterator<Item = &Arc<Account>> {
        self.accounts.values()
    }

    /// The accounts of an organization, by id.
    pub fn accounts_in(&self, organization: OrganizationId) -> impl Iterator<Item = &Arc<Account>> {
        self.accounts()
            .filter(move |account| account.organization == organization)
    }

    /// Whether an account is the only owner its organization has.
    pub fn is_last_owner(&self, account: &Account) -> bool {
        let mut owners = self
            .accounts_in(account.organization)
            .filter(|other| other.role == Role::Owner);
        account.role == Role::Owner && owners.all(|other| other.id == account.id)
    }

    /// A session by id, its time over or not.
    pub fn session(&self, id: SessionId) -> Option<&Arc<Session>> {
        self.sessions.get(&id)
    }

    /// The sessions of an account, by id.
    pub fn sessions_of(&self, account: AccountId) -> impl Iterator<Item = &Arc<Session>> {
        self.sessions
            .values()
            .filter(move |session| session.account == account)
    }

    /// An invitation by id, its time over or not.
    pub fn invitation(&self, id: InvitationId) -> Option<&Arc<Invitation>> {
        self.invitations.get(&id)
    }

    /// The open invitations to an organization, by id.
    pub fn invitations_to(
        &self,
        organization: OrganizationId,
    ) -> impl Iterator<Item = &Arc<Invitation>> {
        self.invitations
            .values()
            .filter(move |invitation| invitation.organization == organization)
    }

    /// A token by id, its time over or not.
    pub fn token(&self, id: TokenId) -> Option<&Arc<Token>> {
        self.tokens.get(&id)
    }

    /// The tokens of an organization, by id.
    pub fn tokens_of(&self, organization: OrganizationId) -> impl Iterator<Item = &Arc<Token>> {
        self.tokens
            .values()
            .filter(move |token| token.organization == organization)
    }

    /// What something shown belongs to.
    pub fn holder(&self, shown: &Proof) -> Option<Holder> {
        self.holders.get(shown).copied()
    }

    /// What is kept of a password.
    pub fn password(&self, account: AccountId) -> Option<&Proof> {
        self.proofs.get(&Holder::Password(account))
    }
}
