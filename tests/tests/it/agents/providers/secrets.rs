//! A provider's key stands nowhere but with the provider.

use std::{fs, os::unix::fs::PermissionsExt, path::PathBuf, process::Command};

use serde_json::json;
use tests::{
    Api, Options, Server,
    model_server::{Protocol, Said},
    place,
};

use super::{KEY, comment, connect, scout};
use crate::agents::{run_in, task};

/// All files under a folder.
fn files(folder: PathBuf) -> Vec<PathBuf> {
    let (mut open, mut found) = (vec![folder], Vec::new());
    while let Some(path) = open.pop() {
        match path.is_dir() {
            true => open.extend(
                fs::read_dir(&path)
                    .unwrap()
                    .map(|entry| entry.unwrap().path()),
            ),
            false => found.push(path),
        }
    }
    found
}

#[tokio::test]
async fn a_key_is_in_no_file_no_log_no_event_no_export_and_no_error() {
    let models = tests::ModelServer::spawn().await;
    let mut server = Server::with(Options {
        works: true,
        args: vec!["--allow-private-providers".into()],
        env: vec![
            ("RUST_LOG".into(), "trace".into()),
            ("DEVTEAM_GEMINI_API_KEY".into(), KEY.into()),
        ],
        ..Options::default()
    });
    let api = server.api();
    let mut seen = 0;
    let mut clean = |what: &str, text: &str| {
        assert!(!text.contains("sk-planted"), "{what}");
        seen += 1;
    };
    for protocol in Protocol::ALL {
        connect(&api, &models, protocol).await;
        let name = format!("/providers/{}", protocol.kind());
        let own = json!({ "kind": protocol.kind(), "base_url": models.url(protocol), "key": KEY, "model": "large" });
        clean("an answer", &api.put(&name).json(own).await.text());
        for status in [401, 400, 429, 500] {
            models.next(Said::refused(
                status,
                None,
                r#"{"error":{"message":"What is {key}?"}}"#,
            ));
            let trial = api.post(&format!("{name}/test"), json!({})).await;
            assert_eq!(trial.expect(200)["ok"], false);
            clean("a try-out", &trial.text());
        }
        api.delete("/providers/mine").await.expect(204);
    }
    connect(&api, &models, Protocol::Openai).await;
    // Where it does not belong.
    for wrong in [
        json!({ "kind": KEY }),
        json!({ "kind": "openai", "key": [KEY] }),
        json!({ "kind": "openai", "key": KEY, "base_url": "nonsense" }),
        json!({ "kind": "openai", "key": format!("{KEY} {KEY}") }),
        json!([KEY]),
    ] {
        let answer = api.put("/providers/mine").json(wrong.clone()).await;
        assert!((400..500).contains(&answer.status), "{}", answer.text());
        clean("a refusal", &answer.text());
    }
    let scout = scout(&api, json!({})).await;
    models.next(comment());
    let worked = task(&api, "Sign in", &scout).await;
    run_in(&api, &worked, &["awaiting_review"]).await;
    models.next(Said::refused(
        401,
        None,
        r#"{"error":{"message":"What is {key}?"}}"#,
    ));
    let refused = task(&api, "Sign out", &scout).await;
    let run = run_in(&api, &refused, &["failed"]).await;
    clean("a run", &run.to_string());
    let epoch = api.get("/organization").await.cursor().epoch.to_string();
    for path in [
        "/providers",
        "/audit?limit=200",
        "/activity?limit=200",
        "/members",
        "/runs",
        "/snapshot?topic=org",
        "/openapi.json",
        "//metrics",
        &format!("/events?topics=all&after={epoch}:0"),
        &format!("/runs/{}/log", tests::api::id(&run)),
    ] {
        let answer = api.get(path).await;
        assert_eq!(answer.status, 200, "{path}");
        clean(path, &answer.text());
    }
    assert!(
        models
            .asked()
            .iter()
            .any(|asked| asked.header("authorization").ends_with(KEY))
    );

    server.ask_to_end();
    server.ended();
    let log = server.log();
    assert!(
        log.contains("TRACE") && log.contains("http.path=/api/v1/providers"),
        "it is logged"
    );
    clean("the log", &log);
    let data = server.data_dir();
    let mut key_files = 0;
    for path in files(data.clone()) {
        let bytes = fs::read(&path).unwrap();
        clean(
            &path.display().to_string(),
            &String::from_utf8_lossy(&bytes),
        );
        if path.ends_with("providers.key") || path.ends_with("providers.json") {
            let mode = fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0, "{path:?}");
            key_files += 1;
        }
    }
    assert_eq!(key_files, 2);
    let export = Command::new(place::server())
        .args(["export", "--accounts", "--data-dir"])
        .arg(&data)
        .output()
        .unwrap();
    assert!(export.status.success());
    let export = String::from_utf8_lossy(&export.stdout);
    assert!(export.contains("Sign out") && !export.contains("providers.key"));
    clean("an export", &export);
    assert!(seen > 40, "{seen}");

    server.restart();
    let api = Api::new(server.address());
    models.next(Said::text("Ready."));
    let trial = api
        .post("/providers/mine/test", json!({}))
        .await
        .expect(200);
    assert_eq!(trial["ok"], true, "and it still works: {trial}");
}
