//! The smoke run: everything that can be started on this machine is measured, the rest is explained.

use std::process::Command;

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
    let (fanout, creates) = tables.split_once("Durable creates").expect("both tables");
    for (part, name) in [
        (fanout, "devteam"),
        (fanout, "Nchan"),
        (fanout, "NATS"),
        (creates, "devteam"),
        (creates, "PostgreSQL"),
    ] {
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
