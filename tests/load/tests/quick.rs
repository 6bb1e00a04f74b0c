//! The smoke run: everything that can be started on this machine is measured, the rest is explained.

use std::process::Command;

/// What the run with two nodes measures. Without Redis the first is explained, and nothing is said of the others.
const NODES: [&str; 5] = [
    "two nodes",
    "Redis",
    "a node",
    "database agent, SQLite",
    "database agent, PostgreSQL",
];

#[test]
fn a_quick_run_measures_or_explains_everything() {
    let output = Command::new(env!("CARGO_BIN_EXE_load"))
        .args(["all", "--quick"])
        .output()
        .unwrap();
    let (tables, progress) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(output.status.success(), "{tables}\n{progress}");
    let (fanout, rest) = tables.split_once("Durable creates").expect("all tables");
    let (creates, nodes) = rest.split_once("Several nodes").expect("all tables");
    let others = [
        (fanout, "devteam"),
        (fanout, "Nchan"),
        (fanout, "NATS"),
        (creates, "devteam"),
        (creates, "PostgreSQL"),
    ];
    let is_skipped = nodes.contains("- two nodes skipped: ");
    let of_nodes = NODES
        .iter()
        .take(if is_skipped { 1 } else { NODES.len() })
        .map(|name| (nodes, *name));
    for (part, name) in others.into_iter().chain(of_nodes) {
        let measured = part
            .lines()
            .any(|line| line.starts_with(&format!("| {name}")));
        let explained = part
            .lines()
            .any(|line| line.starts_with(&format!("- {name} skipped: ")));
        assert!(
            measured || explained,
            "{name} is neither measured nor explained in\n{tables}"
        );
    }
}
