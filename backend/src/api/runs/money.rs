use actix_web::{get, put};
use serde::{Deserialize, Serialize};
use shared_types::{command::Command, state::Sight};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::api::{
    entity::{BudgetEntity, OrganizationEntity},
    read::Read,
    write::{Reply, Write},
};

pub(super) fn configure(config: &mut ServiceConfig) {
    config
        .service(budgets)
        .service(set_budget)
        .service(switch)
        .service(set_switch);
}

/// All budgets.
#[derive(Debug, Serialize, ToSchema)]
struct Budgets {
    budgets: Vec<BudgetEntity>,
}

/// The budgets that were set, and what is spent of them
#[utoipa::path(tag = "agents", responses((status = 200, body = Budgets)))]
#[get("/budgets")]
async fn budgets(read: Read) -> Reply {
    let model = read.organization();
    let sight = read.principal.sight;
    let seen = model
        .budgets()
        .filter(|budget| sight.is_everything() || budget.scope == sight);
    read.plain(Budgets {
        budgets: seen.map(|budget| BudgetEntity::of(model, budget)).collect(),
    })
}

/// What may be spent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewBudget {
    /// `organization`, `project:<id>` or `member:<id>`.
    scope: Sight,
    /// Micro-dollars a day (UTC); null: no limit.
    #[serde(default)]
    day: Option<u64>,
    /// Micro-dollars in all; null: no limit.
    #[serde(default)]
    total: Option<u64>,
}

/// Set a budget
///
/// At four fifths of it an event warns; at all of it nothing more is spent.
#[utoipa::path(
    tag = "agents",
    request_body(content = NewBudget, example = json!({ "scope": "organization", "day": 5_000_000 })),
    responses((status = 200, body = BudgetEntity)),
)]
#[put("/budgets")]
async fn set_budget(write: Write) -> Reply {
    let NewBudget { scope, day, total } = write.body()?;
    write.change(Command::SetBudget { scope, day, total }).await
}

/// Whether AI members work.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Switch {
    on: bool,
}

/// Whether AI members work
#[utoipa::path(tag = "agents", responses((status = 200, body = Switch)))]
#[get("/agents/switch")]
async fn switch(read: Read) -> Reply {
    let on = !read.organization().profile.agents_stopped;
    read.plain(Switch { on })
}

/// Stop all AI members, or let them work again
///
/// What they work on goes back into the queue.
#[utoipa::path(
    tag = "agents",
    request_body(content = Switch, example = json!({ "on": false })),
    responses((status = 200, body = OrganizationEntity)),
)]
#[put("/agents/switch")]
async fn set_switch(write: Write) -> Reply {
    let Switch { on } = write.body()?;
    write.change(Command::SwitchAgents { on }).await
}
