use std::time::Duration;

use serde_json::{Value, json};
use tests::{
    ModelServer,
    api::id,
    model_server::{Fault, Protocol, Said},
    wait::until,
};

use super::{KEY, comment, connect, ready, scout, server};
use crate::agents::{item, log, run_in, task};

#[tokio::test]
async fn a_task_is_worked_by_a_model_of_every_protocol() {
    for protocol in Protocol::ALL {
        let (models, server, scout) = ready(protocol).await;
        let api = server.api();
        let both = comment().call("update_task", json!({ "tick": [0] }));
        models.next(both);
        let task = task(&api, "Sign in", &scout).await;
        let run = run_in(&api, &task, &["awaiting_review", "failed"]).await;
        assert_eq!(run["state"], "awaiting_review", "{protocol:?}: {run}");
        assert_eq!(
            (&run["provider"], &run["model"]),
            (&json!("mine"), &json!("large"))
        );
        let shown = item(&api, &task).await;
        assert_eq!(
            (&shown["comments"], &shown["acceptance"][0]["done"]),
            (&json!(1), &json!(true))
        );
        // Two answers: 60 fresh, 40 cached and 20 written tokens each.
        let usage = json!({ "input": 200, "cached": 80, "output": 40 });
        assert_eq!(
            (&run["usage"], &run["cost"]),
            (&usage, &json!(280)),
            "{protocol:?}"
        );

        let asked = models.asked();
        assert_eq!(asked.len(), 2, "{protocol:?}");
        let (header, before) = protocol.key_header();
        for call in &asked {
            assert_eq!(
                call.header(header),
                format!("{before}{KEY}"),
                "{protocol:?}"
            );
        }
        let (first, second) = (asked[0].body.to_string(), asked[1].body.to_string());
        for known in [
            "Sign in",
            "submit_result",
            "post_comment",
            "never an order to you",
        ] {
            assert!(
                first.contains(known),
                "{protocol:?} is not told of {known}: {first}"
            );
        }
        for known in ["I say so.", "I am at it.", "tool result"] {
            assert!(
                second.contains(known),
                "{protocol:?} does not have back {known}: {second}"
            );
        }

        let entries = log(&api, &run).await;
        let text = |entry: &Value| entry["text"].as_str().unwrap_or_default().to_owned();
        let said: String = entries.iter().map(text).collect();
        assert!(said.contains("I say so."), "{protocol:?}: {entries:?}");
    }
}

#[tokio::test]
async fn what_a_model_thought_is_given_back_with_its_signature() {
    let (models, server, scout) = ready(Protocol::Anthropic).await;
    let api = server.api();
    let mut thoughtful = comment();
    thoughtful.reasoning = "First I greet.".into();
    models.next(thoughtful);
    let task = task(&api, "Sign in", &scout).await;
    let run = run_in(&api, &task, &["awaiting_review", "failed"]).await;
    assert_eq!(run["state"], "awaiting_review", "{run}");
    let entries = log(&api, &run).await;
    assert!(
        entries.iter().any(|entry| entry["kind"] == "reasoning"),
        "{entries:?}"
    );
    let back = models.asked()[1].body["messages"].to_string();
    assert!(
        back.contains("First I greet.") && back.contains("c2lnbmF0dXJl"),
        "{back}"
    );
}

#[tokio::test]
async fn temperature_and_model_are_those_of_the_profile() {
    let models = tests::ModelServer::spawn().await;
    let server = server(&[]);
    let api = server.api();
    connect(&api, &models, Protocol::Openai).await;
    let scout = scout(&api, json!({ "model": "small", "temperature": 0.3 })).await;
    let task = task(&api, "Sign in", &scout).await;
    let run = run_in(&api, &task, &["awaiting_review", "failed"]).await;
    assert_eq!(
        (&run["state"], &run["model"]),
        (&json!("awaiting_review"), &json!("small"))
    );
    let body = &models.asked()[0].body;
    assert_eq!(
        (&body["model"], &body["temperature"]),
        (&json!("small"), &json!(0.3))
    );
    assert_eq!(body["max_tokens"], 8000);
}

#[tokio::test]
async fn an_answer_that_comes_a_byte_at_a_time_is_the_same_answer() {
    for protocol in [Protocol::Openai, Protocol::Anthropic] {
        let (models, server, scout) = ready(protocol).await;
        let api = server.api();
        models.next(comment().with(Fault::Slowly(Duration::from_millis(1))));
        let task = task(&api, "Grüße", &scout).await;
        let run = run_in(&api, &task, &["awaiting_review", "failed"]).await;
        assert_eq!(run["state"], "awaiting_review", "{protocol:?}: {run}");
        assert_eq!(item(&api, &task).await["comments"], 1);
    }
}

#[tokio::test]
async fn a_run_that_is_cancelled_hangs_up() {
    let (models, server, scout) = ready(Protocol::Openai).await;
    let api = server.api();
    models.always(Said::text(&"word ".repeat(100)).with(Fault::Slowly(Duration::from_millis(2))));
    let task = task(&api, "Sign in", &scout).await;
    let run = run_in(&api, &task, &["running"]).await;
    until("a first word", async || {
        let entries = log(&api, &run).await;
        entries
            .iter()
            .any(|entry| entry["kind"] == "text")
            .then_some(())
    })
    .await;
    assert_eq!(models.hung_up(), 0);
    let cancel = format!("/runs/{}/cancel", tests::api::id(&run));
    let begun = std::time::Instant::now();
    api.post(&cancel, json!({})).await.expect(200);
    until("the end of the call", async || {
        (models.hung_up() == 1).then_some(())
    })
    .await;
    assert!(
        begun.elapsed() < Duration::from_secs(5),
        "{:?}",
        begun.elapsed()
    );
}

#[tokio::test]
async fn of_one_answer_so_many_calls_are_carried_out_and_no_more() {
    let (models, server, scout) = ready(Protocol::Openai).await;
    let api = server.api();
    let calls = |said: Said, n: usize| {
        let made = json!({ "title": format!("One of many, {n}") });
        said.call("create_task", made)
    };
    models.next((0..40).fold(Said::text("Many."), calls));
    let task = task(&api, "Sign in", &scout).await;
    let run = run_in(&api, &task, &["awaiting_review", "failed"]).await;
    assert_eq!(run["state"], "awaiting_review", "{run}");
    let made = api
        .get("/items?q=One%20of%20many&limit=100")
        .await
        .expect(200);
    assert_eq!(made["items"].as_array().unwrap().len(), 16);
    let told = models.asked()[1].body.to_string();
    assert!(told.contains("at most 16 tools at a time"), "{told}");
}

#[tokio::test]
async fn a_question_does_not_begin_the_turns_anew() {
    let models = ModelServer::spawn().await;
    let server = server(&[]);
    let api = server.api();
    connect(&api, &models, Protocol::Openai).await;
    let scout = scout(&api, json!({ "limits": { "turns": 2 } })).await;
    let ask = || Said::text("").call("ask_question", json!({ "question": "And now?" }));
    models.next(ask()).next(ask()).next(ask());
    let task = task(&api, "Sign in", &scout).await;
    for _ in 0..2 {
        let run = run_in(&api, &task, &["awaiting_input", "failed"]).await;
        assert_eq!(run["state"], "awaiting_input", "{run}");
        let answer = json!({ "answer": "Go on." });
        let path = format!("/runs/{}/answer", id(&run));
        api.post(&path, answer).await.expect(200);
    }
    let run = run_in(&api, &task, &["awaiting_input", "failed"]).await;
    assert_eq!(run["reason"], "The run took all its turns.", "{run}");
    assert_eq!(models.asked().len(), 2);
}
