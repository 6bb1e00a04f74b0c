//! One script of messages for all transports.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use shared_types::{sync::Transport, topic::Topic};
use tests::{Api, LiveClient, Server, api::id};

/// A step of the script, with what earlier ones made.
type Made = BTreeMap<&'static str, Value>;

async fn step(n: usize, api: &Api, made: &mut Made) -> bool {
    let ok = |answer: tests::Answer| assert!(answer.status < 300, "step {n}: {}", answer.text());
    let item = |made: &Made| format!("/items/{}", id(&made["task"]));
    match n {
        0 => ok(api.patch("/organization", json!({ "name": "Acme" })).await),
        1 => ok(api
            .patch(
                "/projects/web",
                json!({ "name": "Website", "slug": "website" }),
            )
            .await),
        2 => drop(made.insert("ben", api.member("Ben").await)),
        3 => ok(api.put("/projects/website/teams/core/members/ben").await),
        4 => {
            let task = json!({ "kind": "task", "title": "New", "project": "website", "team": "core", "estimate": 2 });
            made.insert("new", api.create("/items", task).await);
        }
        5 => ok(api.put(&format!("{}/assignees/ada", item(made))).await),
        6 => ok(api
            .patch(
                &item(made),
                json!({ "description": "Words", "priority": "high" }),
            )
            .await),
        7 => ok(api
            .post(
                &format!("{}/move", item(made)),
                json!({ "status": "in_progress", "after": made["new"]["id"] }),
            )
            .await),
        8 => drop(
            made.insert(
                "comment",
                api.create(&format!("{}/comments", item(made)), json!({ "body": "Hm" }))
                    .await,
            ),
        ),
        9 => {
            let path = format!("{}/comments/{}", item(made), id(&made["comment"]));
            ok(api.patch(&path, json!({ "body": "Aha" })).await);
            ok(api.delete(&path).await);
        }
        // It leaves the team's view and comes back.
        10 => ok(api
            .post(&format!("{}/move", item(made)), json!({ "team": null }))
            .await),
        11 => ok(api
            .post(&format!("{}/move", item(made)), json!({ "team": "core" }))
            .await),
        12 => ok(api.delete(&format!("/items/{}", id(&made["new"]))).await),
        13 => ok(api
            .post(&format!("/items/{}/restore", id(&made["new"])), json!({}))
            .await),
        // Another project takes it, with all that is under it, and gives it back.
        14 => ok(api
            .post(&format!("{}/move", item(made)), json!({ "project": "app" }))
            .await),
        15 => ok(api
            .post(
                &format!("{}/move", item(made)),
                json!({ "project": "website" }),
            )
            .await),
        16 => ok(api.delete("/members/ben").await),
        17 => ok(api.patch(&item(made), json!({ "status": "done" })).await),
        _ => return false,
    }
    true
}

#[tokio::test]
async fn websocket_sse_and_polling_tell_the_same() {
    let server = Server::spawn();
    let api = server.api();
    let web = api.project("Web").await;
    api.project("App").await;
    let team = api.team(&web, "Core").await;
    let ada = api.member("Ada").await;
    api.put("/projects/web/teams/core/members/ada")
        .await
        .expect(200);
    let task = json!({ "kind": "task", "title": "Task", "project": "web", "team": "core" });
    let mut made = Made::from([("task", api.create("/items", task).await)]);

    let mut clients: Vec<LiveClient> = Vec::new();
    for transport in Transport::ALL {
        let mut client = server.live(transport).await;
        for topic in [
            "org".to_owned(),
            "project:web".into(),
            "team:web/core".into(),
            "member:ada".into(),
            format!("item:{}", made["task"]["key"].as_str().unwrap()),
            "all".into(),
        ] {
            client.follow(&topic).await;
        }
        clients.push(client);
    }
    let mut n = 0;
    while step(n, &api, &mut made).await {
        let head = api.get("/organization").await.cursor();
        for client in &mut clients {
            let seen =
                |client: &LiveClient| client.events.iter().any(|(event, _)| event.seq == head.seq);
            client.until(&format!("the event of step {n}"), seen).await;
            client.until_equal().await;
        }
        n += 1;
    }

    let told = |client: &LiveClient| {
        let lines = client
            .events
            .iter()
            .map(|(event, topics)| (event.seq, event.body.name(), topics.clone()));
        lines.collect::<Vec<(u64, &str, Vec<Topic>)>>()
    };
    let sorted = |mut told: Vec<(u64, &'static str, Vec<Topic>)>| {
        told.iter_mut().for_each(|(_, _, topics)| topics.sort());
        told
    };
    let websocket = sorted(told(&clients[0]));
    assert_eq!(websocket, sorted(told(&clients[1])), "WebSocket and SSE");
    assert_eq!(
        websocket,
        sorted(told(&clients[2])),
        "WebSocket and polling"
    );
    for topic in [
        Topic::Org,
        format!("team:{}", id(&team)).parse().unwrap(),
        format!("member:{}", id(&ada)).parse().unwrap(),
    ] {
        let shown = api
            .snapshot(&topic.to_string())
            .await
            .snapshot
            .rollups
            .unwrap_or_default();
        for client in &mut clients {
            for rollup in &shown {
                let equal =
                    |client: &LiveClient| client.rollup(topic, rollup.key) == Some(rollup.value);
                client
                    .until(&format!("the roll-up of {} on {topic}", rollup.key), equal)
                    .await;
            }
        }
    }
    for client in &clients {
        assert_eq!(client.health().gaps, 0);
        assert_eq!((&client.ended, &client.failed), (&vec![], &vec![]));
    }
}

#[tokio::test]
async fn what_restoring_brings_back_reaches_every_transport() {
    let server = Server::spawn();
    let api = server.api();
    let web = api.project("Web").await;
    for n in 0..5 {
        api.task(&web, &format!("Task {n}")).await;
    }
    for transport in Transport::ALL {
        let mut client = server.live(transport).await;
        client.follow("org").await;
        client.follow("project:web").await;
        api.delete("/projects/web").await.expect(204);
        client
            .until("the end of the project's topic", |client| {
                client.ended.len() == 1
            })
            .await;
        client
            .until("its departure", |client| {
                client.view("org").projects.is_empty()
            })
            .await;
        let restored = api
            .post(&format!("/projects/{}/restore", id(&web)), json!({}))
            .await;
        assert!(restored.status < 300, "{}", restored.text());
        client
            .until("its return", |client| {
                client.view("org").projects.len() == 1
            })
            .await;
        client.follow("project:web").await;
        assert_eq!(client.view("project:web").items.len(), 5);
        client.until_equal().await;
    }
}

#[tokio::test]
async fn roll_ups_arrive_and_the_last_one_is_right() {
    let server = Server::spawn();
    let api = server.api();
    let web = api.project("Web").await;
    let topic: Topic = format!("project:{}", id(&web)).parse().unwrap();
    for transport in Transport::ALL {
        let mut client = server.live(transport).await;
        client.follow("org").await;
        let before = client
            .rollup(Topic::Org, topic)
            .map_or(0, |rollup| rollup.tasks.total());
        for n in 0..20 {
            api.task(&web, &format!("Task {n}")).await;
        }
        let counted = |client: &LiveClient| {
            client
                .rollup(Topic::Org, topic)
                .map_or(0, |rollup| rollup.tasks.total())
        };
        client
            .until("the roll-up", |client| counted(client) == before + 20)
            .await;
    }
}
