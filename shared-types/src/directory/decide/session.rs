use super::{Body, DirectorySubject, Draft, Ended, Holder, Proof, gone, kept};
use crate::{
    directory::{Session, model::excerpt},
    error::Rejection,
    value::{AccountId, OrganizationId, SessionId, Timestamp},
};

/// Sessions of one account; one more takes the place of the oldest.
const SESSIONS: usize = 50;

impl Draft<'_> {
    pub(super) fn start_session(
        &mut self,
        account: AccountId,
        proof: &Proof,
        expires_at: Timestamp,
        user_agent: Option<&str>,
    ) -> Result<DirectorySubject, Rejection> {
        let organization = self.account(account)?.organization;
        self.make_room(organization, account);
        let session = Session {
            id: self.ids.fresh(),
            account,
            created_at: self.context.at,
            expires_at,
            user_agent: user_agent.map(excerpt),
            address: self.context.from.map(|address| address.to_string()),
        };
        let id = session.id;
        let proofs = vec![kept(Holder::Session(id), proof)];
        self.emit(Some(organization), Body::SessionStarted { session }, proofs);
        Ok(DirectorySubject::Session(id))
    }

    /// What has run out goes when there is something new.
    fn make_room(&mut self, organization: OrganizationId, account: AccountId) {
        let now = self.context.at;
        let mut open = Vec::new();
        let mut over = Vec::new();
        for session in self.model.sessions_of(account) {
            let list = if session.expires_at <= now {
                &mut over
            } else {
                &mut open
            };
            list.push((session.created_at, session.id));
        }
        for (_, id) in over {
            self.end(organization, account, id, Ended::Expired);
        }
        open.sort_unstable();
        for (_, id) in open.iter().take((open.len() + 1).saturating_sub(SESSIONS)) {
            self.end(organization, account, *id, Ended::Replaced);
        }
    }

    pub(super) fn end_session(
        &mut self,
        account: AccountId,
        id: SessionId,
    ) -> Result<DirectorySubject, Rejection> {
        let session = self.model.session(id).cloned();
        let session = session
            .filter(|session| session.account == account)
            .ok_or_else(|| Rejection::not_found("session", id))?;
        let organization = self.account(session.account)?.organization;
        self.end(organization, account, id, Ended::Asked);
        Ok(DirectorySubject::Session(id))
    }

    pub(super) fn end_sessions(
        &mut self,
        account: AccountId,
        keep: Option<SessionId>,
    ) -> Result<DirectorySubject, Rejection> {
        self.account(account)?;
        self.end_sessions_because(account, keep, Ended::Asked);
        Ok(DirectorySubject::Account(account))
    }

    pub(super) fn end_sessions_because(
        &mut self,
        account: AccountId,
        keep: Option<SessionId>,
        why: Ended,
    ) {
        let Some(organization) = self.model.account(account).map(|a| a.organization) else {
            return;
        };
        let others: Vec<SessionId> = self
            .model
            .sessions_of(account)
            .map(|session| session.id)
            .filter(|id| Some(*id) != keep)
            .collect();
        others
            .into_iter()
            .for_each(|id| self.end(organization, account, id, why));
    }

    fn end(&mut self, organization: OrganizationId, account: AccountId, id: SessionId, why: Ended) {
        let proofs = vec![gone(Holder::Session(id))];
        let body = Body::SessionEnded {
            session: id,
            account,
            why,
        };
        self.emit(Some(organization), body, proofs);
    }
}
