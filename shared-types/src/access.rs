//! The one table of who may do what. The server lets requests and live connections in by it, and the page offers nothing
//! that it would refuse; `docs/roles.md` is checked against it.

use crate::wire::Role;

/// What can be done, as far as roles tell it apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Read what is public: how to talk to this server, and the ways in.
    Enter,
    /// See the organization and all that is in it.
    View,
    /// Make and change projects; all there is to do with teams, items and comments.
    Work,
    /// Delete and restore projects, with all that is in them.
    DeleteProjects,
    /// Make, change and delete members.
    ManageMembers,
    /// Change the organization itself.
    ManageOrganization,
    /// Say whose models AI members work with, what they may spend, and whether they work at all.
    ManageAgents,
    /// See and change one's own account, and end one's own sessions.
    OwnAccount,
    /// Make and revoke tokens of one's own.
    OwnTokens,
    /// Invite people.
    Invite,
    /// See every account and token, give roles, take away access.
    ManageAccess,
    /// Read who did what, when and from where.
    Audit,
}

/// Who asks, as far as the table is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    pub role: Role,
    /// Whether it is a token, and not a person.
    pub is_token: bool,
    /// Whether it sees the whole organization.
    pub sees_all: bool,
}

impl Action {
    /// Every one.
    pub const ALL: [Action; 12] = [
        Action::Enter,
        Action::View,
        Action::Work,
        Action::DeleteProjects,
        Action::ManageMembers,
        Action::ManageOrganization,
        Action::ManageAgents,
        Action::OwnAccount,
        Action::OwnTokens,
        Action::Invite,
        Action::ManageAccess,
        Action::Audit,
    ];

    /// What it is, in the words of the documentation.
    pub fn describe(self) -> &'static str {
        match self {
            Action::Enter => "Read the API's description, sign in, use a link",
            Action::View => "See the organization and all that is in it, and follow it live",
            Action::Work => {
                "Create, change and archive projects; create, change, delete and restore teams, items, comments; start, \
                 work and review runs"
            }
            Action::DeleteProjects => "Delete and restore projects",
            Action::ManageMembers => "Create, change, delete and restore members",
            Action::ManageOrganization => "Change the organization",
            Action::ManageAgents => {
                "Set budgets and providers, stop all AI members and let them work again"
            }
            Action::OwnAccount => "See one's own account, change its password, end its sessions",
            Action::OwnTokens => "Make and revoke tokens of one's own",
            Action::Invite => "Invite people, take invitations back",
            Action::ManageAccess => {
                "See all accounts and tokens, give roles, remove accounts, revoke tokens"
            }
            Action::Audit => "Read and export the audit",
        }
    }

    /// The least role that may do it; none: nobody has to be anybody.
    pub fn least_role(self) -> Option<Role> {
        match self {
            Action::Enter => None,
            Action::View | Action::OwnAccount | Action::OwnTokens => Some(Role::Viewer),
            Action::Work => Some(Role::Member),
            Action::DeleteProjects
            | Action::ManageMembers
            | Action::ManageOrganization
            | Action::ManageAgents
            | Action::Invite
            | Action::ManageAccess
            | Action::Audit => Some(Role::Admin),
        }
    }

    /// Whether one who stands so may do it.
    pub fn is_allowed(self, who: Standing) -> bool {
        let Some(least) = self.least_role() else {
            return true;
        };
        // A token is for the work. What it may do beyond that, it must have been made for.
        let suits_token = match self {
            Action::Enter | Action::View | Action::Work => true,
            Action::OwnAccount => false,
            Action::OwnTokens
            | Action::DeleteProjects
            | Action::ManageMembers
            | Action::ManageOrganization
            | Action::ManageAgents
            | Action::Invite
            | Action::ManageAccess
            | Action::Audit => who.sees_all && who.role.is_at_least(Role::Admin),
        };
        who.role.is_at_least(least) && (!who.is_token || suits_token)
    }
}
