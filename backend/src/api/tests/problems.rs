use actix_web::{
    http::header::{CONTENT_ENCODING, CONTENT_TYPE},
    test::TestRequest,
};
use serde_json::json;

use super::Server;

#[actix_web::test]
async fn every_refusal_is_a_problem_with_the_request_id() {
    let server = Server::start().await;
    let request = TestRequest::get().insert_header(("x-request-id", "my-request"));
    let answered = server.send(request, "/projects/nowhere").await;
    assert_eq!(answered.problem(), (404, "not_found"));
    assert_eq!(answered.json["type"], "urn:devteam:problem:not_found");
    assert_eq!(answered.json["retryable"], false);
    assert_eq!(answered.json["request_id"], "my-request");
    assert_eq!(answered.header("x-request-id"), "my-request");
    assert!(!answered.header("devteam-cursor").is_empty());
}

#[actix_web::test]
async fn a_request_id_that_could_break_a_log_is_replaced() {
    let server = Server::start().await;
    for bad in ["", "two words", &"x".repeat(129)] {
        let answered = server
            .send(
                TestRequest::get().insert_header(("x-request-id", bad)),
                "/organization",
            )
            .await;
        let made = answered.header("x-request-id");
        assert!(made != bad && made.len() == 36, "{made}");
    }
}

#[actix_web::test]
async fn an_unknown_path_is_404_and_an_unknown_method_405_with_those_there_are() {
    let server = Server::start().await;
    for path in [
        "",
        "/",
        "/nothing",
        "/projects/",
        "/items/WEB-1/nothing",
        "/items/not%20a%20key",
        "/projects/%F0%9F%98%80",
    ] {
        assert_eq!(
            server.get(path).await.problem(),
            (404, "not_found"),
            "{path}"
        );
    }
    for (method, path, allow) in [
        ("PUT", "/projects", "GET, HEAD, POST"),
        ("POST", "/projects/web", "DELETE, GET, HEAD, PATCH"),
        ("PATCH", "/items/WEB-1/move", "POST"),
        ("BREW", "/organization", "GET, HEAD, PATCH"),
    ] {
        let answered = server.send(Server::request(method), path).await;
        assert_eq!(
            answered.problem(),
            (405, "method_not_allowed"),
            "{method} {path}"
        );
        assert_eq!(answered.header("allow"), allow);
    }
}

#[actix_web::test]
async fn a_body_that_is_no_json_is_400_and_one_that_is_too_large_413() {
    let server = Server::start().await;
    let json = |body: String| {
        TestRequest::post()
            .insert_header((CONTENT_TYPE, "application/json"))
            .set_payload(body)
    };
    let deep = "[".repeat(200_000);
    for body in [
        "",
        "{",
        "{\"name\":}",
        "\u{0}",
        &deep,
        "{\"name\":\"\\ud800\"}",
        "nul",
    ] {
        let answered = server.send(json(body.to_owned()), "/projects").await;
        assert_eq!(answered.problem(), (400, "malformed"), "{body:.20}");
    }
    let large = format!("{{\"name\":\"{}\"}}", "x".repeat(1024 * 1024));
    assert_eq!(
        server.send(json(large), "/projects").await.problem(),
        (413, "too_large")
    );
    let invalid_text = TestRequest::post()
        .insert_header((CONTENT_TYPE, "application/json"))
        .set_payload(&b"{\"name\":\"\xff\"}"[..]);
    assert_eq!(
        server.send(invalid_text, "/projects").await.problem(),
        (400, "malformed")
    );
}

#[actix_web::test]
async fn a_body_that_would_have_to_be_unpacked_is_415() {
    let server = Server::start().await;
    let send = async |coding: &'static str| {
        let request = TestRequest::post()
            .insert_header((CONTENT_ENCODING, coding))
            .set_json(json!({ "name": "Web" }));
        server.send(request, "/projects").await
    };
    for coding in ["br", "gzip", "deflate, gzip", "nonsense"] {
        let answered = send(coding).await;
        assert_eq!(
            answered.problem(),
            (415, "unsupported_media_type"),
            "{coding}"
        );
    }
    assert_eq!(send("Identity").await.status, 201);
}

#[actix_web::test]
async fn a_body_of_another_type_is_415() {
    let server = Server::start().await;
    server.make("/projects", json!({ "name": "Web" })).await;
    let typed = |request: TestRequest, kind: &'static str| {
        request
            .insert_header((CONTENT_TYPE, kind))
            .set_payload("{\"name\":\"A\"}")
    };
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/merge-patch+json",
        "application/json; charset=utf-16",
    ] {
        let answered = server
            .send(typed(TestRequest::post(), kind), "/projects")
            .await;
        assert_eq!(
            answered.problem(),
            (415, "unsupported_media_type"),
            "{kind}"
        );
    }
    let untyped = TestRequest::post().set_payload("{\"name\":\"A\"}");
    assert_eq!(
        server.send(untyped, "/projects").await.problem(),
        (415, "unsupported_media_type")
    );
    for kind in [
        "application/merge-patch+json",
        "application/json",
        "Application/JSON; charset=utf-8",
        "application/json;charset=\"UTF-8\"",
    ] {
        assert_eq!(
            server
                .send(typed(TestRequest::patch(), kind), "/projects/web")
                .await
                .status,
            200,
            "{kind}"
        );
    }
}

#[actix_web::test]
async fn wrong_fields_are_422_and_named() {
    let server = Server::start().await;
    let answered = server
        .post(
            "/projects",
            json!({ "nmae": "Web", "slug": "a b", "key": "ORG" }),
        )
        .await;
    assert_eq!(answered.problem(), (422, "validation"));
    let mut wrong = answered.wrong_fields();
    wrong.sort_unstable();
    let expected = [
        ("/key", "invalid_value"),
        ("/name", "missing_field"),
        ("/nmae", "unknown_field"),
        ("/slug", "invalid_value"),
    ];
    assert_eq!(wrong, expected);
}

#[actix_web::test]
async fn names_are_taken_up_to_their_limit_in_any_script() {
    let server = Server::start().await;
    for name in [
        "שלום עולם",
        "e\u{301}\u{301}\u{301}",
        "🚀",
        "<script>alert(1)</script>",
        &"x".repeat(120),
    ] {
        let made = server.make("/projects", json!({ "name": name })).await;
        assert_eq!(made.json["name"], name);
        let slug = made.text("slug");
        assert_eq!(
            server.get(&format!("/projects/{slug}")).await.json["id"],
            made.json["id"]
        );
    }
    for name in ["", "   ", "two\nlines", &"x".repeat(121)] {
        let answered = server.post("/projects", json!({ "name": name })).await;
        assert_eq!(answered.problem(), (422, "validation"), "{name:?}");
        assert_eq!(answered.wrong_fields(), [("/name", "invalid_value")]);
    }
}

#[actix_web::test]
async fn wrong_parameters_are_422_and_named() {
    let server = Server::start().await;
    for (path, parameter, code) in [
        ("/projects?limt=5", "limt", "unknown_field"),
        ("/projects?limit=0", "limit", "invalid_value"),
        ("/projects?limit=201", "limit", "invalid_value"),
        ("/projects?limit=5&limit=6", "limit", "invalid_value"),
        ("/projects?page=nonsense", "page", "invalid_value"),
        ("/items?sort=title", "sort", "invalid_value"),
        ("/items?kind=story", "kind", "invalid_value"),
        ("/items?project=No%20Slug", "project", "invalid_value"),
        ("/items?team=frontend", "team", "invalid_value"),
        ("/organization?x=1", "x", "unknown_field"),
        ("/activity?topic=nonsense", "topic", "invalid_value"),
    ] {
        let answered = server.get(path).await;
        assert_eq!(answered.problem(), (422, "validation"), "{path}");
        assert_eq!(answered.wrong_fields(), [(parameter, code)], "{path}");
    }
    assert_eq!(
        server.get("/items?project=nowhere").await.problem(),
        (404, "not_found")
    );
    assert_eq!(
        server
            .get("/activity?topic=project:nowhere")
            .await
            .problem(),
        (404, "not_found")
    );
    assert_eq!(
        server.get("/activity?before=nonsense").await.problem(),
        (400, "invalid_cursor")
    );
}

#[actix_web::test]
async fn a_cursor_of_nonsense_or_of_another_epoch_is_400() {
    let server = Server::start().await;
    let with = |cursor: &str| TestRequest::get().insert_header(("devteam-cursor", cursor));
    let now = server
        .get("/organization")
        .await
        .header("devteam-cursor")
        .to_owned();
    assert_eq!(server.send(with(&now), "/organization").await.status, 200);
    for cursor in ["", "nonsense", "otherepoch:1", ":1", "a:-1", "a:1:2"] {
        let answered = server.send(with(cursor), "/organization").await;
        assert_eq!(answered.problem(), (400, "invalid_cursor"), "{cursor}");
    }
}
