//! The queries that are shown are run.

use serde_json::json;
use tests::{Database, Server, api::id, place};

fn shown() -> Vec<String> {
    let page = std::fs::read_to_string(place::root().join("docs/database.md")).unwrap();
    let blocks = page.split("```sql\n").skip(1);
    blocks
        .map(|block| block.split("```").next().unwrap().trim().to_owned())
        .collect()
}

async fn answer(database: Database) -> Vec<usize> {
    let server = Server::demo();
    let api = server.api();
    let project = api.project("For queries").await;
    let [first, second] = [
        api.task(&project, "First").await,
        api.task(&project, "Second").await,
    ];
    let wait = json!({ "depends_on": [first["id"]], "due": "2027-01-31" });
    api.patch(&format!("/items/{}", id(&second)), wait)
        .if_match(1)
        .await
        .expect(200);
    let done = api.task(&project, "Done").await;
    api.post(
        &format!("/items/{}/move", id(&done)),
        json!({ "status": "done" }),
    )
    .await
    .expect(200);
    api.delete(&format!("/projects/{}", id(&api.project("Deleted").await)))
        .await
        .expect(204);
    let _agent = database.follow(&server, &[]).await;
    database.is_right(&server).await;
    let mut counts = Vec::new();
    for query in shown() {
        counts.push(database.rows(&query).await.len());
    }
    counts
}

#[tokio::test]
async fn each_of_the_ten_queries_finds_something_in_both_databases() {
    let sqlite = answer(Database::sqlite()).await;
    assert_eq!(sqlite.len(), 10);
    assert!(sqlite.iter().all(|count| *count > 0), "{sqlite:?}");
    let postgres = answer(Database::postgres()).await;
    assert_eq!(postgres.len(), 10);
    assert!(postgres.iter().all(|count| *count > 0), "{postgres:?}");
}
