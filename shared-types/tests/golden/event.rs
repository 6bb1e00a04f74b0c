use shared_types::Event;

use crate::golden;

#[track_caller]
fn event(actor: &str, kind: &str, data: &str) {
    let text = format!(
        "{}\"actor\":{actor},\"cause\":\"req-1\",\"type\":\"{kind}\",\"data\":{data}}}",
        r#"{"id":"019380a0-7b3c-7c41-a3f2-0000000000ff","seq":121,"at":"2026-11-23T14:00:00.123Z","#
    );
    assert_eq!(golden::<Event>(&text).body.name(), kind);
}

const MEMBER: &str = r#"{"kind":"member","id":"019380a0-7b3c-7c41-a3f2-000000000004"}"#;

#[test]
fn every_type_of_event() {
    let changed = r#","changed":["name"]}"#;
    event(
        MEMBER,
        "organization.updated",
        &format!(r#"{{"organization":{}{changed}"#, organization!()),
    );
    for (entity, text) in [
        ("project", project!()),
        ("team", team!()),
        ("member", human!()),
        ("member", agent!()),
        ("item", epic!()),
        ("item", task!()),
    ] {
        for what in ["created", "deleted", "restored"] {
            event(
                MEMBER,
                &format!("{entity}.{what}"),
                &format!(r#"{{"{entity}":{text}}}"#),
            );
        }
        event(
            MEMBER,
            &format!("{entity}.updated"),
            &format!(r#"{{"{entity}":{text}{changed}"#),
        );
    }
    for what in ["created", "deleted", "restored"] {
        event(
            MEMBER,
            &format!("comment.{what}"),
            &format!(r#"{{"comment":{},"comments":2}}"#, comment!()),
        );
    }
    event(MEMBER, "run.created", &format!(r#"{{"run":{}}}"#, run!()));
    event(
        MEMBER,
        "run.updated",
        &format!(r#"{{"run":{}{changed}"#, plan!()),
    );
    event(
        MEMBER,
        "budget.updated",
        &format!(r#"{{"budget":{}{changed}"#, budget!()),
    );
    event(
        MEMBER,
        "comment.updated",
        &format!(r#"{{"comment":{},"changed":["body"]}}"#, comment!()),
    );
}

#[test]
fn every_kind_of_actor() {
    let data = format!(r#"{{"project":{}}}"#, project!());
    let run = r#"{"kind":"agent","id":"iris","run":"019380a0-7b3c-7c41-a3f2-0000000000aa"}"#;
    for actor in [
        MEMBER,
        run,
        r#"{"kind":"token","id":"t1"}"#,
        r#"{"kind":"system","id":"demo"}"#,
    ] {
        event(actor, "project.created", &data);
    }
}
