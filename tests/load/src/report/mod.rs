//! What is printed in the end: tables on standard output, so that they can be kept; progress went to standard error.

pub mod creates;
pub mod fanout;
pub mod nodes;

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use procfs::Current;

use crate::args::Scale;

/// Cores' worth of other processes from which on a figure is not to be relied on.
const NOISY: f64 = 0.1;

/// Says where and when the figures come from.
pub fn heading(scale: &Scale) {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let model = procfs::CpuInfo::current().ok();
    let model = model
        .as_ref()
        .and_then(|info| info.model_name(0))
        .unwrap_or("unknown processor");
    println!(
        "{cores} cores ({model}), load generator and server on the same machine; {:?} a figure, the middle of {} rounds\n",
        scale.window(),
        scale.rounds
    );
    if scale.quick {
        println!("A smoke run: it shows that everything works, and nothing else.\n");
    }
}

/// Says when other processes had so much of the machine that the figures are about them, too.
fn noise(others: impl Iterator<Item = f64>) {
    let most = others.fold(0.0, f64::max);
    if most > NOISY {
        println!(
            "- NOISY: other processes took up to {most:.1} cores meanwhile; measure again on a quiet machine."
        );
    }
}

/// An empty table that can be pasted into Markdown.
fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table
        .load_preset(presets::ASCII_MARKDOWN)
        .set_content_arrangement(ContentArrangement::Disabled)
        .set_header(header);
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

/// A number with as many decimals as are worth reading.
fn number(value: f64) -> String {
    match value.abs() {
        ..0.95 => format!("{value:.2}"),
        ..99.5 => format!("{value:.1}"),
        ..9_999.5 => format!("{value:.0}"),
        _ => grouped(value.round().max(0.0) as u64),
    }
}

/// With a comma before every three digits.
fn grouped(value: u64) -> String {
    match value {
        ..1_000 => value.to_string(),
        _ => format!("{},{:03}", grouped(value / 1_000), value % 1_000),
    }
}

/// A number, or a dash for none.
fn optional(value: Option<f64>) -> String {
    value.map_or_else(|| "–".into(), number)
}

/// A ratio, or a dash where the divisor says nothing.
fn ratio(value: Option<f64>, by: Option<f64>) -> String {
    match (value, by) {
        (Some(value), Some(by)) if by > 0.0 => format!("{:.2}", value / by),
        _ => "–".into(),
    }
}

/// Why no goal can be judged by a figure, if so: other processes had that many cores while it was measured.
fn unfit(scale: &Scale, other_cores: f64) -> Option<&'static str> {
    if scale.quick {
        return Some("not judged: a smoke run");
    }
    (other_cores > NOISY).then_some("not judged: noisy")
}

/// Whether a goal is met, in words.
fn goal(what: &str, met: bool) -> String {
    format!("{what}: {}", if met { "met" } else { "SHORT" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_the_decimals_worth_reading() {
        for (value, expected) in [
            (0.034, "0.03"),
            (2.54, "2.5"),
            (99.7, "100"),
            (1_234.5, "1234"),
            (998_042.6, "998,043"),
            (1_000_007.0, "1,000,007"),
            (-3.0, "-3.0"),
        ] {
            assert_eq!(number(value), expected);
        }
    }
}
