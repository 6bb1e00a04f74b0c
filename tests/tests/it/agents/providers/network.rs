//! What an admin can have the server ask: nothing that only the server reaches, unless its operator says so.

use serde_json::json;
use tests::{
    Api, ModelServer, Options, Server,
    model_server::{Fault, Protocol, Said},
};

use super::{KEY, connect, server};

async fn set(api: &Api, url: &str) -> tests::Answer {
    let provider = json!({ "kind": "openai", "base_url": url, "key": KEY, "model": "large" });
    api.put("/providers/mine").json(provider).await
}

#[tokio::test]
async fn an_admin_can_not_have_the_server_ask_what_only_it_reaches() {
    let server = Server::spawn();
    let api = server.api();
    let own = format!("https://{}/", server.address());
    for private in [
        &own,
        "http://api.example.com/v1",
        "https://127.0.0.1/v1",
        "https://2130706433/",
        "https://[::1]:8443/",
        "https://[::ffff:10.0.0.1]/",
        "https://10.0.0.1/",
        "https://169.254.169.254/latest/meta-data/",
        "file:///etc/passwd",
        "gopher://example.com/",
        "https://ada:secret@api.example.com/",
    ] {
        set(&api, private).await.wrong_field("/base_url");
    }
    let ollama = json!({ "kind": "ollama" });
    let refused = api.put("/providers/ollama").json(ollama).await;
    let problem = refused.wrong_field("/base_url");
    assert!(
        problem.to_string().contains("--allow-private-providers"),
        "{problem}"
    );

    // What a name stands for is seen when it is asked.
    for name in ["localhost", "ip6-localhost", "anything.localhost"] {
        let url = format!("https://{name}:{}/", server.address().port());
        let answer = set(&api, &url).await;
        assert!([200, 201].contains(&answer.status), "{}", answer.text());
        let trial = api
            .post("/providers/mine/test", json!({}))
            .await
            .expect(200);
        assert_eq!(
            (&trial["ok"], &trial["failure"]),
            (&json!(false), &json!("provider_unavailable")),
            "{trial}"
        );
    }
}

#[tokio::test]
async fn a_provider_sends_nobody_on_to_another_address() {
    let (models, target) = (ModelServer::spawn().await, ModelServer::spawn().await);
    let server = server(&[]);
    let api = server.api();
    connect(&api, &models, Protocol::Openai).await;
    let address = format!("{}/chat/completions", target.url(Protocol::Openai));
    models.always(Said::default().with(Fault::SentOn(address)));
    let trial = api
        .post("/providers/mine/test", json!({}))
        .await
        .expect(200);
    assert_eq!(trial["ok"], false);
    assert!(
        trial["reason"]
            .as_str()
            .unwrap()
            .contains("another address"),
        "{trial}"
    );
    assert!(target.asked().is_empty(), "{:?}", target.asked());
}

#[tokio::test]
async fn what_was_allowed_once_is_refused_when_the_operator_no_longer_allows_it() {
    let models = ModelServer::spawn().await;
    let folder = tempfile::tempdir().unwrap();
    let options = |args: &[&str]| Options {
        data_dir: Some(folder.path().join("data")),
        args: args.iter().map(|arg| (*arg).to_owned()).collect(),
        ..Options::default()
    };
    let server = Server::with(options(&["--allow-private-providers"]));
    connect(&server.api(), &models, Protocol::Openai).await;
    let trial = server.api().post("/providers/mine/test", json!({})).await;
    assert_eq!(trial.expect(200)["ok"], true);
    drop(server);
    let server = Server::with(options(&[]));
    let trial = server
        .api()
        .post("/providers/mine/test", json!({}))
        .await
        .expect(200);
    assert_eq!(trial["ok"], false, "{trial}");
    assert_eq!(models.asked().len(), 1);
}
