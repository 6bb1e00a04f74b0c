//! Ids of another organization, in every place where an id can stand: each is answered as one that was made up.

use serde_json::{Value, json};
use tests::{Answer, Api, Socket, api::id};

use super::{PASSWORD, Place, account_id, cookie, sign_in};

/// Ids by the name that a route has for them.
type Ids = Vec<(&'static str, String)>;

/// What there is of one organization, and somebody who sees all of another on the same server.
async fn two_organizations() -> (Place, Ids, Api) {
    let mut place = Place::new().await;
    let owner = &place.owner;
    let project = owner.project("Ours").await;
    let team = owner.team(&project, "Team").await;
    let task = owner.task(&project, "Ours").await;
    let member = owner.member("Grace").await;
    let say = format!("/items/{}/comments", id(&task));
    let comment = owner.create(&say, json!({ "body": "Ours." })).await;
    let scout = json!({ "name": "Scout", "kind": "agent" });
    let scout = owner.create("/members", scout).await;
    let start = format!("/items/{}/runs", id(&task));
    let run = owner.create(&start, json!({ "member": id(&scout) })).await;
    let invite = json!({ "email": "new@example.org", "role": "member" });
    let invitation = owner.create("/invitations", invite).await;
    let token = place.token("admin", "organization").await;
    let sessions = owner.get("/account/sessions").await.expect(200);
    let provider = json!({ "kind": "openai", "key": "sk-0123456789" });
    let set = owner
        .put("/providers/provider-of-ours")
        .json(provider)
        .await;
    set.expect(201);
    let ids = vec![
        ("project", id(&project).to_owned()),
        ("team", id(&team).to_owned()),
        ("item", id(&task).to_owned()),
        ("member", id(&member).to_owned()),
        ("comment", id(&comment).to_owned()),
        ("run", id(&run).to_owned()),
        ("invitation", id(&invitation).to_owned()),
        ("token", id(&token).to_owned()),
        ("session", id(&sessions["items"][0]).to_owned()),
        ("account", account_id(owner).await),
        ("provider", "provider-of-ours".to_owned()),
    ];
    place.server.ask_to_end();
    place.server.ended();
    let create = [
        "create",
        "--email",
        "eve@example.com",
        "--organization",
        "theirs",
    ];
    let made = place.server.account(&create, &format!("{PASSWORD}\n"));
    assert!(made.status.success(), "{made:?}");
    place.server.restart();
    let eve = sign_in(&place.server, "eve@example.com", PASSWORD).await;
    let eve = place.server.api().browser(&cookie(&eve));
    (place, ids, eve)
}

/// As many ids of the same kinds, of nothing.
fn made_up(ids: &Ids) -> Ids {
    let ids = ids.iter().enumerate();
    ids.map(|(n, (name, _))| (*name, format!("01900000-0000-7000-8000-0000000000{n:02}")))
        .collect()
}

/// What an answer says, with the ids that were asked for and its own taken out.
fn said(answer: &Answer, ids: &Ids) -> (u16, String) {
    let mut text = answer.text();
    for (name, id) in ids {
        text = text.replace(id, name);
    }
    text = text.replace(answer.header("x-request-id"), "");
    (answer.status, text)
}

#[tokio::test]
async fn on_every_route_another_organizations_ids_are_like_made_up_ones() {
    let (place, ours, eve) = two_organizations().await;
    let nothing = made_up(&ours);
    let document = eve.get("/openapi.json").await.expect(200);
    let mut walked = 0;
    for (path, operations) in document["paths"].as_object().unwrap() {
        let path = path.strip_prefix("/api/v1").unwrap();
        for method in operations.as_object().unwrap().keys() {
            if !path.contains('{') {
                continue;
            }
            let ask = async |ids: &Ids| {
                let mut filled = path.replace("{label}", "x").replace("{n}", "0");
                for (name, id) in ids {
                    filled = filled.replace(&format!("{{{name}}}"), id);
                }
                assert!(!filled.contains('{'), "{filled}");
                let request = eve.request(&method.to_uppercase(), &filled);
                let request = match (&**method, path) {
                    ("post", path) if path.ends_with("/comments") => {
                        request.json(json!({ "body": "Mine." }))
                    }
                    ("post", path) if path.ends_with("/teams") => {
                        request.json(json!({ "name": "Mine" }))
                    }
                    ("patch", "/accounts/{account}") => request.json(json!({ "role": "viewer" })),
                    ("put", path) if path.contains("acceptance") => {
                        request.json(json!({ "done": true }))
                    }
                    ("post", path) if path.ends_with("/comments/{comment}/restore") => request,
                    ("post", "/items/{item}/restore") => request,
                    ("post" | "patch", _) => request.json(json!({})),
                    _ => request,
                };
                said(&request.await, ids)
            };
            let (there, not_there) = (ask(&ours).await, ask(&nothing).await);
            assert_eq!(there, not_there, "{method} {path}");
            assert!((400..500).contains(&there.0), "{method} {path}: {there:?}");
            walked += 1;
        }
    }
    assert!(walked > 30, "{walked}");
    for path in ["/projects", "/items", "/members", "/accounts", "/tokens"] {
        let whole = place.owner.get(path).await.text();
        assert!(
            ours.iter().any(|(_, id)| whole.contains(id)),
            "{path} is as it was"
        );
    }
}

#[tokio::test]
async fn in_every_body_and_query_another_organizations_ids_are_like_made_up_ones() {
    let (place, ours, eve) = two_organizations().await;
    let nothing = made_up(&ours);
    let project = eve.project("Theirs").await;
    let team = eve.team(&project, "Theirs").await;
    let task = eve.task(&project, "Theirs").await;
    let of = |ids: &Ids, name: &str| {
        let found = ids.iter().find(|(known, _)| *known == name);
        found.unwrap().1.clone()
    };
    let item = format!("/items/{}", id(&task));
    let requests = |ids: &Ids| {
        let id_of = |name: &str| of(ids, name);
        let mut requests = Vec::new();
        for (field, value) in [
            ("project", json!(id_of("project"))),
            ("team", json!(id_of("team"))),
            ("parent", json!(id_of("item"))),
            ("assignees", json!([id_of("member")])),
            ("depends_on", json!([id_of("item")])),
            ("before", json!(id_of("item"))),
            ("after", json!(id_of("item"))),
        ] {
            let body = Value::Object([(field.to_owned(), value)].into_iter().collect());
            let mut new = json!({ "kind": "task", "title": "X", "project": project["id"] });
            new.as_object_mut()
                .unwrap()
                .extend(body.as_object().unwrap().clone());
            requests.push(eve.post("/items", new));
            requests.push(eve.patch(&item, body.clone()).header("if-match", "*"));
            requests.push(eve.post(&format!("{item}/move"), body));
        }
        let joins = format!(
            "/projects/{}/teams/{}/members/{}",
            id(&project),
            id(&team),
            id_of("member")
        );
        requests.push(eve.put(&joins));
        requests.push(eve.delete(&joins));
        requests.push(eve.put(&format!("{item}/assignees/{}", id_of("member"))));
        requests.push(eve.delete(&format!("{item}/assignees/{}", id_of("member"))));
        for scope in ["project", "member"] {
            let scope = format!("{scope}:{}", id_of(scope));
            let new = json!({ "name": "X", "access": "read", "scope": scope });
            requests.push(eve.post("/account/tokens", new));
        }
        let invite =
            json!({ "email": "x@example.org", "role": "viewer", "member": id_of("member") });
        requests.push(eve.post("/invitations", invite));
        for query in ["project", "team", "assignee", "parent"] {
            let name = match query {
                "assignee" => "member",
                "parent" => "item",
                other => other,
            };
            requests.push(eve.get(&format!("/items?{query}={}", id_of(name))));
        }
        for kind in ["project", "team", "member", "item"] {
            let topic = format!("{kind}:{}", id_of(kind));
            for path in [
                "/snapshot?topic=",
                "/activity?topic=",
                "/events?topics=",
                "/sse?topics=",
            ] {
                requests.push(eve.get(&format!("{path}{topic}")));
            }
        }
        requests
    };
    for (there, not_there) in requests(&ours).into_iter().zip(requests(&nothing)) {
        let what = format!("{there:?}");
        let (there, not_there) = (said(&there.await, &ours), said(&not_there.await, &nothing));
        assert_eq!(there, not_there, "{what}");
        assert!((400..500).contains(&there.0), "{what}: {there:?}");
    }
    // On a WebSocket, and to look at.
    let address = place.server.address();
    let token = super::token(&eve, "read", "organization").await;
    let mut socket = Socket::bearer(address, super::secret(&token)).await;
    for (n, kind) in ["project", "team", "member", "item"]
        .into_iter()
        .enumerate()
    {
        let topic = format!("{kind}:{}", of(&ours, kind));
        let answer = socket
            .ask(json!({ "type": "subscribe", "id": n, "topic": topic }))
            .await;
        assert_eq!(answer["code"], "not_found", "{answer}");
    }
    // A cursor of theirs is of another line.
    let theirs = place.owner.get("/account").await.cursor();
    let resumed = eve.get(&format!("/events?topics=org&after={theirs}")).await;
    let messages = resumed.expect(200)["messages"].clone();
    assert_eq!(messages[0]["mode"], "snapshot", "{messages}");
    assert!(!messages.to_string().contains(&of(&ours, "project")));
    let waits = eve.get("/projects").header("devteam-cursor", &theirs).await;
    waits.problem(400, "invalid_cursor");
}
