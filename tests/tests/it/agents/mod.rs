//! AI members at work: the server's own worker with the scripted provider, and workers elsewhere.

mod demo;
mod elsewhere;
mod limits;
mod lines;
mod live_log;
mod past;
pub(crate) mod providers;
mod rules;
mod scripted;
mod survival;
mod token;
mod worker;

use serde_json::{Value, json};
use tests::{Api, Options, Server, api::id, wait::until};

/// A server whose AI members work with the scripted provider, fast.
fn quick() -> Server {
    Server::with(options("100000"))
}

/// One that speaks so slowly that a run lasts as long as a test.
fn slow() -> Server {
    Server::with(options("1"))
}

pub(crate) fn options(words_per_second: &str) -> Options {
    let args = [
        "--provider",
        "scripted",
        "--scripted-words-per-second",
        words_per_second,
    ];
    Options {
        works: true,
        args: args.map(str::to_owned).to_vec(),
        ..Options::default()
    }
}

/// An AI member.
pub(crate) async fn agent(api: &Api, name: &str, profile: Value) -> Value {
    let new = json!({ "name": name, "kind": "agent", "agent": profile });
    api.create("/members", new).await
}

/// A task that waits to be done by a member.
pub(crate) async fn task(api: &Api, title: &str, member: &Value) -> Value {
    let new = json!({
        "kind": "task", "title": title, "status": "todo", "assignees": [id(member)],
        "acceptance": [{ "text": "It works." }],
    });
    api.create("/items", new).await
}

/// The newest run of an item, once it is in one of these states.
pub(crate) async fn run_in(api: &Api, item: &Value, states: &[&str]) -> Value {
    let path = format!("/items/{}/runs?limit=200", id(item));
    let what = format!("a run that is one of {states:?}");
    until(&what, async || {
        let runs = api.get(&path).await.expect(200);
        let newest = runs["items"].as_array().unwrap().first().cloned()?;
        states
            .contains(&newest["state"].as_str().unwrap())
            .then_some(newest)
    })
    .await
}

pub(crate) async fn item(api: &Api, item: &Value) -> Value {
    api.get(&format!("/items/{}", id(item))).await.expect(200)
}

/// All that a run has written.
pub(crate) async fn log(api: &Api, run: &Value) -> Vec<Value> {
    let mut entries = Vec::new();
    loop {
        let path = format!("/runs/{}/log?after={}", id(run), entries.len());
        let part = api.get(&path).await.expect(200);
        assert_eq!(part["offset"], entries.len() + 1);
        let more = part["entries"].as_array().unwrap();
        if more.is_empty() {
            assert_eq!(part["last"], entries.len());
            return entries;
        }
        entries.extend(more.iter().cloned());
    }
}
