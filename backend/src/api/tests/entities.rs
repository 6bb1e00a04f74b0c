use serde_json::json;

use super::Server;

#[actix_web::test]
async fn a_project_is_made_read_renamed_deleted_and_restored() {
    let server = Server::start().await;
    let made = server
        .make(
            "/projects",
            json!({ "name": "Website", "description": "*New*" }),
        )
        .await;
    assert_eq!(made.header("etag"), "\"1\"");
    assert_eq!(
        made.header("location"),
        format!("/api/v1/projects/{}", made.text("id"))
    );
    assert_eq!(
        (made.text("slug"), made.text("key")),
        ("website".into(), "WEBS".into())
    );
    assert_eq!(made.json["rollup"]["tasks"]["todo"], 0);
    let mut fields: Vec<&str> = made
        .json
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    fields.sort_unstable();
    let expected = [
        "archived",
        "created_at",
        "description",
        "id",
        "key",
        "name",
        "rollup",
        "slug",
        "updated_at",
        "version",
    ];
    assert_eq!(fields, expected);

    let renamed = server
        .patch(
            "/projects/website",
            json!({ "name": "Shop", "slug": "shop" }),
        )
        .await;
    assert_eq!((renamed.status, renamed.header("etag")), (200, "\"2\""));
    // The old slug leads on.
    assert_eq!(
        server.get("/projects/website").await.json,
        server.get("/projects/shop").await.json
    );

    let unchanged = server
        .patch("/projects/shop", json!({ "name": "Shop" }))
        .await;
    assert_eq!((unchanged.status, unchanged.header("etag")), (200, "\"2\""));
    assert_eq!(
        unchanged.header("devteam-cursor"),
        renamed.header("devteam-cursor")
    );

    let deleted = server.delete("/projects/shop").await;
    assert_eq!((deleted.status, deleted.length), (204, 0));
    assert_eq!(
        server.get("/projects/shop").await.problem(),
        (404, "not_found")
    );
    server.make("/projects", json!({ "name": "Shop" })).await;
    let id = made.text("id");
    let taken = server
        .post(&format!("/projects/{id}/restore"), json!({}))
        .await;
    assert_eq!(taken.problem(), (409, "slug_taken"));
    let restored = server
        .post(
            &format!("/projects/{id}/restore"),
            json!({ "slug": "old-shop" }),
        )
        .await;
    assert_eq!(
        (restored.status, restored.text("slug")),
        (200, "old-shop".into())
    );
}

#[actix_web::test]
async fn a_team_takes_members_in_and_lets_them_go() {
    let server = Server::start().await;
    server.make("/projects", json!({ "name": "Web" })).await;
    let member = server
        .make("/members", json!({ "name": "Ada", "kind": "human" }))
        .await;
    let team = server
        .make("/projects/web/teams", json!({ "name": "Frontend" }))
        .await;
    let (project, id) = (team.text("project"), team.text("id"));
    assert_eq!(
        team.header("location"),
        format!("/api/v1/projects/{project}/teams/{id}")
    );

    let joined = server.put("/projects/web/teams/frontend/members/ada").await;
    assert_eq!(
        (joined.status, &joined.json["members"]),
        (200, &json!([member.json["id"]]))
    );
    let left = server
        .delete("/projects/web/teams/frontend/members/ada")
        .await;
    assert_eq!(left.status, 204);
    assert_eq!(
        server.get("/projects/web/teams/frontend").await.json["members"],
        json!([])
    );
    assert_eq!(
        server
            .put("/projects/web/teams/frontend/members/nobody")
            .await
            .problem(),
        (404, "not_found")
    );
    assert_eq!(
        server.get("/projects/web/teams").await.listed("slug"),
        ["frontend"]
    );
}

#[actix_web::test]
async fn a_member_is_a_person_or_an_agent_for_good() {
    let server = Server::start().await;
    let agent = json!({ "name": "Scout", "kind": "agent", "agent": { "instructions": "Cite." } });
    let made = server.make("/members", agent).await;
    assert_eq!(made.json["agent"]["instructions"], "Cite.");
    let changed = server
        .patch("/members/scout", json!({ "kind": "human" }))
        .await;
    assert_eq!(changed.wrong_fields(), [("/kind", "unknown_field")]);
    let titled = server
        .patch("/members/scout", json!({ "title": "Researcher" }))
        .await;
    assert_eq!(titled.json["title"], "Researcher");
    assert_eq!(server.delete("/members/scout").await.status, 204);
    assert_eq!(
        server
            .post("/members/scout/restore", json!({}))
            .await
            .status,
        200
    );
}

#[actix_web::test]
async fn comments_are_made_by_the_one_who_asks() {
    let server = Server::start().await;
    server
        .make("/projects", json!({ "name": "Web", "key": "WEB" }))
        .await;
    let key = server.task("web", "Set the type").await;
    let made = server
        .make(
            &format!("/items/{key}/comments"),
            json!({ "body": "**Good**" }),
        )
        .await;
    let account = server.get("/account").await;
    assert_eq!(made.json["author"], account.json["member"]["id"]);
    assert_eq!(account.json["principal"]["role"], "owner");
    let path = format!("/items/{key}/comments/{}", made.text("id"));
    assert_eq!(
        made.header("location"),
        format!(
            "/api/v1/items/{}/comments/{}",
            made.text("item"),
            made.text("id")
        )
    );
    assert_eq!(
        server.get(&format!("/items/{key}")).await.json["comments"],
        1
    );

    assert_eq!(
        server.patch(&path, json!({ "body": "Better" })).await.json["version"],
        2
    );
    assert_eq!(server.get(&path).await.json["body"], "Better");
    assert_eq!(
        server.patch(&path, json!({ "body": "" })).await.problem(),
        (422, "validation")
    );
    assert_eq!(server.delete(&path).await.status, 204);
    assert_eq!(
        server.get(&format!("/items/{key}/comments")).await.json["items"],
        json!([])
    );
    assert_eq!(
        server
            .post(&format!("{path}/restore"), json!({}))
            .await
            .status,
        200
    );
    assert_eq!(
        server
            .get(&format!("/items/{key}/comments"))
            .await
            .listed("body"),
        ["Better"]
    );
    let elsewhere = server.task("web", "Another").await;
    let wrong_item = format!("/items/{elsewhere}/comments/{}", made.text("id"));
    assert_eq!(server.get(&wrong_item).await.problem(), (404, "not_found"));
}

#[actix_web::test]
async fn activity_is_newest_first_page_by_page() {
    let server = Server::start().await;
    for name in ["A", "B", "C"] {
        server.make("/projects", json!({ "name": name })).await;
    }
    server
        .patch("/projects/b", json!({ "description": "x" }))
        .await;
    let all = server.get("/activity?limit=3").await;
    assert_eq!(
        all.listed("type"),
        ["project.updated", "project.created", "project.created"]
    );
    let next = all.text("next");
    let rest = server
        .get(&format!("/activity?limit=3&before={next}"))
        .await;
    assert_eq!(rest.listed("type"), ["project.created", "member.created"]);
    assert_eq!(rest.json["next"], json!(null));
    let of_b = server.get("/activity?topic=project:b").await;
    assert_eq!(of_b.listed("type"), ["project.updated", "project.created"]);
    assert_eq!(
        of_b.json["items"][0]["data"]["changed"],
        json!(["description"])
    );
}

#[actix_web::test]
async fn the_organization_can_be_renamed() {
    let server = Server::start().await;
    let renamed = server
        .patch("/organization", json!({ "name": "Analytical Engines" }))
        .await;
    assert_eq!(
        (renamed.status, renamed.text("name")),
        (200, "Analytical Engines".into())
    );
    assert_eq!(server.get("/organization").await.json, renamed.json);
}
