use serde_json::json;
use tests::{Server, api::id};

use super::fields;

#[tokio::test]
async fn a_team_is_made_read_changed_deleted_and_restored() {
    let server = Server::spawn();
    let api = server.api();
    let project = api.project("Web").await;
    let answer = api
        .post(
            "/projects/web/teams",
            json!({ "name": "Core", "mission": "Keep it *fast*" }),
        )
        .await;
    let made = answer.expect(201);
    let all = [
        "created_at",
        "id",
        "members",
        "mission",
        "name",
        "project",
        "rollup",
        "slug",
        "updated_at",
        "version",
    ];
    assert_eq!(fields(&made), all);
    assert_eq!(
        (&made["project"], &made["slug"], &made["members"]),
        (&project["id"], &json!("core"), &json!([]))
    );
    assert!(
        answer.header("location").ends_with("/core")
            || answer.header("location").ends_with(id(&made))
    );
    assert_eq!(
        api.get(&format!("/projects/{}/teams/{}", id(&project), id(&made)))
            .await
            .expect(200),
        made
    );
    let changed = api
        .patch(
            "/projects/web/teams/core",
            json!({ "slug": "heart", "mission": "" }),
        )
        .await
        .expect(200);
    assert_eq!(
        (&changed["slug"], &changed["mission"], &changed["version"]),
        (&json!("heart"), &json!(""), &json!(2))
    );
    assert_eq!(
        api.get("/projects/web/teams/core").await.expect(200)["slug"],
        "heart"
    );
    let list = api.get("/projects/web/teams").await.expect(200);
    assert_eq!(list["items"], json!([changed]));
    assert_eq!(list["next"], json!(null));
    api.delete("/projects/web/teams/heart").await.expect(204);
    api.get("/projects/web/teams/heart")
        .await
        .problem(404, "not_found");
    let restored = api
        .post(
            &format!("/projects/web/teams/{}/restore", id(&made)),
            json!({}),
        )
        .await;
    assert!(restored.status < 300, "{}", restored.text());
    api.get("/projects/web/teams/heart").await.expect(200);
}

#[tokio::test]
async fn team_slugs_are_unique_in_their_project_only() {
    let server = Server::spawn();
    let api = server.api();
    let (web, app) = (api.project("Web").await, api.project("App").await);
    assert_eq!(api.team(&web, "Core").await["slug"], "core");
    assert_eq!(api.team(&app, "Core").await["slug"], "core");
    assert_eq!(api.team(&web, "Core").await["slug"], "core-2");
    api.post(
        "/projects/web/teams",
        json!({ "name": "Core", "slug": "core" }),
    )
    .await
    .problem(409, "slug_taken");
    api.get("/projects/nowhere/teams")
        .await
        .problem(404, "not_found");
}

#[tokio::test]
async fn members_join_and_leave_and_what_no_longer_fits_is_unassigned_in_the_same_step() {
    let server = Server::spawn();
    let api = server.api();
    let project = api.project("Web").await;
    let team = api.team(&project, "Core").await;
    let ada = api.member("Ada").await;
    let ben = api.member("Ben").await;
    let joined = api.put("/projects/web/teams/core/members/ada").await;
    assert_eq!(joined.expect(200)["members"], json!([ada["id"]]));
    let again = api.put("/projects/web/teams/core/members/ada").await;
    assert_eq!(
        again.cursor(),
        joined.cursor(),
        "joining again changes nothing"
    );
    let task = json!({ "kind": "task", "title": "T", "project": "web", "team": "core", "assignees": ["ada"] });
    let task = api.create("/items", task).await;
    assert_eq!(
        (&task["team"], &task["assignees"]),
        (&team["id"], &json!([ada["id"]]))
    );
    let path = format!("/items/{}", id(&task));
    api.put(&format!("{path}/assignees/{}", id(&ben)))
        .await
        .problem(409, "invalid_assignee");
    api.delete("/projects/web/teams/core/members/ada")
        .await
        .expect(204);
    assert_eq!(api.get(&path).await.expect(200)["assignees"], json!([]));
    api.put("/projects/web/teams/core/members/nobody")
        .await
        .problem(404, "not_found");
}

#[tokio::test]
async fn deleting_a_team_gives_its_items_back_to_the_project() {
    let server = Server::spawn();
    let api = server.api();
    let project = api.project("Web").await;
    api.team(&project, "Core").await;
    let task = json!({ "kind": "task", "title": "T", "project": "web", "team": "core" });
    let task = api.create("/items", task).await;
    api.delete("/projects/web/teams/core").await.expect(204);
    let task = api.get(&format!("/items/{}", id(&task))).await.expect(200);
    assert_eq!(
        (&task["team"], &task["project"]),
        (&json!(null), &project["id"])
    );
}

#[tokio::test]
async fn a_project_has_two_hundred_teams_at_most() {
    let server = Server::spawn();
    let api = server.api();
    api.project("Web").await;
    for n in 0..200 {
        api.create(
            "/projects/web/teams",
            json!({ "name": format!("Team {n}") }),
        )
        .await;
    }
    api.post("/projects/web/teams", json!({ "name": "One more" }))
        .await
        .problem(409, "limit_reached");
}
