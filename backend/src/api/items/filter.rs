//! Which items a list asks for, and where in the model to look for them.

use std::{str::FromStr, sync::Arc};

use serde::{Deserialize, Deserializer, de::Error};
use shared_types::{
    Rejection, Topic,
    model::{Entity, Item, ItemKind, Status},
    state::{Organization, Scope, Sight},
    topic::{ItemRef, MemberRef, ProjectRef, TeamRef},
    value::{Invalid, ItemId, Label, MemberId, TeamId},
};
use utoipa::IntoParams;

use super::order::Sort;
use crate::api::{
    ApiError,
    page::{Limit, Token},
};

/// The parameters of `GET /items`. An empty `project`, `team`, `parent` or `assignee` asks for the items without one.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    /// In this project, by id or slug; empty: the organization's own.
    #[param(value_type = Option<String>, example = "website")]
    project: Option<OrNone<ProjectRef>>,
    /// In this team's backlog, by id, or by slug beside `project`; empty: in no team's.
    #[param(value_type = Option<String>)]
    team: Option<OrNone<TeamRef>>,
    /// Of this kind.
    #[param(inline)]
    kind: Option<ItemKind>,
    /// With this status.
    #[param(inline)]
    status: Option<Status>,
    /// Assigned to this member, by id or slug; empty: to nobody.
    #[param(value_type = Option<String>)]
    assignee: Option<OrNone<MemberRef>>,
    /// With this label.
    #[param(value_type = Option<String>)]
    label: Option<Label>,
    /// Right under this item, by id or key; empty: under none.
    #[param(value_type = Option<String>)]
    parent: Option<OrNone<ItemRef>>,
    /// With these words somewhere in key, title or description, in any case of letters.
    q: Option<String>,
    /// By `rank` in each project, by `updated_at` with the latest first, or by `key`.
    #[serde(default)]
    #[param(inline)]
    pub sort: Sort,
    /// How many at most.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200, default = 50)]
    pub limit: Limit,
    /// The `next` of the page before.
    #[param(value_type = Option<String>)]
    pub page: Option<Token>,
}

/// Something by name, or, where the parameter is empty, the lack of it.
#[derive(Debug)]
enum OrNone<T> {
    Some(T),
    None,
}

impl<'de, T: FromStr<Err = Invalid>> Deserialize<'de> for OrNone<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.is_empty() {
            Ok(OrNone::None)
        } else {
            text.parse().map(OrNone::Some).map_err(D::Error::custom)
        }
    }
}

/// What is asked for, with every name looked up.
pub(super) struct Filter {
    scope: Option<Scope>,
    team: Option<Option<TeamId>>,
    kind: Option<ItemKind>,
    status: Option<Status>,
    assignee: Option<Option<MemberId>>,
    label: Option<Label>,
    parent: Option<Option<ItemId>>,
    words: Option<String>,
    sight: Sight,
}

/// Where all items that can match are, by way of the narrowest index.
pub(super) enum Place {
    /// In one project or among the organization's own, by rank.
    Scope(Scope),
    Everywhere,
    /// In a team's backlog.
    Team(TeamId),
    /// Among those of one member.
    Member(MemberId),
    /// Right under an item.
    Parent(ItemId),
}

impl Asked {
    pub(super) fn resolve(&self, model: &Organization, sight: Sight) -> Result<Filter, ApiError> {
        let missing = |what: &str, name: &dyn std::fmt::Display| {
            ApiError::from(Rejection::not_found(what, name))
        };
        let project = look_up(&self.project, |name| {
            model
                .find_project(name)
                .filter(|project| sight.has_project(project.id()))
                .map(|project| project.id())
                .ok_or_else(|| missing("project", name))
        })?;
        let team = look_up(&self.team, |name| match (name, project) {
            (TeamRef::Id(id), _) => model
                .team(*id)
                .filter(|team| sight.has_project(team.project))
                .map(|team| team.id())
                .ok_or_else(|| missing("team", name)),
            (TeamRef::Name(_), Some(Some(project))) => model
                .find_team(project, name)
                .filter(|team| sight.has_project(team.project))
                .map(|team| team.id())
                .ok_or_else(|| missing("team", name)),
            (TeamRef::Name(_), _) => Err(ApiError::parameter(
                "team",
                "is known by its slug only in a project: name the project as well",
            )),
        })?;
        let assignee = look_up(&self.assignee, |name| {
            model
                .find_member(name)
                .filter(|member| model.may_name_member(sight, member.id()))
                .map(|member| member.id())
                .ok_or_else(|| missing("member", name))
        })?;
        let parent = look_up(&self.parent, |name| {
            model
                .find_item(name)
                .filter(|item| sight.has_item(item))
                .map(|item| item.id())
                .ok_or_else(|| missing("item", name))
        })?;
        Ok(Filter {
            scope: project,
            team,
            kind: self.kind,
            status: self.status,
            assignee,
            label: self.label.clone(),
            parent,
            words: self
                .q
                .as_ref()
                .map(|q| q.trim().to_lowercase())
                .filter(|q| !q.is_empty()),
            sight,
        })
    }
}

type Looked<Id> = Result<Option<Option<Id>>, ApiError>;

fn look_up<T, Id>(
    name: &Option<OrNone<T>>,
    find: impl FnOnce(&T) -> Result<Id, ApiError>,
) -> Looked<Id> {
    Ok(match name {
        None => None,
        Some(OrNone::None) => Some(None),
        Some(OrNone::Some(name)) => Some(Some(find(name)?)),
    })
}

impl Filter {
    pub(super) fn place(&self) -> Place {
        match (self.parent, self.team, self.assignee, self.scope) {
            (Some(Some(parent)), ..) => Place::Parent(parent),
            (_, Some(Some(team)), ..) => Place::Team(team),
            (_, _, Some(Some(member)), _) => Place::Member(member),
            (.., Some(scope)) => Place::Scope(scope),
            _ => match self.sight {
                Sight::Organization => Place::Everywhere,
                Sight::Project(project) => Place::Scope(Some(project)),
                Sight::Member(member) => Place::Member(member),
                Sight::Backlog => Place::Scope(None),
            },
        }
    }

    /// The narrowest topic on which all is that can change what matches.
    pub(super) fn topic(&self) -> Topic {
        match self.scope {
            Some(Some(project)) => Topic::Project(project),
            _ => Topic::All,
        }
    }

    pub(super) fn matches(&self, model: &Organization, item: &Arc<Item>) -> bool {
        self.sight.has_item(item)
            && self.scope.is_none_or(|scope| item.project == scope)
            && self.team.is_none_or(|team| item.team == team)
            && self.kind.is_none_or(|kind| item.kind == kind)
            && self.status.is_none_or(|status| item.status == status)
            && self.parent.is_none_or(|parent| item.parent == parent)
            && self.assignee.is_none_or(|assignee| match assignee {
                Some(member) => item.assignees.contains(&member),
                None => item.assignees.is_empty(),
            })
            && self
                .label
                .as_ref()
                .is_none_or(|label| item.labels.contains(label))
            && self
                .words
                .as_ref()
                .is_none_or(|words| says(model, item, words))
    }
}

/// Whether an item has these words, which are in lower case, in what can be read of it.
fn says(model: &Organization, item: &Item, words: &str) -> bool {
    let has = |text: &str| text.to_lowercase().contains(words);
    has(&item.title)
        || has(&item.key.to_string())
        || model.detail(item.id()).is_some_and(|d| has(&d.description))
}
