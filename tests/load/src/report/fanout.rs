//! The fan-out table, and the product's figures divided by each baseline's.

use super::{goal, number, optional, ratio, table};
use crate::{
    args::Scale,
    fanout::{Contender, FanOut, Payload, Section, measure::Row},
};

/// Prints everything.
pub fn print(results: &FanOut, scale: &Scale) {
    println!("Fan-out: {} subscribers on one topic\n", scale.subscribers);
    if !results.sections.is_empty() {
        println!("{}\n", figures(results));
    }
    if let Some(ratios) = ratios(results, scale) {
        println!("devteam divided by each baseline, same run\n\n{ratios}\n");
    }
    for line in &results.skipped {
        println!("- {line}");
    }
    for section in &results.sections {
        for row in &section.rows {
            for trouble in &row.troubles {
                println!("- {} at {}/s: {trouble}", label(section), row.offered);
            }
        }
    }
    let rows = results.sections.iter().flat_map(|section| &section.rows);
    super::noise(rows.map(|row| row.other_cores));
    println!();
}

/// The server with its payload.
fn label(section: &Section) -> String {
    let bytes = section.rows.first().map_or(0.0, |row| row.message_bytes);
    match section.payload {
        Payload::Events => format!("{}, its events, {bytes:.0} B", section.name),
        Payload::Small => format!("{}, {bytes:.0} B", section.name),
        Payload::LikeEvents => format!("{}, {bytes:.0} B as devteam's", section.name),
    }
}

fn figures(results: &FanOut) -> comfy_table::Table {
    let mut header: Vec<String> = [
        "server, payload",
        "offered msg/s",
        "published/s",
        "deliveries/s",
        "server CPU µs/delivery",
        "range",
        "server cores",
        "p50 ms",
        "p99 ms",
        "ack p99 ms",
        "wire B/delivery",
        "clients' cores",
        "publisher's cores",
        "others' cores",
        "missing",
    ]
    .map(String::from)
    .into();
    let steps = idle_steps(results);
    header.extend(
        steps
            .iter()
            .map(|(from, to)| format!("KiB/idle conn {from}–{to}")),
    );
    let mut table = table(&header.iter().map(String::as_str).collect::<Vec<_>>());
    for section in &results.sections {
        for row in &section.rows {
            let mut cells = vec![
                label(section),
                row.offered.to_string(),
                number(row.published),
                number(row.deliveries),
                format!("{:.2}", row.server_micros),
                format!(
                    "{:.1}–{:.1}",
                    row.server_micros_range.0, row.server_micros_range.1
                ),
                format!("{:.2}", row.server_cores),
                optional(row.p50),
                optional(row.p99),
                optional(row.acknowledged_p99),
                format!("{:.0}", row.wire_bytes),
                format!("{:.2}", row.subscriber_cores),
                format!("{:.2}", row.publisher_cores),
                format!("{:.2}", row.other_cores),
                row.missing.to_string(),
            ];
            let of_step =
                |step: &(usize, usize)| optional(idle_at(results, section.contender, *step));
            cells.extend(steps.iter().map(of_step));
            table.add_row(cells);
        }
    }
    table
}

/// The steps at which the memory of idle connections was measured.
fn idle_steps(results: &FanOut) -> Vec<(usize, usize)> {
    let idle = results.sections.iter().flat_map(|section| &section.idle);
    let mut steps: Vec<(usize, usize)> = idle.map(|idle| (idle.from, idle.to)).collect();
    steps.sort_unstable();
    steps.dedup();
    steps
}

/// Measured once a server, whatever the payload.
fn idle_at(results: &FanOut, contender: Contender, step: (usize, usize)) -> Option<f64> {
    let of_server = results
        .sections
        .iter()
        .filter(|section| section.contender == contender);
    let mut idle = of_server.flat_map(|section| &section.idle);
    idle.find(|idle| (idle.from, idle.to) == step)
        .map(|idle| idle.kib_each)
}

fn ratios(results: &FanOut, scale: &Scale) -> Option<comfy_table::Table> {
    let ours = results
        .sections
        .iter()
        .find(|section| section.contender == Contender::Devteam)?;
    let mut table = table(&[
        "against",
        "offered msg/s",
        "CPU/delivery",
        "p50",
        "p99",
        "deliveries/s",
        "memory/idle conn",
        "goals",
    ]);
    // The last step is what one more connection costs; the first ones may live in what the start left behind.
    let largest = idle_steps(results).last().copied().unwrap_or_default();
    let memory = idle_at(results, Contender::Devteam, largest);
    for theirs in results
        .sections
        .iter()
        .filter(|section| section.contender != Contender::Devteam)
    {
        for row in &ours.rows {
            let Some(other) = theirs
                .rows
                .iter()
                .find(|other| other.offered == row.offered)
            else {
                continue;
            };
            table.add_row([
                label(theirs),
                row.offered.to_string(),
                ratio(Some(row.server_micros), Some(other.server_micros)),
                ratio(row.p50, other.p50),
                ratio(row.p99, other.p99),
                ratio(Some(row.deliveries), Some(other.deliveries)),
                ratio(memory, idle_at(results, theirs.contender, largest)),
                goals(row, other, theirs.contender, scale),
            ]);
        }
    }
    if let Some(memory) = memory {
        let row = [
            "memory of an idle connection".to_owned(),
            String::new(),
            String::new(),
            String::new(),
        ];
        let verdict = super::unfit(scale, 0.0)
            .map_or_else(|| goal("at most 8 KiB", memory <= 8.0), String::from);
        let rest = [
            String::new(),
            String::new(),
            format!("{} KiB", number(memory)),
            verdict,
        ];
        table.add_row(row.into_iter().chain(rest));
    }
    Some(table)
}

/// The goals of docs/benchmarks.md that this row speaks about.
fn goals(row: &Row, other: &Row, contender: Contender, scale: &Scale) -> String {
    if let Some(reason) = super::unfit(scale, row.other_cores.max(other.other_cores)) {
        return reason.into();
    }
    let mut goals = Vec::new();
    let lowest = scale.rates.first() == Some(&row.offered);
    // Busy with less, it says nothing about what the same load costs.
    let took_all = other.published >= 0.95 * f64::from(other.offered);
    if contender == Contender::Nchan && lowest {
        let met = row.server_micros < 0.9 * other.server_micros;
        goals.push(if took_all {
            goal("CPU below 0.9", met)
        } else {
            TOOK_LESS.into()
        });
    }
    if contender == Contender::Nats && !lowest {
        let met = row.server_micros <= other.server_micros;
        goals.push(if took_all {
            goal("CPU at most 1", met)
        } else {
            TOOK_LESS.into()
        });
        let wanted = f64::from(row.offered) * scale.subscribers as f64;
        let all = row.missing == 0 && row.troubles.is_empty();
        // A hundredth for the edges of the window.
        goals.push(goal("keeps up", all && row.deliveries >= 0.99 * wanted));
    }
    if let (Some(ours), Some(theirs)) = (row.p99, other.p99) {
        let what = if took_all {
            "p99 no worse"
        } else {
            "p99 no worse, though it took less"
        };
        goals.push(goal(what, ours <= theirs));
    }
    goals.join(", ")
}

/// Said instead of a verdict about processor time.
const TOOK_LESS: &str = "CPU not judged: it took less than was offered";
