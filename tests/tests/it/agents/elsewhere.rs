use serde_json::{Value, json};
use tests::{Server, api::id, place};

use super::{agent, item, log, run_in, task};
use crate::access::{self, Place};

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
    python(&server, &code).await;
    let run = run_in(&api, &task, &["awaiting_review"]).await;
    assert_eq!(run["result"]["body"], "Its title has 7 characters.");
    assert!(
        log(&api, &run).await[0]["text"]
            .as_str()
            .unwrap()
            .contains("Sign in")
    );
}

/// Runs a worker to its end.
async fn python(server: &Server, code: &str) {
    let done = tokio::process::Command::new("python3")
        .args(["-c", code])
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
}

#[tokio::test]
async fn the_worker_of_the_documentation_says_that_it_is_there_while_it_works() {
    let code = place::documented_python("docs/agents.md");
    // Faster than it is written, and the work ends when that was said twice.
    let heard = "\
heard, renewed = threading.Semaphore(0), post
def post(path, body):
    answer = renewed(path, body)
    if path.endswith('/renew'): heard.release()
    return answer
def work(item, say):
    for _ in range(2):
        if not heard.acquire(timeout=10): raise SystemExit('it was not said')
    return {'summary': 'Heard'}

while claimed";
    assert!(code.contains("done.wait(20)"));
    let code = code.replace("done.wait(20)", "done.wait(0.05)");
    let code = code.replacen("while claimed", heard, 1);
    let server = Server::spawn();
    let api = server.api();
    let scout = agent(&api, "Scout", json!({})).await;
    let task = task(&api, "Sign in", &scout).await;
    python(&server, &code).await;
    let run = run_in(&api, &task, &["awaiting_review"]).await;
    assert_eq!(run["result"]["summary"], "Heard");
}

#[tokio::test]
async fn who_works_with_a_token_of_a_project_neither_answers_nor_reviews_itself() {
    let place = Place::new().await;
    let owner = &place.owner;
    let project = owner.project("Website").await;
    let scout = agent(owner, "Scout", json!({})).await;
    let task = json!({
        "kind": "task", "title": "Sign in", "project": project["id"], "status": "todo", "assignees": [id(&scout)],
    });
    let task = owner.create("/items", task).await;
    let made = access::token(owner, "write", "project:website").await;
    let worker = place.server.api().bearer(access::secret(&made));
    let other = access::token(owner, "write", "project:website").await;
    let other = place.server.api().bearer(access::secret(&other));
    let claim = async || worker.post("/runs/claim", json!({})).await.expect(200);
    let path = |run: &Value, step: &str| format!("/runs/{}/{step}", id(run));

    let claimed = claim().await;
    let (run, fence) = (&claimed["run"], &claimed["fence"]);
    assert_eq!(run["worker"], made["id"]);
    let ask = json!({ "fence": fence, "question": "May I?" });
    worker.post(&path(run, "ask"), ask).await.expect(200);
    let yes = json!({ "answer": "Yes." });
    let refused = worker.post(&path(run, "answer"), yes.clone()).await;
    refused.problem(403, "forbidden");
    other.post(&path(run, "answer"), yes).await.expect(200);

    let claimed = claim().await;
    let submit = json!({ "fence": claimed["fence"], "result": { "summary": "Done." } });
    worker.post(&path(run, "submit"), submit).await.expect(200);
    let no = json!({ "reason": "No." });
    for (step, body) in [("accept", json!({})), ("reject", no)] {
        let refused = worker.post(&path(run, step), body).await;
        refused.problem(403, "forbidden");
    }
    let moved = json!({ "status": "done" });
    let moved = worker
        .post(&format!("/items/{}/move", id(&task)), moved)
        .await;
    moved.problem(403, "forbidden");
    other
        .post(&path(run, "accept"), json!({}))
        .await
        .expect(200);
}

#[tokio::test]
async fn what_was_put_aside_counts_where_a_run_is_ended_in_the_middle_of_a_call() {
    let server = Server::spawn();
    let api = server.api();
    let scout = agent(&api, "Scout", json!({})).await;
    let budget = json!({ "scope": "organization", "total": 100 });
    api.put("/budgets").json(budget).await.expect(200);
    let task = task(&api, "Sign in", &scout).await;
    for (before, step) in [(0, "cancel"), (40, "release")] {
        let claimed = api.post("/runs/claim", json!({})).await.expect(200);
        let (run, fence) = (&claimed["run"], &claimed["fence"]);
        let path = |step: &str| format!("/runs/{}/{step}", id(run));
        let reserve = json!({ "fence": fence, "amount": 40 });
        api.post(&path("reserve"), reserve).await.expect(200);
        let end = match step {
            "cancel" => json!({}),
            _ => json!({ "fence": fence }),
        };
        api.post(&path(step), end).await.expect(200);
        let budgets = api.get("/budgets").await.expect(200);
        let budget = &budgets["budgets"][0];
        assert_eq!(
            (&budget["spent"]["total"], &budget["reserved"]),
            (&json!(before + 40), &json!(0)),
            "{step}"
        );
        if step == "cancel" {
            api.post(&path("retry"), json!({})).await.expect(201);
        }
    }
    let claimed = api.post("/runs/claim", json!({})).await.expect(200);
    let reserve = json!({ "fence": claimed["fence"], "amount": 40 });
    let path = format!("/runs/{}/reserve", id(&claimed["run"]));
    let refused = api.post(&path, reserve).await;
    refused.problem(409, "budget_exceeded");
    drop(task);
}

#[tokio::test]
async fn what_was_approved_is_not_done_where_it_is_forbidden() {
    let server = Server::spawn();
    let api = server.api();
    let scout = agent(&api, "Scout", json!({})).await;
    let task = task(&api, "Sign in", &scout).await;
    let claimed = api.post("/runs/claim", json!({})).await.expect(200);
    let run = &claimed["run"];
    let path = |step: &str| format!("/runs/{}/{step}", id(run));
    let tool = json!({ "name": "post_comment", "arguments": "{\"body\":\"Past the tools.\"}" });
    let mut ask = json!({ "fence": claimed["fence"], "question": "May I?", "tool": tool });
    api.post(&path("ask"), ask.clone()).await.expect(200);
    let forbid = json!({ "agent": { "tools": { "post_comment": "forbidden" } } });
    api.patch("/members/scout", forbid).await.expect(200);
    let yes = json!({ "answer": "", "approve": true });
    api.post(&path("answer"), yes).await.expect(200);
    let claimed = api.post("/runs/claim", json!({})).await.expect(200);
    let begin = json!({ "fence": claimed["fence"] });
    let brief = api.post(&path("brief"), begin).await.expect(200);
    let done = brief["done"].as_str().unwrap_or_default();
    assert!(done.contains("You may not use post_comment"), "{brief}");
    assert_eq!(item(&api, &task).await["comments"], 0);
    ask["fence"] = claimed["fence"].clone();
    let refused = api.post(&path("ask"), ask).await;
    let problem = refused.problem(403, "forbidden");
    assert_eq!(problem["errors"][0]["pointer"], "/tool/name", "{problem}");
}

#[tokio::test]
async fn a_question_is_listed_before_all_that_changed_later_and_a_plan_ends_with_what_it_plans() {
    let server = Server::spawn();
    let api = server.api();
    let scout = agent(&api, "Scout", json!({ "limits": { "running": 10 } })).await;
    let epic = json!({ "kind": "epic", "title": "The great plan" });
    let epic = api.create("/items", epic).await;
    let plan = json!({ "member": "scout" });
    let plan = api
        .create(&format!("/items/{}/runs", id(&epic)), plan)
        .await;
    let claimed = api.post("/runs/claim", json!({})).await.expect(200);
    let ask = json!({ "fence": claimed["fence"], "question": "How great?" });
    api.post(&format!("/runs/{}/ask", id(&plan)), ask)
        .await
        .expect(200);
    for n in 0..3 {
        task(&api, &format!("Task {n}"), &scout).await;
    }
    let lines = api.get("/runs/lines").await.expect(200);
    assert_eq!(lines["lines"][0]["run"], plan["id"], "{lines}");
    let close = json!({ "status": "closed" });
    api.post(&format!("/items/{}/move", id(&epic)), close)
        .await
        .expect(200);
    let ended = api.get(&format!("/runs/{}", id(&plan))).await.expect(200);
    assert_eq!(ended["state"], "cancelled");
}
