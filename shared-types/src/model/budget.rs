use serde::{Deserialize, Serialize};

use crate::{
    json::{read_fields, words},
    state::Sight,
};

/// What may be spent on AI work in the organization, in a project or by a member. All amounts are micro-dollars.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Budget {
    /// `organization`, `project:<id>` or `member:<id>`.
    pub scope: Sight,
    /// A day (UTC) at most; null: no limit.
    pub day: Option<u64>,
    /// In all at most; null: no limit.
    pub total: Option<u64>,
    /// What of it is used up.
    pub alert: Alert,
}

read_fields!(Budget {
    scope,
    day,
    total,
    alert
});

/// How far a budget is used up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Alert {
    /// Less than four fifths.
    #[default]
    None,
    /// Four fifths or more: time to look.
    Warning,
    /// All of it: nothing more is spent.
    Exhausted,
}

words!(Alert { None = "none", Warning = "warning", Exhausted = "exhausted" });

/// What was spent in a scope, in micro-dollars.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Spent {
    /// In all.
    pub total: u64,
    /// Which day it was when something was last spent, counted from 1970-01-01 (UTC).
    pub day: i64,
    /// On that day.
    pub on_day: u64,
}

impl Spent {
    /// What was spent on a day.
    pub fn on(self, day: i64) -> u64 {
        if self.day == day { self.on_day } else { 0 }
    }

    /// With more, spent on a day.
    pub fn plus(self, cost: u64, day: i64) -> Spent {
        Spent {
            total: self.total.saturating_add(cost),
            day,
            on_day: self.on(day).saturating_add(cost),
        }
    }
}

impl Budget {
    /// How far it is used up when this much is spent.
    pub fn alert_at(&self, total: u64, on_day: u64) -> Alert {
        let one = |spent: u64, limit: Option<u64>| match limit {
            Some(limit) if spent >= limit => Alert::Exhausted,
            // In fifths, so that nothing is rounded.
            Some(limit) if u128::from(spent) * 5 >= u128::from(limit) * 4 => Alert::Warning,
            _ => Alert::None,
        };
        one(total, self.total).max(one(on_day, self.day))
    }
}
