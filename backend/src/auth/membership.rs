//! An account acts as a member. Where that member is deleted nobody gets in by the account, until it is restored.

use shared_types::{
    ErrorCode, Rejection,
    directory::{Account, By, DirectoryCommand},
    value::{AccountId, MemberId, OrganizationId},
    wire::Role,
};

use super::{Asking, Auth, Principal};
use crate::api::ApiError;

impl Auth {
    /// Whether an account lets anybody in. Its organization has to be open.
    pub fn is_open(&self, account: &Account) -> bool {
        let state = self.organizations.get(account.organization);
        let has = |member| {
            let state = state.as_ref();
            state.is_some_and(|state| state.has_member(member))
        };
        account.member.is_none_or(has)
    }

    /// Refuses to let a member go whose account the one who asks may not touch, or nobody else could own the place by.
    /// To be asked in turn, and done before the turn is over.
    pub fn check_member_goes(&self, who: &Principal, member: MemberId) -> Result<(), ApiError> {
        let organization = who.state.organization();
        let is_of_member = |account: &Account| account.member == Some(member);
        let model = self.directory.model();
        let mut accounts = model.aggregate.accounts_in(organization);
        if accounts.any(|account| is_of_member(account) && !who.wire.role.is_at_least(account.role))
        {
            let detail = "Only an owner can delete the member that an owner acts as: ask an owner.";
            return Err(ApiError::new(ErrorCode::Forbidden, detail));
        }
        self.check_owner_left(organization, is_of_member)
    }

    /// Gives an account another role.
    pub async fn change_role(
        &self,
        by: By,
        account: AccountId,
        role: Role,
        asking: Asking,
    ) -> Result<(), ApiError> {
        let _turn = self.turn().await;
        if role != Role::Owner {
            self.check_account_goes(&by, account)?;
        }
        let command = DirectoryCommand::ChangeRole { by, account, role };
        self.execute(command, asking).await?;
        Ok(())
    }

    /// Refuses what would take away the only owner's account that lets anybody in. (Whoever may not touch owners is
    /// refused for that.)
    pub(super) fn check_account_goes(&self, by: &By, id: AccountId) -> Result<(), ApiError> {
        match by.role {
            Role::Owner => self.check_owner_left(by.organization, |account| account.id == id),
            Role::Admin | Role::Member | Role::Viewer => Ok(()),
        }
    }

    fn check_owner_left(
        &self,
        organization: OrganizationId,
        goes: impl Fn(&Account) -> bool,
    ) -> Result<(), ApiError> {
        let model = self.directory.model();
        let accounts = model.aggregate.accounts_in(organization);
        let owners =
            accounts.filter(|account| account.role == Role::Owner && self.is_open(account));
        let (go, stay): (Vec<_>, Vec<_>) = owners.partition(|account| goes(account));
        if go.is_empty() || !stay.is_empty() {
            return Ok(());
        }
        let detail = "The only owner who can sign in acts as this member or by this account: make somebody else an \
                      owner first.";
        Err(Rejection::new(ErrorCode::LastOwner, detail).into())
    }
}
