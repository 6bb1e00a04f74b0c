//! What was acknowledged is there, whatever happens to the process, its disk and its files.

use std::os::unix::fs::PermissionsExt;

use serde_json::json;
use tests::{
    Options, Server, Writers,
    api::id,
    wait::until,
    writers::{self, Acknowledged},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_twenty_times_under_load_it_has_every_acknowledged_write_once() {
    let mut server = Server::spawn();
    server.api().project("Web").await;
    let writers = Writers::start("a", 8, &[server.api()]);
    let mut head = 0;
    for round in 0..20 {
        writers.write_more(15).await;
        server.kill();
        let told = writers.acknowledged();
        server.restart();
        let api = server.api();
        let found: Acknowledged = writers::tasks(&api).await.into_iter().collect();
        for (title, id) in &told {
            assert_eq!(
                found.get(title),
                Some(id),
                "{title} was acknowledged before kill {round}"
            );
        }
        let now = api.get("/organization").await.cursor().seq;
        assert!(now >= head, "from {head} back to {now}");
        head = now;
    }
    let told = writers.stop().await;
    writers::check(&server.api(), &told).await;
    assert!(told.len() >= 300);
}

#[tokio::test]
async fn a_key_holds_across_restarts_and_kills() {
    let mut server = Server::spawn();
    let first = server
        .api()
        .post("/projects", json!({ "name": "Web" }))
        .key("k")
        .await;
    for killed in [true, false] {
        if killed {
            server.kill();
        } else {
            server.ask_to_end();
            server.ended();
        }
        server.restart();
        let api = server.api();
        let again = api
            .post("/projects", json!({ "name": "Web" }))
            .key("k")
            .await;
        assert_eq!(again.expect(201), first.expect(201));
        assert_eq!(again.header("idempotency-replayed"), "true");
        assert_eq!(again.header("location"), first.header("location"));
        api.post("/projects", json!({ "name": "Other" }))
            .key("k")
            .await
            .problem(422, "idempotency_key_reused");
        assert_eq!(
            api.get("/projects").await.expect(200)["items"]
                .as_array()
                .unwrap()
                .len(),
            1
        );
    }
}

#[tokio::test]
async fn everything_is_as_it_was_after_a_restart() {
    let mut server = Server::demo();
    let projects = server.api().get("/projects").await.expect(200);
    let first = format!("project:{}", projects["items"][0]["slug"].as_str().unwrap());
    let before = [
        server.api().snapshot("org").await,
        server.api().snapshot(&first).await,
    ];
    for killed in [true, false] {
        if killed {
            server.kill();
        } else {
            server.ask_to_end();
            server.ended();
        }
        server.restart();
        let after = [
            server.api().snapshot("org").await,
            server.api().snapshot(&first).await,
        ];
        assert_eq!(before, after);
    }
}

#[tokio::test]
async fn a_full_disk_is_told_and_when_there_is_room_again_it_goes_on() {
    let limited = Options {
        file_limit_kib: Some(2048),
        ..Options::default()
    };
    let mut server = Server::with(limited);
    let api = server.api();
    api.project("Web").await;
    let mut written = Vec::new();
    let task = |n: usize| json!({ "kind": "task", "title": format!("{n}"), "project": "web", "description": "z".repeat(50_000) });
    let refused = loop {
        let answer = api.post("/items", task(written.len())).await;
        if answer.status != 201 {
            break answer;
        }
        written.push(id(&answer.expect(201)).to_owned());
        assert!(written.len() < 500, "the disk is never full");
    };
    let problem = refused.problem(503, "unavailable");
    assert_eq!(problem["retryable"], true);
    assert!(!refused.header("retry-after").is_empty());
    // What is there can still be read, and that it can't be written is said.
    for id in &written {
        api.get(&format!("/items/{id}")).await.expect(200);
    }
    assert_eq!(api.get("//health/ready").await.status, 200);
    assert_eq!(api.get("//health/live").await.status, 200);
    assert_eq!(api.get("//health/writable").await.status, 503);
    server.lift_file_limit();
    let more = until("a write", async || {
        let answer = api.post("/items", task(1000)).key("after").await;
        (answer.status == 201).then(|| id(&answer.expect(201)).to_owned())
    })
    .await;
    written.push(more);
    assert_eq!(api.get("//health/writable").await.status, 200);
    server.kill();
    server.restart_with(|options| options.file_limit_kib = None);
    let found: Vec<String> = writers::tasks(&server.api())
        .await
        .into_iter()
        .map(|(_, id)| id)
        .collect();
    assert!(
        written.iter().all(|id| found.contains(id)),
        "every acknowledged write is there"
    );
    assert_eq!(found.len(), written.len(), "and nothing that was refused");
}

#[tokio::test]
async fn what_it_keeps_is_for_its_own_user_alone() {
    let server = Server::demo();
    server.api().get("/projects").await.expect(200);
    let mut folders = vec![server.data_dir()];
    let mut seen = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let mode = std::fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0, "{} is {mode:o}", path.display());
            seen += 1;
            if path.is_dir() {
                folders.push(path);
            }
        }
    }
    assert!(seen > 4, "{seen}");
}

#[tokio::test]
async fn a_port_in_use_is_told() {
    let server = Server::spawn();
    let (status, log) = Server::refused(Options {
        port: server.address().port(),
        ..Options::default()
    });
    assert_eq!(status.code(), Some(1), "{log}");
    assert!(
        log.contains(&server.address().port().to_string()) && log.contains("in use"),
        "{log}"
    );
    assert!(!log.contains("panicked"), "{log}");
}

#[tokio::test]
async fn a_data_directory_that_can_not_be_written_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "not a folder").unwrap();
    for place in [file.join("data"), file, "/proc/devteam".into()] {
        let (status, log) = Server::refused(Options {
            data_dir: Some(place.clone()),
            ..Options::default()
        });
        assert_eq!(status.code(), Some(1), "{log}");
        assert!(
            log.contains(&place.display().to_string()) && !log.contains("panicked"),
            "{log}"
        );
    }
}

#[tokio::test]
async fn a_data_directory_in_use_by_another_process_is_told() {
    let server = Server::spawn();
    let (status, log) = Server::refused(Options {
        data_dir: Some(server.data_dir()),
        ..Options::default()
    });
    assert_eq!(status.code(), Some(1), "{log}");
    assert!(
        log.contains("in use") && log.contains(&server.data_dir().display().to_string()),
        "{log}"
    );
    server.api().project("Undisturbed").await;
}

#[tokio::test]
async fn a_data_directory_of_another_version_or_damaged_is_told_and_left_alone() {
    let mut server = Server::spawn();
    server.api().project("Web").await;
    server.ask_to_end();
    server.ended();
    let data = server.data_dir();
    let journal = std::fs::read_dir(&data)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let journal = journal
        .max_by_key(|path| path.metadata().unwrap().len())
        .expect("a journal");
    let whole = std::fs::read(&journal).unwrap();
    let version = whole
        .windows(15)
        .position(|bytes| bytes == b"format_version1")
        .expect("the version of its format");
    let mut other = whole.clone();
    other[version + 14] = b'7';
    for damaged in [other, b"this is no journal".repeat(300)] {
        std::fs::write(&journal, &damaged).unwrap();
        let (status, log) = Server::refused(Options {
            data_dir: Some(data.clone()),
            ..Options::default()
        });
        assert_eq!(status.code(), Some(1), "{log}");
        assert!(
            log.contains(&data.display().to_string()) && !log.contains("panicked"),
            "{log}"
        );
        assert_eq!(std::fs::read(&journal).unwrap(), damaged);
    }
    std::fs::write(&journal, whole).unwrap();
    server.restart();
    assert_eq!(
        server.api().get("/projects/web").await.expect(200)["name"],
        "Web"
    );
}

#[tokio::test]
async fn wrong_usage_ends_with_status_two() {
    for args in [
        vec!["--nonsense"],
        vec!["--listen", "nowhere"],
        vec!["--journal", "punched-cards"],
    ] {
        let args: Vec<String> = args.into_iter().map(str::to_owned).collect();
        let (status, log) = Server::refused(Options {
            args: args.clone(),
            ..Options::default()
        });
        assert_eq!(status.code(), Some(2), "{args:?}: {log}");
    }
}

#[tokio::test]
async fn options_are_taken_from_the_environment_too() {
    let env = vec![("DEVTEAM_DEMO".to_owned(), "true".to_owned())];
    let server = Server::with(Options {
        env,
        strict: true,
        ..Options::default()
    });
    let projects = server.api().get("/projects").await.expect(200);
    assert!(!projects["items"].as_array().unwrap().is_empty());
}
