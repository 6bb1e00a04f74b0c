//! Topics: what one can follow.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::value::{
    Invalid, ItemId, ItemKey, MemberId, ProjectId, RunId, Slug, TeamId, string_value, value_schema,
};

/// A topic by its canonical name, as it stands in messages: `org`, `project:<id>`, `all` and so on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// The organization, its projects, members and own items.
    Org,
    /// A project, its teams and all its items.
    Project(ProjectId),
    /// A team and the items in its backlog.
    Team(TeamId),
    /// A member and the items assigned to it.
    Member(MemberId),
    /// One item with its detail and comments.
    Item(ItemId),
    /// One run and its live log.
    Run(RunId),
    /// Every event, without a hole.
    All,
}

impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Topic::Org => f.write_str("org"),
            Topic::Project(id) => write!(f, "project:{id}"),
            Topic::Team(id) => write!(f, "team:{id}"),
            Topic::Member(id) => write!(f, "member:{id}"),
            Topic::Item(id) => write!(f, "item:{id}"),
            Topic::Run(id) => write!(f, "run:{id}"),
            Topic::All => f.write_str("all"),
        }
    }
}

impl FromStr for Topic {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let (kind, id) = text.split_once(':').unwrap_or((text, ""));
        Ok(match (kind, id) {
            ("org", "") => Topic::Org,
            ("all", "") => Topic::All,
            ("project", id) => Topic::Project(id.parse()?),
            ("team", id) => Topic::Team(id.parse()?),
            ("member", id) => Topic::Member(id.parse()?),
            ("item", id) => Topic::Item(id.parse()?),
            ("run", id) => Topic::Run(id.parse()?),
            _ => return Err(Invalid(UNKNOWN.into())),
        })
    }
}

string_value!(Topic);
value_schema!(Topic, string => string.examples(["org", "project:019380a0-7b3c-7c41-a3f2-2a1b3c4d5e6f"]));

const UNKNOWN: &str = "must be org, all, project:, team:, member:, item: or run: with an id or a readable name behind it";

/// An entity as a person names it: by id, or by what is readable about it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Ref<Id, Name> {
    /// By id.
    Id(Id),
    /// By slug or key.
    Name(Name),
}

impl<Id: FromStr, Name: FromStr<Err = Invalid>> FromStr for Ref<Id, Name> {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        match text.parse() {
            Ok(id) => Ok(Ref::Id(id)),
            Err(_) => text.parse().map(Ref::Name),
        }
    }
}

impl<Id: fmt::Display, Name: fmt::Display> fmt::Display for Ref<Id, Name> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Ref::Id(id) => id.fmt(f),
            Ref::Name(name) => name.fmt(f),
        }
    }
}

impl<Id, Name> From<Id> for Ref<Id, Name> {
    fn from(id: Id) -> Self {
        Ref::Id(id)
    }
}

impl<Id: fmt::Display, Name: fmt::Display> Serialize for Ref<Id, Name> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, Id: FromStr, Name: FromStr<Err = Invalid>> Deserialize<'de> for Ref<Id, Name> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// A project by id or slug.
pub type ProjectRef = Ref<ProjectId, Slug>;
/// A team of a known project by id or slug.
pub type TeamRef = Ref<TeamId, Slug>;
/// A member by id or slug.
pub type MemberRef = Ref<MemberId, Slug>;
/// An item by id or key.
pub type ItemRef = Ref<ItemId, ItemKey>;

/// A topic as a client asks for it: by id, slug or key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TopicRef {
    Org,
    Project(ProjectRef),
    /// A team by id.
    Team(TeamId),
    /// A team as `project-slug/team-slug`.
    TeamOf(ProjectRef, TeamRef),
    Member(MemberRef),
    Item(ItemRef),
    Run(RunId),
    All,
}

impl FromStr for TopicRef {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let (kind, name) = text.split_once(':').unwrap_or((text, ""));
        Ok(match (kind, name) {
            ("org", "") => TopicRef::Org,
            ("all", "") => TopicRef::All,
            ("project", name) => TopicRef::Project(name.parse()?),
            ("team", name) => match name.split_once('/') {
                Some((project, team)) => TopicRef::TeamOf(project.parse()?, team.parse()?),
                None => TopicRef::Team(name.parse()?),
            },
            ("member", name) => TopicRef::Member(name.parse()?),
            ("item", name) => TopicRef::Item(name.parse()?),
            ("run", name) => TopicRef::Run(name.parse()?),
            _ => return Err(Invalid(UNKNOWN.into())),
        })
    }
}
