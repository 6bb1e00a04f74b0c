use serde_json::json;
use tests::{Server, api::id};

use super::fields;

#[tokio::test]
async fn a_project_is_made_read_changed_deleted_and_restored() {
    let server = Server::spawn();
    let api = server.api();
    let answer = api
        .post(
            "/projects",
            json!({ "name": "Web site", "description": "Our **door**" }),
        )
        .await;
    let made = answer.expect(201);
    let all = [
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
    assert_eq!(fields(&made), all);
    assert_eq!(
        (&made["slug"], &made["version"], &made["archived"]),
        (&json!("web-site"), &json!(1), &json!(false))
    );
    assert_eq!(answer.header("etag"), "\"1\"");
    assert_eq!(answer.header("content-type"), "application/json");
    let location = answer
        .header("location")
        .strip_prefix("/api/v1")
        .expect("a path of this interface")
        .to_owned();
    assert_eq!(api.get(&location).await.expect(200), made);
    for name in ["web-site", id(&made)] {
        let read = api.get(&format!("/projects/{name}")).await;
        assert_eq!(read.expect(200), made);
        assert!(read.cursor().seq >= answer.cursor().seq);
    }

    let changed = api
        .patch(
            "/projects/web-site",
            json!({ "name": "Site", "archived": true }),
        )
        .await;
    assert_eq!(changed.header("etag"), "\"2\"");
    assert_eq!(changed.cursor().seq, answer.cursor().seq + 1);
    let changed = changed.expect(200);
    assert_eq!(
        (&changed["name"], &changed["slug"], &changed["archived"]),
        (&json!("Site"), &json!("web-site"), &json!(true))
    );

    assert_eq!(
        api.delete("/projects/web-site").await.expect(204),
        json!(null)
    );
    api.get("/projects/web-site")
        .await
        .problem(404, "not_found");
    api.get(&format!("/projects/{}", id(&made)))
        .await
        .problem(404, "not_found");
    api.delete("/projects/web-site")
        .await
        .problem(404, "not_found");
    let restored = api
        .post(&format!("/projects/{}/restore", id(&made)), json!({}))
        .await;
    assert!([200, 201].contains(&restored.status), "{}", restored.text());
    assert_eq!(
        api.get("/projects/web-site").await.expect(200)["name"],
        "Site"
    );
    api.post(&format!("/projects/{}/restore", id(&made)), json!({}))
        .await
        .problem(409, "not_deleted");
}

#[tokio::test]
async fn what_changes_nothing_makes_no_event_and_keeps_the_version() {
    let server = Server::spawn();
    let api = server.api();
    let made = api.post("/projects", json!({ "name": "Web" })).await;
    let same = api.patch("/projects/web", json!({ "name": "Web" })).await;
    assert_eq!(same.cursor(), made.cursor());
    assert_eq!(same.expect(200)["version"], 1);
    let nothing = api.patch("/projects/web", json!({})).await;
    assert_eq!(nothing.cursor(), made.cursor());
}

#[tokio::test]
async fn slugs_are_made_from_names_and_stay_one_of_a_kind() {
    let server = Server::spawn();
    let api = server.api();
    for (name, slug) in [
        ("Größe & Co", "grosse-co"),
        ("Mobile", "mobile"),
        ("Mobile", "mobile-2"),
        ("  Ünïcode   Söup ", "unicode-soup"),
    ] {
        let made = api.project(name).await;
        let made = made["slug"].as_str().unwrap();
        assert!(
            made == slug || slug == "grosse-co" && made.starts_with("gro"),
            "{name} became {made}"
        );
    }
    // Nothing of the name is left that an address can have.
    let made = api.project("🚀🚀").await;
    assert!(
        made["slug"].as_str().unwrap().starts_with("project-") || made["slug"] == "rocket-rocket",
        "{made}"
    );
    api.post("/projects", json!({ "name": "X", "slug": "mobile" }))
        .await
        .problem(409, "slug_taken");
    api.post("/projects", json!({ "name": "X", "slug": "no spaces" }))
        .await
        .wrong_field("/slug");
    for slug in [
        "",
        "-a",
        "a-",
        "Ä",
        "🚀",
        "UPPER",
        &"a".repeat(65),
        "019380a0-7b3c-7c41-a3f2-000000000002",
    ] {
        api.post("/projects", json!({ "name": "X", "slug": slug }))
            .await
            .wrong_field("/slug");
    }
    api.create("/projects", json!({ "name": "X", "slug": "a".repeat(64) }))
        .await;
}

#[tokio::test]
async fn an_old_slug_leads_on_until_a_live_project_takes_it() {
    let server = Server::spawn();
    let api = server.api();
    let first = api
        .create("/projects", json!({ "name": "First", "slug": "one" }))
        .await;
    api.patch("/projects/one", json!({ "slug": "uno" }))
        .await
        .expect(200);
    assert_eq!(id(&api.get("/projects/one").await.expect(200)), id(&first));
    assert_eq!(api.get("/projects/one").await.expect(200)["slug"], "uno");
    let second = api
        .create("/projects", json!({ "name": "Second", "slug": "one" }))
        .await;
    assert_eq!(id(&api.get("/projects/one").await.expect(200)), id(&second));
    assert_eq!(id(&api.get("/projects/uno").await.expect(200)), id(&first));
}

#[tokio::test]
async fn a_slug_that_was_taken_meanwhile_is_told_when_restoring() {
    let server = Server::spawn();
    let api = server.api();
    let first = api.create("/projects", json!({ "name": "Web" })).await;
    api.delete("/projects/web").await.expect(204);
    api.create("/projects", json!({ "name": "Web", "slug": "web" }))
        .await;
    let restore = format!("/projects/{}/restore", id(&first));
    api.post(&restore, json!({}))
        .await
        .problem(409, "slug_taken");
    let restored = api.post(&restore, json!({ "slug": "web-again" })).await;
    assert!(restored.status < 300, "{}", restored.text());
    assert_eq!(
        id(&api.get("/projects/web-again").await.expect(200)),
        id(&first)
    );
}

#[tokio::test]
async fn keys_are_made_from_names_and_are_unique_for_ever() {
    let server = Server::spawn();
    let api = server.api();
    let made = api
        .create("/projects", json!({ "name": "Website", "key": "WEB" }))
        .await;
    assert_eq!(made["key"], "WEB");
    api.post("/projects", json!({ "name": "Other", "key": "WEB" }))
        .await
        .problem(409, "key_taken");
    api.delete("/projects/website").await.expect(204);
    api.post("/projects", json!({ "name": "Other", "key": "WEB" }))
        .await
        .problem(409, "key_taken");
    for key in ["ORG", "web", "W", "1WEB", "WEBWEBWEBWE", "WE B", ""] {
        let refused = api
            .post("/projects", json!({ "name": "Other", "key": key }))
            .await;
        assert!(
            [409, 422].contains(&refused.status),
            "{key}: {}",
            refused.text()
        );
    }
    let own = api.project("Mobile app").await;
    assert!(
        own["key"]
            .as_str()
            .is_some_and(|key| key.len() >= 2 && key != "WEB"),
        "{own}"
    );
    api.patch("/projects/mobile-app", json!({ "key": "NEW" }))
        .await
        .wrong_field("/key");
}

#[tokio::test]
async fn an_id_can_be_chosen_once() {
    let server = Server::spawn();
    let api = server.api();
    let chosen = "019380a0-7b3c-7c41-a3f2-2a1b3c4d5e6f";
    let made = api
        .create("/projects", json!({ "id": chosen, "name": "Web" }))
        .await;
    assert_eq!(id(&made), chosen);
    api.post("/projects", json!({ "id": chosen, "name": "Other" }))
        .await
        .problem(409, "id_taken");
    api.post("/projects", json!({ "id": "7", "name": "Other" }))
        .await
        .wrong_field("/id");
}

#[tokio::test]
async fn the_organization_is_read_and_renamed() {
    let server = Server::spawn();
    let api = server.api();
    let organization = api.get("/organization").await;
    let version = organization.header("etag").to_owned();
    let name = json!({ "name": "Acme & Söhne" });
    let renamed = api
        .patch("/organization", name)
        .header("if-match", version)
        .await
        .expect(200);
    assert_eq!(renamed["name"], "Acme & Söhne");
    assert_eq!(api.get("/organization").await.expect(200), renamed);
    api.patch("/organization", json!({ "plan": "gold" }))
        .await
        .wrong_field("/plan");
}

#[tokio::test]
async fn deleting_a_project_hides_what_is_in_it_and_restoring_brings_back_exactly_that() {
    let server = Server::spawn();
    let api = server.api();
    let project = api.project("Web").await;
    let team = api.team(&project, "Core").await;
    let kept = api.task(&project, "Kept").await;
    let gone = api.task(&project, "Gone before").await;
    api.delete(&format!("/items/{}", id(&gone)))
        .await
        .expect(204);
    api.delete("/projects/web").await.expect(204);
    api.get(&format!("/items/{}", id(&kept)))
        .await
        .problem(404, "not_found");
    api.get("/projects/web/teams/core")
        .await
        .problem(404, "not_found");
    // What lies in something deleted is not there to be restored.
    api.post(&format!("/items/{}/restore", id(&gone)), json!({}))
        .await
        .problem(404, "not_found");
    let restored = api
        .post(&format!("/projects/{}/restore", id(&project)), json!({}))
        .await;
    assert!(restored.status < 300, "{}", restored.text());
    assert_eq!(
        api.get(&format!("/items/{}", id(&kept))).await.expect(200)["title"],
        "Kept"
    );
    assert_eq!(
        id(&api.get("/projects/web/teams/core").await.expect(200)),
        id(&team)
    );
    api.get(&format!("/items/{}", id(&gone)))
        .await
        .problem(404, "not_found");
}
