use std::sync::Arc;

use super::{
    Body, By, DirectorySubject, Draft, Ended, Holder, Proof, check_rank, check_room, gone, kept,
    useless_link,
};
use crate::{
    directory::Account,
    error::{ErrorCode, Rejection},
    value::{AccountId, Email, MemberId, OrganizationId, SessionId},
    wire::Role,
};

/// Accounts of one organization: as many as members.
const ACCOUNTS: usize = 10_000;

impl Draft<'_> {
    pub(super) fn set_up(
        &mut self,
        shown: &Proof,
        organization: OrganizationId,
        email: &Email,
        member: Option<MemberId>,
        password: &Proof,
    ) -> Result<DirectorySubject, Rejection> {
        if self.model.holder(shown) != Some(Holder::SetUp) || self.model.has_accounts() {
            return Err(useless_link());
        }
        let also = vec![gone(Holder::SetUp)];
        self.add_account((organization, email, Role::Owner, member), password, also)
    }

    pub(super) fn create_account(
        &mut self,
        organization: OrganizationId,
        email: &Email,
        role: Role,
        member: Option<MemberId>,
        password: &Proof,
    ) -> Result<DirectorySubject, Rejection> {
        if self.model.account_of(email).is_some() {
            let message = "there is an account with this address: choose another";
            return Err(Rejection::field(ErrorCode::Validation, "/email", message));
        }
        // Whoever operates the server has claimed it.
        let also = vec![gone(Holder::SetUp)];
        self.add_account((organization, email, role, member), password, also)
    }

    pub(super) fn add_account(
        &mut self,
        (organization, email, role, member): (OrganizationId, &Email, Role, Option<MemberId>),
        password: &Proof,
        mut proofs: Vec<super::ProofChange>,
    ) -> Result<DirectorySubject, Rejection> {
        check_room(
            "accounts",
            self.model.accounts_in(organization).count(),
            ACCOUNTS,
        )?;
        let at = self.context.at;
        let account = Account {
            id: self.ids.fresh(),
            organization,
            email: email.clone(),
            role,
            member,
            created_at: at,
            updated_at: at,
            password_at: at,
        };
        let id = account.id;
        proofs.push(kept(Holder::Password(id), password));
        self.emit(Some(organization), Body::AccountCreated { account }, proofs);
        Ok(DirectorySubject::Account(id))
    }

    pub(super) fn change_role(
        &mut self,
        by: &By,
        id: AccountId,
        role: Role,
    ) -> Result<DirectorySubject, Rejection> {
        let before = self.account_in(by, id)?;
        check_rank(by, before.role)?;
        check_rank(by, role)?;
        if before.role != role {
            self.check_owner_left(&before)?;
            let mut account = Account::clone(&before);
            account.role = role;
            account.updated_at = self.context.at;
            let changed = vec!["role".to_owned()];
            self.emit(
                Some(before.organization),
                Body::AccountUpdated { account, changed },
                Vec::new(),
            );
        }
        Ok(DirectorySubject::Account(id))
    }

    pub(super) fn remove_account(
        &mut self,
        by: &By,
        id: AccountId,
    ) -> Result<DirectorySubject, Rejection> {
        let account = self.account_in(by, id)?;
        check_rank(by, account.role)?;
        self.check_owner_left(&account)?;
        self.end_sessions_because(id, None, Ended::AccountRemoved);
        let tokens: Vec<_> = self
            .model
            .tokens_of(account.organization)
            .filter(|token| token.account == Some(id))
            .map(|token| token.id)
            .collect();
        tokens
            .into_iter()
            .for_each(|token| self.end_token(account.organization, token, Ended::AccountRemoved));
        let proofs = vec![gone(Holder::Password(id))];
        let body = Body::AccountRemoved {
            account: Account::clone(&account),
        };
        self.emit(Some(account.organization), body, proofs);
        Ok(DirectorySubject::Account(id))
    }

    pub(super) fn change_password(
        &mut self,
        id: AccountId,
        password: &Proof,
        keep: Option<SessionId>,
    ) -> Result<DirectorySubject, Rejection> {
        self.put_password(id, password, true)?;
        self.end_sessions_because(id, keep, Ended::PasswordChanged);
        Ok(DirectorySubject::Account(id))
    }

    pub(super) fn raise_password(
        &mut self,
        id: AccountId,
        password: &Proof,
    ) -> Result<DirectorySubject, Rejection> {
        self.put_password(id, password, false)?;
        Ok(DirectorySubject::Account(id))
    }

    fn put_password(
        &mut self,
        id: AccountId,
        password: &Proof,
        chosen: bool,
    ) -> Result<(), Rejection> {
        let account = self.account(id)?;
        let proofs = vec![kept(Holder::Password(id), password)];
        let body = Body::PasswordChanged {
            account: id,
            chosen,
        };
        self.emit(Some(account.organization), body, proofs);
        Ok(())
    }

    /// The account, or that there is none.
    pub(super) fn account(&self, id: AccountId) -> Result<Arc<Account>, Rejection> {
        let account = self.model.account(id).cloned();
        account.ok_or_else(|| Rejection::not_found("account", id))
    }

    fn account_in(&self, by: &By, id: AccountId) -> Result<Arc<Account>, Rejection> {
        let account = self.account(id)?;
        if account.organization == by.organization {
            return Ok(account);
        }
        Err(Rejection::not_found("account", id))
    }

    fn check_owner_left(&self, account: &Account) -> Result<(), Rejection> {
        if !self.model.is_last_owner(account) {
            return Ok(());
        }
        Err(Rejection::new(
            ErrorCode::LastOwner,
            "This is the only owner: make somebody else an owner first.",
        ))
    }
}
