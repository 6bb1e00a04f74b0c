//! `/mcp`, with the client of the protocol's own makers.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tests::{
    Api, Mcp, Options, Server,
    api::id,
    mcp::{
        self,
        Begin::{self, Discover, Handshake},
    },
    place,
    wait::in_time,
};

use crate::access::{self, Place, secret};

/// A server without a worker of its own, in which whoever comes from this machine is the owner.
fn server() -> Server {
    Server::with(Options::default())
}

/// The secret of a new token of whoever the client is.
async fn token(api: &Api, access: &str, scope: &str) -> String {
    secret(&access::token(api, access, scope).await).to_owned()
}

#[tokio::test]
async fn both_ways_to_begin_lead_to_the_same_tools() {
    let server = server();
    let mut seen = Vec::new();
    for begin in [Handshake, Discover] {
        let mut client = Mcp::connect(&server, None, begin);
        let about = client.step(json!({ "do": "about" })).await.unwrap();
        assert_eq!(about["name"], "devteam");
        let tools = client.step(json!({ "do": "tools" })).await.unwrap();
        let tools = tools.as_array().unwrap().clone();
        let names: BTreeSet<&str> = tools
            .iter()
            .map(|tool| tool["name"].as_str().unwrap())
            .collect();
        for name in [
            "list_items",
            "get_item",
            "create_item",
            "claim_run",
            "accept_run",
        ] {
            assert!(names.contains(name), "{names:?}");
        }
        let create = tools
            .iter()
            .find(|tool| tool["name"] == "create_item")
            .unwrap();
        assert_eq!(create["inputSchema"]["type"], "object");
        assert!(
            create["inputSchema"]["properties"]["title"].is_object(),
            "{create}"
        );
        let read = tools
            .iter()
            .find(|tool| tool["name"] == "get_item")
            .unwrap();
        assert_eq!(read["annotations"]["readOnlyHint"], true);
        seen.push((about["version"].clone(), tools));
    }
    assert_eq!(seen[0].1, seen[1].1);
    assert_ne!(seen[0].0, seen[1].0, "two versions of the protocol");
}

#[tokio::test]
async fn an_item_is_made_found_changed_moved_assigned_and_talked_about() {
    let server = server();
    let api = server.api();
    api.project("Website").await;
    api.member("Ada").await;
    let mut client = Mcp::connect(&server, None, Discover);
    let mut made = async |kind: &str, title: &str, parent: Option<&Value>| {
        let mut new = json!({ "project": "website", "kind": kind, "title": title });
        if let Some(parent) = parent {
            new["parent"] = parent["key"].clone();
        }
        client.call("create_item", new).await.unwrap()
    };
    let epic = made("epic", "Sign in", None).await;
    let feature = made("feature", "By e-mail", Some(&epic)).await;
    let other = made("feature", "By phone", Some(&epic)).await;
    let task = made("task", "A form that checks addresses", Some(&feature)).await;
    let key = task["key"].clone();

    let found = client
        .call(
            "list_items",
            json!({ "q": "CHECKS addresses", "kind": "task" }),
        )
        .await
        .unwrap();
    assert_eq!(found["items"].as_array().unwrap().len(), 1);
    assert_eq!(found["items"][0]["key"], key);

    let change =
        json!({ "item": key, "status": "todo", "priority": "high", "version": task["version"] });
    let changed = client.call("update_item", change.clone()).await.unwrap();
    assert_eq!(
        (&changed["status"], &changed["priority"]),
        (&json!("todo"), &json!("high"))
    );
    let refused = client.call("update_item", change).await.unwrap_err();
    assert_eq!(refused["code"], "version_mismatch");
    assert_eq!(refused["current"]["version"], changed["version"]);

    let moved = client
        .call("move_item", json!({ "item": key, "parent": other["key"] }))
        .await
        .unwrap();
    assert_eq!(moved["parent"], other["id"]);
    let assigned = client
        .call("assign_item", json!({ "item": key, "member": "ada" }))
        .await
        .unwrap();
    assert_eq!(assigned["assignees"].as_array().unwrap().len(), 1);
    client
        .call(
            "comment_on_item",
            json!({ "item": key, "body": "What of *umlauts*?" }),
        )
        .await
        .unwrap();

    let context = client
        .call("get_item", json!({ "item": key }))
        .await
        .unwrap();
    assert_eq!(context["item"]["title"], "A form that checks addresses");
    let parents = context["parents"].as_array().unwrap().iter();
    let parents: Vec<&Value> = parents.map(|parent| &parent["title"]).collect();
    assert_eq!(parents, ["By phone", "Sign in"]);
    assert_eq!(
        context["comments"]["items"][0]["body"],
        "What of *umlauts*?"
    );
    for n in 0..205 {
        let body = json!({ "body": format!("And {n}?") });
        let path = format!("/items/{}/comments", id(&moved));
        api.create(&path, body).await;
    }
    let context = client
        .call("get_item", json!({ "item": key }))
        .await
        .unwrap();
    let comments = context["comments"]["items"].as_array().unwrap();
    assert_eq!(comments.len(), 50);
    assert_eq!(comments.last().unwrap()["body"], "And 204?");
    let above = client
        .call("get_item", json!({ "item": epic["key"] }))
        .await
        .unwrap();
    assert_eq!(above["children"]["items"].as_array().unwrap().len(), 2);

    let gone = client
        .call("delete_item", json!({ "item": key }))
        .await
        .unwrap();
    assert_eq!(gone, json!({ "done": true }));
    let missing = client
        .call("get_item", json!({ "item": key }))
        .await
        .unwrap_err();
    assert_eq!(missing["code"], "not_found");
}

#[tokio::test]
async fn what_is_wrong_is_told_to_the_model() {
    let server = server();
    let mut client = Mcp::connect(&server, None, Discover);
    let wrong = client
        .call(
            "create_item",
            json!({ "kind": "task", "title": "", "colour": "red" }),
        )
        .await
        .unwrap_err();
    let fields: Vec<&Value> = wrong["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|wrong| &wrong["pointer"])
        .collect();
    assert!(
        fields.contains(&&json!("/colour")) && fields.contains(&&json!("/title")),
        "{wrong}"
    );
    let missing = client
        .call("comment_on_item", json!({ "body": "?" }))
        .await
        .unwrap_err();
    assert_eq!(missing["errors"][0]["pointer"], "/item");
    let step = json!({ "do": "call", "name": "burn_item", "arguments": {} });
    let unknown = client.step(step).await.unwrap_err();
    assert!(
        unknown["message"].as_str().unwrap().contains("list_items"),
        "{unknown}"
    );
    let nowhere = client
        .step(json!({ "do": "read", "uri": "devteam://items/NOPE-1" }))
        .await
        .unwrap_err();
    assert!(
        nowhere["message"].as_str().unwrap().contains("NOPE-1"),
        "{nowhere}"
    );
}

#[tokio::test]
async fn an_ai_member_elsewhere_works_a_task_and_a_person_rejects_and_accepts() {
    let server = server();
    let api = server.api();
    api.project("Website").await;
    let scout = json!({ "name": "Scout", "kind": "agent" });
    let scout = api.create("/members", scout).await;
    let mut person = Mcp::connect(&server, None, Discover);
    let new = json!({
        "project": "website", "kind": "task", "title": "Write it down", "status": "todo", "assignees": ["scout"],
    });
    let task = person.call("create_item", new).await.unwrap();

    let token = token(&api, "write", "member:scout").await;
    let mut agent = Mcp::connect(&server, Some(&token), Discover);
    for attempt in 1..=2 {
        let claimed = agent
            .call("claim_run", json!({ "wait": 10 }))
            .await
            .unwrap();
        assert_eq!(claimed["item"]["key"], task["key"]);
        assert_eq!(claimed["run"]["attempt"], attempt);
        let (run, fence) = (claimed["run"]["id"].clone(), claimed["fence"].clone());
        let said = format!("This is attempt {attempt}.");
        let entries = json!([{ "kind": "text", "text": said }]);
        agent
            .call(
                "log_run",
                json!({ "run": run, "fence": fence, "entries": entries }),
            )
            .await
            .unwrap();
        agent
            .call("renew_run", json!({ "run": run, "fence": fence }))
            .await
            .unwrap();
        let stale = json!({ "run": run, "fence": fence.as_u64().unwrap() - 1, "result": { "summary": "?" } });
        let stale = agent.call("submit_run", stale).await.unwrap_err();
        assert_eq!(stale["code"], "stale_claim");
        let result = json!({ "summary": "It is written", "body": said });
        agent
            .call(
                "submit_run",
                json!({ "run": run, "fence": fence, "result": result }),
            )
            .await
            .unwrap();

        let own = agent
            .call("accept_run", json!({ "run": run }))
            .await
            .unwrap_err();
        assert_eq!(
            own["status"], 403,
            "nobody reviews what they did themselves: {own}"
        );
        let log = person
            .call("read_run_log", json!({ "run": run, "after": 0 }))
            .await
            .unwrap();
        assert_eq!(log["entries"][0]["text"], said);
        let (review, state) = match attempt {
            1 => (
                ("reject_run", json!({ "run": run, "reason": "Where?" })),
                "rejected",
            ),
            _ => (("accept_run", json!({ "run": run })), "accepted"),
        };
        let reviewed = person.call(review.0, review.1).await.unwrap();
        assert_eq!(reviewed["state"], state);
    }
    let done = person
        .call("get_item", json!({ "item": task["key"] }))
        .await
        .unwrap();
    assert_eq!(done["item"]["status"], "done");
    assert_eq!(done["runs"]["items"].as_array().unwrap().len(), 2);
    assert_eq!(done["item"]["assignees"][0], id(&scout));
}

#[tokio::test]
async fn projects_items_and_runs_are_resources() {
    let server = server();
    let api = server.api();
    let project = api.project("Website").await;
    api.team(&project, "Frontend").await;
    let task = api.task(&project, "Write it down").await;
    let mut client = Mcp::connect(&server, None, Handshake);
    let listed = client.step(json!({ "do": "resources" })).await.unwrap();
    assert_eq!(listed[0]["uri"], "devteam://projects/website");
    let templates = client.step(json!({ "do": "templates" })).await.unwrap();
    assert_eq!(templates.as_array().unwrap().len(), 3);
    let mut read = async |uri: String| {
        client
            .step(json!({ "do": "read", "uri": uri }))
            .await
            .unwrap()[0]
            .take()
    };
    let shown = read("devteam://projects/website".into()).await;
    assert_eq!(shown["project"]["name"], "Website");
    assert_eq!(shown["teams"]["items"][0]["name"], "Frontend");
    assert_eq!(shown["items"]["items"][0]["title"], "Write it down");
    let shown = read(format!("devteam://items/{}", task["key"].as_str().unwrap())).await;
    assert_eq!(shown["item"]["id"], task["id"]);
}

#[tokio::test]
async fn a_token_does_and_sees_no_more_than_over_rest() {
    let place = Place::new().await;
    let (server, owner) = (&place.server, &place.owner);
    let seen = owner.project("Website").await;
    let hidden = owner.project("Secret plans").await;
    let task = owner.task(&seen, "Seen").await;
    let other = owner.task(&hidden, "Hidden").await;

    let reader = token(owner, "read", "organization").await;
    let mut reader = Mcp::connect(server, Some(&reader), Discover);
    let refused = reader
        .call(
            "comment_on_item",
            json!({ "item": task["key"], "body": "Hello" }),
        )
        .await
        .unwrap_err();
    assert_eq!(refused["status"], 403);
    reader
        .call("get_item", json!({ "item": task["key"] }))
        .await
        .unwrap();

    let narrow = token(owner, "write", "project:website").await;
    let mut narrow = Mcp::connect(server, Some(&narrow), Discover);
    let listed = narrow.call("list_items", json!({})).await.unwrap();
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    let missing = narrow
        .call("get_item", json!({ "item": other["key"] }))
        .await
        .unwrap_err();
    assert_eq!(missing["code"], "not_found");
    let resources = narrow.step(json!({ "do": "resources" })).await.unwrap();
    assert_eq!(resources.as_array().unwrap().len(), 1);
    narrow
        .call(
            "comment_on_item",
            json!({ "item": task["key"], "body": "Hello" }),
        )
        .await
        .unwrap();
    let log = owner.get("/audit?limit=50").await.expect(200).to_string();
    assert!(
        log.contains("comment"),
        "what a tool does is in the audit: {log}"
    );
}

#[tokio::test]
async fn a_token_for_a_run_works_it_by_the_tools_and_does_nothing_else() {
    let server = server();
    let api = server.api();
    let scout =
        json!({ "name": "Scout", "kind": "agent", "agent": { "limits": { "running": 5 } } });
    let scout = api.create("/members", scout).await;
    let mut claims = Vec::new();
    for title in ["One", "Two"] {
        let task =
            json!({ "kind": "task", "title": title, "status": "todo", "assignees": [id(&scout)] });
        api.create("/items", task).await;
        let claim = json!({ "token": true });
        claims.push(api.post("/runs/claim", claim).await.expect(200));
    }
    let (run, fence) = (&claims[0]["run"]["id"], &claims[0]["fence"]);
    let lent = server.api().bearer(claims[0]["token"].as_str().unwrap());
    let call = async |tool: &str, arguments: Value| {
        let params = json!({ "name": tool, "arguments": arguments });
        let message =
            json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params });
        let answer = lent
            .post("//mcp", message)
            .header("accept", "application/json, text/event-stream");
        let answer = answer.await.expect(200)["result"].clone();
        match answer["isError"] == true {
            true => Err(answer["structuredContent"].clone()),
            false => Ok(answer["structuredContent"].clone()),
        }
    };
    let of_run = json!({ "run": run, "fence": fence });
    let brief = call("brief_run", of_run.clone()).await.unwrap();
    assert!(brief["task"].as_str().unwrap().contains("One"), "{brief}");
    call("renew_run", of_run.clone()).await.unwrap();
    let mut entry = of_run.clone();
    entry["entries"] = json!([{ "kind": "text", "text": "Hello" }]);
    call("log_run", entry).await.unwrap();
    let log = call("read_run_log", json!({ "run": run })).await.unwrap();
    assert_eq!(log["entries"][0]["text"], "Hello");

    let other = &claims[1]["run"]["id"];
    for (tool, arguments) in [
        ("list_items", json!({})),
        ("list_runs", json!({})),
        ("get_run", json!({ "run": other })),
        ("cancel_run", json!({ "run": run })),
        ("accept_run", json!({ "run": run })),
        ("claim_run", json!({})),
    ] {
        let refused = call(tool, arguments).await.unwrap_err();
        assert_eq!(refused["status"], 403, "{tool}: {refused}");
    }
    let mut done = of_run.clone();
    done["result"] = json!({ "summary": "Done" });
    let run = call("submit_run", done).await.unwrap();
    assert_eq!(run["state"], "awaiting_review");
    let late = call("renew_run", of_run).await.unwrap_err();
    assert_eq!(late["code"], "stale_claim");
}

#[tokio::test]
async fn nobody_and_pages_of_other_sites_are_refused() {
    let place = Place::new().await;
    for token in [None, Some("devteam_not_a_token")] {
        let client = Mcp::connect(&place.server, token, Begin::Handshake);
        assert_eq!(client.refused().await, 401);
    }
    let api = place.server.api();
    let ping = json!({ "jsonrpc": "2.0", "id": 1, "method": "ping" });
    let refused = api.post("//mcp", ping.clone()).await;
    refused.problem(401, "not_authenticated");
    assert_eq!(refused.header("www-authenticate"), "Bearer");

    let local = server();
    let ask = |name: &'static str, value: &str| {
        let request = local.api().post("//mcp", ping.clone());
        request
            .header("accept", "application/json, text/event-stream")
            .header(name, value)
    };
    ask("origin", "https://evil.example.org")
        .await
        .problem(401, "not_authenticated");
    ask("x-forwarded-for", "192.0.2.1")
        .await
        .problem(401, "not_authenticated");
    ask("x-request-id", "one").await.expect(200);
    local
        .api()
        .request("POST", "//mcp?token=x")
        .json(ping.clone())
        .await
        .problem(401, "not_authenticated");
    let large = json!({ "jsonrpc": "2.0", "id": 1, "method": "ping", "params": { "x": "x".repeat(1_100_000) } });
    let large = local.api().post("//mcp", large).await;
    assert_eq!(large.problem(413, "too_large")["status"], 413);
}

#[tokio::test]
async fn the_program_of_the_documentation_works() {
    let place = Place::new().await;
    let project = place.owner.project("Website").await;
    let task = place.owner.task(&project, "Write it down").await;
    let path = format!("/items/{}", id(&task));
    let todo = json!({ "status": "todo" });
    place.owner.patch(&path, todo).await.expect(200);
    let done = tokio::process::Command::new(mcp::python())
        .args(["-c", &place::documented_python("docs/mcp.md")])
        .env("DEVTEAM_URL", place.server.url(""))
        .env(
            "DEVTEAM_TOKEN",
            token(&place.owner, "read", "organization").await,
        )
        .output();
    let done = in_time("the program", done)
        .await
        .expect("Python can be started");
    let said = String::from_utf8_lossy(&done.stdout);
    assert_eq!(
        said.trim(),
        format!("{} Write it down", task["key"].as_str().unwrap())
    );
}
