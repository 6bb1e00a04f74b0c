use super::{Body, By, DirectorySubject, Draft, Ended, Holder, Proof, check_room, gone, kept};
use crate::{
    directory::{Access, Token},
    error::{ErrorCode, Rejection},
    state::Sight,
    value::{Name, OrganizationId, Timestamp, TokenId},
    wire::Role,
};

/// Tokens of one account.
const TOKENS: usize = 100;

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
        let own = tokens.filter(|token| token.account == by.account).count();
        check_room("tokens of yours", own, TOKENS)?;
        let token = Token {
            id: self.ids.fresh(),
            organization: by.organization,
            account: by.account,
            name: name.clone(),
            access,
            scope,
            created_at: self.context.at,
            expires_at,
        };
        let id = token.id;
        let proofs = vec![kept(Holder::Token(id), proof)];
        self.emit(Some(by.organization), Body::TokenCreated { token }, proofs);
        Ok(DirectorySubject::Token(id))
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

    pub(super) fn end_token(&mut self, organization: OrganizationId, id: TokenId, why: Ended) {
        let proofs = vec![gone(Holder::Token(id))];
        let body = Body::TokenRevoked { token: id, why };
        self.emit(Some(organization), body, proofs);
    }
}
