//! What a role may not do is not offered.

use serde_json::json;
use tests::{Browser, api::id};

use super::{
    people::{place, signed_in},
    ready,
};

/// The names of the controls of a page, and what can be written into.
const CONTROLS: &str = "
    const name = (element) => element.getAttribute('aria-label') || element.innerText || element.id;
    const fields = [...document.querySelectorAll('main textarea, main input:not([readonly], [disabled], [type=search], [type=radio])')];
    return [...document.querySelectorAll('main button, main .inline-edit')].map(name)
        .concat(fields.map((field) => 'field ' + name(field)));";

/// What is said of writing.
const WRITING: [&str; 14] = [
    "New",
    "Create",
    "Add",
    "Edit",
    "Delete",
    "Remove",
    "Archive",
    "Restore",
    "Comment",
    "Choose",
    "More actions",
    "Invite",
    "Person",
    "Take",
];

async fn controls(browser: &Browser) -> Vec<String> {
    serde_json::from_value(browser.eval(CONTROLS).await).unwrap()
}

async fn offered(browser: &Browser, path: &str) -> Vec<String> {
    browser.goto(path).await;
    ready(browser).await;
    let mut offered = controls(browser).await;
    offered.retain(|name| {
        WRITING.iter().any(|word| name.contains(word)) || name.starts_with("field ")
    });
    offered
}

/// What chooses what is shown, and changes nothing.
fn filters(name: &str) -> bool {
    name.to_lowercase().contains("filter") || name.starts_with("Archived")
}

#[tokio::test]
async fn a_viewer_is_offered_no_writing_on_any_page() {
    let place = place().await;
    place.person("viewer").await;
    let project = place.owner.project("Website").await;
    place.owner.team(&project, "Writers").await;
    let task = json!({
        "kind": "task", "title": "Find words", "project": id(&project),
        "acceptance": [{ "text": "They fit", "done": false }], "due": "2030-01-31",
    });
    let item = place.owner.create("/items", task).await;
    let comment = json!({ "body": "Which ones?" });
    place
        .owner
        .create(&format!("/items/{}/comments", id(&item)), comment)
        .await;
    let key = item["key"].as_str().unwrap();
    let item_page = format!("/items/{key}");
    let account = place.owner.get("/account").await.expect(200);
    let member_page = format!("/members/{}", account["member"]["slug"].as_str().unwrap());
    let pages = [
        "/dashboard",
        "/projects",
        "/projects?tab=own",
        "/projects/website",
        "/projects/website?tab=backlog",
        "/projects/website?tab=teams",
        "/projects/website?tab=about",
        "/projects/website/teams/writers?tab=members",
        "/members",
        &member_page,
        "/account",
        &item_page,
    ];
    let viewer = signed_in(&place, "/dashboard", "the-viewer@example.org").await;
    let owner = signed_in(&place, "/dashboard", "owner@example.org").await;
    let mut seen = 0;
    for path in pages {
        let mut found = offered(&viewer, path).await;
        found.retain(|name| !filters(name));
        assert_eq!(found, Vec::<String>::new(), "{path}");
        viewer.press("c").await;
        assert_eq!(viewer.count(".dialog").await, 0, "{path}");
        // The same look at somebody who may finds them.
        seen += offered(&owner, path).await.len();
    }
    assert!(seen > 20, "{seen}");
    // Where there is nothing to type there is no box that looks as if there were.
    viewer.goto(&item_page).await;
    viewer
        .find_with_text(".item-fields dd", "31 Jan 2030")
        .await;
    assert_eq!(viewer.count(".item-fields input").await, 0);
    viewer.goto("/account").await;
    ready(&viewer).await;
    for tab in ["people", "all-tokens", "audit"] {
        let link = format!("a[href='?tab={tab}']");
        assert_eq!(viewer.count(&link).await, 0, "{tab}");
    }
    viewer.goto("/account?tab=audit").await;
    ready(&viewer).await;
    assert_eq!(viewer.count("[aria-label=Audit]").await, 0);
}

#[tokio::test]
async fn a_member_works_and_does_not_manage_members_or_the_organization() {
    let place = place().await;
    place.person("member").await;
    place.owner.project("Website").await;
    let member = signed_in(&place, "/projects/website", "the-member@example.org").await;
    member.find("[aria-label='New item']").await;
    let account = place.owner.get("/account").await.expect(200);
    let page = format!("/members/{}", account["member"]["slug"].as_str().unwrap());
    for path in ["/members", &page] {
        let found = offered(&member, path).await;
        assert_eq!(found, Vec::<String>::new(), "{path}");
    }
    member.goto("/account").await;
    ready(&member).await;
    assert_eq!(member.count(".inline-edit").await, 0);
    member.find("a[href='?tab=tokens']").await;
    assert_eq!(member.count("a[href='?tab=people']").await, 0);
}
