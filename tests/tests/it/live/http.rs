//! SSE and polling as plain HTTP.

use std::time::Duration;

use futures_util::StreamExt;
use serde_json::{Value, json};
use tests::{Server, api::id, wait::in_time};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::sleep,
};

/// The first messages of SSE, as they came: blocks of lines.
async fn blocks(url: String, count: usize) -> Vec<String> {
    let client = tests::http::client().build().unwrap();
    let answer = client.get(url).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(
        answer.headers()["content-type"]
            .to_str()
            .unwrap()
            .starts_with("text/event-stream")
    );
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let mut stream = answer.bytes_stream();
    let mut text = String::new();
    let complete = |text: &str| text.matches("\n\n").count() >= count;
    while !complete(&text) {
        let chunk = in_time("more of the stream", stream.next())
            .await
            .expect("it goes on")
            .unwrap();
        text.push_str(std::str::from_utf8(&chunk).unwrap());
    }
    text.split("\n\n").take(count).map(str::to_owned).collect()
}

fn field<'a>(block: &'a str, name: &str) -> Option<&'a str> {
    block.lines().find_map(|line| {
        line.strip_prefix(name)?
            .strip_prefix(':')
            .map(str::trim_start)
    })
}

fn data(block: &str) -> Value {
    serde_json::from_str(field(block, "data").expect("a message")).unwrap()
}

/// Messages among the blocks: comments and settings are none. A comment comes first, so that buffering is noticed.
fn messages(blocks: &[String]) -> Vec<&String> {
    blocks
        .iter()
        .filter(|block| field(block, "data").is_some())
        .collect()
}

#[tokio::test]
async fn sse_starts_with_snapshots_at_one_position_and_the_id_is_on_the_last() {
    let server = Server::spawn();
    let api = server.api();
    api.project("Web").await;
    let head = api.get("/projects").await.cursor().to_string();
    let blocks = blocks(server.url("/api/v1/sse?topics=org,project:web"), 3).await;
    let messages = messages(&blocks);
    assert_eq!(messages.len(), 2, "{blocks:?}");
    for block in &messages {
        assert_eq!(field(block, "event"), Some("subscribed"));
        let message = data(block);
        assert_eq!(
            (&message["type"], &message["mode"], &message["cursor"]),
            (&json!("subscribed"), &json!("snapshot"), &json!(head))
        );
        assert!(message.get("id").is_none(), "{message}");
    }
    assert_eq!(
        (field(messages[0], "id"), field(messages[1], "id")),
        (None, Some(head.as_str()))
    );
}

#[tokio::test]
async fn sse_resumes_after_a_position_and_after_the_last_event_id() {
    let server = Server::spawn();
    let api = server.api();
    let web = api.project("Web").await;
    let after = api.get("/projects").await.cursor();
    let first = api
        .post(
            "/items",
            json!({ "kind": "task", "title": "One", "project": "web" }),
        )
        .await
        .cursor();
    api.task(&web, "Two").await;
    let all = blocks(
        server.url(&format!("/api/v1/sse?topics=project:web&after={after}")),
        3,
    )
    .await;
    let events: Vec<Value> = all
        .iter()
        .filter(|block| field(block, "event") == Some("event"))
        .map(|block| data(block))
        .collect();
    assert_eq!(events[0]["event"]["data"]["item"]["title"], "One");
    let block = all
        .iter()
        .find(|block| field(block, "event") == Some("event"))
        .unwrap();
    assert_eq!(field(block, "id"), Some(first.to_string().as_str()));
    let client = tests::http::client().build().unwrap();
    let url = server.url(&format!("/api/v1/sse?topics=project:web&after={after}"));
    let answer = client
        .get(url)
        .header("last-event-id", first.to_string())
        .send()
        .await
        .unwrap();
    let mut stream = answer.bytes_stream();
    let mut text = String::new();
    while !text.contains("Two") {
        let chunk = in_time("the second task", stream.next())
            .await
            .expect("it goes on")
            .unwrap();
        text.push_str(std::str::from_utf8(&chunk).unwrap());
    }
    assert!(!text.contains("One"), "{text}");
}

#[tokio::test]
async fn a_topic_can_begin_with_a_snapshot_beside_one_that_is_resumed() {
    let server = Server::spawn();
    let api = server.api();
    let web = api.project("Web").await;
    let after = api.get("/projects").await.cursor();
    api.task(&web, "One").await;
    let answer = api
        .get(&format!(
            "/events?topics=project:web,org@snapshot&after={after}"
        ))
        .await
        .expect(200);
    let messages = answer["messages"].as_array().unwrap();
    let kinds = |kind: &str| {
        messages
            .iter()
            .filter(|message| message["type"] == kind)
            .collect::<Vec<_>>()
    };
    let snapshots: Vec<_> = kinds("subscribed")
        .into_iter()
        .filter(|message| message["mode"] == "snapshot")
        .collect();
    assert_eq!(snapshots.len(), 1, "{answer}");
    assert_eq!(snapshots[0]["topic"], "org");
    assert_eq!(kinds("event").len(), 1, "{answer}");
}

#[tokio::test]
async fn a_topic_that_is_not_there_is_told_beside_those_that_are() {
    let server = Server::spawn();
    let api = server.api();
    let web = api.project("Web").await;
    for path in ["events", "sse"] {
        api.get(&format!("/{path}?topics=project:nowhere"))
            .await
            .problem(404, "not_found");
    }
    let answer = api
        .get("/events?topics=org,project:nowhere")
        .await
        .expect(200);
    let error = answer["messages"]
        .as_array()
        .unwrap()
        .iter()
        .find(|message| message["type"] == "error");
    let error = error.unwrap_or_else(|| panic!("{answer}"));
    assert_eq!(
        (&error["topic"], &error["code"]),
        (&json!("project:nowhere"), &json!("not_found"))
    );
    let blocks = blocks(server.url("/api/v1/sse?topics=org,project:nowhere"), 3).await;
    let problem = messages(&blocks)
        .into_iter()
        .find(|block| field(block, "event") == Some("problem"));
    assert_eq!(
        data(problem.unwrap_or_else(|| panic!("{blocks:?}")))["topic"],
        "project:nowhere"
    );
    // One that was followed has ended since.
    let after = api.get("/projects").await.cursor();
    api.delete("/projects/web").await.expect(204);
    let topic = format!("project:{}", id(&web));
    let answer = api
        .get(&format!("/events?topics={topic}&after={after}"))
        .await
        .expect(200);
    let end = &answer["messages"][0];
    assert_eq!(
        (&end["type"], &end["topic"], &end["reason"]),
        (&json!("unsubscribed"), &json!(topic), &json!("deleted"))
    );
}

#[tokio::test]
async fn polling_waits_for_what_happens_and_moves_on_past_what_does_not_concern_it() {
    let server = Server::spawn();
    let api = server.api();
    let web = api.project("Web").await;
    let begun = api.get("/events?topics=project:web").await;
    assert_eq!(begun.header("cache-control"), "no-store");
    let begun = begun.expect(200);
    assert_eq!(begun["messages"][0]["type"], "subscribed");
    let cursor = begun["cursor"].as_str().unwrap();
    // Nothing has happened: the answer is empty and comes at once.
    let none = api
        .get(&format!("/events?topics=project:web&after={cursor}"))
        .await
        .expect(200);
    assert_eq!(
        (none["messages"].as_array().unwrap().len(), &none["cursor"]),
        (0, &begun["cursor"])
    );
    let waiting = format!("/events?topics=project:web&after={cursor}&wait=20");
    let (answer, _) = tokio::join!(api.get(&waiting), api.task(&web, "One"));
    let answer = answer.expect(200);
    assert_eq!(
        answer["messages"][0]["event"]["data"]["item"]["title"],
        "One"
    );
    let cursor = answer["cursor"].as_str().unwrap();
    let other = api
        .post("/members", json!({ "name": "Ada", "kind": "human" }))
        .await
        .cursor();
    let past = api
        .get(&format!("/events?topics=project:web&after={cursor}"))
        .await
        .expect(200);
    let events = past["messages"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|message| message["type"] == "event")
        .count();
    assert_eq!(
        (events, past["cursor"].as_str().unwrap()),
        (0, other.to_string().as_str())
    );
    // A wait that is over answers nothing, in its time.
    let begun = std::time::Instant::now();
    api.get(&format!("/events?topics=project:web&after={other}&wait=1"))
        .await
        .expect(200);
    assert!(
        (900..6_000).contains(&begun.elapsed().as_millis()),
        "{:?}",
        begun.elapsed()
    );
}

#[tokio::test]
async fn polling_answers_a_thousand_messages_at_most_and_goes_on_behind_them() {
    let server = Server::spawn();
    let api = server.api();
    let task = api
        .create("/items", json!({ "kind": "task", "title": "T" }))
        .await;
    let path = format!("/items/{}", id(&task));
    let begun = api.get("/organization").await.cursor();
    let writers = (0..16).map(|writer| {
        let (api, path) = (api.clone(), path.clone());
        tokio::spawn(async move {
            for n in 0..65 {
                api.patch(&path, json!({ "title": format!("{writer} {n}") }))
                    .await
                    .expect(200);
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    let mut after = begun.to_string();
    let mut seqs = Vec::new();
    for page in 0..2 {
        let answer = api
            .get(&format!("/events?topics=all&after={after}"))
            .await
            .expect(200);
        let messages = answer["messages"].as_array().unwrap();
        assert!(
            messages.len() <= 1000 && (page == 1 || messages.len() >= 900),
            "{} messages",
            messages.len()
        );
        seqs.extend(
            messages
                .iter()
                .filter_map(|message| message["event"]["seq"].as_u64()),
        );
        after = answer["cursor"].as_str().unwrap().to_owned();
    }
    assert_eq!(seqs, (begun.seq + 1..=begun.seq + 1040).collect::<Vec<_>>());
}

#[tokio::test]
async fn what_can_not_be_asked_for_is_refused() {
    let server = Server::spawn();
    let api = server.api();
    for path in ["events", "sse"] {
        for query in [
            "",
            "topics=",
            "topics=org&colour=red",
            "topics=org&wait=x",
            "topics=nonsense",
        ] {
            if path == "sse" && query.contains("wait") {
                continue;
            }
            let refused = api.get(&format!("/{path}?{query}"));
            let refused = in_time("a refusal", async { refused.await }).await;
            assert!(
                [400, 404, 422].contains(&refused.status),
                "{path}?{query}: {} {}",
                refused.status,
                refused.text()
            );
        }
        // A run's log has its own offsets.
        let run = api
            .get(&format!(
                "/{path}?topics=run:019380a0-7b3c-7c41-a3f2-2a1b3c4d5e6f"
            ))
            .await;
        assert!([400, 404, 422].contains(&run.status), "{}", run.text());
    }
    api.get("/events?topics=org&wait=31")
        .await
        .wrong_field("wait");
    let plain = api.get("/ws").await;
    assert!((400..500).contains(&plain.status), "{}", plain.text());
}

#[tokio::test]
async fn a_connection_that_was_idle_for_a_while_takes_the_next_request() {
    let server = Server::spawn();
    let mut line = TcpStream::connect(server.address()).await.unwrap();
    let mut buffer = [0; 4_096];
    // Less than the 60 s for which proxies keep one, more than servers do by default.
    for idle in [0, 8] {
        sleep(Duration::from_secs(idle)).await;
        let request = b"GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n";
        line.write_all(request).await.unwrap();
        let count = in_time("an answer", line.read(&mut buffer)).await.unwrap();
        let answer = String::from_utf8_lossy(&buffer[..count]);
        assert!(answer.starts_with("HTTP/1.1 200"), "{idle} s: {answer}");
    }
}
