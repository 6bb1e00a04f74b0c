use super::{
    Body, By, DirectorySubject, Draft, Ended, Holder, Proof, check_rank, check_room, gone, kept,
    useless_link,
};
use crate::{
    directory::Invitation,
    error::Rejection,
    value::{Email, InvitationId, MemberId, OrganizationId, Timestamp},
    wire::Role,
};

/// Open invitations to one organization.
const INVITATIONS: usize = 1_000;

impl Draft<'_> {
    /// Whether there is an account with that address is not looked at: the answer would tell.
    pub(super) fn invite(
        &mut self,
        by: &By,
        (email, role, member): (&Email, Role, Option<MemberId>),
        expires_at: Timestamp,
        proof: &Proof,
    ) -> Result<DirectorySubject, Rejection> {
        check_rank(by, role)?;
        self.forget_expired(by.organization);
        let open = self.model.invitations_to(by.organization).count();
        check_room("open invitations", open, INVITATIONS)?;
        let invitation = Invitation {
            id: self.ids.fresh(),
            organization: by.organization,
            email: email.clone(),
            role,
            member,
            created_at: self.context.at,
            expires_at,
            created_by: by.account,
        };
        let id = invitation.id;
        let proofs = vec![kept(Holder::Invitation(id), proof)];
        self.emit(
            Some(by.organization),
            Body::InvitationCreated { invitation },
            proofs,
        );
        Ok(DirectorySubject::Invitation(id))
    }

    pub(super) fn revoke_invitation(
        &mut self,
        by: &By,
        id: InvitationId,
    ) -> Result<DirectorySubject, Rejection> {
        let found = self.model.invitation(id);
        found
            .filter(|invitation| invitation.organization == by.organization)
            .ok_or_else(|| Rejection::not_found("invitation", id))?;
        self.end_invitation(by.organization, id, Ended::Asked);
        Ok(DirectorySubject::Invitation(id))
    }

    /// Answers the account; where none was made of it, the invitation.
    pub(super) fn accept(
        &mut self,
        shown: &Proof,
        member: Option<MemberId>,
        password: &Proof,
    ) -> Result<DirectorySubject, Rejection> {
        let Some(Holder::Invitation(id)) = self.model.holder(shown) else {
            return Err(useless_link());
        };
        let found = self.model.invitation(id).cloned();
        let invitation = found
            .filter(|invitation| invitation.expires_at > self.context.at)
            .ok_or_else(useless_link)?;
        let organization = invitation.organization;
        self.end_invitation(organization, id, Ended::Used);
        // An address has one account on the server; which ones have is not told. The link is used up like any other, so
        // that looking at it again tells no more than the first refusal.
        if self.model.account_of(&invitation.email).is_some() {
            return Ok(DirectorySubject::Invitation(id));
        }
        let account = (
            organization,
            &invitation.email,
            invitation.role,
            member.or(invitation.member),
        );
        self.add_account(account, password, Vec::new())
    }

    fn forget_expired(&mut self, organization: OrganizationId) {
        let now = self.context.at;
        let over: Vec<InvitationId> = self
            .model
            .invitations_to(organization)
            .filter(|invitation| invitation.expires_at <= now)
            .map(|invitation| invitation.id)
            .collect();
        over.into_iter()
            .for_each(|id| self.end_invitation(organization, id, Ended::Expired));
    }

    fn end_invitation(&mut self, organization: OrganizationId, id: InvitationId, why: Ended) {
        let proofs = vec![gone(Holder::Invitation(id))];
        let body = Body::InvitationEnded {
            invitation: id,
            why,
        };
        self.emit(Some(organization), body, proofs);
    }
}
