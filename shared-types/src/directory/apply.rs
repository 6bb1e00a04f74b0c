use std::sync::Arc;

use super::{Directory, DirectoryEvent, DirectoryEventBody as B, Holder, ProofChange};

impl Directory {
    /// Makes an event true. An event that makes no sense changes nothing but the position.
    pub fn apply(&mut self, event: &DirectoryEvent) {
        self.seq = event.seq;
        match &event.body {
            B::OrganizationAdded { organization } => {
                self.organizations.insert(*organization);
            }
            B::AccountCreated { account } => {
                self.emails.insert(account.email.clone(), account.id);
                self.accounts.insert(account.id, Arc::new(account.clone()));
            }
            B::AccountUpdated { account, .. } => {
                self.accounts.insert(account.id, Arc::new(account.clone()));
            }
            B::AccountRemoved { account } => {
                self.emails.remove(&account.email);
                self.accounts.remove(&account.id);
            }
            B::PasswordChanged { account, chosen } => {
                if let Some(account) = self.accounts.get_mut(account).filter(|_| *chosen) {
                    Arc::make_mut(account).password_at = event.at;
                }
            }
            B::SessionStarted { session } => {
                self.sessions.insert(session.id, Arc::new(session.clone()));
            }
            B::SessionEnded { session, .. } => {
                self.sessions.remove(session);
            }
            B::InvitationCreated { invitation } => {
                self.invitations
                    .insert(invitation.id, Arc::new(invitation.clone()));
            }
            B::InvitationEnded { invitation, .. } => {
                self.invitations.remove(invitation);
            }
            B::TokenCreated { token } => {
                self.tokens.insert(token.id, Arc::new(token.clone()));
            }
            B::TokenRevoked { token, .. } => {
                self.tokens.remove(token);
            }
            // Providers are kept elsewhere.
            B::SetUpOffered {} | B::ProviderSet { .. } | B::ProviderRemoved { .. } => {}
        }
    }

    /// Takes in all the proofs there are, and forgets those it knew.
    pub fn keep_only(&mut self, proofs: &[ProofChange]) {
        self.proofs.clear();
        self.holders.clear();
        proofs.iter().for_each(|change| self.keep(change));
    }

    /// Takes in a proof in place of the one before.
    pub fn keep(&mut self, change: &ProofChange) {
        let before = match &change.proof {
            Some(proof) => self.proofs.insert(change.holder, proof.clone()),
            None => self.proofs.remove(&change.holder),
        };
        // Passwords are salted: nobody can be found by one.
        if matches!(change.holder, Holder::Password(_)) {
            return;
        }
        if let Some(before) = before {
            self.holders.remove(&before);
        }
        if let Some(proof) = &change.proof {
            self.holders.insert(proof.clone(), change.holder);
        }
    }
}
