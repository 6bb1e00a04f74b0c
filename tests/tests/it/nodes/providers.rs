//! Providers that admins set at one node: every node knows them, and works with them where it has the key that theirs is
//! sealed with.

use std::{fs, os::unix::fs::PermissionsExt, path::PathBuf};

use serde_json::{Value, json};
use tempfile::TempDir;
use tests::{
    Api, ModelServer, Nodes, Options, Redis, Server,
    model_server::{Protocol, Said},
    wait::until,
};

use crate::agents::{
    agent,
    providers::{KEY, connect},
    run_in, task,
};

/// A file with a sealing key.
fn sealing_key(folder: &TempDir) -> PathBuf {
    let path = folder.path().join("sealing.key");
    fs::write(&path, [7; 32]).expect("written");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("closed");
    path
}

/// The first has the sealing key and works nothing, the second works without it, the third has it and works.
async fn nodes(folder: &TempDir) -> Nodes {
    let key = sealing_key(folder).display().to_string();
    Nodes::with(Redis::spawn(), 3, |number, plain| {
        let mut args = vec!["--allow-private-providers".to_owned()];
        if number != 1 {
            args.extend(["--sealing-key-file".to_owned(), key.clone()]);
        }
        Options {
            works: number != 0,
            args,
            ..plain
        }
    })
    .await
}

/// The provider `mine` as a node shows it, once it has this model.
async fn with_model(api: &Api, model: &str) -> Value {
    let what = format!("the provider with the model {model}");
    until(&what, async || {
        let shown = api.get("/providers/mine").await;
        let shown = (shown.status == 200).then(|| shown.expect(200))?;
        (shown["model"] == model).then_some(shown)
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_set_at_one_node_is_worked_with_by_those_that_have_the_sealing_key() {
    let models = ModelServer::spawn().await;
    let folder = TempDir::new().expect("a folder");
    let mut nodes = nodes(&folder).await;
    let apis = nodes.apis();
    let (first, without, third) = (&apis[0], &apis[1], &apis[2]);
    connect(first, &models, Protocol::Openai).await;
    let there = with_model(third, "large").await;
    assert_eq!(there, first.get("/providers/mine").await.expect(200));
    assert_eq!(there["key"]["ends_in"], "wxyz");
    let locked = with_model(without, "large").await;
    assert_eq!(locked["key"]["set"], false, "it can't be opened there");

    // That node would be the first to work it.
    let scout = agent(without, "Scout", json!({ "provider": "mine" })).await;
    models.next(Said::text("I say so.").call("post_comment", json!({ "body": "I am at it." })));
    let task = task(without, "Sign in", &scout).await;
    let run = run_in(without, &task, &["awaiting_review", "failed"]).await;
    assert_eq!(run["state"], "awaiting_review", "{run}");
    for call in models.asked() {
        assert_eq!(call.header("authorization"), format!("Bearer {KEY}"));
    }

    // What is not named stays, whoever set it.
    let change =
        json!({ "kind": "openai", "base_url": models.url(Protocol::Openai), "model": "small" });
    third.put("/providers/mine").json(change).await.expect(200);
    let shown = with_model(first, "small").await;
    assert_eq!(shown["key"]["ends_in"], "wxyz");
    let key = json!({ "kind": "openai", "key": "sk-another-0123456789" });
    let refused = without.put("/providers/other").json(key).await;
    let refused = refused.problem(403, "forbidden");
    let detail = refused["detail"].as_str().expect("a text");
    assert!(detail.contains("--sealing-key-file"), "{detail}");

    let kept = nodes.redis.ask(&["KEYS", "*:providers"]);
    let kept = nodes
        .redis
        .ask(&["HGETALL", kept.lines().last().unwrap_or_default().trim()]);
    assert!(kept.contains("small"), "{kept}");
    assert!(!kept.contains("planted"), "{kept}");

    nodes.servers[2].kill();
    nodes.servers[2].restart();
    let third = nodes.servers[2].api();
    with_model(&third, "small").await;
    without.delete("/providers/mine").await.expect(204);
    for api in [first, &third] {
        until("it to be gone", async || {
            (api.get("/providers/mine").await.status == 404).then_some(())
        })
        .await;
    }
}

#[test]
fn a_sealing_key_that_is_of_no_use_is_refused_at_the_start() {
    let folder = TempDir::new().expect("a folder");
    let refused = |path: &PathBuf| {
        let args = ["--sealing-key-file", &path.display().to_string()].map(str::to_owned);
        let (_, said) = Server::refused(Options {
            args: args.to_vec(),
            ..Options::default()
        });
        said
    };
    let path = sealing_key(&folder);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("opened");
    assert!(refused(&path).contains("chmod 600"));
    fs::write(&path, "too short").expect("written");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("closed");
    assert!(refused(&path).contains("32"));
    fs::remove_file(&path).expect("gone");
    assert!(refused(&path).contains("openssl rand"));
}
