//! The demo organization.

use serde_json::Value;
use tests::{Options, Server};

/// What there is of one kind, without ids and times, which may differ from run to run.
async fn told(server: &Server, path: &str, fields: &[&str]) -> Vec<Vec<Value>> {
    let api = server.api();
    let mut found = Vec::new();
    let mut page = String::new();
    loop {
        let list = api.get(&format!("{path}{page}")).await.expect(200);
        let entities = list["items"].as_array().unwrap().iter();
        found.extend(
            entities.map(|entity| fields.iter().map(|field| entity[field].clone()).collect()),
        );
        match list["next"].as_str() {
            Some(next) => page = format!("&page={next}"),
            None => return found,
        }
    }
}

fn quiet() -> Server {
    let args = vec!["--demo-agents".to_owned(), "off".to_owned()];
    Server::with(Options {
        demo: true,
        args,
        ..Options::default()
    })
}

#[tokio::test]
async fn two_runs_give_the_same_demo_and_there_is_life_in_it() {
    let (first, second) = (quiet(), quiet());
    let projects = told(
        &first,
        "/projects?limit=200",
        &["slug", "key", "name", "description"],
    )
    .await;
    let members = told(
        &first,
        "/members?limit=200",
        &["slug", "name", "title", "kind"],
    )
    .await;
    let fields = [
        "key", "kind", "title", "status", "priority", "estimate", "labels", "comments", "rank",
    ];
    let items = told(&first, "/items?limit=200&sort=key", &fields).await;
    assert_eq!(
        projects,
        told(
            &second,
            "/projects?limit=200",
            &["slug", "key", "name", "description"]
        )
        .await
    );
    assert_eq!(
        members,
        told(
            &second,
            "/members?limit=200",
            &["slug", "name", "title", "kind"]
        )
        .await
    );
    assert_eq!(
        items,
        told(&second, "/items?limit=200&sort=key", &fields).await
    );
    assert!(
        projects.len() >= 3 && items.len() >= 50,
        "{} projects, {} items",
        projects.len(),
        items.len()
    );
    for kind in ["human", "agent"] {
        assert!(
            members.iter().filter(|member| member[3] == kind).count() >= 2,
            "{kind}"
        );
    }
    for kind in ["epic", "feature", "task"] {
        assert!(items.iter().any(|item| item[1] == kind), "{kind}");
    }
    let statuses = ["backlog", "todo", "in_progress", "in_review", "done"];
    assert!(
        statuses
            .iter()
            .all(|status| items.iter().any(|item| item[3] == *status))
    );
}

#[tokio::test]
async fn without_the_demo_there_is_an_organization_to_begin_with() {
    let server = Server::spawn();
    let api = server.api();
    let organization = api.get("/organization").await.expect(200);
    assert!(
        organization["name"]
            .as_str()
            .is_some_and(|name| !name.is_empty()),
        "{organization}"
    );
    assert!(
        told(&server, "/projects?limit=200", &["slug"])
            .await
            .is_empty()
    );
}
