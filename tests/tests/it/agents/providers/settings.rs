use serde_json::{Value, json};
use tests::{
    Api, ModelServer, Options, Server,
    model_server::{Protocol, Said},
};

use super::{KEY, connect, prices, server};
use crate::{
    access::Place,
    agents::{agent, run_in, task},
};

#[tokio::test]
async fn a_provider_is_set_shown_tried_out_and_removed_and_its_key_never_comes_back() {
    let models = ModelServer::spawn().await;
    let mut server = server(&[]);
    let api = server.api();
    let names = |list: &Value| -> Vec<String> {
        let all = list["providers"].as_array().unwrap().iter();
        all.map(|provider| provider["name"].as_str().unwrap().to_owned())
            .collect()
    };
    let list = api.get("/providers").await.expect(200);
    assert_eq!(names(&list), ["scripted"]);
    assert_eq!(
        (
            &list["providers"][0]["owner"],
            &list["providers"][0]["kind"]
        ),
        (&json!("server"), &Value::Null)
    );
    connect(&api, &models, Protocol::Openai).await;
    let shown = api.get("/providers/mine").await.expect(200);
    let expected = json!({
        "name": "mine", "owner": "organization", "kind": "openai",
        "base_url": format!("{}/", models.url(Protocol::Openai)),
        "key": { "set": true, "ends_in": "wxyz" }, "model": "large",
        "prices": { "models": {}, "others": prices()["others"] }, "usual": false,
    });
    assert_eq!(shown, expected);
    assert_eq!(
        names(&api.get("/providers").await.expect(200)),
        ["mine", "scripted"]
    );

    // Its key stays where it is not named.
    let again =
        json!({ "kind": "openai", "base_url": models.url(Protocol::Openai), "model": "small" });
    let shown = api.put("/providers/mine").json(again).await.expect(200);
    assert_eq!(
        (&shown["key"]["ends_in"], &shown["model"]),
        (&json!("wxyz"), &json!("small"))
    );
    server.ask_to_end();
    server.ended();
    server.restart();
    let api = Api::new(server.address());
    assert_eq!(api.get("/providers/mine").await.expect(200), shown);
    let say = Said::text("Here I am.").call("say", json!({ "word": "ready" }));
    models.next(say);
    let trial = api
        .post("/providers/mine/test", json!({}))
        .await
        .expect(200);
    assert_eq!(
        (&trial["ok"], &trial["used_tool"]),
        (&json!(true), &json!(true)),
        "{trial}"
    );
    assert_eq!(
        (&trial["text"], &trial["model"]),
        (&json!("Here I am."), &json!("small"))
    );
    assert_eq!(
        trial["usage"],
        json!({ "input": 100, "cached": 40, "output": 20 })
    );
    assert_eq!(
        models.asked()[0].header("authorization"),
        format!("Bearer {KEY}")
    );
    models.next(Said::refused(
        401,
        None,
        r#"{"error":{"message":"No such key: {key}"}}"#,
    ));
    let trial = api
        .post("/providers/mine/test", json!({ "model": "large" }))
        .await
        .expect(200);
    assert_eq!(
        (&trial["ok"], &trial["failure"]),
        (&json!(false), &json!("provider_unauthorized"))
    );
    assert!(
        trial["reason"]
            .as_str()
            .unwrap()
            .contains("No such key: [the key]"),
        "{trial}"
    );

    api.delete("/providers/mine").await.expect(204);
    api.get("/providers/mine").await.problem(404, "not_found");
    api.delete("/providers/mine")
        .await
        .problem(404, "not_found");
    api.post("/providers/mine/test", json!({}))
        .await
        .problem(404, "not_found");
    api.delete("/providers/scripted")
        .await
        .problem(403, "forbidden");
    let trial = api
        .post("/providers/scripted/test", json!({}))
        .await
        .expect(200);
    assert_eq!(trial["ok"], true, "{trial}");
}

#[tokio::test]
async fn a_key_goes_nowhere_that_it_was_not_given_for() {
    let (models, other) = (ModelServer::spawn().await, ModelServer::spawn().await);
    let server = server(&[]);
    let api = server.api();
    connect(&api, &models, Protocol::Openai).await;
    for change in [
        json!({ "kind": "openai", "base_url": other.url(Protocol::Openai) }),
        json!({ "kind": "openai", "base_url": null }),
        json!({ "kind": "anthropic", "base_url": models.url(Protocol::Openai) }),
    ] {
        let refused = api.put("/providers/mine").json(change).await;
        refused.wrong_field("/key");
    }
    let without = json!({ "kind": "openai", "base_url": other.url(Protocol::Openai), "key": null, "model": "large" });
    let shown = api.put("/providers/mine").json(without).await.expect(200);
    assert_eq!(shown["key"], json!({ "set": false, "ends_in": null }));
    api.post("/providers/mine/test", json!({}))
        .await
        .expect(200);
    assert_eq!(
        other.asked()[0].header("authorization"),
        "",
        "a server that wants no key"
    );
    assert!(models.asked().is_empty());
}

#[tokio::test]
async fn what_is_wrong_about_a_provider_is_named() {
    let server = server(&[]);
    let api = server.api();
    let put = async |body: Value| api.put("/providers/mine").json(body).await;
    put(json!({})).await.wrong_field("/kind");
    put(json!({ "kind": "scripted" }))
        .await
        .wrong_field("/kind");
    put(json!({ "kind": "openai" })).await.wrong_field("/key");
    put(json!({ "kind": "anthropic", "base_url": "https://example.com" }))
        .await
        .wrong_field("/key");
    put(json!({ "kind": "openai", "key": "short" }))
        .await
        .wrong_field("/key");
    put(json!({ "kind": "openai", "key": 7 }))
        .await
        .wrong_field("/key");
    put(json!({ "kind": "openai", "key": KEY, "keys": 1 }))
        .await
        .wrong_field("/keys");
    let prices = json!({ "models": { "large": { "input": -1, "cached": 0, "output": 0 } } });
    put(json!({ "kind": "openai", "key": KEY, "prices": prices }))
        .await
        .wrong_field("/prices/models/large/input");
    let kept = api
        .put("/providers/mine")
        .key("once")
        .json(json!({ "kind": "openai", "key": KEY }));
    kept.await.wrong_field("Idempotency-Key");
    let own = json!({ "kind": "openai", "key": KEY });
    api.put("/providers/scripted")
        .json(own)
        .await
        .problem(403, "forbidden");
}

#[tokio::test]
async fn the_operator_names_providers_for_all_and_an_admin_can_name_another_in_their_place() {
    let models = ModelServer::spawn().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("providers.json");
    let key = folder.path().join("key");
    std::fs::write(&key, format!("{KEY}\n")).unwrap();
    let providers = json!({ "house": {
        "kind": "anthropic", "base_url": models.url(Protocol::Anthropic), "key_file": key, "model": "large", "prices": prices(),
    } });
    std::fs::write(&file, providers.to_string()).unwrap();
    let options = Options {
        works: true,
        args: [
            "--providers-file",
            file.to_str().unwrap(),
            "--provider",
            "house",
        ]
        .map(str::to_owned)
        .into(),
        env: vec![("DEVTEAM_OPENAI_API_KEY".into(), KEY.into())],
        ..Options::default()
    };
    let server = Server::with(options);
    let api = server.api();
    let shown = api.get("/providers/house").await.expect(200);
    assert_eq!(
        (&shown["owner"], &shown["usual"]),
        (&json!("server"), &json!(true))
    );
    assert_eq!(
        (&shown["base_url"], &shown["key"]),
        (&Value::Null, &json!({ "set": true, "ends_in": null }))
    );
    assert_eq!(
        api.get("/providers/openai").await.expect(200)["owner"],
        "server"
    );
    let scout = agent(&api, "Scout", json!({})).await;
    let task = task(&api, "Sign in", &scout).await;
    let run = run_in(&api, &task, &["awaiting_review", "failed"]).await;
    assert_eq!(
        (&run["state"], &run["provider"], &run["cost"]),
        (&json!("awaiting_review"), &json!("house"), &json!(140))
    );

    let own = json!({ "kind": "openai", "base_url": "https://api.example.com/v1", "key": KEY });
    api.put("/providers/house").json(own).await.expect(201);
    assert_eq!(
        api.get("/providers/house").await.expect(200)["owner"],
        "organization"
    );
    api.delete("/providers/house").await.expect(204);
    assert_eq!(
        api.get("/providers/house").await.expect(200)["owner"],
        "server"
    );
    api.delete("/providers/house")
        .await
        .problem(403, "forbidden");
}

#[test]
fn a_server_says_what_is_wrong_about_its_providers_and_not_their_keys() {
    let refused = |args: &[&str], env: &[(&str, &str)]| {
        let (status, said) = Server::refused(Options {
            strict: true,
            args: args.iter().map(|arg| (*arg).to_owned()).collect(),
            env: env
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            ..Options::default()
        });
        assert_eq!(status.code(), Some(1), "{said}");
        assert!(!said.contains("planted"), "{said}");
        said
    };
    let said = refused(&["--providers-file", "/not/there.json"], &[]);
    assert!(
        said.contains("/not/there.json") && said.contains("--providers-file"),
        "{said}"
    );
    let said = refused(&[], &[("DEVTEAM_OPENAI_API_KEY", "planted with spaces")]);
    assert!(said.contains("DEVTEAM_OPENAI_API_KEY must be"), "{said}");
    let said = refused(&[], &[("DEVTEAM_OLLAMA_URL", "nonsense")]);
    assert!(said.contains("DEVTEAM_OLLAMA_URL must be"), "{said}");
}

#[tokio::test]
async fn providers_are_for_admins() {
    let place = Place::with(&[]).await;
    for role in ["viewer", "member"] {
        let person = place.person(role).await;
        person.get("/providers").await.problem(403, "forbidden");
        person
            .post("/providers/scripted/test", json!({}))
            .await
            .problem(403, "forbidden");
    }
    let admin = place.person("admin").await;
    let own = json!({ "kind": "openai", "key": KEY });
    admin.put("/providers/mine").json(own).await.expect(201);
    let kept = json!({ "kind": "openai", "model": "large" });
    admin.put("/providers/mine").json(kept).await.expect(200);
    admin.delete("/providers/mine").await.expect(204);
    let audit = admin.get("/audit?limit=3").await.expect(200);
    let entries: Vec<_> = audit["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| {
            (
                entry["action"].clone(),
                entry["data"].clone(),
                entry["actor"]["kind"].clone(),
            )
        })
        .collect();
    let entry = |action: &str, data: Value| (json!(action), data, json!("member"));
    assert_eq!(
        entries,
        [
            entry("provider.removed", json!({ "provider": "mine" })),
            entry("provider.set", json!({ "provider": "mine", "key": false })),
            entry("provider.set", json!({ "provider": "mine", "key": true })),
        ]
    );
}
