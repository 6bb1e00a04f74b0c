//! Entities as REST answers them: what the model holds, and what the tasks under it add up to.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared_types::{
    Topic,
    decide::Subject,
    model::{
        Budget, Comment, Entity, Item, ItemKind, Member, OrganizationProfile, Project, Rollup, Run,
        Spent, Team, Work,
    },
    state::{Organization, Sight},
    value::ItemId,
};
use utoipa::ToSchema;

/// The organization, and what all its tasks add up to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OrganizationEntity)]
pub struct OrganizationEntity {
    #[serde(flatten)]
    organization: OrganizationProfile,
    rollup: Rollup,
}

/// A project, and what its tasks add up to.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProjectEntity {
    #[serde(flatten)]
    project: Project,
    rollup: Rollup,
}

/// A team, and what the tasks in its backlog add up to.
#[derive(Debug, Serialize, ToSchema)]
pub struct TeamEntity {
    #[serde(flatten)]
    team: Team,
    rollup: Rollup,
}

/// A member, and what the tasks assigned to it add up to.
#[derive(Debug, Serialize, ToSchema)]
pub struct MemberEntity {
    #[serde(flatten)]
    member: Member,
    rollup: Rollup,
}

/// An item; of an epic or feature also what the tasks under it add up to, of a task what was spent on it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ItemEntity {
    #[serde(flatten)]
    item: Item,
    #[serde(skip_serializing_if = "Option::is_none")]
    rollup: Option<Rollup>,
    /// Of a task: what AI members have done on it, in all attempts. Not in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    work: Option<Work>,
}

/// A budget, and what was spent of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct BudgetEntity {
    #[serde(flatten)]
    budget: Budget,
    /// What was spent; on the day it names, and in all.
    spent: Spent,
    /// Put aside for calls that are under way.
    reserved: u64,
}

impl BudgetEntity {
    pub(super) fn of(model: &Organization, budget: &Budget) -> Self {
        Self {
            budget: *budget,
            spent: model.spent(budget.scope),
            reserved: model.reserved(budget.scope),
        }
    }
}

impl OrganizationEntity {
    pub(super) fn of(model: &Organization) -> Self {
        Self {
            organization: OrganizationProfile::clone(&model.profile),
            rollup: model.rollup(Topic::Org),
        }
    }
}

impl ProjectEntity {
    pub(super) fn of(model: &Organization, project: &Project) -> Self {
        Self {
            project: project.clone(),
            rollup: model.rollup(Topic::Project(project.id())),
        }
    }
}

impl TeamEntity {
    pub(super) fn of(model: &Organization, team: &Team) -> Self {
        Self {
            team: team.clone(),
            rollup: model.rollup(Topic::Team(team.id())),
        }
    }
}

impl MemberEntity {
    pub(super) fn of(model: &Organization, member: &Member) -> Self {
        Self {
            member: member.clone(),
            rollup: model.rollup(Topic::Member(member.id())),
        }
    }
}

impl ItemEntity {
    pub(super) fn of(model: &Organization, item: Item) -> Self {
        let work = (item.kind == ItemKind::Task).then(|| model.item_work(item.id()));
        Self {
            work,
            ..Self::in_list(model, item)
        }
    }

    /// Without what changes while the list it is in does not.
    pub(super) fn in_list(model: &Organization, item: Item) -> Self {
        let rollup = (item.kind != ItemKind::Task).then(|| model.rollup(Topic::Item(item.id())));
        Self {
            item,
            rollup,
            work: None,
        }
    }
}

/// An entity as REST answers it, whole; null where there is none (any more).
pub fn render(model: &Organization, subject: Subject) -> Value {
    match subject {
        Subject::Organization => json(Some(OrganizationEntity::of(model))),
        Subject::Project(id) => json(
            model
                .project(id)
                .map(|project| ProjectEntity::of(model, project)),
        ),
        Subject::Team(id) => json(model.team(id).map(|team| TeamEntity::of(model, team))),
        Subject::Member(id) => json(
            model
                .member(id)
                .map(|member| MemberEntity::of(model, member)),
        ),
        Subject::Item(id) => json(
            model
                .item_in_full(id)
                .map(|item| ItemEntity::of(model, item)),
        ),
        Subject::Comment(id) => json(model.comment(id).map(|comment| Comment::clone(comment))),
        Subject::Run(id) => json(model.run(id).map(|run| Run::clone(run))),
        Subject::Budget(scope) => json(
            model
                .budget(scope)
                .map(|budget| BudgetEntity::of(model, budget)),
        ),
    }
}

/// An entity as one who sees this much sees it: an item names no item that is out of sight.
pub(super) fn narrow(model: &Organization, sight: Sight, mut entity: Value) -> Value {
    if sight.is_everything() {
        return entity;
    }
    let may_name = |id: &Value| {
        let id = ItemId::deserialize(id);
        id.is_ok_and(|id| model.may_name_item(sight, id))
    };
    if let Some(Value::Array(items)) = entity.get_mut("depends_on") {
        items.retain(may_name);
    }
    if let Some(parent) = entity.get_mut("parent").filter(|parent| !may_name(parent)) {
        *parent = Value::Null;
    }
    entity
}

/// Where an entity is.
pub(super) fn location(subject: Subject, entity: &Value) -> String {
    let of = |field: &str| {
        entity
            .get(field)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    match subject {
        Subject::Organization => "/api/v1/organization".into(),
        Subject::Project(id) => format!("/api/v1/projects/{id}"),
        Subject::Team(id) => format!("/api/v1/projects/{}/teams/{id}", of("project")),
        Subject::Member(id) => format!("/api/v1/members/{id}"),
        Subject::Item(id) => format!("/api/v1/items/{id}"),
        Subject::Comment(id) => format!("/api/v1/items/{}/comments/{id}", of("item")),
        Subject::Run(id) => format!("/api/v1/runs/{id}"),
        Subject::Budget(_) => "/api/v1/budgets".into(),
    }
}

/// All that the model holds can be written as JSON.
fn json(entity: Option<impl Serialize>) -> Value {
    serde_json::to_value(entity).unwrap_or_default()
}
