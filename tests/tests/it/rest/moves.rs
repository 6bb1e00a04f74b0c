use serde_json::{Value, json};
use tests::{Api, Server, api::id};

async fn order(api: &Api) -> Vec<String> {
    let list = api.get("/items?project=web&sort=rank").await.expect(200);
    list["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["title"].as_str().unwrap().to_owned())
        .collect()
}

fn to(api: &Api, item: &Value, place: Value) -> tests::api::Request {
    api.post(&format!("/items/{}/move", id(item)), place)
}

#[tokio::test]
async fn an_item_is_moved_before_and_after_others_and_only_it_changes() {
    let server = Server::spawn();
    let api = server.api();
    let project = api.project("Web").await;
    let mut tasks = Vec::new();
    for title in ["A", "B", "C", "D"] {
        tasks.push(api.task(&project, title).await);
    }
    assert_eq!(order(&api).await, ["A", "B", "C", "D"]);
    to(&api, &tasks[3], json!({ "before": tasks[1]["key"] }))
        .await
        .expect(200);
    assert_eq!(order(&api).await, ["A", "D", "B", "C"]);
    let moved = to(&api, &tasks[0], json!({ "after": tasks[2]["id"] }))
        .await
        .expect(200);
    assert_eq!(order(&api).await, ["D", "B", "C", "A"]);
    assert_eq!(moved["version"], 2);
    assert_eq!(
        api.get(&format!("/items/{}", id(&tasks[1])))
            .await
            .expect(200)["version"],
        1
    );
    let moved = to(
        &api,
        &tasks[2],
        json!({ "status": "todo", "before": tasks[3]["id"] }),
    )
    .await
    .expect(200);
    assert_eq!(moved["status"], "todo");
    assert_eq!(order(&api).await, ["C", "D", "B", "A"]);
    let itself = to(&api, &tasks[2], json!({ "before": tasks[2]["id"] })).await;
    assert!(itself.status < 500, "{}", itself.text());
    let both = to(
        &api,
        &tasks[2],
        json!({ "before": tasks[1]["id"], "after": tasks[0]["id"] }),
    )
    .await;
    assert!(both.status < 500, "{}", both.text());
    to(&api, &tasks[2], json!({ "nowhere": 1 }))
        .await
        .wrong_field("/nowhere");
}

#[tokio::test]
async fn a_thousand_moves_to_the_same_place_keep_the_order() {
    let server = Server::spawn();
    let api = server.api();
    let project = api.project("Web").await;
    let (first, second, third) = (
        api.task(&project, "A").await,
        api.task(&project, "B").await,
        api.task(&project, "C").await,
    );
    for n in 0..200 {
        let mover = if n % 2 == 0 { &third } else { &second };
        to(&api, mover, json!({ "after": first["id"] }))
            .await
            .expect(200);
    }
    assert_eq!(order(&api).await, ["A", "B", "C"]);
    let rank = api
        .get(&format!("/items/{}", id(&second)))
        .await
        .expect(200)["rank"]
        .as_str()
        .unwrap()
        .len();
    assert!(rank < 200, "a rank of {rank} characters");
}

#[tokio::test]
async fn a_subtree_moves_to_another_project_with_new_keys_and_the_old_ones_lead_on() {
    let server = Server::spawn();
    let api = server.api();
    let web = api
        .create("/projects", json!({ "name": "Web", "key": "WEB" }))
        .await;
    api.create("/projects", json!({ "name": "App", "key": "APP" }))
        .await;
    let team = api.team(&web, "Core").await;
    let epic = api
        .create(
            "/items",
            json!({ "kind": "epic", "title": "E", "project": "web" }),
        )
        .await;
    let feature = json!({ "kind": "feature", "title": "F", "project": "web", "parent": epic["id"], "team": team["id"] });
    let feature = api.create("/items", feature).await;
    let task = json!({ "kind": "task", "title": "T", "project": "web", "parent": feature["id"] });
    let task = api.create("/items", task).await;
    let moved = to(&api, &feature, json!({ "project": "app" }))
        .await
        .expect(200);
    assert_eq!(moved["key"], "APP-1");
    assert_eq!(
        (&moved["parent"], &moved["team"]),
        (&json!(null), &json!(null))
    );
    let under = api.get(&format!("/items/{}", id(&task))).await.expect(200);
    assert_eq!(
        (&under["key"], &under["parent"], &under["project"]),
        (&json!("APP-2"), &feature["id"], &moved["project"])
    );
    assert_eq!(id(&api.get("/items/WEB-2").await.expect(200)), id(&feature));
    assert_eq!(
        api.task(&web, "New").await["key"],
        "WEB-4",
        "numbers are never given again"
    );
    let home = to(&api, &feature, json!({ "project": null }))
        .await
        .expect(200);
    assert_eq!(home["key"], "ORG-1");
}

#[tokio::test]
async fn moving_to_a_team_unassigns_who_is_not_in_it() {
    let server = Server::spawn();
    let api = server.api();
    let project = api.project("Web").await;
    let team = api.team(&project, "Core").await;
    let (ada, _) = (api.member("Ada").await, api.member("Ben").await);
    api.put("/projects/web/teams/core/members/ada")
        .await
        .expect(200);
    let task =
        json!({ "kind": "task", "title": "T", "project": "web", "assignees": ["ada", "ben"] });
    let task = api.create("/items", task).await;
    let moved = to(&api, &task, json!({ "team": team["id"] }))
        .await
        .expect(200);
    assert_eq!(
        (&moved["team"], &moved["assignees"]),
        (&team["id"], &json!([ada["id"]]))
    );
    assert_eq!(
        to(&api, &task, json!({ "team": null })).await.expect(200)["team"],
        json!(null)
    );
}
