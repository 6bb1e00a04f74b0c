use actix_web::test::TestRequest;
use serde_json::json;

use super::Server;

fn patch(if_match: &str) -> TestRequest {
    TestRequest::patch()
        .insert_header(("if-match", if_match))
        .set_json(json!({ "description": "x" }))
}

#[actix_web::test]
async fn a_stale_version_is_412_with_the_entity_as_it_is() {
    let server = Server::start().await;
    server.make("/projects", json!({ "name": "Web" })).await;
    server
        .patch("/projects/web", json!({ "name": "Site" }))
        .await;
    for stale in ["\"1\"", "\"1\", \"7\"", "\"abc\"", "\"0\""] {
        let answered = server.send(patch(stale), "/projects/web").await;
        assert_eq!(answered.problem(), (412, "version_mismatch"), "{stale}");
        assert_eq!(answered.json["current"]["name"], "Site");
        assert_eq!(answered.json["current"]["version"], 2);
    }
    let deleted = TestRequest::delete().insert_header(("if-match", "\"1\""));
    assert_eq!(
        server.send(deleted, "/projects/web").await.problem(),
        (412, "version_mismatch")
    );
    assert_eq!(
        server.send(patch("5"), "/projects/web").await.problem(),
        (400, "malformed")
    );
    assert_eq!(
        server
            .send(patch("\"2\", \"1\""), "/projects/web")
            .await
            .status,
        200
    );
    assert_eq!(server.send(patch("*"), "/projects/web").await.status, 200);
    assert_eq!(
        server.send(patch("*"), "/projects/nowhere").await.problem(),
        (404, "not_found")
    );
}

#[actix_web::test]
async fn an_entity_is_sent_whatever_version_is_known_for_its_roll_up_moves_without_it() {
    let server = Server::start().await;
    server.make("/projects", json!({ "name": "Web" })).await;
    server.task("web", "A").await;
    let known = |tag: &str| TestRequest::get().insert_header(("if-none-match", tag));
    for tag in ["\"1\"", "W/\"1\"", "\"9\", \"1\"", "*"] {
        let answered = server.send(known(tag), "/projects/web").await;
        assert_eq!(
            (answered.status, answered.header("etag")),
            (200, "\"1\""),
            "{tag}"
        );
        assert_eq!(answered.json["rollup"]["tasks"]["backlog"], 1, "{tag}");
        assert!(!answered.header("devteam-cursor").is_empty());
    }
}

#[actix_web::test]
async fn a_list_keeps_its_tag_until_something_in_it_changes() {
    let server = Server::start().await;
    server.make("/projects", json!({ "name": "Web" })).await;
    server.make("/projects", json!({ "name": "App" })).await;
    server.task("web", "A").await;
    let tag = server
        .get("/items?project=web")
        .await
        .header("etag")
        .to_owned();
    server.task("app", "Elsewhere").await;
    let known = || TestRequest::get().insert_header(("if-none-match", tag.clone()));
    assert_eq!(server.send(known(), "/items?project=web").await.status, 304);
    server.task("web", "B").await;
    let changed = server.send(known(), "/items?project=web").await;
    assert_eq!(
        (changed.status, changed.listed("title")),
        (200, vec!["A", "B"])
    );
}

#[actix_web::test]
async fn a_read_that_carries_a_writes_cursor_sees_the_write() {
    let server = Server::start().await;
    let made = server.make("/projects", json!({ "name": "Web" })).await;
    let request =
        TestRequest::get().insert_header(("devteam-cursor", made.header("devteam-cursor")));
    let read = server.send(request, "/projects/web").await;
    assert_eq!(
        (read.status, read.header("devteam-cursor")),
        (200, made.header("devteam-cursor"))
    );
}

#[actix_web::test]
async fn head_answers_as_get_does() {
    let server = Server::start().await;
    let answered = server.send(Server::request("HEAD"), "/organization").await;
    assert_eq!((answered.status, answered.header("etag")), (200, "\"1\""));
}

#[actix_web::test]
async fn what_is_large_is_compressed_as_the_client_likes_it() {
    let server = Server::start().await;
    for n in 0..9 {
        server
            .make(
                "/projects",
                json!({ "name": format!("Project {n}"), "description": "x".repeat(200) }),
            )
            .await;
    }
    let accepting = |what: &str| TestRequest::get().insert_header(("accept-encoding", what));
    let plain = server.get("/projects").await;
    for (accept, coding) in [
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("br;q=0", ""),
    ] {
        let answered = server.send(accepting(accept), "/projects").await;
        assert_eq!(answered.header("content-encoding"), coding, "{accept}");
        assert_eq!(answered.length < plain.length, !coding.is_empty());
    }
    let small = server.send(accepting("gzip"), "/organization").await;
    assert_eq!((small.status, small.header("content-encoding")), (200, ""));
}
