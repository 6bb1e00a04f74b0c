//! `/projects/{project}/history`: how a project went, day by day.

mod answer;
mod day;
mod line;
mod lines;

use std::time::SystemTime;

use actix_web::{get, web::Path};
use serde::Deserialize;
use shared_types::{model::Entity, value::Date};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use answer::History;
use day::{Day, Days};
pub(super) use lines::Lines;

use super::{ApiError, path::ProjectPath, read::Read, write::Reply};

/// A year, and a day where it is a leap year.
const MOST_DAYS: i64 = 366;
const DEFAULT_DAYS: i64 = 30;

pub(super) fn configure(config: &mut ServiceConfig) {
    config.service(show);
}

/// What can be asked for.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Measure {
    /// How much work there was and how much of it was done, at the end of each day.
    Burnup,
    /// How much was finished on each day.
    Throughput,
    /// How long each finished task took from being begun.
    CycleTime,
    /// What AI work cost on each day.
    Cost,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Asked {
    #[param(inline)]
    measure: Measure,
    /// The first day (UTC); 29 days before the last when not given.
    #[param(value_type = Option<String>, format = Date, example = "2026-11-01")]
    from: Option<Date>,
    /// The last day (UTC); today when not given.
    #[param(value_type = Option<String>, format = Date, example = "2026-11-23")]
    to: Option<Date>,
}

impl Asked {
    fn days(&self) -> Result<Days, ApiError> {
        let to = self
            .to
            .map_or_else(|| Day::of(SystemTime::now()), Day::from);
        let from = self.from.map_or(Day(to.0 - (DEFAULT_DAYS - 1)), Day::from);
        if from > to {
            return Err(ApiError::parameter("from", "must not be after to"));
        }
        if to.0 - from.0 >= MOST_DAYS {
            return Err(ApiError::parameter(
                "from",
                format!("must be at most {MOST_DAYS} days before to"),
            ));
        }
        Ok(Days { from, to })
    }
}

/// How a project went, day by day
#[utoipa::path(tag = "projects", params(ProjectPath, Asked), responses((status = 200, body = History)))]
#[get("/projects/{project}/history")]
async fn show(path: Path<ProjectPath>, read: Read) -> Reply {
    let asked: Asked = read.query()?;
    let days = asked.days()?;
    let project = read.find(&*path)?.id();
    let line = read
        .state
        .histories
        .up_to_date(&*read.state.journal, &read.model, project)
        .await?;
    let line = line.lock().await;
    read.plain(match asked.measure {
        Measure::Burnup => History::burnup(&line, days),
        Measure::Throughput => History::throughput(&line, days),
        Measure::CycleTime => History::cycle_time(&line, days),
        Measure::Cost => History::cost(&line, days),
    })
}
