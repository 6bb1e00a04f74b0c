use serde_json::json;
use tests::{Database, Options, Server, api::id, wait::until};

use super::everything;

async fn copies(database: Database) {
    let server = Server::demo();
    let api = server.api();
    everything(&api).await;
    let _agent = database.follow(&server, &[]).await;
    database.is_right(&server).await;
    // And what happens from then on.
    everything(&api).await;
    database.is_right(&server).await;
    let events = database.number("SELECT count(*) AS n FROM events").await;
    let head = api.get("/organization").await.cursor().seq;
    assert_eq!(u64::try_from(events).unwrap(), head);
}

#[tokio::test]
async fn sqlite_has_everything_that_has_happened_and_happens() {
    copies(Database::sqlite()).await;
}

#[tokio::test]
async fn postgresql_has_everything_that_has_happened_and_happens() {
    copies(Database::postgres()).await;
}

#[tokio::test]
async fn a_deletion_marks_one_row_and_hides_what_is_under_it() {
    let (server, database) = (Server::spawn(), Database::sqlite());
    let api = server.api();
    let project = api.project("Hides").await;
    let task = api.task(&project, "Is hidden").await;
    let comment = json!({ "body": "Hidden too" });
    api.create(&format!("/items/{}/comments", id(&task)), comment)
        .await;
    let _agent = database.follow(&server, &[]).await;
    database.is_right(&server).await;
    let seen =
        "SELECT (SELECT count(*) FROM visible_projects) + 10 * (SELECT count(*) FROM visible_items)
                + 100 * (SELECT count(*) FROM visible_comments) AS n";
    assert_eq!(database.number(seen).await, 111);
    api.delete(&format!("/projects/{}", id(&project)))
        .await
        .expect(204);
    database.is_right(&server).await;
    assert_eq!(database.number(seen).await, 0);
    let marked = "SELECT (SELECT count(deleted_at) FROM projects) + 10 * (SELECT count(deleted_at) FROM items) AS n";
    assert_eq!(
        database.number(marked).await,
        1,
        "the project alone is marked"
    );
    api.post(&format!("/projects/{}/restore", id(&project)), json!({}))
        .await
        .expect(200);
    database.is_right(&server).await;
    assert_eq!(database.number(seen).await, 111);
}

#[tokio::test]
async fn a_server_copies_all_its_organizations_by_itself() {
    let database = Database::sqlite();
    let mut server = Server::with(Options {
        args: vec!["--database-url".into(), database.url.clone()],
        ..Options::default()
    });
    everything(&server.api()).await;
    database.is_right(&server).await;
    server.ask_to_end();
    assert!(server.ended().0.success());
    let email = [
        "create",
        "--email",
        "other@example.org",
        "--organization",
        "other",
    ];
    assert!(server.account(&email, "").status.success());
    server.restart();
    everything(&server.api()).await;
    database.is_right(&server).await;
    until("the other organization", async || {
        (database
            .number("SELECT count(*) AS n FROM positions WHERE seq > 0")
            .await
            == 2)
            .then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_server_goes_on_without_its_database() {
    let server = Server::with(Options {
        args: vec![
            "--database-url".into(),
            "postgres://nobody@127.0.0.1:1/nothing".into(),
        ],
        ..Options::default()
    });
    everything(&server.api()).await;
    until("the log to say so", async || {
        server.log().contains("can't be reached").then_some(())
    })
    .await;
}
