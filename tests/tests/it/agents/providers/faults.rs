//! What providers do wrong, and what becomes of a run.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tests::{
    Api, ModelServer,
    model_server::{Fault, Protocol, Said},
};

use super::{KEY, comment, ready};
use crate::agents::{item, log, run_in, task};

/// The two that all of it is tried with.
const BOTH: [Protocol; 2] = [Protocol::Openai, Protocol::Anthropic];

/// The run of a task that is worked with what the server says.
async fn worked(
    protocol: Protocol,
    tell: impl Fn(&ModelServer),
) -> (ModelServer, Api, Value, Value) {
    let (models, server, scout) = ready(protocol).await;
    let api = server.api();
    tell(&models);
    let task = task(&api, "Sign in", &scout).await;
    let run = run_in(&api, &task, &["awaiting_review", "failed"]).await;
    let run = json!({ "run": run, "log": log(&api, &run).await });
    let item = item(&api, &task).await;
    // The server goes with the test's end; what it has said is here.
    drop(server);
    (models, api, run, item)
}

async fn fails(protocol: Protocol, said: Said, failure: &str) -> (usize, Value) {
    let (models, _, found, _) = worked(protocol, |models| {
        models.always(said.clone());
    })
    .await;
    let run = found["run"].clone();
    assert_eq!(
        (&run["state"], &run["failure"]),
        (&json!("failed"), &json!(failure)),
        "{found}"
    );
    assert!(!found.to_string().contains(KEY), "{found}");
    (models.asked().len(), run)
}

#[tokio::test]
async fn a_key_that_is_not_taken_ends_the_run_at_once_and_is_not_told() {
    for protocol in BOTH {
        for status in [401, 403] {
            let body =
                r#"{"error":{"type":"authentication_error","message":"Incorrect key {key}"}}"#;
            let said = Said::refused(status, None, body);
            let (calls, run) = fails(protocol, said, "provider_unauthorized").await;
            assert_eq!(calls, 1);
            let reason = run["reason"].as_str().unwrap();
            assert!(reason.contains("Incorrect key [the key]"), "{reason}");
            assert_eq!(run["cost"], 0, "what is refused costs nothing");
        }
    }
}

#[tokio::test]
async fn a_provider_that_wants_to_be_left_alone_is() {
    for protocol in BOTH {
        let begun = Instant::now();
        let (models, _, found, _) = worked(protocol, |models| {
            models.next(Said::refused(
                429,
                Some("2"),
                r#"{"error":{"message":"Slow down"}}"#,
            ));
        })
        .await;
        assert_eq!(found["run"]["state"], "awaiting_review", "{found}");
        assert!(
            begun.elapsed() >= Duration::from_secs(2),
            "{:?}",
            begun.elapsed()
        );
        assert_eq!(models.asked().len(), 2);
        assert!(found["log"].to_string().contains("Slow down"), "{found}");
    }
    let long = Said::refused(429, Some("3600"), "{}");
    let (calls, _) = fails(Protocol::Openai, long, "provider_rate_limited").await;
    assert_eq!(calls, 1, "nobody waits an hour within a run");
}

#[tokio::test]
async fn a_provider_that_fails_is_asked_again_and_given_up_in_the_end() {
    for protocol in BOTH {
        let (models, _, found, _) = worked(protocol, |models| {
            models.next(Said::refused(500, None, "{}"));
            models.next(Said::refused(
                529,
                None,
                r#"{"error":{"type":"overloaded_error"}}"#,
            ));
        })
        .await;
        assert_eq!(found["run"]["state"], "awaiting_review", "{found}");
        assert_eq!(models.asked().len(), 3);
    }
    let said = Said::refused(503, Some("0"), "no JSON {key}");
    let (calls, _) = fails(Protocol::Openai, said, "provider_unavailable").await;
    assert_eq!(calls, 4);
}

#[tokio::test]
async fn a_provider_that_stands_still_ends_the_run_and_what_it_had_said_is_paid_for() {
    for protocol in BOTH {
        let said = comment().with(Fault::Stalls);
        let (calls, run) = fails(protocol, said, "stalled").await;
        assert_eq!(calls, 1);
        assert!(run["cost"].as_u64().unwrap() > 0, "{run}");
    }
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_none_and_is_asked_for_again() {
    for protocol in Protocol::ALL {
        for fault in [Fault::BreaksOff, Fault::EndsEarly] {
            let (models, _, found, item) = worked(protocol, |models| {
                models.next(comment().with(fault.clone()));
            })
            .await;
            assert_eq!(
                found["run"]["state"], "awaiting_review",
                "{protocol:?} {fault:?}: {found}"
            );
            assert_eq!(models.asked().len(), 2, "{protocol:?} {fault:?}");
            assert_eq!(item["comments"], 0, "half an answer does nothing");
            assert!(found["run"]["cost"].as_u64().unwrap() > 140, "{found}");
        }
    }
}

#[tokio::test]
async fn what_is_no_answer_at_all_is_asked_for_again() {
    for protocol in BOTH {
        let (models, _, found, _) = worked(protocol, |models| {
            models.next(Said::submit().with(Fault::Nonsense));
        })
        .await;
        assert_eq!(
            found["run"]["state"], "awaiting_review",
            "{protocol:?}: {found}"
        );
        assert_eq!(models.asked().len(), 2);
    }
}

#[tokio::test]
async fn arguments_that_make_no_sense_are_told_to_the_model_which_can_do_better() {
    for protocol in BOTH {
        for written in [
            r#"{"body": "cut o"#,
            "[]",
            r#""text""#,
            r#"{"boby":"x"}"#,
            "",
        ] {
            let (models, _, found, item) = worked(protocol, |models| {
                models.next(Said::text("Hm.").call_written("post_comment", written));
                models.next(comment());
            })
            .await;
            assert_eq!(
                found["run"]["state"], "awaiting_review",
                "{protocol:?} {written}: {found}"
            );
            assert_eq!(item["comments"], 1);
            let told = models.asked()[1].body.to_string();
            assert!(
                told.contains("The arguments of post_comment can't be read"),
                "{told}"
            );
            let results = found["log"].as_array().unwrap().iter();
            let failed = results.filter(|entry| entry["failed"] == true).count();
            assert_eq!(failed, 1, "{found}");
        }
    }
    let useless = Said::text("Hm.").call_written("post_comment", "nonsense");
    let (calls, _) = fails(Protocol::Openai, useless, "invalid_output").await;
    assert_eq!(calls, 3);
}

#[tokio::test]
async fn an_answer_that_does_not_end_is_given_up() {
    for protocol in BOTH {
        let said = Said::text("And ").with(Fault::Endless);
        let (models, _, found, _) = worked(protocol, |models| {
            models.always(said.clone());
        })
        .await;
        assert_eq!(found["run"]["failure"], "invalid_output", "{found}");
        assert_eq!(models.asked().len(), 1);
        let text = found["log"].to_string().len();
        assert!(text < 200_000, "{text} bytes of it were taken");
        let output = &found["run"]["usage"]["output"];
        assert_eq!(output, &json!(8_000), "what was asked for");
    }
}

#[tokio::test]
async fn a_prompt_that_is_too_long_and_a_model_that_is_not_there_are_called_so() {
    let long = r#"{"error":{"code":"context_length_exceeded","message":"Too long for large"}}"#;
    let (calls, _) = fails(
        Protocol::Openai,
        Said::refused(400, None, long),
        "context_too_long",
    )
    .await;
    assert_eq!(calls, 1);
    let long = r#"{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 9 > 8"}}"#;
    fails(
        Protocol::Anthropic,
        Said::refused(400, None, long),
        "context_too_long",
    )
    .await;
    let gone = r#"{"error":{"message":"There is no model large"}}"#;
    let (calls, run) = fails(
        Protocol::Openai,
        Said::refused(404, None, gone),
        "invalid_output",
    )
    .await;
    assert_eq!(calls, 1);
    assert!(
        run["reason"]
            .as_str()
            .unwrap()
            .contains("There is no model large"),
        "{run}"
    );
}

#[tokio::test]
async fn a_refusal_that_does_not_end_is_not_read_for_longer_than_a_provider_may_take() {
    for status in [400, 500] {
        let said = Said::text("").with(Fault::RefusedWithoutEnd(status));
        let begun = Instant::now();
        let (models, _, found, _) = worked(Protocol::Openai, |models| {
            models.always(said.clone());
        })
        .await;
        assert_eq!(found["run"]["failure"], "stalled", "{found}");
        assert_eq!(models.asked().len(), 1);
        assert!(begun.elapsed() < Duration::from_secs(15));
    }
}
