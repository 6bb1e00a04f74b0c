//! Every rule of the directory: what a command comes to.

mod account;
mod invitation;
mod session;
mod token;

use serde::{Deserialize, Serialize};

use super::{
    By, Directory, DirectoryCommand, DirectoryEvent, DirectoryEventBody as Body, Ended, Holder,
    Proof, ProofChange, ProviderNote,
};
use crate::{
    decide::Context,
    error::{ErrorCode, Rejection},
    value::{AccountId, IdSource, InvitationId, Name, OrganizationId, SessionId, TokenId},
    wire::Role,
};

/// What a command comes to.
#[derive(Debug, Clone)]
pub struct DirectoryDecision {
    /// Each with the proofs that change with it.
    pub events: Vec<(DirectoryEvent, Vec<ProofChange>)>,
    /// The directory with the events applied.
    pub directory: Directory,
    pub subject: DirectorySubject,
}

/// What a command was about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum DirectorySubject {
    Directory,
    Account(AccountId),
    Session(SessionId),
    Invitation(InvitationId),
    Token(TokenId),
}

/// Decides a command against the directory. Depends on its arguments alone.
pub fn decide(
    directory: &Directory,
    command: &DirectoryCommand,
    context: &Context,
) -> Result<DirectoryDecision, Rejection> {
    let mut draft = Draft {
        model: directory.clone(),
        context,
        ids: IdSource::new(context.at, context.entropy),
        events: Vec::new(),
    };
    let subject = draft.carry_out(command)?;
    Ok(DirectoryDecision {
        events: draft.events,
        directory: draft.model,
        subject,
    })
}

/// A decision in the making.
struct Draft<'a> {
    model: Directory,
    context: &'a Context,
    ids: IdSource,
    events: Vec<(DirectoryEvent, Vec<ProofChange>)>,
}

impl Draft<'_> {
    fn carry_out(&mut self, command: &DirectoryCommand) -> Result<DirectorySubject, Rejection> {
        use DirectoryCommand as C;
        match command {
            C::AddOrganization { organization } => Ok(self.add_organization(*organization)),
            C::OfferSetUp { proof } => self.offer_set_up(proof),
            C::SetUp {
                shown,
                organization,
                email,
                member,
                password,
            } => self.set_up(shown, *organization, email, *member, password),
            C::AcceptInvitation {
                shown,
                member,
                password,
            } => self.accept(shown, *member, password),
            C::CreateAccount {
                organization,
                email,
                role,
                member,
                password,
            } => self.create_account(*organization, email, *role, *member, password),
            C::ChangeRole { by, account, role } => self.change_role(by, *account, *role),
            C::RemoveAccount { by, account } => self.remove_account(by, *account),
            C::ChangePassword {
                account,
                password,
                keep,
            } => self.change_password(*account, password, *keep),
            C::RaisePassword { account, password } => self.raise_password(*account, password),
            C::StartSession {
                account,
                proof,
                expires_at,
                user_agent,
            } => self.start_session(*account, proof, *expires_at, user_agent.as_deref()),
            C::EndSession { account, session } => self.end_session(*account, *session),
            C::EndSessions { account, keep } => self.end_sessions(*account, *keep),
            C::Invite {
                by,
                email,
                role,
                member,
                expires_at,
                proof,
            } => self.invite(by, (email, *role, *member), *expires_at, proof),
            C::RevokeInvitation { by, invitation } => self.revoke_invitation(by, *invitation),
            C::CreateToken {
                by,
                name,
                access,
                scope,
                expires_at,
                proof,
            } => self.create_token(by, (name, *access, *scope, *expires_at), proof),
            C::LendToken {
                by,
                lent,
                name,
                scope,
                expires_at,
                proof,
            } => self.lend_token(by, *lent, (name, *scope, *expires_at), proof),
            C::RevokeToken { by, token } => self.revoke_token(by, *token),
            C::NoteProvider {
                by,
                provider,
                change,
            } => Ok(self.note_provider(by, provider, *change)),
        }
    }

    fn add_organization(&mut self, organization: OrganizationId) -> DirectorySubject {
        if !self.model.organizations.contains(&organization) {
            self.emit(
                Some(organization),
                Body::OrganizationAdded { organization },
                Vec::new(),
            );
        }
        DirectorySubject::Directory
    }

    fn note_provider(
        &mut self,
        by: &By,
        provider: &Name,
        change: ProviderNote,
    ) -> DirectorySubject {
        let provider = provider.clone();
        let body = match change {
            ProviderNote::Set { key } => Body::ProviderSet { provider, key },
            ProviderNote::Removed => Body::ProviderRemoved { provider },
        };
        self.emit(Some(by.organization), body, Vec::new());
        DirectorySubject::Directory
    }

    fn offer_set_up(&mut self, proof: &Proof) -> Result<DirectorySubject, Rejection> {
        if self.model.has_accounts() {
            return Err(useless_link());
        }
        let change = vec![kept(Holder::SetUp, proof)];
        self.emit(None, Body::SetUpOffered {}, change);
        Ok(DirectorySubject::Directory)
    }

    /// Makes something happen, and the proofs with it.
    fn emit(&mut self, organization: Option<OrganizationId>, body: Body, proofs: Vec<ProofChange>) {
        let event = DirectoryEvent {
            id: self.ids.fresh(),
            seq: self.model.seq + 1,
            at: self.context.at,
            actor: self.context.actor.clone(),
            cause: self.context.cause.as_str().into(),
            organization,
            body,
        };
        self.model.apply(&event);
        proofs.iter().for_each(|change| self.model.keep(change));
        self.events.push((event, proofs));
    }
}

fn kept(holder: Holder, proof: &Proof) -> ProofChange {
    ProofChange {
        holder,
        proof: Some(proof.clone()),
    }
}

fn gone(holder: Holder) -> ProofChange {
    ProofChange {
        holder,
        proof: None,
    }
}

/// Whatever is wrong with a link, it is said in the same words: they must not tell what there is.
fn useless_link() -> Rejection {
    Rejection::new(
        ErrorCode::NotFound,
        "This link can't be used: it was used before, its time is over, or it was never given out. Ask for a new one.",
    )
}

/// Nobody makes anybody more than they are themselves, nor touches who is more.
fn check_rank(by: &By, role: Role) -> Result<(), Rejection> {
    if by.role.is_at_least(role) {
        return Ok(());
    }
    Err(Rejection::new(
        ErrorCode::Forbidden,
        "Only an owner can do that to an owner, or make one: ask an owner.",
    ))
}

/// A refusal where there would be too many.
fn check_room(what: &str, count: usize, most: usize) -> Result<(), Rejection> {
    if count < most {
        return Ok(());
    }
    let detail = format!("There are {most} {what} already: take one away first.");
    Err(Rejection::new(ErrorCode::LimitReached, detail))
}
