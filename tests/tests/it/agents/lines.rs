use serde_json::{Value, json};
use tests::{Api, Server, api::id, wait::until};

use super::{agent, quick, run_in, slow, task};
use crate::access::{self, Place};

/// The line of an item's run, once it fits.
async fn line(server: &Server, item: &Value, fits: impl Fn(&Value) -> bool) -> Value {
    let api = server.api();
    until("a line that fits", async || {
        let lines = api.get("/runs/lines").await.expect(200);
        assert_eq!(lines["more"], 0);
        let lines = lines["lines"].as_array().unwrap().clone();
        lines
            .into_iter()
            .find(|line| line["item"] == item["id"])
            .filter(&fits)
    })
    .await
}

#[tokio::test]
async fn a_line_says_what_is_done_right_now_and_then_what_was_handed_in() {
    let server = slow();
    let api = server.api();
    let scout = agent(&api, "Scout", json!({})).await;
    let slow = task(&api, "Sign in", &scout).await;
    let said = |line: &Value| line["line"].as_str().unwrap().starts_with("I am taking");
    let told = line(&server, &slow, said).await;
    assert_eq!(
        (
            &told["state"],
            &told["member"],
            &told["key"],
            &told["title"]
        ),
        (
            &json!("running"),
            &scout["id"],
            &slow["key"],
            &json!("Sign in")
        )
    );

    let server = quick();
    let api = server.api();
    let scout = agent(&api, "Scout", json!({})).await;
    let done = task(&api, "Sign in", &scout).await;
    let in_review = |line: &Value| line["state"] == "awaiting_review";
    let told = line(&server, &done, in_review).await;
    assert_eq!(told["line"], "Has handed in: Sign in: ready for a look");
    api.post(
        &format!("/runs/{}/accept", told["run"].as_str().unwrap()),
        json!({}),
    )
    .await
    .expect(200);
    let lines = api.get("/runs/lines").await.expect(200);
    assert_eq!(lines["lines"], json!([]), "nothing comes of it any more");
}

#[tokio::test]
async fn a_queued_run_says_what_it_waits_for() {
    let server = quick();
    let api = server.api();
    let waits = |reason: &'static str| move |line: &Value| line["waits_for"] == reason;
    let away = agent(&api, "Away", json!({ "provider": "elsewhere" })).await;
    let first = task(&api, "First", &away).await;
    line(&server, &first, waits("provider")).await;

    let limits = json!({ "running": 1 });
    let one = agent(
        &api,
        "One",
        json!({ "provider": "elsewhere", "limits": limits }),
    )
    .await;
    let second = task(&api, "Second", &one).await;
    let third = task(&api, "Third", &one).await;
    let claimed = api
        .post("/runs/claim", json!({ "member": "one" }))
        .await
        .expect(200);
    let queued = if claimed["item"]["id"] == second["id"] {
        &third
    } else {
        &second
    };
    line(&server, queued, waits("room")).await;

    let budget = json!({ "scope": format!("member:{}", id(&away)), "total": 0 });
    api.request("PUT", "/budgets")
        .json(budget)
        .await
        .expect(200);
    line(&server, &first, waits("budget")).await;
    api.request("PUT", "/agents/switch")
        .json(json!({ "on": false }))
        .await
        .expect(200);
    line(&server, &first, waits("switch")).await;
}

#[tokio::test]
async fn who_sees_a_part_of_the_organization_sees_the_lines_of_that_part() {
    let server = quick();
    let api = server.api();
    let website = api.project("Website").await;
    let scout = agent(&api, "Scout", json!({})).await;
    let other = task(&api, "Elsewhere", &scout).await;
    let new = json!({
        "kind": "task", "title": "Here", "status": "todo", "project": id(&website), "assignees": [id(&scout)],
    });
    let here = api.create("/items", new).await;
    run_in(&api, &other, &["awaiting_review"]).await;
    run_in(&api, &here, &["awaiting_review"]).await;
    let token = json!({ "name": "hall", "access": "read", "scope": "project:website" });
    let token = api.post("/account/tokens", token).await.expect(201);
    let narrow = api.bearer(token["secret"].as_str().unwrap());
    let lines = narrow.get("/runs/lines").await.expect(200);
    let lines = lines["lines"].as_array().unwrap();
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert_eq!(lines[0]["title"], "Here");
}

#[tokio::test]
async fn what_concerns_me_is_listed_first_and_counted_and_the_run_says_whom_it_concerns() {
    let place = Place::new().await;
    let owner = &place.owner;
    let (ada, bob) = (place.person("member").await, place.person("admin").await);
    let scout = agent(owner, "Scout", json!({ "limits": { "running": 10 } })).await;
    let me = async |api: &Api| api.get("/account").await.expect(200)["member"]["id"].clone();
    let of_ada = task(&ada, "Ada's", &scout).await;
    let of_bob = task(&bob, "Bob's", &scout).await;
    let worker = access::token(owner, "write", "member:scout").await;
    let worker = place.server.api().bearer(access::secret(&worker));
    for _ in 0..2 {
        let claimed = worker.post("/runs/claim", json!({})).await.expect(200);
        let ask = json!({ "fence": claimed["fence"], "question": "Which form?" });
        let ask = worker.post(&format!("/runs/{}/ask", id(&claimed["run"])), ask);
        ask.await.expect(200);
    }
    for (api, own) in [(&ada, &of_ada), (&bob, &of_bob)] {
        let lines = api.get("/runs/lines").await.expect(200);
        let told: Vec<_> = lines["lines"].as_array().unwrap().iter().collect();
        assert_eq!(told[0]["item"], own["id"]);
        assert_eq!(
            (&told[0]["mine"], &told[1]["mine"]),
            (&json!(true), &json!(false))
        );
        assert_eq!(
            (&lines["waiting_for_me"], &lines["waiting"]),
            (&json!(1), &json!(2))
        );
        let run = api
            .get(&format!("/runs/{}", told[0]["run"].as_str().unwrap()))
            .await
            .expect(200);
        assert_eq!(run["concerns"], json!([me(api).await]));
    }
    // Whoever is assigned to the task too is concerned as well.
    let owner_is = me(owner).await;
    let path = format!(
        "/items/{}/assignees/{}",
        id(&of_ada),
        owner_is.as_str().unwrap()
    );
    owner.put(&path).await.expect(200);
    let lines = owner.get("/runs/lines").await.expect(200);
    assert_eq!(
        (&lines["lines"][0]["item"], &lines["waiting_for_me"]),
        (&of_ada["id"], &json!(1))
    );
}
