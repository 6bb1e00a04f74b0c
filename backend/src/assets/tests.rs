use actix_web::{
    App,
    http::header::{
        ACCEPT_ENCODING, ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH,
    },
    test::{TestRequest, call_service, init_service, read_body},
    web::Data,
};

use super::*;

const SCRIPT: &str = "/app-0123456789abcdef.js";

fn files() -> HashMap<String, Vec<u8>> {
    let files = [
        ("index.html", "<!doctype html><script>start()</script>"),
        ("app-0123456789abcdef.js", "plain"),
        ("app-0123456789abcdef.js.br", "brotli"),
        ("app-0123456789abcdef.js.gz", "gzip"),
        ("favicon.svg", "<svg/>"),
    ];
    files
        .map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec()))
        .into()
}

struct Answered {
    status: u16,
    headers: header::HeaderMap,
    body: String,
}

impl Answered {
    fn header(&self, name: header::HeaderName) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
}

async fn answer(files: HashMap<String, Vec<u8>>, request: TestRequest) -> Answered {
    let app = App::new()
        .app_data(Data::new(Assets::new(files)))
        .configure(configure);
    let app = init_service(app.wrap(actix_web::middleware::from_fn(crate::api::boundary))).await;
    let response = call_service(&app, request.to_request()).await;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    Answered {
        status,
        headers,
        body: String::from_utf8(read_body(response).await.to_vec()).unwrap(),
    }
}

async fn get(path: &str) -> Answered {
    answer(files(), TestRequest::get().uri(path)).await
}

#[actix_web::test]
async fn every_page_of_the_app_is_its_index_and_is_asked_for_each_time() {
    for path in [
        "/",
        "/projects/website/teams/frontend",
        "/items/WEB-12",
        "/index.html",
    ] {
        let answer = get(path).await;
        assert_eq!(
            (answer.status, answer.body.as_str()),
            (200, "<!doctype html><script>start()</script>"),
            "{path}"
        );
        assert_eq!(answer.header(CACHE_CONTROL), "no-cache");
        assert!(
            answer
                .header(header::CONTENT_SECURITY_POLICY)
                .contains("frame-ancestors 'none'")
        );
        assert_eq!(answer.header(CONTENT_TYPE), "text/html; charset=utf-8");
    }
}

#[actix_web::test]
async fn a_file_whose_name_changes_with_its_content_is_kept_for_ever() {
    let answer = get(SCRIPT).await;
    assert_eq!(
        answer.header(CACHE_CONTROL),
        "public, max-age=31536000, immutable"
    );
    assert_eq!(
        answer.header(CONTENT_TYPE),
        "text/javascript; charset=utf-8"
    );
    assert_eq!(get("/favicon.svg").await.header(CACHE_CONTROL), "no-cache");
}

#[actix_web::test]
async fn the_form_is_the_one_that_the_client_likes_best() {
    let cases = [
        ("gzip, deflate, br", "br", "brotli"),
        ("gzip", "gzip", "gzip"),
        ("br;q=0.5, gzip;q=0.9", "gzip", "gzip"),
        ("br;q=0, gzip;q=0", "", "plain"),
        ("identity", "", "plain"),
    ];
    for (accept, coding, body) in cases {
        let answer = answer(
            files(),
            TestRequest::get()
                .uri(SCRIPT)
                .insert_header((ACCEPT_ENCODING, accept)),
        )
        .await;
        assert_eq!(
            (answer.header(CONTENT_ENCODING), answer.body.as_str()),
            (coding, body),
            "{accept}"
        );
        assert_eq!(answer.header(header::VARY), "Accept-Encoding");
    }
}

#[actix_web::test]
async fn a_known_tag_is_answered_with_not_modified_for_its_own_form_only() {
    let first = answer(
        files(),
        TestRequest::get()
            .uri(SCRIPT)
            .insert_header((ACCEPT_ENCODING, "br")),
    )
    .await;
    let tag = first.header(ETAG).to_owned();
    let again = TestRequest::get()
        .uri(SCRIPT)
        .insert_header((IF_NONE_MATCH, tag.clone()));
    let same_form = answer(files(), again.insert_header((ACCEPT_ENCODING, "br"))).await;
    assert_eq!((same_form.status, same_form.body.as_str()), (304, ""));
    let other_form = answer(
        files(),
        TestRequest::get()
            .uri(SCRIPT)
            .insert_header((IF_NONE_MATCH, tag)),
    )
    .await;
    assert_eq!(other_form.status, 200);
}

#[actix_web::test]
async fn what_is_not_there_is_a_problem_and_not_a_page() {
    for path in [
        "/missing.js",
        "/api/v9/projects",
        "/health/nonsense",
        "/metrics",
        "/app-0123456789abcdef.js.map",
    ] {
        let answer = get(path).await;
        assert_eq!(
            (answer.status, answer.header(CONTENT_TYPE)),
            (404, "application/problem+json"),
            "{path}"
        );
    }
    let posted = answer(files(), TestRequest::post().uri("/projects")).await;
    assert_eq!((posted.status, posted.header(ALLOW)), (405, "GET, HEAD"));
}

#[actix_web::test]
async fn without_an_app_its_pages_say_how_to_build_it() {
    for (path, status) in [("/", 503), ("/projects/website", 503), ("/app.js", 404)] {
        let answer = answer(HashMap::new(), TestRequest::get().uri(path)).await;
        assert_eq!(answer.status, status, "{path}");
        assert_eq!(answer.body.contains("cargo xtask run"), status == 503);
    }
}

#[actix_web::test]
async fn a_directory_is_read_with_all_that_is_under_it() {
    let root = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(root.path().join("snippets/a")).unwrap();
    std::fs::write(root.path().join("index.html"), "x").unwrap();
    std::fs::write(root.path().join("snippets/a/b.js"), "y").unwrap();
    let assets = Assets::load(root.path()).unwrap();
    assert!(assets.has_app());
    assert!(assets.find("/snippets/a/b.js").is_some());
    assert!(assets.find("/../secret.txt").is_none());
    assert!(Assets::load(&root.path().join("nowhere")).is_err());
}
