//! The tables of several nodes: latency between them, creates through both, catching up.

use comfy_table::Table;

use super::{
    creates::{COLUMNS, cells, same},
    goal, number, optional, table, unfit,
};
use crate::{
    args::Scale,
    fanout::measure::Row,
    nodes::{Report, Setting, latency::Latency},
};

/// What another node may add to the p50, in milliseconds.
const GOAL: f64 = 1.0;

/// Prints everything.
pub fn print(report: &Report, scale: &Scale) {
    println!("Several nodes: two on one Redis with an append-only file\n");
    if !report.settings.is_empty() {
        println!(
            "From a write on one node to a subscriber\n\n{}\n",
            latency(report, scale)
        );
        println!(
            "Creates through both nodes, and entries as large by redis-benchmark on the same Redis\n\n{}\n",
            creates(report)
        );
        println!(
            "From the start to the end of the line\n\n{}\n",
            catch_up(report)
        );
    }
    for line in report.skipped.iter().cloned().chain(troubles(report)) {
        println!("- {line}");
    }
    super::noise(others(report));
    println!();
}

fn latency(report: &Report, scale: &Scale) -> Table {
    let mut table = table(&[
        "appendfsync",
        "messages/s",
        "same node p50 ms",
        "p99 ms",
        "other node p50 ms",
        "p99 ms",
        "added p50 ms",
        "range",
        "added p99 ms",
        "others' cores",
        "missing",
        "goal",
    ]);
    for (setting, latency) in latencies(report) {
        let Latency { same, other, range } = latency;
        table.add_row([
            setting.flush.setting().into(),
            number(same.published),
            optional(same.p50),
            optional(same.p99),
            optional(other.p50),
            optional(other.p99),
            optional(latency.added(|row| row.p50)),
            format!("{}–{}", number(range.0), number(range.1)),
            optional(latency.added(|row| row.p99)),
            format!("{:.2}", noisiest(latency)),
            (same.missing + other.missing).to_string(),
            verdict(latency, scale),
        ]);
    }
    table
}

/// Whether the goal is met.
fn verdict(latency: &Latency, scale: &Scale) -> String {
    let is_met = latency
        .added(|row| row.p50)
        .is_some_and(|added| added < GOAL);
    unfit(scale, noisiest(latency))
        .map_or_else(|| goal("added p50 under 1 ms", is_met), String::from)
}

fn creates(report: &Report) -> Table {
    let mut table = table(&COLUMNS);
    for setting in &report.settings {
        let theirs = setting.redis.as_ref();
        for store in setting.nodes.iter().chain(theirs) {
            let other = theirs.filter(|theirs| theirs.name != store.name);
            for creates in &store.creates {
                let other = other.and_then(|other| same(other, creates));
                table.add_row(cells(store, creates, other));
            }
        }
    }
    table
}

fn catch_up(report: &Report) -> Table {
    let mut table = table(&[
        "who",
        "events",
        "seconds",
        "events/s",
        "range",
        "others' cores",
    ]);
    for one in &report.catch_up {
        let (fastest, slowest) = one.range;
        table.add_row([
            one.who.clone(),
            number(one.events as f64),
            number(one.took.as_secs_f64()),
            number(1e6 / one.micros()),
            format!("{}–{}", number(1e6 / slowest), number(1e6 / fastest)),
            format!("{:.2}", one.other_cores),
        ]);
    }
    table
}

/// What went wrong, in words.
fn troubles(report: &Report) -> impl Iterator<Item = String> {
    let of_latency = latencies(report).flat_map(|(setting, latency)| {
        let of_node = move |(node, row): (&str, &Row)| -> Vec<String> {
            let setting = setting.flush.setting();
            let told = |trouble: &String| format!("{node} node, appendfsync {setting}: {trouble}");
            row.troubles.iter().map(told).collect()
        };
        [("same", &latency.same), ("other", &latency.other)]
            .into_iter()
            .flat_map(of_node)
    });
    let stores = report.settings.iter().flat_map(|setting| &setting.nodes);
    let of_creates = stores.flat_map(|store| {
        store.creates.iter().filter_map(|creates| {
            let trouble = creates.trouble.as_ref()?;
            Some(format!(
                "{} with {} clients: {trouble}",
                store.name, creates.clients
            ))
        })
    });
    of_latency.chain(of_creates)
}

/// What other processes took of the machine while each figure was measured.
fn others(report: &Report) -> impl Iterator<Item = f64> {
    let stores = report
        .settings
        .iter()
        .flat_map(|setting| setting.nodes.iter().chain(&setting.redis));
    let of_creates = stores
        .flat_map(|store| &store.creates)
        .map(|creates| creates.other_cores);
    let of_catch_up = report.catch_up.iter().map(|one| one.other_cores);
    latencies(report)
        .map(|(_, latency)| noisiest(latency))
        .chain(of_creates)
        .chain(of_catch_up)
}

fn latencies(report: &Report) -> impl Iterator<Item = (&Setting, &Latency)> {
    report.settings.iter().flat_map(|setting| {
        setting
            .latency
            .iter()
            .map(move |latency| (setting, latency))
    })
}

fn noisiest(latency: &Latency) -> f64 {
    latency.same.other_cores.max(latency.other.other_cores)
}
