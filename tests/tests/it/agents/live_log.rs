use serde_json::{Value, json};
use tests::{Socket, api::id};

use super::{agent, log, quick, run_in, slow, task};

/// Reads log messages until so many entries have come, without a hole or a repeat.
async fn entries(socket: &mut Socket, from: u64, until: usize) -> Vec<Value> {
    let mut found = Vec::new();
    while found.len() < until {
        let message = socket.expect("log").await;
        assert_eq!(message["offset"], from + found.len() as u64);
        found.extend(message["entries"].as_array().unwrap().iter().cloned());
    }
    found
}

#[tokio::test]
async fn a_log_is_told_as_it_is_written_and_goes_on_where_a_reader_left_off() {
    let server = slow();
    let api = server.api();
    let scout = agent(&api, "Scout", json!({})).await;
    let task = task(&api, "Sign in", &scout).await;
    let run = run_in(&api, &task, &["running"]).await;
    let topic = format!("run:{}", id(&run));
    let mut first = Socket::welcomed(server.address()).await;
    let ask =
        |after: u64| json!({ "type": "subscribe", "id": 1, "topic": topic, "log_after": after });
    let subscribed = first.ask(ask(0)).await;
    assert_eq!(subscribed["snapshot"]["runs"][0]["id"], run["id"]);
    let told = entries(&mut first, 1, 3).await;
    assert_eq!(told[0]["kind"], "started");
    drop(first);
    let mut second = Socket::welcomed(server.address()).await;
    second.ask(ask(2)).await;
    let again = entries(&mut second, 3, 2).await;
    assert_eq!(again[0], told[2]);
}

#[tokio::test]
async fn a_log_is_read_whole_after_the_run_and_after_a_restart() {
    let mut server = quick();
    let api = server.api();
    let scout = agent(&api, "Scout", json!({})).await;
    let task = task(&api, "Sign in", &scout).await;
    let run = run_in(&api, &task, &["awaiting_review"]).await;
    let before = log(&api, &run).await;
    server.kill();
    server.restart();
    assert_eq!(log(&server.api(), &run).await, before);
    let mut socket = Socket::welcomed(server.address()).await;
    let topic = format!("run:{}", id(&run));
    socket
        .ask(json!({ "type": "subscribe", "id": 1, "topic": topic, "log_after": 0 }))
        .await;
    assert_eq!(entries(&mut socket, 1, before.len()).await, before);
}

#[tokio::test]
async fn a_log_is_asked_for_of_runs_alone_and_not_on_an_event_stream() {
    let server = quick();
    let mut socket = Socket::welcomed(server.address()).await;
    let ask = json!({ "type": "subscribe", "id": 1, "topic": "org", "log_after": 0 });
    let refused = socket.ask(ask).await;
    assert_eq!(
        (&refused["type"], &refused["code"]),
        (&json!("error"), &json!("bad_message"))
    );
    let api = server.api();
    api.get("/sse?topics=org&log_after=0")
        .await
        .wrong_field("log_after");
    let nobody = "019380a0-7b3c-7c41-a3f2-0000000000aa";
    api.get(&format!("/runs/{nobody}"))
        .await
        .problem(404, "not_found");
    api.get(&format!("/runs/{nobody}/log"))
        .await
        .problem(404, "not_found");
}
