//! Entities as rows.

use sea_orm::prelude::{Json, TimeDate, TimeDateTimeWithTimeZone};
use serde::Serialize;
use shared_types::{
    model::{Comment, Entity, Item, Member, OrganizationProfile, Project, Run, Team},
    value::{Date, OrganizationId, Timestamp},
};
use time::OffsetDateTime;

use super::incoming::without_nul;
use crate::sql::tables::{
    assignment, comment, dependency, item, label, member, organization, project, run, team,
    team_member,
};

/// Days between the beginning of Julian days and 1970.
const JULIAN_1970: i64 = 2_440_588;

pub(super) fn organization(profile: &OrganizationProfile) -> organization::Model {
    organization::Model {
        id: profile.id().to_string(),
        version: number(profile.version()),
        created_at: moment(profile.stamp.created_at),
        updated_at: moment(profile.stamp.updated_at),
        slug: profile.slug.to_string(),
        name: profile.name.to_string(),
    }
}

pub(super) fn project(
    of: OrganizationId,
    project: &Project,
    deleted: Option<Timestamp>,
) -> project::Model {
    project::Model {
        id: project.id().to_string(),
        organization_id: of.to_string(),
        version: number(project.version()),
        created_at: moment(project.stamp.created_at),
        updated_at: moment(project.stamp.updated_at),
        deleted_at: deleted.map(moment),
        slug: project.slug.to_string(),
        key: project.key.to_string(),
        name: project.name.to_string(),
        description: project.description.to_string(),
        archived: project.archived,
    }
}

pub(super) fn team(of: OrganizationId, team: &Team, deleted: Option<Timestamp>) -> team::Model {
    team::Model {
        id: team.id().to_string(),
        organization_id: of.to_string(),
        version: number(team.version()),
        created_at: moment(team.stamp.created_at),
        updated_at: moment(team.stamp.updated_at),
        deleted_at: deleted.map(moment),
        project_id: team.project.to_string(),
        slug: team.slug.to_string(),
        name: team.name.to_string(),
        mission: team.mission.to_string(),
    }
}

pub(super) fn team_members(team: &Team) -> impl Iterator<Item = team_member::Model> {
    let team_id = team.id().to_string();
    team.members.iter().map(move |member| team_member::Model {
        team_id: team_id.clone(),
        member_id: member.to_string(),
    })
}

pub(super) fn member(
    of: OrganizationId,
    member: &Member,
    deleted: Option<Timestamp>,
) -> member::Model {
    member::Model {
        id: member.id().to_string(),
        organization_id: of.to_string(),
        version: number(member.version()),
        created_at: moment(member.stamp.created_at),
        updated_at: moment(member.stamp.updated_at),
        deleted_at: deleted.map(moment),
        slug: member.slug.to_string(),
        name: member.name.to_string(),
        title: member.title.clone(),
        kind: word(&member.kind),
        agent: member.agent.as_ref().map(json),
        account_id: member.account.map(|account| account.to_string()),
    }
}

/// Of an item without its detail, `description` and `acceptance` are empty.
pub(super) fn item(of: OrganizationId, item: &Item, deleted: Option<Timestamp>) -> item::Model {
    item::Model {
        id: item.id().to_string(),
        organization_id: of.to_string(),
        version: number(item.version()),
        created_at: moment(item.stamp.created_at),
        updated_at: moment(item.stamp.updated_at),
        deleted_at: deleted.map(moment),
        key: item.key.to_string(),
        kind: item.kind.to_string(),
        project_id: item.project.map(|id| id.to_string()),
        team_id: item.team.map(|id| id.to_string()),
        parent_id: item.parent.map(|id| id.to_string()),
        title: item.title.to_string(),
        status: item.status.as_str().to_owned(),
        priority: word(&item.priority),
        rank: item.rank.to_string(),
        estimate_hundredths: item.estimate.map(|points| i64::from(points.hundredths())),
        due: item.due.and_then(day),
        comments: i64::from(item.comments),
        description: item.description.as_deref().unwrap_or_default().to_owned(),
        acceptance: json(item.acceptance.as_deref().unwrap_or_default()),
    }
}

pub(super) fn assignments(item: &Item) -> impl Iterator<Item = assignment::Model> {
    let item_id = item.id().to_string();
    (0..)
        .zip(&item.assignees)
        .map(move |(position, member)| assignment::Model {
            item_id: item_id.clone(),
            member_id: member.to_string(),
            position,
        })
}

pub(super) fn labels(item: &Item) -> impl Iterator<Item = label::Model> {
    let item_id = item.id().to_string();
    item.labels.iter().map(move |label| label::Model {
        item_id: item_id.clone(),
        label: label.to_string(),
    })
}

pub(super) fn dependencies(item: &Item) -> impl Iterator<Item = dependency::Model> {
    let item_id = item.id().to_string();
    (0..)
        .zip(&item.depends_on)
        .map(move |(position, other)| dependency::Model {
            item_id: item_id.clone(),
            depends_on_id: other.to_string(),
            position,
        })
}

pub(super) fn comment(
    of: OrganizationId,
    comment: &Comment,
    deleted: Option<Timestamp>,
) -> comment::Model {
    comment::Model {
        id: comment.id().to_string(),
        organization_id: of.to_string(),
        version: number(comment.version()),
        created_at: moment(comment.stamp.created_at),
        updated_at: moment(comment.stamp.updated_at),
        deleted_at: deleted.map(moment),
        item_id: comment.item.to_string(),
        author_id: comment.author.map(|author| author.to_string()),
        body: comment.body.to_string(),
    }
}

pub(super) fn run(of: OrganizationId, run: &Run) -> run::Model {
    let data = without_nul(json(run));
    run::Model {
        id: run.id().to_string(),
        organization_id: of.to_string(),
        version: number(run.version()),
        created_at: moment(run.stamp.created_at),
        updated_at: moment(run.stamp.updated_at),
        item_id: run.item.to_string(),
        member_id: run.member.to_string(),
        attempt: i64::from(run.attempt),
        state: word(&run.state),
        data,
    }
}

/// A moment as the databases take it.
pub(in crate::sql) fn moment(at: Timestamp) -> TimeDateTimeWithTimeZone {
    let nanos = i128::from(at.as_millis()) * 1_000_000;
    // Both know the years 0 to 9999, and a timestamp is within them.
    OffsetDateTime::from_unix_timestamp_nanos(nanos).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

fn day(date: Date) -> Option<TimeDate> {
    let julian = i32::try_from(date.days() + JULIAN_1970).ok()?;
    TimeDate::from_julian_day(julian).ok()
}

/// The databases' integers are signed; no count here is that large.
pub(in crate::sql) fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Something that is one word on the wire.
pub(super) fn word(value: &impl Serialize) -> String {
    json(value).as_str().unwrap_or_default().to_owned()
}

fn json(value: &(impl Serialize + ?Sized)) -> Json {
    // Plain structs with string keys always serialise.
    serde_json::to_value(value).unwrap_or_default()
}
