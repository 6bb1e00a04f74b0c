use serde_json::json;
use tests::{Server, api::id, place};

use super::{agent, item, log, run_in, task};

const NO_USAGE: &str = r#"{"input":0,"cached":0,"output":0}"#;

#[tokio::test]
async fn a_worker_elsewhere_does_all_that_the_servers_own_does() {
    let server = Server::spawn();
    let api = server.api();
    let scout = agent(&api, "Scout", json!({})).await;
    let task = task(&api, "Sign in", &scout).await;
    let offer = json!({ "member": "scout", "provider": "my-machine", "model": "mine", "wait": 5 });
    let claimed = api.post("/runs/claim", offer).await.expect(200);
    let (run, fence) = (&claimed["run"], &claimed["fence"]);
    assert_eq!(
        (&claimed["item"]["id"], &run["state"]),
        (&task["id"], &json!("running"))
    );
    assert_eq!(
        (&run["provider"], &run["model"]),
        (&json!("my-machine"), &json!("mine"))
    );
    let path = |step: &str| format!("/runs/{}/{step}", id(run));
    let entries = json!([{ "kind": "text", "text": "I " }, { "kind": "text", "text": "look." }]);
    let written = api
        .post(&path("log"), json!({ "fence": fence, "entries": entries }))
        .await
        .expect(200);
    assert_eq!(written["offset"], 1);
    assert_eq!(log(&api, run).await[0]["text"], "I look.");
    let renewed = api
        .post(&path("renew"), json!({ "fence": fence }))
        .await
        .expect(200);
    assert_eq!(renewed["lease_seconds"], 60);
    let reserved = api
        .post(&path("reserve"), json!({ "fence": fence, "amount": 900 }))
        .await
        .expect(200);
    assert_eq!(reserved["reserved"], 900);
    let bill = json!({ "usage": { "input": 100, "output": 20 }, "cost": 700 });
    let result = json!({ "summary": "It is done", "links": [{ "title": "PR", "url": "https://example.com/1" }] });
    let submit = json!({ "fence": fence, "result": result, "bill": bill });
    let submitted = api.post(&path("submit"), submit.clone()).await.expect(200);
    assert_eq!(
        (&submitted["state"], &submitted["cost"]),
        (&json!("awaiting_review"), &json!(700))
    );
    assert_eq!(item(&api, &task).await["status"], "in_review");
    api.post(&path("submit"), submit)
        .await
        .problem(409, "stale_claim");
    let organization = api.get("/organization").await.expect(200);
    assert_eq!(
        (
            &organization["rollup"]["cost"],
            &organization["rollup"]["tokens"]
        ),
        (&json!(700), &json!(120))
    );
}

#[tokio::test]
async fn every_write_of_a_stale_claim_is_refused() {
    let server = Server::spawn();
    let api = server.api();
    let scout = agent(&api, "Scout", json!({})).await;
    let task = task(&api, "Sign in", &scout).await;
    let claimed = api.post("/runs/claim", json!({})).await.expect(200);
    assert_eq!(api.post("/runs/claim", json!({})).await.status, 204);
    let (run, fence) = (&claimed["run"], &claimed["fence"]);
    api.post(&format!("/runs/{}/cancel", id(run)), json!({}))
        .await
        .expect(200);
    let entries = json!([{ "kind": "note", "text": "Late" }]);
    for (step, body) in [
        ("renew", json!({ "fence": fence })),
        ("log", json!({ "fence": fence, "entries": entries })),
        ("reserve", json!({ "fence": fence, "amount": 1 })),
        ("ask", json!({ "fence": fence, "question": "Why?" })),
        (
            "submit",
            json!({ "fence": fence, "result": { "summary": "Late" } }),
        ),
        (
            "fail",
            json!({ "fence": fence, "failure": "tool_failed", "bill": { "cost": 5 } }),
        ),
    ] {
        let answer = api.post(&format!("/runs/{}/{step}", id(run)), body).await;
        answer.problem(409, "stale_claim");
    }
    let cancelled = run_in(&api, &task, &["cancelled"]).await;
    assert_eq!(
        (&cancelled["cost"], cancelled["usage"].to_string()),
        (&json!(0), NO_USAGE.into())
    );
    assert!(log(&api, run).await.is_empty());
}

#[tokio::test]
async fn a_worker_elsewhere_is_told_which_field_is_wrong() {
    let server = Server::spawn();
    let api = server.api();
    let scout = agent(&api, "Scout", json!({})).await;
    task(&api, "Sign in", &scout).await;
    api.post("/runs/claim", json!({ "wait": 31 }))
        .await
        .wrong_field("/wait");
    api.post("/runs/claim", json!({ "member": "nobody" }))
        .await
        .wrong_field("/member");
    let claimed = api.post("/runs/claim", json!({})).await.expect(200);
    let (run, fence) = (&claimed["run"], &claimed["fence"]);
    let submit = format!("/runs/{}/submit", id(run));
    api.post(&submit, json!({ "fence": fence }))
        .await
        .wrong_field("/result");
    let link = json!({ "title": "Bad", "url": "javascript:alert(1)" });
    let result = json!({ "summary": "Done", "links": [link] });
    let bad = api
        .post(&submit, json!({ "fence": fence, "result": result }))
        .await;
    bad.wrong_field("/result/links/0/url");
    let empty = json!({ "fence": fence, "entries": [] });
    api.post(&format!("/runs/{}/log", id(run)), empty)
        .await
        .wrong_field("/entries");
    let question = api
        .post(
            &format!("/runs/{}/ask", id(run)),
            json!({ "fence": fence, "question": "Which?" }),
        )
        .await;
    assert_eq!(question.expect(200)["state"], "awaiting_input");
}

#[tokio::test]
async fn the_worker_of_the_documentation_works() {
    let code = place::documented_python("docs/agents.md");
    assert!(code.lines().count() <= 40, "{} lines", code.lines().count());
    let server = Server::spawn();
    let api = server.api();
    let scout = agent(&api, "Scout", json!({})).await;
    let task = task(&api, "Sign in", &scout).await;
    let done = tokio::process::Command::new("python3")
        .args(["-c", &code])
        .env("DEVTEAM_URL", server.url(""))
        .env("DEVTEAM_MEMBER", "scout")
        .kill_on_drop(true)
        .output();
    let done = tests::wait::in_time("the worker", done).await.unwrap();
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    let run = run_in(&api, &task, &["awaiting_review"]).await;
    assert_eq!(run["result"]["body"], "Its title has 7 characters.");
    assert!(
        log(&api, &run).await[0]["text"]
            .as_str()
            .unwrap()
            .contains("Sign in")
    );
}
