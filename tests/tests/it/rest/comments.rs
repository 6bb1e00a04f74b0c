use serde_json::json;
use tests::{Server, api::id};

use super::fields;

#[tokio::test]
async fn a_comment_is_made_listed_changed_and_deleted() {
    let server = Server::spawn();
    let api = server.api();
    let task = api
        .create("/items", json!({ "kind": "task", "title": "T" }))
        .await;
    let path = format!("/items/{}/comments", task["key"].as_str().unwrap());
    let comment = api.create(&path, json!({ "body": "Looks **good**" })).await;
    assert_eq!(
        fields(&comment),
        [
            "author",
            "body",
            "created_at",
            "id",
            "item",
            "updated_at",
            "version"
        ]
    );
    assert_eq!(
        (&comment["item"], &comment["version"]),
        (&task["id"], &json!(1))
    );
    assert_eq!(
        api.get(&format!("/items/{}", id(&task))).await.expect(200)["comments"],
        1
    );
    assert_eq!(
        api.get(&format!("/items/{}", id(&task))).await.expect(200)["version"],
        1,
        "not the item's own field"
    );
    let one = format!("{path}/{}", id(&comment));
    let changed = api
        .patch(&one, json!({ "body": "Better" }))
        .if_match(1)
        .await
        .expect(200);
    assert_eq!(
        (&changed["body"], &changed["version"]),
        (&json!("Better"), &json!(2))
    );
    api.patch(&one, json!({ "body": "Stale" }))
        .if_match(1)
        .await
        .problem(412, "version_mismatch");
    assert_eq!(api.get(&path).await.expect(200)["items"], json!([changed]));
    api.delete(&one).await.expect(204);
    assert_eq!(api.get(&path).await.expect(200)["items"], json!([]));
    assert_eq!(
        api.get(&format!("/items/{}", id(&task))).await.expect(200)["comments"],
        0
    );
}

#[tokio::test]
async fn a_comment_says_something_and_not_too_much() {
    let server = Server::spawn();
    let api = server.api();
    let task = api
        .create("/items", json!({ "kind": "task", "title": "T" }))
        .await;
    let path = format!("/items/{}/comments", id(&task));
    api.post(&path, json!({ "body": "" }))
        .await
        .wrong_field("/body");
    api.post(&path, json!({ "body": "a".repeat(64 * 1024 + 1) }))
        .await
        .wrong_field("/body");
    api.create(&path, json!({ "body": "a".repeat(64 * 1024) }))
        .await;
    let other = api
        .create("/items", json!({ "kind": "task", "title": "Other" }))
        .await;
    let comment = api.create(&path, json!({ "body": "Mine" })).await;
    let elsewhere = format!("/items/{}/comments/{}", id(&other), id(&comment));
    api.delete(&elsewhere).await.problem(404, "not_found");
    api.post("/items/WEB-99/comments", json!({ "body": "x" }))
        .await
        .problem(404, "not_found");
}
