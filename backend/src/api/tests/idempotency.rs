use actix_web::test::TestRequest;
use serde_json::{Value, json};

use super::{Answered, Server};

async fn post(server: &Server, key: &str, path: &str, body: Value) -> Answered {
    server
        .send(
            TestRequest::post()
                .insert_header(("idempotency-key", key))
                .set_json(body),
            path,
        )
        .await
}

#[actix_web::test]
async fn the_same_request_is_answered_as_it_was_first() {
    let server = Server::start().await;
    let first = post(&server, "k1", "/projects", json!({ "name": "Web" })).await;
    server
        .patch("/projects/web", json!({ "name": "Changed since" }))
        .await;
    let again = post(&server, "k1", "/projects", json!({ "name": "Web" })).await;
    assert_eq!((again.status, &again.json), (201, &first.json));
    for header in ["location", "etag", "devteam-cursor"] {
        assert_eq!(again.header(header), first.header(header), "{header}");
    }
    assert_eq!(first.header("idempotency-replayed"), "");
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(
        server.get("/projects").await.listed("name"),
        ["Changed since"]
    );
}

#[actix_web::test]
async fn a_key_used_for_another_request_is_refused() {
    let server = Server::start().await;
    post(&server, "k1", "/projects", json!({ "name": "Web" })).await;
    let other_body = post(&server, "k1", "/projects", json!({ "name": "App" })).await;
    assert_eq!(other_body.problem(), (422, "idempotency_key_reused"));
    let other_path = post(&server, "k1", "/members", json!({ "name": "Web" })).await;
    assert_eq!(other_path.status, 422);
}

#[actix_web::test]
async fn a_refusal_is_not_kept() {
    let server = Server::start().await;
    server.make("/projects", json!({ "name": "Web" })).await;
    let taken = post(
        &server,
        "k1",
        "/projects",
        json!({ "name": "A", "slug": "web" }),
    )
    .await;
    assert_eq!(taken.problem(), (409, "slug_taken"));
    server.delete("/projects/web").await;
    let made = post(
        &server,
        "k1",
        "/projects",
        json!({ "name": "A", "slug": "web" }),
    )
    .await;
    assert_eq!(
        (made.status, made.header("idempotency-replayed")),
        (201, "")
    );
}

#[actix_web::test]
async fn a_key_that_is_none_is_refused() {
    let server = Server::start().await;
    for key in ["", "two words", &"k".repeat(256)] {
        let answered = post(&server, key, "/projects", json!({ "name": "Web" })).await;
        assert_eq!(answered.problem(), (422, "validation"), "{key}");
        assert_eq!(
            answered.wrong_fields(),
            [("Idempotency-Key", "invalid_value")]
        );
    }
    assert_eq!(
        post(
            &server,
            &"k".repeat(255),
            "/projects",
            json!({ "name": "Web" })
        )
        .await
        .status,
        201
    );
}

#[actix_web::test]
async fn a_deletion_is_repeated_without_harm() {
    let server = Server::start().await;
    server.make("/projects", json!({ "name": "Web" })).await;
    let delete = || TestRequest::delete().insert_header(("idempotency-key", "k2"));
    assert_eq!(server.send(delete(), "/projects/web").await.status, 204);
    let again = server.send(delete(), "/projects/web").await;
    assert_eq!(
        (again.status, again.header("idempotency-replayed")),
        (204, "true")
    );
    assert_eq!(server.delete("/projects/web").await.status, 404);
}
