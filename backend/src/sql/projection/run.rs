//! Runs, read from what their events have: `run.created` and `run.updated` carry the whole run.

use serde_json::Value;
use shared_types::value::{OrganizationId, Timestamp};

use super::{Incoming, rows};
use crate::sql::tables;

/// The run that an event tells of, if it is one of a run.
pub(super) fn row(of: OrganizationId, event: &Incoming) -> Option<tables::run::Model> {
    if !event.kind.starts_with("run.") {
        return None;
    }
    let run = event.data.get("run")?;
    let text = |field: &str| run.get(field).and_then(Value::as_str).map(str::to_owned);
    let number = |field: &str| run.get(field).and_then(Value::as_i64);
    let moment = |field: &str| {
        let at: Option<Timestamp> = run.get(field)?.as_str()?.parse().ok();
        at.map(rows::moment)
    };
    Some(tables::run::Model {
        id: text("id")?,
        organization_id: of.to_string(),
        version: number("version").unwrap_or(1),
        created_at: moment("created_at").unwrap_or_else(|| rows::moment(event.at)),
        updated_at: moment("updated_at").unwrap_or_else(|| rows::moment(event.at)),
        item_id: text("item")?,
        member_id: text("member")?,
        attempt: number("attempt").unwrap_or(1),
        state: text("state").unwrap_or_default(),
        data: run.clone(),
    })
}
