use serde_json::{Value, json};
use tests::{Api, Server, api::id};

use super::ids;

/// Every page of a list.
async fn pages(api: &Api, path: &str) -> Vec<Value> {
    let mut found = Vec::new();
    let mut page = String::new();
    loop {
        let list = api.get(&format!("{path}{page}")).await.expect(200);
        found.extend(list["items"].as_array().unwrap().clone());
        match list["next"].as_str() {
            Some(next) => page = format!("&page={next}"),
            None => return found,
        }
    }
}

#[tokio::test]
async fn pages_neither_repeat_nor_leave_out() {
    let server = Server::spawn();
    let api = server.api();
    let project = api.project("Web").await;
    let mut made = Vec::new();
    for n in 0..23 {
        made.push(api.task(&project, &format!("Task {n}")).await["id"].clone());
    }
    for sort in ["rank", "updated_at", "key"] {
        let found = pages(&api, &format!("/items?project=web&sort={sort}&limit=5")).await;
        let mut ids: Vec<Value> = found.iter().map(|item| item["id"].clone()).collect();
        assert_eq!(ids.len(), 23, "{sort}");
        ids.sort_by_key(Value::to_string);
        ids.dedup();
        assert_eq!(ids.len(), 23, "{sort}");
    }
    for n in 0..5 {
        api.project(&format!("P {n}")).await;
        api.member(&format!("M {n}")).await;
    }
    assert_eq!(pages(&api, "/projects?limit=2").await.len(), 6);
    assert!(pages(&api, "/members?limit=2").await.len() >= 5);
    for wrong in [
        "limit=0",
        "limit=201",
        "limit=x",
        "page=nonsense",
        "sort=mood",
        "colour=red",
        "status=asleep",
    ] {
        let refused = api.get(&format!("/items?{wrong}")).await;
        assert_eq!(
            refused.problem(422, "validation")["errors"][0]["pointer"],
            wrong.split('=').next().unwrap()
        );
    }
}

#[tokio::test]
async fn items_are_found_by_each_of_their_properties() {
    let server = Server::spawn();
    let api = server.api();
    let web = api.project("Web").await;
    let team = api.team(&web, "Core").await;
    let ada = api.member("Ada").await;
    api.put("/projects/web/teams/core/members/ada")
        .await
        .expect(200);
    let epic = api
        .create(
            "/items",
            json!({ "kind": "epic", "title": "Epic", "project": "web" }),
        )
        .await;
    let feature =
        json!({ "kind": "feature", "title": "Feature", "project": "web", "parent": epic["id"] });
    let feature = api.create("/items", feature).await;
    let task = json!({
        "kind": "task", "title": "Needle", "project": "web", "team": "core", "parent": feature["id"], "labels": ["bug"],
        "assignees": ["ada"], "status": "todo", "description": "In a HAYSTACK of words",
    });
    let task = api.create("/items", task).await;
    let own = api
        .create("/items", json!({ "kind": "task", "title": "Own" }))
        .await;
    let (team, ada) = (id(&team), id(&ada));
    for (query, expected) in [
        ("kind=epic".to_owned(), vec![id(&epic)]),
        ("status=todo".into(), vec![id(&task)]),
        (format!("team={team}"), vec![id(&task)]),
        ("project=web&team=core".into(), vec![id(&task)]),
        ("assignee=ada".into(), vec![id(&task)]),
        (format!("assignee={ada}"), vec![id(&task)]),
        ("label=bug".into(), vec![id(&task)]),
        (
            format!("parent={}", epic["key"].as_str().unwrap()),
            vec![id(&feature)],
        ),
        ("q=nEEdle".into(), vec![id(&task)]),
        ("q=haystack".into(), vec![id(&task)]),
        ("q=own".into(), vec![id(&own)]),
        ("project=web&kind=task&status=done".into(), vec![]),
    ] {
        let list = api.get(&format!("/items?{query}")).await.expect(200);
        assert_eq!(ids(&list["items"]), expected, "{query}");
    }
    let list = api.get("/items?project=web").await.expect(200);
    assert!(
        list["items"]
            .as_array()
            .unwrap()
            .iter()
            .all(|item| item.get("description").is_none()),
        "{list}"
    );
    api.get("/items?project=nowhere")
        .await
        .problem(404, "not_found");
}

#[tokio::test]
async fn a_list_that_has_not_changed_is_not_sent_again() {
    let server = Server::spawn();
    let api = server.api();
    let project = api.project("Web").await;
    let list = api.get("/items?project=web").await;
    let tag = list.header("etag").to_owned();
    assert!(!tag.is_empty());
    // Something else has changed.
    api.member("Ada").await;
    let same = api
        .get("/items?project=web")
        .header("if-none-match", &tag)
        .await;
    assert_eq!((same.status, same.body.len()), (304, 0));
    api.task(&project, "T").await;
    let changed = api
        .get("/items?project=web")
        .header("if-none-match", &tag)
        .await;
    assert_eq!(changed.expect(200)["items"].as_array().unwrap().len(), 1);
    // An entity is: its roll-up moves without its version, which its tag is.
    let one = api.get("/projects/web").await;
    let again = api
        .get("/projects/web")
        .header("if-none-match", one.header("etag"))
        .await;
    assert_eq!(again.status, 200);
}

#[tokio::test]
async fn activity_is_newest_first_and_by_topic() {
    let server = Server::spawn();
    let api = server.api();
    let web = api.project("Web").await;
    api.project("App").await;
    api.task(&web, "T").await;
    let all = api.get("/activity?limit=2").await.expect(200);
    let seqs: Vec<u64> = all["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["seq"].as_u64().unwrap())
        .collect();
    assert_eq!(seqs.len(), 2);
    assert!(seqs[0] > seqs[1]);
    let before = api.get(&format!("/activity?before={}", seqs[1])).await;
    assert!(
        before.status == 200 || before.status == 422 || before.status == 400,
        "{}",
        before.text()
    );
    let web = api.get("/activity?topic=project:web").await.expect(200);
    let types: Vec<&str> = web["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["type"].as_str().unwrap())
        .collect();
    assert_eq!(types, ["item.created", "project.created"]);
    api.get("/activity?topic=project:nowhere")
        .await
        .problem(404, "not_found");
}

#[tokio::test]
async fn history_and_account_answer() {
    let server = Server::spawn();
    let api = server.api();
    let project = api.project("Web").await;
    let task = api.task(&project, "T").await;
    api.patch(
        &format!("/items/{}", id(&task)),
        json!({ "status": "done" }),
    )
    .await
    .expect(200);
    for measure in ["burnup", "throughput", "cycle_time", "cost"] {
        api.get(&format!("/projects/web/history?measure={measure}"))
            .await
            .expect(200);
    }
    api.get("/projects/web/history?measure=mood")
        .await
        .wrong_field("measure");
    let account = api.get("/account").await.expect(200);
    assert!(account.is_object(), "{account}");
}

#[tokio::test]
async fn a_snapshot_is_the_view_at_its_cursor() {
    let server = Server::spawn();
    let api = server.api();
    let project = api.project("Web").await;
    let task = api.task(&project, "T").await;
    let answer = api.get("/snapshot?topic=project:web").await;
    let snapshot = answer.expect(200);
    assert_eq!(snapshot["topic"], format!("project:{}", id(&project)));
    assert_eq!(snapshot["cursor"], answer.cursor().to_string());
    assert_eq!(ids(&snapshot["snapshot"]["items"]), [id(&task)]);
    assert_eq!(ids(&snapshot["snapshot"]["projects"]), [id(&project)]);
    assert!(
        snapshot["snapshot"]["rollups"].is_array() && snapshot["snapshot"].get("members").is_none()
    );
    let tag = answer.header("etag").to_owned();
    assert_eq!(
        api.get("/snapshot?topic=project:web")
            .header("if-none-match", &tag)
            .await
            .status,
        304
    );
    api.get("/snapshot?topic=project:nowhere")
        .await
        .problem(404, "not_found");
    for wrong in ["topic=nonsense", "topic=", "", "topic=project:a%20b"] {
        let refused = api.get(&format!("/snapshot?{wrong}")).await;
        assert!(
            [400, 404, 422].contains(&refused.status),
            "{wrong}: {}",
            refused.text()
        );
    }
}
