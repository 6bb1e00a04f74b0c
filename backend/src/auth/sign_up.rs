//! How somebody gets an account. A member and an account are made by two engines: the member first, since one without
//! an account does no harm.

use shared_types::{
    ErrorCode,
    command::{Command, MemberPatch, NewMember, Patch},
    decide::Subject,
    directory::{By, DirectoryCommand, DirectorySubject, Holder, Invitation, Proof},
    event::{Actor, ActorKind},
    model::MemberKind,
    state::Sight,
    value::{AccountId, Email, MemberId, Name, Password},
    wire::Role,
};

use super::{Asking, Auth, secret::proof_of};
use crate::{
    api::{ApiError, State},
    engine::Request,
};

impl Auth {
    /// The first account, which owns the organization that was there first.
    pub async fn set_up(
        &self,
        secret: &str,
        email: Email,
        password: Password,
        name: Option<Name>,
        asking: Asking,
    ) -> Result<AccountId, ApiError> {
        let shown = proof_of(secret);
        // Nobody makes the server work without a link.
        if self.directory.model().aggregate.holder(&shown) != Some(Holder::SetUp) {
            return Err(useless_link());
        }
        let password = self.passwords.hash(password).await?;
        let _turn = self.turn().await;
        let model = self.directory.model();
        if model.aggregate.holder(&shown) != Some(Holder::SetUp) || model.aggregate.has_accounts() {
            return Err(useless_link());
        }
        let home = self.home();
        let member = member_for(home, home.owner(), name, &email, &asking).await?;
        let command = DirectoryCommand::SetUp {
            shown,
            organization: home.organization(),
            email,
            member: Some(member),
            password,
        };
        self.add_account(home, member, command, asking).await
    }

    /// The invitation that a link leads to, if it can be used.
    pub fn invitation(&self, secret: &str) -> Result<std::sync::Arc<Invitation>, ApiError> {
        let model = self.directory.model();
        let directory = &model.aggregate;
        let Some(Holder::Invitation(id)) = directory.holder(&proof_of(secret)) else {
            return Err(useless_link());
        };
        let found = directory.invitation(id).cloned();
        found
            .filter(|invitation| invitation.expires_at > super::now())
            .ok_or_else(useless_link)
    }

    /// An account by way of an invitation.
    pub async fn accept(
        &self,
        secret: &str,
        password: Password,
        name: Option<Name>,
        asking: Asking,
    ) -> Result<AccountId, ApiError> {
        // Nobody makes the server work without a link.
        self.invitation(secret)?;
        let password = self.passwords.hash(password).await?;
        let _turn = self.turn().await;
        let invitation = self.invitation(secret)?;
        let is_taken = self
            .directory
            .model()
            .aggregate
            .account_of(&invitation.email)
            .is_some();
        let accept = |member| DirectoryCommand::AcceptInvitation {
            shown: proof_of(secret),
            member,
            password,
        };
        if is_taken {
            // Used up, and nothing comes of it.
            self.execute(accept(None), asking).await?;
            return Err(useless_link());
        }
        let state = self.open(invitation.organization).await?;
        let member =
            member_for(&state, invitation.member, name, &invitation.email, &asking).await?;
        self.add_account(&state, member, accept(Some(member)), asking)
            .await
    }

    /// An account by the server's own operator, in an organization of this server.
    pub async fn create_account(
        &self,
        state: &State,
        email: Email,
        role: Role,
        password: Password,
        name: Option<Name>,
    ) -> Result<AccountId, ApiError> {
        let password = self.passwords.hash(password).await?;
        let _turn = self.turn().await;
        let model = self.directory.model();
        let is_first = model
            .aggregate
            .accounts_in(state.organization())
            .next()
            .is_none();
        if model.aggregate.account_of(&email).is_some() {
            let detail = format!("There is an account with the address {email} already.");
            return Err(ApiError::new(ErrorCode::LimitReached, detail));
        }
        let asking = Asking::system("operator");
        let owner = state.owner().filter(|_| is_first && role == Role::Owner);
        let member = member_for(state, owner, name, &email, &asking).await?;
        let command = DirectoryCommand::CreateAccount {
            organization: state.organization(),
            email,
            role,
            member: Some(member),
            password,
        };
        self.add_account(state, member, command, asking).await
    }

    /// Another password for an account, whose sessions all end.
    pub async fn reset_password(
        &self,
        account: AccountId,
        password: Password,
        asking: Asking,
    ) -> Result<(), ApiError> {
        let password: Proof = self.passwords.hash(password).await?;
        let command = DirectoryCommand::ChangePassword {
            account,
            password,
            keep: None,
        };
        self.execute(command, asking).await?;
        Ok(())
    }

    /// Takes an account away, with all that was a way in by it.
    pub async fn remove_account(
        &self,
        by: By,
        account: AccountId,
        asking: Asking,
    ) -> Result<(), ApiError> {
        let _turn = self.turn().await;
        self.check_account_goes(&by, account)?;
        let known = self.directory.model().aggregate.account(account).cloned();
        let command = DirectoryCommand::RemoveAccount { by, account };
        self.execute(command, asking.clone()).await?;
        let member = known.and_then(|known| Some((known.organization, known.member?)));
        if let Some((organization, member)) = member
            && let Ok(state) = self.open(organization).await
        {
            let unlink = Command::LinkMember {
                member: member.into(),
                account: None,
            };
            if let Err(error) = state.engine.execute(request(unlink, &asking)).await {
                tracing::debug!(%error, %account, "no member shows the account that is gone");
            }
        }
        Ok(())
    }

    async fn add_account(
        &self,
        state: &State,
        member: MemberId,
        command: DirectoryCommand,
        asking: Asking,
    ) -> Result<AccountId, ApiError> {
        let answer = self.execute(command, asking.clone()).await?;
        let DirectorySubject::Account(account) = answer.subject else {
            return Err(useless_link());
        };
        let link = Command::LinkMember {
            member: member.into(),
            account: Some(account),
        };
        // It is shown on the member; who can sign in as it stands in the directory.
        if let Err(error) = state.engine.execute(request(link, &asking)).await {
            tracing::warn!(%error, %account, "a member does not show its account");
        }
        Ok(account)
    }
}

/// The member that a new account acts as: the one that is meant, if it has no account yet, else a new one.
async fn member_for(
    state: &State,
    meant: Option<MemberId>,
    name: Option<Name>,
    email: &Email,
    asking: &Asking,
) -> Result<MemberId, ApiError> {
    let model = state.engine.model();
    let free = meant.filter(|id| {
        let member = model.aggregate.member(*id);
        member.is_some_and(|member| member.account.is_none() && member.kind == MemberKind::Human)
    });
    if let Some(id) = free {
        if let Some(name) = name {
            let patch = MemberPatch {
                name: Patch::Set(name),
                ..MemberPatch::default()
            };
            let command = Command::UpdateMember {
                member: id.into(),
                patch,
                expected: None,
            };
            state.engine.execute(request(command, asking)).await?;
        }
        return Ok(id);
    }
    let local = email.split('@').next().unwrap_or_default();
    let name = match name {
        Some(name) => name,
        None => local
            .parse()
            .map_err(|_| ApiError::parameter("name", "must be given"))?,
    };
    let new = NewMember {
        id: None,
        name,
        slug: None,
        title: None,
        kind: MemberKind::Human,
        agent: None,
    };
    let made = Command::CreateMember { new };
    match state.engine.execute(request(made, asking)).await?.subject {
        Subject::Member(id) => Ok(id),
        _ => Err(ApiError::new(ErrorCode::Internal, "No member was made.")),
    }
}

fn request(command: Command, asking: &Asking) -> Request {
    Request {
        command,
        actor: Actor {
            kind: ActorKind::System,
            id: "sign-up".into(),
            run: None,
        },
        member: None,
        cause: asking.cause.clone(),
        sight: Sight::Organization,
        from: asking.from,
        idempotency: None,
    }
}

/// Whatever is wrong with a link, it is said in the same words: they must not tell what there is.
pub fn useless_link() -> ApiError {
    let detail = "This link can't be used: it was used before, its time is over, or it was never given out. Ask for a \
                  new one.";
    ApiError::new(ErrorCode::NotFound, detail)
}
