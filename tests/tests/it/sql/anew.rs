//! Beginning anew, and telling what is wrong.

use serde_json::json;
use tests::{Database, Options, Seeded, Server, api::id};

use super::everything;
use crate::chaos::Board;

#[tokio::test]
async fn verify_names_what_differs_and_rebuild_makes_it_right() {
    for database in [Database::sqlite(), Database::postgres()] {
        let server = Server::spawn();
        let api = server.api();
        everything(&api).await;
        let task = api.task(&api.project("Tampered").await, "As it was").await;
        api.put(&format!("/items/{}/labels/kept", id(&task)))
            .await
            .expect(200);
        let mut agent = database.follow(&server, &[]).await;
        database.is_right(&server).await;
        agent.kill();
        database
            .tamper("UPDATE items SET title = 'As it never was' WHERE title = 'As it was'")
            .await;
        database
            .tamper("DELETE FROM labels WHERE label = 'kept'")
            .await;
        database.tamper("INSERT INTO labels (item_id, label) SELECT id, 'made up' FROM items WHERE key LIKE 'TAM%'").await;
        database.tamper("DELETE FROM events WHERE seq = 3").await;
        let output = database.verify(&server).await;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(output.status.code(), Some(1), "{said}");
        let task = id(&task);
        for line in [
            format!("items {task}: title is \"As it never was\", the model has \"As it was\""),
            format!("labels {task} kept: is missing"),
            format!("labels {task} made up: is not in the model"),
        ] {
            assert!(said.contains(&line), "{line} in {said}");
        }
        assert!(said.contains("events 1 to"), "{said}");
        let _agent = database.follow(&server, &["--rebuild"]).await;
        tests::wait::until("the copy to be right again", async || {
            database
                .verify(&server)
                .await
                .status
                .success()
                .then_some(())
        })
        .await;
    }
}

#[tokio::test]
async fn a_restored_backup_is_noticed_and_the_copy_follows_it() {
    let database = Database::sqlite();
    let mut server = Server::spawn();
    let (mut board, mut dice) = (Board::default(), Seeded::new(45));
    for _ in 0..40 {
        board.change(&server.api(), &mut dice).await;
    }
    server.ask_to_end();
    server.ended();
    let backup = tempfile::tempdir().unwrap();
    copy(&server.data_dir(), backup.path());
    server.restart();
    let _agent = database.follow(&server, &[]).await;
    for _ in 0..40 {
        board.change(&server.api(), &mut dice).await;
    }
    database.is_right(&server).await;
    // What happened since the backup is lost, and other things happen instead.
    server.kill();
    std::fs::remove_dir_all(server.data_dir()).unwrap();
    copy(backup.path(), &server.data_dir());
    server.restart_with(|options: &mut Options| options.args.push("--new-epoch".into()));
    let token = database.token(&server.api()).await;
    let mut board = Board::default();
    for _ in 0..80 {
        board.change(&server.api(), &mut dice).await;
    }
    let _other = database.agent(&server, &token, &[]);
    database.is_right(&server).await;
}

#[tokio::test]
async fn another_life_of_the_same_line_does_not_begin_the_copy_anew() {
    let database = Database::sqlite();
    let mut server = Server::spawn();
    let _agent = database.follow(&server, &[]).await;
    everything(&server.api()).await;
    database.is_right(&server).await;
    server.ask_to_end();
    server.ended();
    server.restart_with(|options: &mut Options| options.args.push("--new-epoch".into()));
    server.api().project("In the new epoch").await;
    database.is_right(&server).await;
    assert!(!database.log().contains("anew"), "{}", database.log());
}

#[tokio::test]
async fn the_whole_model_is_for_those_who_see_all_of_it() {
    let server = Server::demo();
    let api = server.api();
    let all = api.get("/model").await;
    let whole = all.expect(200);
    assert_eq!(whole["cursor"], all.cursor().to_string());
    assert!(whole["model"]["items"].as_array().unwrap().len() > 10);
    let part = json!({ "name": "A part", "access": "admin", "scope": "project:website" });
    let token = api.create("/account/tokens", part).await;
    let part = api.bearer(token["secret"].as_str().unwrap());
    part.get("/model").await.problem(404, "not_found");
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let place = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &place),
            false => drop(std::fs::copy(entry.path(), place).unwrap()),
        }
    }
}
