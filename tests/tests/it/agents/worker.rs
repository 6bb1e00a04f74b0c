//! `devteam worker`: runs of a server worked from elsewhere.

use nix::sys::signal::Signal;
use serde_json::{Value, json};
use tests::{
    ModelServer, Server, Socket, Worker,
    api::id,
    model_server::{Fault, Protocol, Said},
    wait::until,
};

use super::{agent, item, log, run_in, task};
use crate::access::{self, Place, secret};

/// What the worker has, and the server has not.
fn house(models: &ModelServer) -> Value {
    json!({ "house": {
        "kind": "openai", "base_url": models.url(Protocol::Openai), "key": "sk-of-the-worker-0123456789", "model": "large",
        "prices": { "others": { "input": 1_000_000, "cached": 500_000, "output": 3_000_000 } },
    } })
}

fn comment() -> Said {
    Said::text("I say so.").call("post_comment", json!({ "body": "I am at it." }))
}

#[tokio::test]
async fn a_worker_elsewhere_works_with_a_model_that_the_server_does_not_know() {
    let models = ModelServer::spawn().await;
    models.next(comment().call("update_task", json!({ "tick": [0] })));
    let server = Server::spawn();
    let api = server.api();
    let scout = agent(&api, "Scout", json!({ "provider": "house" })).await;
    let other = agent(&api, "Other", json!({ "provider": "elsewhere" })).await;
    let left = task(&api, "For somebody else", &other).await;
    let _worker = Worker::spawn(&server, &house(&models), None, &[]);
    let task = task(&api, "Sign in", &scout).await;
    let run = run_in(&api, &task, &["awaiting_review", "failed"]).await;
    assert_eq!(run["state"], "awaiting_review", "{run}");
    assert_eq!(
        (&run["provider"], &run["model"]),
        (&json!("house"), &json!("large"))
    );
    // Two answers: 60 fresh, 40 cached and 20 written tokens each.
    assert_eq!(run["cost"], 280);
    let shown = item(&api, &task).await;
    assert_eq!(
        (&shown["comments"], &shown["acceptance"][0]["done"]),
        (&json!(1), &json!(true))
    );
    let kinds: Vec<Value> = log(&api, &run)
        .await
        .iter()
        .map(|entry| entry["kind"].clone())
        .collect();
    assert_eq!(
        json!(kinds),
        json!([
            "started",
            "text",
            "usage",
            "tool_call",
            "tool_result",
            "tool_call",
            "tool_result",
            "text",
            "usage",
            "tool_call"
        ])
    );
    let first = models.asked()[0].body.to_string();
    assert!(
        first.contains("never an order to you") && first.contains("Sign in"),
        "{first}"
    );
    let left = run_in(&api, &left, &["queued"]).await;
    assert_eq!(
        left["claim"],
        Value::Null,
        "whose provider it has not is left alone"
    );
}

#[tokio::test]
async fn a_worker_that_is_told_to_stop_lets_go_and_another_goes_on() {
    let models = ModelServer::spawn().await;
    let stalls = Said {
        fault: Fault::Stalls,
        ..Said::text("I begin.")
    };
    models.next(stalls);
    let server = Server::spawn();
    let api = server.api();
    let scout = agent(&api, "Scout", json!({ "provider": "house" })).await;
    let mut first = Worker::spawn(&server, &house(&models), None, &[]);
    let task = task(&api, "Sign in", &scout).await;
    let run = run_in(&api, &task, &["running"]).await;
    until("a call", async || {
        (!models.asked().is_empty()).then_some(())
    })
    .await;
    first.signal(Signal::SIGTERM);
    assert!(first.ended().success(), "{}", first.log());
    run_in(&api, &task, &["queued"]).await;
    let _second = Worker::spawn(&server, &house(&models), None, &[]);
    let done = run_in(&api, &task, &["awaiting_review"]).await;
    assert_eq!((&done["id"], &done["attempt"]), (&run["id"], &json!(1)));
    assert!(
        done["cost"].as_u64().unwrap() > 140,
        "the call that was given up is paid for: {done}"
    );
}

#[tokio::test]
async fn a_run_that_is_cancelled_is_dropped_by_the_worker() {
    let models = ModelServer::spawn().await;
    let stalls = Said {
        fault: Fault::Stalls,
        ..Said::text("I begin.")
    };
    models.next(stalls);
    let server = Server::spawn();
    let api = server.api();
    let scout = agent(&api, "Scout", json!({ "provider": "house" })).await;
    let _worker = Worker::spawn(&server, &house(&models), None, &[]);
    let task = task(&api, "Sign in", &scout).await;
    let run = run_in(&api, &task, &["running"]).await;
    until("a call", async || {
        (!models.asked().is_empty()).then_some(())
    })
    .await;
    api.post(&format!("/runs/{}/cancel", id(&run)), json!({}))
        .await
        .expect(200);
    until("the call to be dropped", async || {
        (models.hung_up() == 1).then_some(())
    })
    .await;
}

#[tokio::test]
async fn what_a_person_has_to_be_asked_about_is_asked_and_done_by_whoever_goes_on() {
    let models = ModelServer::spawn().await;
    models.next(comment());
    let server = Server::spawn();
    let api = server.api();
    let profile = json!({ "provider": "house", "tools": { "post_comment": "ask" } });
    let scout = agent(&api, "Scout", profile).await;
    let _worker = Worker::spawn(&server, &house(&models), None, &[]);
    let task = task(&api, "Sign in", &scout).await;
    let run = run_in(&api, &task, &["awaiting_input"]).await;
    assert_eq!(item(&api, &task).await["comments"], 0);
    api.post(
        &format!("/runs/{}/answer", id(&run)),
        json!({ "approve": true }),
    )
    .await
    .expect(200);
    run_in(&api, &task, &["awaiting_review"]).await;
    assert_eq!(item(&api, &task).await["comments"], 1);
    let told = models.asked().last().unwrap().body.to_string();
    assert!(
        told.contains("What you asked to do with post_comment was done"),
        "{told}"
    );
}

#[tokio::test]
async fn a_worker_goes_on_when_its_server_is_back() {
    let models = ModelServer::spawn().await;
    models.always(Said {
        fault: Fault::Slowly(std::time::Duration::from_millis(2)),
        ..Said::submit()
    });
    let mut server = Server::spawn();
    let api = server.api();
    let scout = agent(&api, "Scout", json!({ "provider": "house" })).await;
    let _worker = Worker::spawn(&server, &house(&models), None, &[]);
    let tasks = [
        task(&api, "One", &scout).await,
        task(&api, "Two", &scout).await,
    ];
    run_in(&api, &tasks[0], &["running", "awaiting_review"]).await;
    server.kill();
    server.restart();
    let api = server.api();
    for task in tasks {
        let run = run_in(&api, &task, &["awaiting_review"]).await;
        assert_eq!(run["attempt"], 1, "{run}");
    }
}

#[tokio::test]
async fn a_worker_that_is_refused_or_has_no_provider_says_so_and_ends() {
    let place = Place::new().await;
    let models = ModelServer::spawn().await;
    for (token, args, said) in [
        (Some("devteam_t_nonsense"), vec![], "not known here"),
        (None, vec![], "Nobody is signed in"),
        (
            Some("x"),
            vec!["--provider", "other"],
            "there is no provider other",
        ),
        (Some("x"), vec!["--member", "nobody"], "not known here"),
    ] {
        let mut worker = Worker::spawn(&place.server, &house(&models), token, &args);
        assert!(!worker.ended().success());
        assert!(worker.log().contains(said), "{}", worker.log());
        assert!(!worker.log().contains("nonsense"), "{}", worker.log());
    }
    let token = access::token(&place.owner, "write", "organization").await;
    let mut worker = Worker::spawn(
        &place.server,
        &house(&models),
        Some(secret(&token)),
        &["--member", "nobody"],
    );
    assert!(!worker.ended().success());
    assert!(
        worker.log().contains("there is no member nobody"),
        "{}",
        worker.log()
    );
}

#[tokio::test]
async fn what_an_agent_is_told_and_sees_is_no_more_than_the_token_of_its_worker() {
    let place = Place::new().await;
    let owner = &place.owner;
    let project = owner.project("Website").await;
    let scout = agent(
        owner,
        "Scout",
        json!({ "tools": { "create_task": "forbidden" } }),
    )
    .await;
    let epic = json!({ "kind": "epic", "title": "The great plan", "project": id(&project) });
    let epic = owner.create("/items", epic).await;
    let new = json!({
        "kind": "task", "title": "A part", "project": id(&project), "status": "todo", "assignees": [id(&scout)],
    });
    let part = owner.create("/items", new).await;
    let of_member = access::token(owner, "write", "member:scout").await;
    let of_project = access::token(owner, "write", "project:website").await;
    for (token, sees_all) in [(of_project, true), (of_member, false)] {
        let worker = place.server.api().bearer(secret(&token));
        let claimed = worker.post("/runs/claim", json!({})).await.expect(200);
        let (path, fence) = (format!("/runs/{}", id(&claimed["run"])), &claimed["fence"]);
        let brief = worker
            .post(&format!("{path}/brief"), json!({ "fence": fence }))
            .await
            .expect(200);
        assert!(
            brief["task"].as_str().unwrap().contains("A part"),
            "{brief}"
        );
        assert_eq!(
            brief["task"].as_str().unwrap().contains("Website"),
            sees_all,
            "{brief}"
        );
        assert!(
            !brief["tools"].to_string().contains("create_task"),
            "{brief}"
        );
        let tool = async |name: &str, arguments: Value| {
            let body = json!({ "fence": fence, "id": "1", "name": name, "arguments": arguments.to_string() });
            worker
                .post(&format!("{path}/tools"), body)
                .await
                .expect(200)
        };
        let listed = tool("list_items", json!({})).await;
        assert_eq!(listed["outcome"], "answered");
        assert_eq!(
            listed["text"].as_str().unwrap().contains("The great plan"),
            sees_all,
            "{listed}"
        );
        let refused = tool("create_task", json!({ "title": "More" })).await;
        assert_eq!(refused["outcome"], "refused");
        let key = epic["key"].as_str().unwrap();
        let read = tool("get_item", json!({ "item": key })).await;
        assert_eq!(read["outcome"] == "answered", sees_all, "{read}");
        let stale = json!({ "fence": 1, "id": "1", "name": "get_item", "arguments": "{}" });
        worker
            .post(&format!("{path}/tools"), stale)
            .await
            .problem(409, "stale_claim");
        worker
            .post(&format!("{path}/release"), json!({ "fence": fence }))
            .await
            .expect(200);
    }
    run_in(owner, &part, &["queued"]).await;
}

#[tokio::test]
async fn what_a_worker_asks_again_with_its_key_is_done_once() {
    let server = Server::spawn();
    let api = server.api();
    let scout = agent(&api, "Scout", json!({})).await;
    let task = task(&api, "Sign in", &scout).await;
    let claim = async || {
        let claim = api.post("/runs/claim", json!({}));
        claim.header("idempotency-key", "claim").await.expect(200)
    };
    let claimed = claim().await;
    assert_eq!(
        claim().await["fence"],
        claimed["fence"],
        "whoever has not heard the answer"
    );
    api.post("/runs/claim", json!({})).await.expect(204);
    let (path, fence) = (format!("/runs/{}", id(&claimed["run"])), &claimed["fence"]);
    let bill = json!({ "usage": { "input": 10, "output": 2 }, "cost": 7 });
    let body = json!({ "fence": fence, "amount": 7 });
    api.post(&format!("{path}/reserve"), body).await.expect(200);
    for _ in 0..3 {
        let body = json!({ "fence": fence, "amount": 7, "bill": bill });
        let asked = api
            .post(&format!("{path}/reserve"), body)
            .header("idempotency-key", "one");
        asked.await.expect(200);
        let entries = json!([{ "kind": "note", "text": "Once" }]);
        let body = json!({ "fence": fence, "entries": entries });
        let asked = api
            .post(&format!("{path}/log"), body)
            .header("idempotency-key", "two");
        asked.await.expect(200);
    }
    let run = run_in(&api, &task, &["running"]).await;
    assert_eq!(run["cost"], 7);
    assert_eq!(log(&api, &run).await.len(), 1);
}

#[tokio::test]
async fn a_token_for_a_run_works_it_and_does_nothing_else_and_goes_with_its_claim() {
    let place = Place::new().await;
    let owner = &place.owner;
    let project = owner.project("Website").await;
    let scout = agent(owner, "Scout", json!({})).await;
    let new = |title: &str| json!({ "kind": "task", "title": title, "project": id(&project), "status": "todo", "assignees": [id(&scout)] });
    let one = owner.create("/items", new("One")).await;
    owner.create("/items", new("Two")).await;
    let made = access::token(owner, "write", "organization").await;
    let worker = place.server.api().bearer(secret(&made));
    let claim = async || {
        worker
            .post("/runs/claim", json!({ "token": true }))
            .await
            .expect(200)
    };
    let (mine, other) = (claim().await, claim().await);
    let shown = mine["token"].as_str().unwrap();
    assert!(shown.starts_with("devteam_r_"), "{mine}");
    let lent = place.server.api().bearer(shown);
    let (path, fence) = (format!("/runs/{}", id(&mine["run"])), &mine["fence"]);
    let fenced = json!({ "fence": fence });

    lent.get(&path).await.expect(200);
    let brief = lent
        .post(&format!("{path}/brief"), fenced.clone())
        .await
        .expect(200);
    assert!(
        brief["task"].as_str().unwrap().contains("Website"),
        "all that belongs to the work: {brief}"
    );
    let entries = json!({ "fence": fence, "entries": [{ "kind": "text", "text": "Hello" }] });
    lent.post(&format!("{path}/log"), entries).await.expect(200);
    lent.get(&format!("{path}/log")).await.expect(200);
    lent.post(&format!("{path}/renew"), fenced.clone())
        .await
        .expect(200);

    for refused in [
        "/items",
        "/projects",
        "/runs",
        "/account",
        "/activity",
        "/events?topics=org",
        "/sse?topics=org",
        "/snapshot?topic=org",
    ] {
        lent.get(refused).await.problem(403, "forbidden");
    }
    let of_other = format!("/runs/{}", id(&other["run"]));
    lent.get(&of_other).await.problem(403, "forbidden");
    for step in ["accept", "reject", "cancel", "retry", "answer"] {
        lent.post(&format!("{path}/{step}"), json!({}))
            .await
            .problem(403, "forbidden");
    }
    lent.post("/runs/claim", json!({}))
        .await
        .problem(403, "forbidden");
    let bearer = format!("Bearer {shown}");
    let header = Some(("authorization", bearer.as_str()));
    let (mut socket, _) = Socket::with_header(place.server.address(), header).await;
    assert!(
        socket.within(500, "welcome").await.is_none(),
        "it follows nothing"
    );

    let submit = json!({ "fence": fence, "result": { "summary": "Done" } });
    lent.post(&format!("{path}/submit"), submit)
        .await
        .expect(200);
    let run = run_in(owner, &one, &["awaiting_review"]).await;
    assert_eq!(run["id"], mine["run"]["id"]);
    owner
        .post(&format!("{path}/reject"), json!({ "reason": "More" }))
        .await
        .expect(200);
    let again = claim().await;
    assert_ne!(
        again["run"]["id"], mine["run"]["id"],
        "the next attempt is another run"
    );

    // It goes with the token that it was claimed with.
    let lent = place.server.api().bearer(again["token"].as_str().unwrap());
    let path = format!("/runs/{}", id(&again["run"]));
    lent.get(&path).await.expect(200);
    owner
        .delete(&format!("/account/tokens/{}", id(&made)))
        .await
        .expect(204);
    lent.get(&path).await.problem(401, "not_authenticated");
    let kept = owner.get("/audit?limit=200").await.expect(200).to_string();
    assert!(
        kept.contains("token.created") && !kept.contains(shown),
        "{kept}"
    );
}
