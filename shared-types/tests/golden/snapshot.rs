use shared_types::{
    model::{ItemKind, Priority, Status},
    wire::Snapshot,
};

use crate::golden;

#[test]
fn a_snapshot_with_everything_that_any_topic_has() {
    golden::<Snapshot>(&format!(
        concat!(
            r#"{{"organization":{},"projects":[{}],"teams":[{}],"members":[{},{}],"items":[{},{}],"#,
            r#""comments":[{}],"rollups":[{{"key":"org","seq":121,"value":{}}}]}}"#
        ),
        organization!(),
        project!(),
        team!(),
        human!(),
        agent!(),
        epic!(),
        task!(),
        comment!(),
        rollup!(),
    ));
}

#[test]
fn every_word_of_an_item() {
    for kind in ["epic", "feature", "task"] {
        golden::<ItemKind>(&format!("\"{kind}\""));
    }
    for status in [
        "backlog",
        "todo",
        "in_progress",
        "in_review",
        "done",
        "cancelled",
        "open",
        "closed",
    ] {
        assert_eq!(golden::<Status>(&format!("\"{status}\"")).as_str(), status);
    }
    for priority in ["none", "low", "medium", "high", "urgent"] {
        golden::<Priority>(&format!("\"{priority}\""));
    }
}
