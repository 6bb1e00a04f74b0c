//! The table of durable creates.

use super::{goal, number, optional, ratio, table};
use crate::creates::{Creates, Report, Store};

/// From here on the goal is to be no slower than PostgreSQL; a single client mostly measures the disk.
const GOAL_FROM: usize = 16;

/// Prints everything.
pub fn print(report: &Report) {
    println!("Durable creates: each client waits for its answer before the next\n");
    if report.devteam.is_some() || report.postgres.is_some() {
        println!("{}\n", figures(report));
    }
    if let Some(appends) = report.disk {
        println!(
            "- The disk: {} appends of 4 KiB a second, each flushed before the next.",
            number(appends)
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
    println!();
}

fn figures(report: &Report) -> comfy_table::Table {
    let mut table = table(&[
        "store",
        "clients",
        "creates/s",
        "mean ms",
        "p99 ms",
        "server CPU µs/create",
        "ratio",
        "goal",
    ]);
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
            table.add_row([
                store.name.clone(),
                creates.clients.to_string(),
                number(creates.per_second),
                optional(Some(creates.mean)),
                optional(creates.p99),
                number(creates.server_micros),
                ratio(
                    Some(creates.per_second),
                    theirs.map(|other| other.per_second),
                ),
                theirs
                    .filter(|_| creates.clients >= GOAL_FROM)
                    .map_or_else(String::new, |other| {
                        goal(
                            "at least PostgreSQL's",
                            creates.per_second >= other.per_second,
                        )
                    }),
            ]);
        }
    }
    table
}

/// The other store's figure with as many clients.
fn same<'a>(store: &'a Store, creates: &Creates) -> Option<&'a Creates> {
    store
        .creates
        .iter()
        .find(|other| other.clients == creates.clients)
}
