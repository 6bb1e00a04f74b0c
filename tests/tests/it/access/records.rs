//! What is kept of who did what, and what an organization is called.

use serde_json::{Value, json};
use tests::Api;

use super::Place;

/// The lines of an export, and where the next part of it begins.
async fn lines(api: &Api, query: &str) -> (Vec<Value>, String) {
    let answer = api.get(&format!("/audit?format=ndjson{query}")).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("content-type"), "application/x-ndjson");
    assert_eq!(answer.header("cache-control"), "no-store");
    let kept_as = answer.header("content-disposition");
    assert!(kept_as.contains("attachment") && kept_as.contains("audit.ndjson"));
    let text = answer.text();
    assert!(text.ends_with('\n'), "each line is ended");
    let lines = text.lines().map(|line| serde_json::from_str(line).unwrap());
    (lines.collect(), answer.header("devteam-next").to_owned())
}

#[tokio::test]
async fn the_audit_is_exported_line_by_line_and_says_the_same_as_the_list() {
    let place = Place::new().await;
    place.owner.project("Website").await;
    let member = place.person("member").await;
    member.project("Made by a member").await;
    let list = place.owner.get("/audit?limit=200").await.expect(200);
    let list = list["items"].as_array().unwrap().clone();
    assert!(list.len() > 7, "{list:?}");
    let (whole, next) = lines(&place.owner, "&limit=200").await;
    assert_eq!((&whole, &*next), (&list, ""));
    // In parts, each going on where the one before has ended.
    let (mut parts, mut page) = (Vec::new(), String::new());
    loop {
        let (part, next) = lines(&place.owner, &format!("&limit=3{page}")).await;
        assert!(part.len() <= 3);
        parts.extend(part);
        if next.is_empty() {
            break;
        }
        page = format!("&page={next}");
    }
    assert_eq!(parts, list);
    let made = parts
        .iter()
        .find(|entry| entry["action"] == "project.created");
    let made = made.unwrap();
    assert_eq!(made["data"]["project"]["name"], "Made by a member");
    assert_eq!(made["from"], "127.0.0.1");
    assert!(made["request_id"].as_str().is_some_and(|id| !id.is_empty()));
    member
        .get("/audit?format=ndjson")
        .await
        .problem(403, "forbidden");
    place
        .owner
        .get("/audit?format=csv")
        .await
        .wrong_field("format");
}

#[tokio::test]
async fn admins_name_the_organization_and_everybody_reads_the_name() {
    let place = Place::new().await;
    let name = |name: &str| json!({ "name": name });
    for (role, may) in [("admin", true), ("member", false), ("viewer", false)] {
        let person = place.person(role).await;
        let answer = person.patch("/organization", name(role)).await;
        match may {
            true => assert_eq!(answer.expect(200)["name"], role),
            false => drop(answer.problem(403, "forbidden")),
        }
        let read = person.get("/organization").await.expect(200);
        assert_eq!(read["name"], "admin", "as it was left");
    }
    for (access, status) in [("admin", 200), ("write", 403), ("read", 403)] {
        let program = place.program(access, "organization").await;
        let answer = program.patch("/organization", name(access)).await;
        assert_eq!(answer.status, status, "{access}");
    }
    let nobody = place.server.api();
    nobody
        .patch("/organization", name("X"))
        .await
        .problem(401, "not_authenticated");
    nobody
        .get("/organization")
        .await
        .problem(401, "not_authenticated");
}

#[tokio::test]
async fn a_project_is_archived_by_those_who_work_on_it_and_deleted_by_admins() {
    let place = Place::new().await;
    let project = place.owner.project("Website").await;
    let path = format!("/projects/{}", tests::api::id(&project));
    let restore = format!("{path}/restore");
    let member = place.person("member").await;
    let archive = json!({ "archived": true });
    assert_eq!(
        member.patch(&path, archive).await.expect(200)["archived"],
        true
    );
    member.delete(&path).await.problem(403, "forbidden");
    let writes = place.program("write", "organization").await;
    writes.delete(&path).await.problem(403, "forbidden");
    let admin = place.person("admin").await;
    admin.delete(&path).await.expect(204);
    member
        .post(&restore, json!({}))
        .await
        .problem(403, "forbidden");
    admin.post(&restore, json!({})).await.expect(200);
}
