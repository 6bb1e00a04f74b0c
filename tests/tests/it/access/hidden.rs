//! What lies outside a token's part is not named in what lies inside.

use serde_json::{Value, json};
use tests::{Api, Server, Socket, api::id};

use super::{PASSWORD, Place, cookie, secret, sign_in};

/// A task in one project that waits for another there and for one in another project.
struct Tied {
    place: Place,
    own: Value,
    task: Value,
    near: Value,
    far: Value,
}

async fn tied() -> Tied {
    let place = Place::new().await;
    let own = place.owner.project("Own").await;
    let other = place.owner.project("Other").await;
    let near = place.owner.task(&own, "Near").await;
    let far = place.owner.task(&other, "Far").await;
    let new = json!({
        "kind": "task", "title": "Tied", "project": own["id"], "depends_on": [near["id"], far["id"]],
    });
    let task = place.owner.create("/items", new).await;
    Tied {
        place,
        own,
        task,
        near,
        far,
    }
}

impl Tied {
    fn path(&self) -> String {
        format!("/items/{}", id(&self.task))
    }

    async fn whole(&self) -> Value {
        self.place.owner.get(&self.path()).await.expect(200)
    }
}

#[tokio::test]
async fn an_item_does_not_name_those_that_it_waits_for_out_of_sight() {
    let all = tied().await;
    let scope = format!("project:{}", id(&all.own));
    let token = all.place.token("write", &scope).await;
    let program = all.place.server.api().bearer(secret(&token));
    let far = id(&all.far);
    let item = program.get(&all.path()).await.expect(200);
    assert_eq!(item["depends_on"], json!([all.near["id"]]));
    let version = item["version"].as_u64().unwrap();
    for path in [
        all.path(),
        "/items".to_owned(),
        "/activity".to_owned(),
        format!("/activity?topic=item:{}", id(&all.task)),
        format!("/snapshot?topic={scope}"),
        format!("/snapshot?topic=item:{}", id(&all.task)),
        format!("/events?topics={scope}"),
    ] {
        let answer = program.get(&path).await;
        assert_eq!(answer.status, 200, "{path}");
        assert!(answer.text().contains(id(&all.task)), "{path} shows it");
        assert!(!answer.text().contains(far), "{path}: {}", answer.text());
        assert!(
            all.place.owner.get(&path).await.text().contains(far),
            "{path}"
        );
    }
    // Over a WebSocket, in the snapshot and in what happens.
    let mut socket = Socket::bearer(all.place.server.address(), secret(&token)).await;
    let subscribe = json!({ "type": "subscribe", "id": 1, "topic": scope });
    let snapshot = socket.ask(subscribe).await;
    assert!(!snapshot.to_string().contains(far), "{snapshot}");
    let title = json!({ "title": "Tied up" });
    let changed = program.patch(&all.path(), title).await.expect(200);
    assert!(!changed.to_string().contains(far), "{changed}");
    let event = socket.expect("event").await;
    assert_eq!(
        event["event"]["data"]["item"]["depends_on"],
        json!([all.near["id"]])
    );
    // Nor is it told who looks, of whom it may know nothing.
    let origin = format!("http://{}", all.place.server.address());
    let shown = cookie(&sign_in(&all.place.server, "owner@example.org", PASSWORD).await);
    let headers = [("cookie", &*shown), ("origin", &*origin)];
    let (mut looker, _) = Socket::with_headers(all.place.server.address(), &headers).await;
    looker.expect("welcome").await;
    let subscribe = json!({ "type": "subscribe", "id": 1, "topic": scope });
    looker.ask(subscribe).await;
    looker
        .send(json!({ "type": "look", "path": "/projects/own" }))
        .await;
    looker.expect("presence").await;
    program
        .patch(&all.path(), json!({ "title": "Tied" }))
        .await
        .expect(200);
    while let Some(message) = socket.next().await {
        assert_ne!(message["type"], "presence", "{message}");
        if message["type"] == "event" {
            break;
        }
    }
    // In the refusal of a stale change.
    let stale = program.patch(&all.path(), json!({ "depends_on": [] }));
    let stale = stale
        .if_match(version)
        .await
        .problem(412, "version_mismatch");
    assert_eq!(stale["current"]["depends_on"], json!([all.near["id"]]));
}

#[tokio::test]
async fn a_change_of_a_list_leaves_alone_what_is_out_of_sight_in_it() {
    let all = tied().await;
    let scope = format!("project:{}", id(&all.own));
    let program = all.place.program("write", &scope).await;
    let clear = |names: Value| program.patch(&all.path(), json!({ "depends_on": names }));
    let answer = clear(json!([])).if_match(1).await.expect(200);
    assert_eq!(answer["depends_on"], json!([]));
    assert_eq!(all.whole().await["depends_on"], json!([all.far["id"]]));
    // To name it is to name what is not there, though it stands in the list.
    for name in [id(&all.far), "01900000-0000-7000-8000-000000000000"] {
        let refused = clear(json!([name])).if_match(2).await;
        refused.wrong_field("/depends_on/0");
    }
}

#[tokio::test]
async fn a_parent_out_of_sight_is_no_parent() {
    let all = tied().await;
    let owner = &all.place.owner;
    let new = json!({ "kind": "feature", "title": "Above", "project": all.own["id"] });
    let feature = owner.create("/items", new).await;
    let grace = owner.member("Grace").await;
    let under = json!({ "parent": feature["id"] });
    owner.patch(&all.path(), under).await.expect(200);
    let assign = format!("{}/assignees/{}", all.path(), id(&grace));
    owner.put(&assign).await.expect(200);
    let program = all
        .place
        .program("write", &format!("member:{}", id(&grace)))
        .await;
    let seen = program.get(&all.path()).await.expect(200);
    assert_eq!(
        (&seen["parent"], &seen["depends_on"]),
        (&Value::Null, &json!([]))
    );
    program
        .patch(&all.path(), json!({ "parent": null }))
        .await
        .expect(200);
    assert_eq!(all.whole().await["parent"], feature["id"]);
}

#[tokio::test]
async fn an_id_of_ones_own_choice_tells_nothing_of_what_there_is() {
    let mut all = tied().await;
    let scope = format!("project:{}", id(&all.own));
    let program = all.place.program("write", &scope).await;
    let new = |id: &str| json!({ "id": id, "kind": "task", "title": "New", "project": "own" });
    let free = "01900000-0000-7000-8000-00000000000a";
    let (taken, fresh) = (
        program
            .post("/items", new(id(&all.far)))
            .await
            .wrong_field("/id"),
        program.post("/items", new(free)).await.wrong_field("/id"),
    );
    assert_eq!(taken["detail"], fresh["detail"]);
    // A create that is repeated is still one.
    let create = |api: &Api| {
        let body = json!({ "kind": "task", "title": "New", "project": "own" });
        api.post("/items", body).key("once")
    };
    let first = create(&program).await.expect(201);
    let again = create(&program).await;
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(again.expect(201)["id"], first["id"]);
    // Who sees all is told what is taken, but not of another organization.
    let owner = &all.place.owner;
    owner
        .post("/items", new(id(&all.far)))
        .await
        .problem(409, "id_taken");
    let eve = another_organization(&mut all.place.server).await;
    let project = json!({ "id": all.own["id"], "name": "Theirs" });
    eve.post("/projects", project).await.expect(201);
}

async fn another_organization(server: &mut Server) -> Api {
    server.ask_to_end();
    server.ended();
    let create = [
        "create",
        "--email",
        "eve@example.com",
        "--organization",
        "theirs",
    ];
    let made = server.account(&create, &format!("{PASSWORD}\n"));
    assert!(made.status.success(), "{made:?}");
    server.restart();
    let eve = sign_in(server, "eve@example.com", PASSWORD).await;
    server.api().browser(&cookie(&eve))
}

#[tokio::test]
async fn an_event_is_written_once_for_all_who_see_the_same_part() {
    let all = tied().await;
    let scope = format!("project:{}", id(&all.own));
    let address = all.place.server.address();
    let mut sockets = Vec::new();
    for n in 0..12 {
        // Each with a token of its own, and not all following the same.
        let token = all.place.token("read", &scope).await;
        let mut socket = Socket::bearer(address, secret(&token)).await;
        let topic = match n % 2 {
            0 => scope.clone(),
            _ => format!("item:{}", id(&all.task)),
        };
        socket
            .ask(json!({ "type": "subscribe", "id": 1, "topic": topic }))
            .await;
        sockets.push(socket);
    }
    let written = async || {
        let metrics = all.place.server.api().get("//metrics").await;
        metrics.metric("devteam_events_narrowed_total")
    };
    let before = written().await;
    for n in 0..5 {
        let title = json!({ "title": format!("Title {n}") });
        all.place.owner.patch(&all.path(), title).await.expect(200);
    }
    for socket in &mut sockets {
        for n in 0..5 {
            let event = socket.expect("event").await;
            assert_eq!(
                event["event"]["data"]["item"]["title"],
                format!("Title {n}")
            );
        }
    }
    assert_eq!(written().await - before, 5.0);
}
