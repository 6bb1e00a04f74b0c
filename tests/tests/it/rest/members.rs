use serde_json::json;
use tests::{Server, api::id};

use super::fields;

#[tokio::test]
async fn people_and_agents_are_made_read_changed_deleted_and_restored() {
    let server = Server::spawn();
    let api = server.api();
    let ada = api
        .create(
            "/members",
            json!({ "name": "Ada Lovelace", "kind": "human", "title": "Engineer" }),
        )
        .await;
    let all = [
        "account",
        "agent",
        "created_at",
        "id",
        "kind",
        "name",
        "rollup",
        "slug",
        "title",
        "updated_at",
        "version",
    ];
    assert_eq!(fields(&ada), all);
    assert_eq!(
        (&ada["slug"], &ada["kind"], &ada["agent"]),
        (&json!("ada-lovelace"), &json!("human"), &json!(null))
    );
    let iris = json!({ "name": "Iris", "kind": "agent", "agent": { "instructions": "Be brief." } });
    let iris = api.create("/members", iris).await;
    assert_eq!(iris["agent"]["instructions"], "Be brief.");
    let changed = api
        .patch(
            "/members/ada-lovelace",
            json!({ "title": null, "slug": "ada" }),
        )
        .await
        .expect(200);
    assert_eq!(changed["slug"], "ada");
    assert_eq!(
        id(&api.get("/members/ada-lovelace").await.expect(200)),
        id(&ada)
    );
    api.delete("/members/ada").await.expect(204);
    api.get("/members/ada").await.problem(404, "not_found");
    let restored = api
        .post(&format!("/members/{}/restore", id(&ada)), json!({}))
        .await;
    assert!(restored.status < 300, "{}", restored.text());
    assert_eq!(id(&api.get("/members/ada").await.expect(200)), id(&ada));
}

#[tokio::test]
async fn what_a_member_is_can_not_be_changed_nor_mixed() {
    let server = Server::spawn();
    let api = server.api();
    api.member("Ada").await;
    api.patch("/members/ada", json!({ "kind": "agent" }))
        .await
        .wrong_field("/kind");
    api.post("/members", json!({ "name": "Bob" }))
        .await
        .wrong_field("/kind");
    api.post("/members", json!({ "name": "Bob", "kind": "robot" }))
        .await
        .wrong_field("/kind");
    let mixed = api
        .post(
            "/members",
            json!({ "name": "Bob", "kind": "human", "agent": {} }),
        )
        .await;
    assert!([409, 422].contains(&mixed.status), "{}", mixed.text());
}

#[tokio::test]
async fn deleting_a_member_unassigns_and_leaves_teams() {
    let server = Server::spawn();
    let api = server.api();
    let project = api.project("Web").await;
    api.team(&project, "Core").await;
    api.member("Ada").await;
    api.put("/projects/web/teams/core/members/ada")
        .await
        .expect(200);
    let task = api
        .create(
            "/items",
            json!({ "kind": "task", "title": "T", "assignees": ["ada"] }),
        )
        .await;
    api.delete("/members/ada").await.expect(204);
    assert_eq!(
        api.get(&format!("/items/{}", id(&task))).await.expect(200)["assignees"],
        json!([])
    );
    assert_eq!(
        api.get("/projects/web/teams/core").await.expect(200)["members"],
        json!([])
    );
}
