//! What people write becomes text and links, and nothing that acts.

use serde_json::json;
use tests::api::id;

use super::{empty, open};

const HOSTILE: &str = r#"
[plain script](javascript:window.struck=1) [in disguise](JaVaScRiPt:window.struck=1) [with a gap](java
script:window.struck=1) [encoded](&#106;avascript:window.struck=1) [data](data:text/html,<script>window.struck=1</script>)
[vb](vbscript:x) [elsewhere](//evil.example/x) [backwards](/\evil.example) [file](file:///etc/passwd)
<script>window.struck=1</script> <img src=x onerror="window.struck=1"> <a href="javascript:window.struck=1">raw</a>

<iframe srcdoc="<script>parent.struck=1</script>"></iframe>

<svg onload="window.struck=1"></svg>

![a picture](https://evil.example/pixel.png) ![another](javascript:window.struck=1) <javascript:window.struck=1>

[good](https://example.org/) [mail](mailto:ada@example.org) [ours](/projects/website)
"#;

#[tokio::test]
async fn nothing_hostile_in_markdown_gets_through() {
    let server = empty();
    let api = server.api();
    let project = api.project("Website").await;
    let item = api.task(&project, "Hostile").await;
    let path = format!("/items/{}", id(&item));
    let patch = json!({ "description": HOSTILE });
    api.patch(&path, patch).await.expect(200);
    api.create(&format!("{path}/comments"), json!({ "body": HOSTILE }))
        .await;
    let browser = open(
        &server,
        &format!("/items/{}", item["key"].as_str().unwrap()),
    )
    .await;
    browser
        .find_with_text(".comment-body", "plain script")
        .await;
    let made = browser
        .eval("return document.querySelectorAll('.markdown :is(script, img, iframe, svg, style, object, form, input)').length")
        .await;
    assert_eq!(made, 0);
    let handlers = browser
        .eval(
            "return [...document.querySelectorAll('.markdown *')].flatMap((element) => [...element.attributes])
                .filter((attribute) => attribute.name.startsWith('on')).length",
        )
        .await;
    assert_eq!(handlers, 0);
    let links = browser
        .eval("return [...new Set([...document.querySelectorAll('.markdown a')].map((link) => link.href.replace(location.origin, '')))].sort()")
        .await;
    assert_eq!(
        links,
        json!([
            "/projects/website",
            "https://evil.example/pixel.png",
            "https://example.org/",
            "mailto:ada@example.org",
        ])
    );
    assert_eq!(
        browser.eval("return window.struck ?? null").await,
        json!(null)
    );
    // Raw HTML is shown as what it is.
    browser.sees("<script>window.struck=1</script>").await;
    let foreign = "return [...document.querySelectorAll('.markdown a[target=_blank]')].every((link) => link.rel.includes('noopener') && link.rel.includes('noreferrer'))";
    assert_eq!(browser.eval(foreign).await, true);
}

const LEADING: &str = "Like WEB-1, says @ada: (https://example.org/a_(b)?c=d). Not `WEB-1 @ada https://example.org/code`, \
    [WEB-1](https://example.org/link), API-1 nor @nobody.\n\n```\nWEB-1\n```";

#[tokio::test]
async fn addresses_keys_of_items_and_members_are_links() {
    let server = empty();
    let api = server.api();
    let project = json!({ "name": "Website", "key": "WEB" });
    let project = api.create("/projects", project).await;
    api.member("Ada").await;
    let item = api.task(&project, "First").await;
    let path = format!("/items/{}", id(&item));
    api.patch(&path, json!({ "description": LEADING }))
        .await
        .expect(200);
    let browser = open(&server, "/items/WEB-1").await;
    browser.find_with_text(".markdown a", "@ada").await;
    let links = browser
        .eval(
            "return [...document.querySelectorAll('.markdown a')].map((link) =>
                [link.textContent, link.href.replace(location.origin, ''), link.rel.includes('noopener')])",
        )
        .await;
    assert_eq!(
        links,
        json!([
            ["WEB-1", "/items/WEB-1", false],
            ["@ada", "/members/ada", false],
            [
                "https://example.org/a_(b)?c=d",
                "https://example.org/a_(b)?c=d",
                true
            ],
            ["WEB-1", "https://example.org/link", true],
        ])
    );
    browser.click_text(".markdown a", "@ada").await;
    browser.find_with_text("h1", "Ada").await;
}

#[tokio::test]
async fn a_card_shows_a_description_without_its_marks_and_without_gaps() {
    let server = empty();
    let about =
        json!({ "name": "Website", "description": "A shop that is **fast**.\nAnd *clear*." });
    server.api().create("/projects", about).await;
    let browser = open(&server, "/projects").await;
    let shown = "return document.querySelector('.project-about')?.textContent == 'A shop that is fast. And clear.'";
    browser.until("the description", shown).await;
}

#[tokio::test]
async fn headings_follow_the_title_of_the_page_without_a_gap() {
    let server = empty();
    let api = server.api();
    let project = api.project("Website").await;
    let item = api.task(&project, "First").await;
    let path = format!("/items/{}", id(&item));
    let patch = json!({ "description": "# One\n\n## Two\n\n### Three" });
    api.patch(&path, patch).await.expect(200);
    let browser = open(
        &server,
        &format!("/items/{}", item["key"].as_str().unwrap()),
    )
    .await;
    for (level, text) in [("h2", "One"), ("h3", "Two"), ("h4", "Three")] {
        browser
            .find_with_text(&format!(".markdown {level}"), text)
            .await;
    }
}
