use shared_types::{
    model::{
        AgentProfile, Alert, FailureReason, ItemKind, OrganizationProfile, Priority, RunState,
        Status,
    },
    wire::Snapshot,
};

use crate::golden;

#[test]
fn a_snapshot_with_everything_that_any_topic_has() {
    golden::<Snapshot>(&format!(
        concat!(
            r#"{{"organization":{},"projects":[{}],"teams":[{}],"members":[{},{}],"items":[{},{}],"#,
            r#""comments":[{}],"runs":[{},{}],"rollups":[{{"key":"org","seq":121,"value":{}}}]}}"#
        ),
        organization!(),
        project!(),
        team!(),
        human!(),
        agent!(),
        epic!(),
        task!(),
        comment!(),
        run!(),
        plan!(),
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

#[test]
fn every_word_of_a_run() {
    for state in RunState::ALL {
        assert_eq!(
            golden::<RunState>(&format!("\"{}\"", state.as_str())),
            state
        );
    }
    for failure in [
        "provider_unauthorized",
        "provider_rate_limited",
        "provider_unavailable",
        "context_too_long",
        "budget_exceeded",
        "lease_lost",
        "stalled",
        "invalid_output",
        "tool_failed",
        "circuit_open",
        "internal",
    ] {
        golden::<FailureReason>(&format!("\"{failure}\""));
    }
    for alert in ["none", "warning", "exhausted"] {
        golden::<Alert>(&format!("\"{alert}\""));
    }
}

#[test]
fn an_organization_that_was_written_before_there_was_a_switch_is_read() {
    let stopped = organization!().replace("}", r#","agents_stopped":true}"#);
    assert!(golden::<OrganizationProfile>(&stopped).agents_stopped);
    assert!(!golden::<OrganizationProfile>(organization!()).agents_stopped);
}

#[test]
fn a_profile_that_only_has_instructions_is_that_of_an_agent_that_begins_by_itself() {
    let profile: AgentProfile = serde_json::from_str(r#"{"instructions":"Be brief."}"#).unwrap();
    assert!(profile.auto_start);
    assert_eq!(profile.limits.running, 3);
}
