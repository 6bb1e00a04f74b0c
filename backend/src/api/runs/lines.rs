use std::{cmp::Reverse, sync::Arc};

use actix_web::get;
use serde::Serialize;
use shared_types::model::{Entity, Run, RunKind, RunLine, RunState, WaitsFor};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::{
    agents::log::{cut, glance},
    api::{
        read::{NoQuery, Read},
        write::Reply,
    },
    auth::now,
};

/// Runs in one answer.
const MOST: usize = 200;
/// Entries of a log that are looked at for what its run does.
const LOOKED_AT: usize = 32;

/// Before the routes with a run in their path: `lines` is none.
pub(super) fn configure(config: &mut ServiceConfig) {
    config.service(lines);
}

/// The runs that something may still come of: first those that wait for you, then those that wait for other people, then
/// the latest changed.
#[derive(Serialize, ToSchema)]
struct RunLines {
    /// At most 200.
    lines: Vec<Line>,
    /// How many more there are.
    more: usize,
    /// How many wait for you.
    waiting_for_me: usize,
    /// How many wait for anybody.
    waiting: usize,
}

#[derive(Serialize, ToSchema)]
#[schema(as = RunLineWithReason)]
struct Line {
    #[serde(flatten)]
    line: RunLine,
    kind: RunKind,
    /// Of a queued run: why nobody has taken it up; null where it only needs a worker.
    waits_for: Option<WaitsFor>,
}

/// What AI members do right now, one line for each run that something may still come of
///
/// Cheap, and meant to be asked for every second or two: what a run does changes faster than anything that is an event.
/// What a run asks or hands in waits for whoever had it done, for the people who are assigned to its item or in the item's
/// team, and for who has answered or reviewed it before; where there are none of these, for everybody.
#[utoipa::path(tag = "runs", responses((status = 200, body = RunLines)))]
#[get("/runs/lines")]
async fn lines(read: Read) -> Reply {
    let NoQuery {} = read.query()?;
    let model = read.organization();
    let sight = read.principal.sight;
    let is_seen = |run: &&Arc<Run>| {
        let item = model.item(run.item);
        item.is_some_and(|item| sight.has_item(item)) && model.sees_run(sight, run)
    };
    let me = read.principal.member;
    let is_mine = |run: &Run| {
        run.waits_for_person() && me.is_some_and(|me| read.organization().concerns(run, me))
    };
    let runs = model.live_runs().filter(is_seen);
    let mut runs: Vec<(bool, &Arc<Run>)> = runs.map(|run| (is_mine(run), run)).collect();
    runs.sort_by_key(|(mine, run)| {
        Reverse((
            *mine,
            run.waits_for_person(),
            run.stamp.updated_at,
            run.id(),
        ))
    });
    let waiting_for_me = runs.iter().filter(|(mine, _)| *mine).count();
    let waiting = runs
        .iter()
        .filter(|(_, run)| run.waits_for_person())
        .count();
    let more = runs.len().saturating_sub(MOST);
    let shown = runs.into_iter().take(MOST);
    let lines = shown.filter_map(|(mine, run)| line(&read, run, mine));
    read.plain(RunLines {
        lines: lines.collect(),
        more,
        waiting_for_me,
        waiting,
    })
}

fn line(read: &Read, run: &Run, mine: bool) -> Option<Line> {
    let item = read.organization().item(run.item)?;
    let waits_for = waits_for(read, run);
    let line = RunLine {
        run: run.id(),
        member: run.member,
        item: run.item,
        key: item.key.clone(),
        title: item.title.clone(),
        state: run.state,
        mine,
        line: words(read, run, waits_for),
    };
    Some(Line {
        line,
        kind: run.kind,
        waits_for,
    })
}

fn words(read: &Read, run: &Run, waits_for: Option<WaitsFor>) -> String {
    match run.state {
        RunState::Running => match glance(&read.state.office.logs.newest(run.id(), LOOKED_AT)) {
            none if none.is_empty() => "Works".into(),
            doing => doing,
        },
        RunState::AwaitingInput => {
            let asked = run
                .open_question()
                .map(|asked| asked.question.replace("**", ""));
            format!("Asks: {}", cut(&asked.unwrap_or_default()))
        }
        RunState::AwaitingReview => {
            let summary = run.result.as_ref().map(|result| result.summary.to_string());
            match run.kind {
                RunKind::Work => format!("Has handed in: {}", summary.unwrap_or_default()),
                RunKind::Plan => {
                    let count = || format!("{} parts", run.proposals.len());
                    format!("Proposes: {}", summary.unwrap_or_else(count))
                }
            }
        }
        _ => waiting(waits_for).into(),
    }
}

fn waiting(waits_for: Option<WaitsFor>) -> &'static str {
    match waits_for {
        None => "Is about to begin",
        Some(WaitsFor::Switch) => "Waits: all AI members are stopped",
        Some(WaitsFor::BackOff) => "Waits a little before the next attempt",
        Some(WaitsFor::Room) => "Waits until another of its runs is done",
        Some(WaitsFor::Budget) => "Waits: a budget is used up",
        Some(WaitsFor::Provider) => "Waits for a worker: this server has no such provider",
    }
}

fn waits_for(read: &Read, run: &Run) -> Option<WaitsFor> {
    if run.state != RunState::Queued {
        return None;
    }
    let model = read.organization();
    let has_provider = || {
        let profile = model.member(run.member)?.agent.as_ref()?;
        read.state.office.providers.of(profile)
    };
    let no_provider = || has_provider().is_none().then_some(WaitsFor::Provider);
    model.waits_for(run, now()).or_else(no_provider)
}
