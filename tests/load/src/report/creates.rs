//! The table of durable creates.

use super::{goal, number, optional, ratio, table};
use crate::{
    args::Scale,
    creates::{Creates, Report, Store},
};

/// From here on the goal is to be no slower than PostgreSQL; a single client mostly measures the disk.
const GOAL_FROM: usize = 16;

/// Prints everything.
pub fn print(report: &Report, scale: &Scale) {
    println!("Durable creates: each client waits for its answer before the next\n");
    if report.devteam.is_some() || report.postgres.is_some() {
        println!("{}\n", figures(report, scale));
    }
    if let Some(writes) = report.disk {
        println!(
            "- The disk: {} writes of 4 KiB a second, each flushed before the next.",
            number(writes)
        );
    }
    for line in &report.skipped {
        println!("- {line}");
    }
    for creates in report.devteam.iter().flat_map(|store| &store.creates) {
        if let Some(trouble) = &creates.trouble {
            println!("- devteam with {} clients: {trouble}", creates.clients);
        }
    }
    let stores = report.devteam.iter().chain(&report.postgres);
    super::noise(
        stores
            .flat_map(|store| &store.creates)
            .map(|creates| creates.other_cores),
    );
    println!();
}

/// The columns of a table of creates.
pub const COLUMNS: [&str; 10] = [
    "store",
    "clients",
    "creates/s",
    "range",
    "mean ms",
    "p99 ms",
    "server CPU µs/create",
    "clients' cores",
    "others' cores",
    "ratio",
];

/// What stands in them; the ratio is that to the other's figure, where there is one.
pub fn cells(store: &Store, creates: &Creates, other: Option<&Creates>) -> Vec<String> {
    vec![
        store.name.clone(),
        creates.clients.to_string(),
        number(creates.per_second),
        format!("{}–{}", number(creates.range.0), number(creates.range.1)),
        optional(Some(creates.mean)),
        optional(creates.p99),
        number(creates.server_micros),
        format!("{:.2}", creates.client_cores),
        format!("{:.2}", creates.other_cores),
        ratio(
            Some(creates.per_second),
            other.map(|other| other.per_second),
        ),
    ]
}

fn figures(report: &Report, scale: &Scale) -> comfy_table::Table {
    let mut table = table(&[&COLUMNS[..], &["goal"]].concat());
    for store in report.devteam.iter().chain(&report.postgres) {
        let is_ours = report
            .devteam
            .as_ref()
            .is_some_and(|ours| ours.name == store.name);
        for creates in &store.creates {
            let theirs = report
                .postgres
                .as_ref()
                .filter(|_| is_ours)
                .and_then(|other| same(other, creates));
            let mut cells = cells(store, creates, theirs);
            cells.push(theirs.map_or_else(String::new, |other| verdict(creates, other, scale)));
            table.add_row(cells);
        }
    }
    table
}

/// The other store's figure with as many clients.
pub fn same<'a>(store: &'a Store, creates: &Creates) -> Option<&'a Creates> {
    store
        .creates
        .iter()
        .find(|other| other.clients == creates.clients)
}

/// Whether the goal is met, where there is one.
fn verdict(ours: &Creates, theirs: &Creates, scale: &Scale) -> String {
    if ours.clients < GOAL_FROM {
        return String::new();
    }
    super::unfit(scale, ours.other_cores.max(theirs.other_cores)).map_or_else(
        || {
            goal(
                "at least PostgreSQL's",
                ours.per_second >= theirs.per_second,
            )
        },
        String::from,
    )
}
