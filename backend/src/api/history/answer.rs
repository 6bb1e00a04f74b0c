use std::collections::HashMap;

use serde::Serialize;
use shared_types::{
    model::Rollup,
    value::{ItemId, ItemKey, Timestamp},
};
use utoipa::ToSchema;

use super::{
    day::{Day, Days},
    line::{Finished, Line, Spent},
};

/// How a project went.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "measure", rename_all = "snake_case")]
pub(super) enum History {
    Burnup {
        #[schema(value_type = String, format = Date)]
        from: Day,
        #[schema(value_type = String, format = Date)]
        to: Day,
        days: Vec<BurnupDay>,
    },
    Throughput {
        #[schema(value_type = String, format = Date)]
        from: Day,
        #[schema(value_type = String, format = Date)]
        to: Day,
        days: Vec<ThroughputDay>,
    },
    CycleTime {
        #[schema(value_type = String, format = Date)]
        from: Day,
        #[schema(value_type = String, format = Date)]
        to: Day,
        /// Half of the tasks took no longer than this; null if there are none.
        median_seconds: Option<i64>,
        /// 85 in 100 of the tasks took no longer than this.
        p85_seconds: Option<i64>,
        tasks: Vec<CycleTime>,
    },
    Cost {
        #[schema(value_type = String, format = Date)]
        from: Day,
        #[schema(value_type = String, format = Date)]
        to: Day,
        days: Vec<CostDay>,
    },
}

/// What the tasks added up to at the end of a day.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct BurnupDay {
    #[schema(value_type = String, format = Date)]
    date: Day,
    #[serde(flatten)]
    rollup: Rollup,
}

/// What was finished on a day.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ThroughputDay {
    #[schema(value_type = String, format = Date)]
    date: Day,
    /// How many tasks.
    done: usize,
    /// Hundredths of a point in them.
    estimate_done: u64,
}

/// What AI work came to on a day.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CostDay {
    #[schema(value_type = String, format = Date)]
    date: Day,
    /// Tokens that were taken in and given.
    tokens: u64,
    /// Micro-dollars.
    cost: u64,
}

/// How long a task took.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CycleTime {
    item: ItemId,
    key: ItemKey,
    done_at: Timestamp,
    /// From when it was first in progress, or else from when it was made.
    seconds: i64,
}

impl History {
    pub(super) fn burnup(line: &Line, days: Days) -> Self {
        let day = |date| BurnupDay {
            date,
            rollup: line.at_end_of(date),
        };
        History::Burnup {
            from: days.from,
            to: days.to,
            days: days.iter().map(day).collect(),
        }
    }

    pub(super) fn throughput(line: &Line, days: Days) -> Self {
        let mut on_days: HashMap<Day, (usize, u64)> = HashMap::new();
        for task in finished_in(line, days) {
            let (done, estimate_done) = on_days.entry(Day::from(task.done_at)).or_default();
            *done += 1;
            *estimate_done += task
                .estimate
                .map_or(0, |estimate| u64::from(estimate.hundredths()));
        }
        let day = |date| {
            let (done, estimate_done) = on_days.get(&date).copied().unwrap_or_default();
            ThroughputDay {
                date,
                done,
                estimate_done,
            }
        };
        History::Throughput {
            from: days.from,
            to: days.to,
            days: days.iter().map(day).collect(),
        }
    }

    pub(super) fn cycle_time(line: &Line, days: Days) -> Self {
        let tasks: Vec<CycleTime> = finished_in(line, days)
            .into_iter()
            .map(CycleTime::of)
            .collect();
        let mut seconds: Vec<i64> = tasks.iter().map(|task| task.seconds).collect();
        seconds.sort_unstable();
        History::CycleTime {
            from: days.from,
            to: days.to,
            median_seconds: percentile(&seconds, 50),
            p85_seconds: percentile(&seconds, 85),
            tasks,
        }
    }

    pub(super) fn cost(line: &Line, days: Days) -> Self {
        let day = |date| {
            let Spent { tokens, cost } = line.spent_on(date);
            CostDay { date, tokens, cost }
        };
        History::Cost {
            from: days.from,
            to: days.to,
            days: days.iter().map(day).collect(),
        }
    }
}

impl CycleTime {
    fn of(task: Finished) -> Self {
        let seconds = (task.done_at.as_millis() - task.begun_at.as_millis()).max(0) / 1000;
        Self {
            item: task.item,
            key: task.key,
            done_at: task.done_at,
            seconds,
        }
    }
}

fn finished_in(line: &Line, days: Days) -> Vec<Finished> {
    line.finished()
        .into_iter()
        .filter(|task| days.contains(task.done_at))
        .collect()
}

/// The least of them that so many in a hundred do not exceed; they are sorted.
fn percentile(sorted: &[i64], percent: usize) -> Option<i64> {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied()
}
