use serde::Serialize;

use super::RunState;
use crate::json::{read_fields, words};
use crate::value::{ItemId, ItemKey, MemberId, RunId, Title};

/// A run that something may still come of, at a glance: who works on what, and what is done right now. The page reads no
/// more than this, each time it looks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RunLine {
    pub run: RunId,
    pub member: MemberId,
    pub item: ItemId,
    /// The item's key.
    pub key: ItemKey,
    /// The item's title.
    pub title: Title,
    pub state: RunState,
    /// Whether it waits for whoever asks: a question or a result that concerns them.
    pub mine: bool,
    /// What it does, asks, has handed in or waits for, in one line of plain text.
    pub line: String,
}

read_fields!(RunLine {
    run,
    member,
    item,
    key,
    title,
    state,
    mine,
    line,
});

/// What a queued run waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum WaitsFor {
    /// All AI members are stopped.
    Switch,
    /// A while after an attempt that was lost: its `not_before`.
    BackOff,
    /// Its member works on as many runs as it may.
    Room,
    /// A budget that it counts against is used up.
    Budget,
    /// This server has no such provider: a worker elsewhere has to claim it.
    Provider,
}

words!(WaitsFor { Switch = "switch", BackOff = "back_off", Room = "room", Budget = "budget", Provider = "provider" });
