//! What of an organization one may see.

use std::{fmt, str::FromStr};

use super::Organization;
use crate::{
    event::EventBody,
    model::{Entity, Item, Run},
    topic::Topic,
    value::{Invalid, MemberId, ProjectId, string_value, value_schema},
};

/// What of an organization one may see: all of it, one project with its teams and items, one member with the
/// items assigned to it, or the items that are in no project. By its name, as a token carries it, `organization`,
/// `project:<id>`, `member:<id>` or `backlog`; the last is of tokens that were lent for a run alone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sight {
    /// All of it.
    #[default]
    Organization,
    /// One project, its teams and its items.
    Project(ProjectId),
    /// One member, and the items assigned to it.
    Member(MemberId),
    /// The items in the organization's own backlog.
    Backlog,
}

impl Sight {
    /// The topic that shows most of what can be seen.
    pub fn topic(self) -> Topic {
        match self {
            Sight::Organization => Topic::All,
            Sight::Project(id) => Topic::Project(id),
            Sight::Member(id) => Topic::Member(id),
            // With more than may be seen.
            Sight::Backlog => Topic::Org,
        }
    }

    /// Whether it is all there is.
    pub fn is_everything(self) -> bool {
        self == Sight::Organization
    }

    /// Whether it takes in this project, as a whole.
    pub fn has_project(self, id: ProjectId) -> bool {
        match self {
            Sight::Organization => true,
            Sight::Project(own) => own == id,
            Sight::Member(_) | Sight::Backlog => false,
        }
    }

    /// Whether it takes in this member, with all that is assigned to it.
    pub fn has_member(self, id: MemberId) -> bool {
        match self {
            Sight::Organization => true,
            Sight::Project(_) | Sight::Backlog => false,
            Sight::Member(own) => own == id,
        }
    }

    /// Whether it takes in this item.
    pub fn has_item(self, item: &Item) -> bool {
        match self {
            Sight::Organization => true,
            Sight::Project(own) => item.project == Some(own),
            Sight::Member(own) => item.assignees.contains(&own),
            Sight::Backlog => item.project.is_none(),
        }
    }
}

impl fmt::Display for Sight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Sight::Organization => f.write_str("organization"),
            Sight::Backlog => f.write_str("backlog"),
            Sight::Project(_) | Sight::Member(_) => self.topic().fmt(f),
        }
    }
}

impl FromStr for Sight {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let refuse = || Invalid("must be organization, project:<id> or member:<id>".into());
        match text {
            "organization" => Ok(Sight::Organization),
            "backlog" => Ok(Sight::Backlog),
            _ => match text.parse().map_err(|_| refuse())? {
                Topic::Project(id) => Ok(Sight::Project(id)),
                Topic::Member(id) => Ok(Sight::Member(id)),
                _ => Err(refuse()),
            },
        }
    }
}

string_value!(Sight);
value_schema!(Sight, string => string.examples(["organization", "project:019380a0-7b3c-7c41-a3f2-2a1b3c4d5e6f"]));

impl Organization {
    /// Whether a topic may be followed by one who sees this much.
    pub fn is_in_sight(&self, sight: Sight, topic: Topic) -> bool {
        match topic {
            _ if sight.is_everything() => true,
            Topic::Org | Topic::All => false,
            Topic::Project(id) => sight.has_project(id),
            Topic::Team(id) => self
                .team(id)
                .is_some_and(|team| sight.has_project(team.project)),
            Topic::Member(id) => sight.has_member(id),
            Topic::Item(id) => self.item(id).is_some_and(|item| sight.has_item(item)),
            Topic::Run(id) => self.run(id).is_some_and(|run| self.sees_run(sight, run)),
        }
    }

    /// Whether what an event tells of may be seen, as it is after it.
    pub fn shows(&self, sight: Sight, event: &EventBody) -> bool {
        use EventBody as B;
        match event {
            _ if sight.is_everything() => true,
            B::OrganizationUpdated { .. } => false,
            B::ProjectCreated { project }
            | B::ProjectUpdated { project, .. }
            | B::ProjectDeleted { project }
            | B::ProjectRestored { project } => sight.has_project(project.id()),
            B::TeamCreated { team }
            | B::TeamUpdated { team, .. }
            | B::TeamDeleted { team }
            | B::TeamRestored { team } => sight.has_project(team.project),
            B::MemberCreated { member }
            | B::MemberUpdated { member, .. }
            | B::MemberDeleted { member }
            | B::MemberRestored { member } => sight.has_member(member.id()),
            B::ItemCreated { item }
            | B::ItemUpdated { item, .. }
            | B::ItemDeleted { item }
            | B::ItemRestored { item } => sight.has_item(item),
            B::CommentCreated { comment, .. }
            | B::CommentUpdated { comment, .. }
            | B::CommentDeleted { comment, .. }
            | B::CommentRestored { comment, .. } => self
                .item(comment.item)
                .is_some_and(|item| sight.has_item(item)),
            B::RunCreated { run } | B::RunUpdated { run, .. } => self.sees_run(sight, run),
            B::BudgetUpdated { budget, .. } => budget.scope == sight,
        }
    }

    /// Whether a run may be seen: with its item, and by the member that works.
    pub fn sees_run(&self, sight: Sight, run: &Run) -> bool {
        let item = self.item(run.item);
        item.is_some_and(|item| sight.has_item(item) || sight.has_member(run.member))
    }

    /// Whether a member may be named by one who sees this much: a backlog's items and a project's teams name members that
    /// are not part of it.
    pub fn may_name_member(&self, sight: Sight, id: MemberId) -> bool {
        let at_work = || self.items_of_member(id).any(|item| sight.has_item(item));
        let is_named = match sight {
            Sight::Organization | Sight::Member(_) => return sight.has_member(id),
            Sight::Backlog => at_work(),
            Sight::Project(project) => {
                let mut teams = self.teams_of(project);
                teams.any(|team| team.members.contains(&id)) || at_work()
            }
        };
        is_named && self.member(id).is_some()
    }
}
