//! AI members that work with real providers, as far as those can be had on one machine: a server that speaks as they do.

mod again;
mod answers;
mod faults;
mod money;
mod network;
mod secrets;
mod settings;

use serde_json::{Value, json};
use tests::{
    Api, ModelServer, Options, Server,
    model_server::{Protocol, Said},
};

use super::agent;

/// A key that the server may not show.
pub(crate) const KEY: &str = "sk-planted-0123456789-wxyz";

/// What a million tokens cost: a micro-dollar a token, a half where cached, three where written.
fn prices() -> Value {
    json!({ "others": { "input": 1_000_000, "cached": 500_000, "output": 3_000_000 } })
}

/// A server whose admins may name a provider on this machine.
fn server(more: &[&str]) -> Server {
    let args = ["--allow-private-providers"].iter().chain(more);
    Server::with(Options {
        works: true,
        args: args.map(|arg| (*arg).to_owned()).collect(),
        ..Options::default()
    })
}

/// Sets the provider `mine`.
pub(crate) async fn connect(api: &Api, models: &ModelServer, protocol: Protocol) {
    let provider = json!({
        "kind": protocol.kind(), "base_url": models.url(protocol), "key": KEY, "model": "large", "prices": prices(),
    });
    api.put("/providers/mine").json(provider).await.expect(201);
}

/// An AI member that works with it.
async fn scout(api: &Api, more: Value) -> Value {
    let mut profile = json!({ "provider": "mine" });
    for (name, value) in more.as_object().unwrap() {
        profile[name] = value.clone();
    }
    agent(api, "Scout", profile).await
}

/// A server with a member that works with a provider of this protocol.
async fn ready(protocol: Protocol) -> (ModelServer, Server, Value) {
    let models = ModelServer::spawn().await;
    let server = server(&["--stall-seconds", "2"]);
    let api = server.api();
    connect(&api, &models, protocol).await;
    let scout = scout(&api, json!({})).await;
    (models, server, scout)
}

fn comment() -> Said {
    Said::text("I say so.").call("post_comment", json!({ "body": "I am at it." }))
}
