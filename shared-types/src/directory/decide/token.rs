use super::{Body, By, DirectorySubject, Draft, Ended, Holder, Proof, check_room, gone, kept};
use crate::{
    directory::{Access, Lent, Token},
    error::{ErrorCode, Rejection},
    state::Sight,
    value::{Name, OrganizationId, Timestamp, TokenId},
    wire::Role,
};

/// Tokens of one account.
const TOKENS: usize = 100;
/// Tokens for runs in one organization.
const LENT: usize = 10_000;

impl Draft<'_> {
    pub(super) fn create_token(
        &mut self,
        by: &By,
        (name, access, scope, expires_at): (&Name, Access, Sight, Option<Timestamp>),
        proof: &Proof,
    ) -> Result<DirectorySubject, Rejection> {
        if !by.role.is_at_least(access.role()) {
            let message = "is more than you may do yourself: choose less";
            return Err(Rejection::field(ErrorCode::Forbidden, "/access", message));
        }
        let tokens = self.model.tokens_of(by.organization);
        let own = tokens.filter(|token| token.account == by.account && token.lent.is_none());
        check_room("tokens of yours", own.count(), TOKENS)?;
        let token = Token {
            id: self.ids.fresh(),
            organization: by.organization,
            account: by.account,
            name: name.clone(),
            access,
            scope,
            created_at: self.context.at,
            expires_at,
            lent: None,
        };
        Ok(self.add_token(token, proof))
    }

    /// Those of before whose time is over go with it.
    pub(super) fn lend_token(
        &mut self,
        by: &By,
        lent: Lent,
        (name, scope, expires_at): (&Name, Sight, Timestamp),
        proof: &Proof,
    ) -> Result<DirectorySubject, Rejection> {
        if let Some(id) = lent.by {
            let found = self.model.token(id);
            found
                .filter(|token| token.organization == by.organization)
                .ok_or_else(|| Rejection::not_found("token", id))?;
        }
        let at = self.context.at;
        let is_over =
            |token: &Token| token.lent.is_some() && token.expires_at.is_some_and(|end| end <= at);
        for id in self.tokens_that(by.organization, is_over) {
            self.end_token(by.organization, id, Ended::Expired);
        }
        let others = self.tokens_that(by.organization, |token| token.lent.is_some());
        check_room("tokens for runs", others.len(), LENT)?;
        let token = Token {
            id: self.ids.fresh(),
            organization: by.organization,
            account: by.account,
            name: name.clone(),
            access: Access::Write,
            scope,
            created_at: at,
            expires_at: Some(expires_at),
            lent: Some(lent),
        };
        Ok(self.add_token(token, proof))
    }

    fn add_token(&mut self, token: Token, proof: &Proof) -> DirectorySubject {
        let (id, organization) = (token.id, token.organization);
        let proofs = vec![kept(Holder::Token(id), proof)];
        self.emit(Some(organization), Body::TokenCreated { token }, proofs);
        DirectorySubject::Token(id)
    }

    fn tokens_that(
        &self,
        organization: OrganizationId,
        are: impl Fn(&Token) -> bool,
    ) -> Vec<TokenId> {
        let tokens = self.model.tokens_of(organization);
        tokens
            .filter(|token| are(token))
            .map(|token| token.id)
            .collect()
    }

    /// One's own; an admin anybody's.
    pub(super) fn revoke_token(
        &mut self,
        by: &By,
        id: TokenId,
    ) -> Result<DirectorySubject, Rejection> {
        let found = self.model.token(id);
        let may = |token: &&std::sync::Arc<Token>| {
            let own = by.account.is_some() && token.account == by.account;
            token.organization == by.organization && (own || by.role.is_at_least(Role::Admin))
        };
        found
            .filter(may)
            .ok_or_else(|| Rejection::not_found("token", id))?;
        self.end_token(by.organization, id, Ended::Asked);
        Ok(DirectorySubject::Token(id))
    }

    /// Ends it, and those that were lent by it.
    pub(super) fn end_token(&mut self, organization: OrganizationId, id: TokenId, why: Ended) {
        if self.model.token(id).is_none() {
            return;
        }
        let is_lent = |token: &Token| token.lent.is_some_and(|lent| lent.by == Some(id));
        for lent in self.tokens_that(organization, is_lent) {
            self.end_token(organization, lent, why);
        }
        let proofs = vec![gone(Holder::Token(id))];
        let body = Body::TokenRevoked { token: id, why };
        self.emit(Some(organization), body, proofs);
    }
}
