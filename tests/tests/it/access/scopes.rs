//! What a token sees is all there is for it.

use serde_json::{Value, json};
use tests::{Api, Socket, api::id};

use super::{Place, secret};

/// Two projects with a task each, one of them done by Grace.
struct Content {
    place: Place,
    own: Value,
    other: Value,
    task: Value,
    hidden: Value,
    grace: Value,
}

async fn content() -> Content {
    let place = Place::new().await;
    let own = place.owner.project("Own").await;
    let other = place.owner.project("Other").await;
    let task = place.owner.task(&own, "Seen").await;
    let hidden = place.owner.task(&other, "Hidden").await;
    let grace = place.owner.member("Grace").await;
    let assign = format!("/items/{}/assignees/{}", id(&task), id(&grace));
    place.owner.put(&assign).await.expect(200);
    Content {
        place,
        own,
        other,
        task,
        hidden,
        grace,
    }
}

/// The ids in a list.
async fn listed(api: &Api, path: &str) -> Vec<String> {
    let list = api.get(path).await.expect(200);
    let items = list["items"].as_array().unwrap().iter();
    items.map(|entity| id(entity).to_owned()).collect()
}

#[tokio::test]
async fn a_token_for_a_project_sees_that_project_and_no_more() {
    let all = content().await;
    let scope = format!("project:{}", all.own["slug"].as_str().unwrap());
    let program = all.place.program("write", &scope).await;
    assert_eq!(listed(&program, "/projects").await, [id(&all.own)]);
    assert_eq!(listed(&program, "/items").await, [id(&all.task)]);
    assert_eq!(
        listed(&program, "/items?q=e").await,
        [id(&all.task)],
        "searched"
    );
    assert!(listed(&program, "/members").await.is_empty());
    let activity = program.get("/activity").await.expect(200);
    for event in activity["items"].as_array().unwrap() {
        assert!(!event.to_string().contains(id(&all.other)), "{event}");
    }
    program
        .get(&format!("/items/{}", id(&all.task)))
        .await
        .expect(200);

    let (other, hidden, grace) = (id(&all.other), id(&all.hidden), id(&all.grace));
    for path in [
        "/organization".to_owned(),
        format!("/projects/{other}"),
        format!("/projects/{other}/teams"),
        format!("/projects/{other}/history?measure=burnup"),
        format!("/items/{hidden}"),
        format!("/items/{hidden}/comments"),
        format!("/items?project={other}"),
        format!("/items?parent={hidden}"),
        format!("/members/{grace}"),
        "/snapshot?topic=org".to_owned(),
        format!("/snapshot?topic=project:{other}"),
        format!("/snapshot?topic=item:{hidden}"),
        format!("/snapshot?topic=member:{grace}"),
        "/events?topics=all".to_owned(),
        "/sse?topics=org".to_owned(),
        "/activity?topic=all".to_owned(),
    ] {
        let refused = program.get(&path).await.problem(404, "not_found");
        assert!(!refused.to_string().contains("Hidden"), "{path}: {refused}");
    }
}

#[tokio::test]
async fn what_is_out_of_sight_is_refused_in_the_words_for_what_is_not_there() {
    let all = content().await;
    let scope = format!("project:{}", id(&all.own));
    let program = all.place.program("write", &scope).await;
    let (task, hidden) = (id(&all.task), id(&all.hidden));
    let nothing = "01900000-0000-7000-8000-000000000000";
    let requests = |name: &str| {
        let new = |more: Value| {
            let mut new = json!({ "kind": "task", "title": "New", "project": id(&all.own) });
            new.as_object_mut()
                .unwrap()
                .extend(more.as_object().unwrap().clone());
            program.post("/items", new)
        };
        vec![
            program.patch(&format!("/items/{name}"), json!({ "title": "Mine" })),
            program.delete(&format!("/items/{name}")),
            program.post(&format!("/items/{name}/move"), json!({ "status": "todo" })),
            program.post(&format!("/items/{name}/restore"), json!({})),
            program.post(
                &format!("/items/{name}/comments"),
                json!({ "body": "Hello" }),
            ),
            program.post(&format!("/items/{task}/move"), json!({ "after": name })),
            new(json!({ "parent": name })),
            new(json!({ "depends_on": [name] })),
            new(json!({ "assignees": [name] })),
            program.post(&format!("/items/{task}/move"), json!({ "project": name })),
            program.patch(&format!("/projects/{name}"), json!({ "name": "Mine" })),
            program.post(
                &format!("/projects/{name}/teams"),
                json!({ "name": "Mine" }),
            ),
        ]
    };
    for (there, not_there) in requests(hidden).into_iter().zip(requests(nothing)) {
        let (there, not_there) = (there.await, not_there.await);
        assert_eq!(there.status, not_there.status, "{}", there.text());
        let words = |answer: &tests::Answer, name: &str| {
            answer.expect(answer.status)["detail"]
                .to_string()
                .replace(name, "")
        };
        assert_eq!(words(&there, hidden), words(&not_there, nothing));
    }
    // The other project as a place to go to.
    let (other, go) = (id(&all.other), format!("/items/{task}/move"));
    program
        .post(&go, json!({ "project": other }))
        .await
        .wrong_field("/project");
    program
        .post(&go, json!({ "project": null }))
        .await
        .problem(403, "forbidden");
    program
        .post("/projects", json!({ "name": "Mine" }))
        .await
        .problem(403, "forbidden");
    // Its own work it can do.
    program
        .post(&go, json!({ "status": "todo" }))
        .await
        .expect(200);
}

#[tokio::test]
async fn a_token_for_a_member_sees_that_member_and_what_it_works_on() {
    let all = content().await;
    let scope = format!("member:{}", id(&all.grace));
    let program = all.place.program("write", &scope).await;
    assert_eq!(listed(&program, "/members").await, [id(&all.grace)]);
    assert_eq!(listed(&program, "/items").await, [id(&all.task)]);
    assert!(listed(&program, "/projects").await.is_empty());
    let hidden = format!("/items/{}", id(&all.hidden));
    program.get(&hidden).await.problem(404, "not_found");
    let say = format!("/items/{}/comments", id(&all.task));
    let comment = program.create(&say, json!({ "body": "At it." })).await;
    assert_eq!(comment["author"], all.grace["id"], "it acts as that member");
    let snapshot = program.snapshot(&scope).await;
    assert_eq!(snapshot.snapshot.items.unwrap().len(), 1);
}

#[tokio::test]
async fn a_token_that_reads_does_not_write_and_none_makes_another_unless_it_was_made_for_that() {
    let all = content().await;
    let reads = all.place.program("read", "organization").await;
    let writes = all.place.program("write", "organization").await;
    let admin = all.place.program("admin", "organization").await;
    let part = all
        .place
        .program("admin", &format!("project:{}", id(&all.own)))
        .await;
    let new = json!({ "name": "New" });
    reads.get("/projects").await.expect(200);
    reads
        .post("/projects", new.clone())
        .await
        .problem(403, "forbidden");
    writes.post("/projects", new).await.expect(201);
    let token = json!({ "name": "More", "access": "read" });
    for program in [&reads, &writes, &part] {
        let refused = program.post("/account/tokens", token.clone()).await;
        refused.problem(403, "forbidden");
        program.get("/audit").await.problem(403, "forbidden");
        program
            .get("/account/sessions")
            .await
            .problem(403, "forbidden");
    }
    admin.post("/account/tokens", token).await.expect(201);
    admin.get("/audit").await.expect(200);
    // A person can't give what they have not got.
    let viewer = all.place.person("viewer").await;
    let more = json!({ "name": "More", "access": "write" });
    viewer
        .post("/account/tokens", more)
        .await
        .problem(403, "forbidden");
}

#[tokio::test]
async fn every_transport_takes_a_token_and_keeps_to_what_it_sees() {
    let all = content().await;
    let token = all
        .place
        .token("read", &format!("project:{}", id(&all.own)))
        .await;
    let address = all.place.server.address();
    let mut by_header = Socket::bearer(address, secret(&token)).await;
    let foreign = Some(("origin", "http://dashboard.example"));
    let (mut by_message, _) = Socket::with_header(address, foreign).await;
    by_message
        .send(json!({ "type": "authenticate", "token": secret(&token) }))
        .await;
    let welcome = by_message.expect("welcome").await;
    assert_eq!(welcome["principal"]["kind"], "token");
    assert_eq!(welcome["principal"]["id"], token["id"]);
    for socket in [&mut by_header, &mut by_message] {
        let subscribe =
            |id: u32, topic: &str| json!({ "type": "subscribe", "id": id, "topic": topic });
        let own = socket.ask(subscribe(1, "project:own")).await;
        assert_eq!(own["type"], "subscribed", "{own}");
        let names = [
            "org",
            "all",
            "project:other",
            &format!("item:{}", id(&all.hidden)),
        ]
        .map(str::to_owned);
        for (n, topic) in (2..).zip(names) {
            assert_eq!(
                socket.ask(subscribe(n, &topic)).await["code"],
                "not_found",
                "{topic}"
            );
        }
    }
    let program = all.place.server.api().bearer(secret(&token));
    let events = program
        .get("/events?topics=project:own,org")
        .await
        .expect(200);
    let kinds: Vec<&str> = events["messages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|message| message["type"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["error", "subscribed"], "{events}");
    let tokens = all.place.owner.get("/account/tokens").await.expect(200);
    assert!(tokens["items"][0]["last_used_at"].is_string(), "{tokens}");
    assert!(!tokens.to_string().contains(secret(&token)), "shown once");
}

#[tokio::test]
async fn what_leaves_a_tokens_sight_is_told_by_beginning_anew_and_not_where_it_went() {
    let all = content().await;
    let scope = format!("project:{}", id(&all.own));
    let token = all.place.token("read", &scope).await;
    let mut socket = Socket::bearer(all.place.server.address(), secret(&token)).await;
    let subscribe = |id: u32, topic: &str| json!({ "type": "subscribe", "id": id, "topic": topic });
    socket.ask(subscribe(1, &scope)).await;
    let item = format!("item:{}", id(&all.task));
    socket.ask(subscribe(2, &item)).await;

    let go = format!("/items/{}/move", id(&all.task));
    let owner = &all.place.owner;
    owner
        .post(&go, json!({ "status": "todo" }))
        .await
        .expect(200);
    let event = socket.expect("event").await;
    let prev: Vec<&String> = event["prev"].as_object().unwrap().keys().collect();
    assert_eq!(
        prev.len(),
        2,
        "no topic but those that are followed: {event}"
    );

    owner
        .post(&go, json!({ "project": id(&all.other) }))
        .await
        .expect(200);
    let mut heard = Vec::new();
    while heard.len() < 2 {
        let message = socket.next().await.unwrap();
        assert!(!message.to_string().contains(id(&all.other)), "{message}");
        if message["type"] != "rollup" {
            heard.push((message["type"].clone(), message["topic"].clone()));
        }
    }
    heard.sort_by_key(|(kind, _)| kind.to_string());
    assert_eq!(heard[0], (json!("resync"), json!(scope)));
    assert_eq!(heard[1], (json!("unsubscribed"), json!(item)));
    assert_eq!(socket.ask(subscribe(3, &item)).await["code"], "not_found");
    let again = socket.ask(subscribe(4, &scope)).await;
    assert_eq!(again["snapshot"]["items"], json!([]));
    // Nor on the other transports, nor in what has happened.
    let program = all.place.server.api().bearer(secret(&token));
    for path in [format!("/events?topics={scope}"), "/activity".to_owned()] {
        let text = program.get(&path).await.text();
        assert!(!text.contains(id(&all.other)), "{path}: {text}");
    }
}
