//! `devteam export` and `devteam import`.

mod nodes;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::atomic::{AtomicBool, Ordering},
};

use serde_json::{Value, json};
use tempfile::TempDir;
use tests::{Api, Options, Seeded, Server, api::id, place, wait::until};

use crate::{agents, chaos::Board};

fn devteam(args: &[&str]) -> Output {
    program(args).output().unwrap()
}

fn program(args: &[&str]) -> Command {
    let mut command = Command::new(place::server());
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("DEVTEAM_") || name == "RUST_LOG" {
            command.env_remove(name);
        }
    }
    command.args(args);
    command
}

#[track_caller]
fn done(output: &Output) {
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[track_caller]
fn refused(output: &Output, why: &str) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains(why), "{why} in {said}");
}

fn export(from: &Path, to: &Path, more: &[&str]) -> Output {
    let (from, to) = (from.to_str().unwrap(), to.to_str().unwrap());
    let args = [&["export", "--data-dir", from, "--output", to], more].concat();
    devteam(&args)
}

fn import(file: &Path, to: &Path) -> Output {
    devteam(&[
        "import",
        file.to_str().unwrap(),
        "--data-dir",
        to.to_str().unwrap(),
    ])
}

/// A folder, an export in it and where to import it.
struct Place {
    folder: TempDir,
}

impl Place {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("export.ndjson")
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("imported")
    }

    fn served(&self, options: Options) -> Server {
        Server::with(Options {
            data_dir: Some(self.data()),
            ..options
        })
    }
}

/// All that has happened, without the answers' cursors.
async fn everything(api: &Api) -> (Vec<Value>, Value) {
    let (mut events, mut before) = (Vec::new(), String::new());
    loop {
        let page = api
            .get(&format!("/activity?limit=200{before}"))
            .await
            .expect(200);
        events.extend(page["items"].as_array().unwrap().clone());
        match page["next"].as_str() {
            Some(next) => before = format!("&before={next}"),
            None => break,
        }
    }
    (events, api.get("/model").await.expect(200)["model"].clone())
}

#[tokio::test]
async fn what_was_exported_is_the_same_elsewhere_in_a_new_epoch() {
    let place = Place::new();
    let mut server = Server::demo();
    let (mut board, mut dice) = (Board::default(), Seeded::new(51));
    for _ in 0..150 {
        board.change(&server.api(), &mut dice).await;
    }
    let body = json!({ "name": "Once" });
    let once = server
        .api()
        .post("/projects", body.clone())
        .key("once")
        .await;
    server.ask_to_end();
    server.ended();
    done(&export(&server.data_dir(), &place.file(), &[]));
    done(&import(&place.file(), &place.data()));
    server.restart_with(|options| options.args = vec!["--demo-agents".into(), "off".into()]);
    let imported = place.served(Options {
        demo: true,
        args: vec!["--demo-agents".into(), "off".into()],
        ..Options::default()
    });
    assert_eq!(
        everything(&imported.api()).await,
        everything(&server.api()).await
    );
    let epoch = async |server: &Server| server.api().get("/organization").await.cursor().epoch;
    assert_ne!(epoch(&imported).await, epoch(&server).await);
    let again = imported.api().post("/projects", body).key("once").await;
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(again.expect(201), once.expect(201));
}

#[tokio::test]
async fn accounts_come_along_only_when_asked_for() {
    let (with, without) = (Place::new(), Place::new());
    let mut server = Server::strict();
    let secret = server.set_up_secret();
    let account = json!({ "secret": secret, "email": "ada@example.org", "password": "correct horse battery" });
    server.api().post("/set-up", account).await.expect(201);
    server.ask_to_end();
    server.ended();
    let args = [
        "create",
        "--email",
        "other@example.org",
        "--organization",
        "other",
    ];
    done(&server.account(&args, "another long password"));
    done(&export(&server.data_dir(), &with.file(), &["--accounts"]));
    done(&export(&server.data_dir(), &without.file(), &[]));
    let text = fs::read_to_string(without.file()).unwrap();
    assert!(!text.contains("argon2"), "no proofs unless asked for");
    assert!(!text.contains("correct horse"), "and never a password");
    done(&import(&with.file(), &with.data()));
    let imported = with.served(Options {
        strict: true,
        ..Options::default()
    });
    for (email, password) in [
        ("ada@example.org", "correct horse battery"),
        ("other@example.org", "another long password"),
    ] {
        let session = json!({ "email": email, "password": password });
        imported.api().post("/session", session).await.expect(201);
    }
    done(&import(&without.file(), &without.data()));
    // Both organizations are there, and nobody's account.
    let mut imported = without.served(Options {
        strict: true,
        ..Options::default()
    });
    imported.set_up_secret();
    imported.ask_to_end();
    imported.ended();
    let args = [
        "create",
        "--email",
        "other@example.org",
        "--organization",
        "other",
    ];
    done(&imported.account(&args, ""));
    let organizations = fs::read_dir(without.data().join("organizations")).unwrap();
    assert_eq!(
        organizations.count(),
        1,
        "the other one was there, and none was made"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_under_load_is_backed_up_while_it_runs() {
    let place = Place::new();
    let server = Server::spawn();
    let over = AtomicBool::new(false);
    let write = async {
        let (mut board, mut dice) = (Board::default(), Seeded::new(52));
        while !over.load(Ordering::Relaxed) {
            board.change(&server.api(), &mut dice).await;
        }
    };
    let back_up = async {
        let enough =
            async || (server.api().get("/organization").await.cursor().seq > 100).then_some(());
        tests::wait::until("something to back up", enough).await;
        let (from, to) = (server.data_dir(), place.file());
        let exported = tokio::task::spawn_blocking(move || export(&from, &to, &["--accounts"]));
        done(&exported.await.unwrap());
        over.store(true, Ordering::Relaxed);
    };
    tokio::join!(write, back_up);
    done(&import(&place.file(), &place.data()));
    let imported = place.served(Options::default());
    let (ours, theirs) = (
        everything(&imported.api()).await.0,
        everything(&server.api()).await.0,
    );
    assert!(ours.len() > 100);
    assert_eq!(
        ours[..],
        theirs[theirs.len() - ours.len()..],
        "newest first: the oldest are the same"
    );
}

#[tokio::test]
async fn a_file_that_is_not_whole_imports_nothing_and_its_line_is_named() {
    let place = Place::new();
    let mut server = Server::demo();
    server.ask_to_end();
    server.ended();
    done(&export(&server.data_dir(), &place.file(), &["--accounts"]));
    let whole = fs::read_to_string(place.file()).unwrap();
    let lines: Vec<&str> = whole.lines().collect();
    let damaged = |change: &dyn Fn(&mut Vec<String>)| {
        let mut lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
        change(&mut lines);
        lines.join("\n") + "\n"
    };
    let title = |lines: &mut Vec<String>| {
        let line = lines
            .iter_mut()
            .find(|line| line.contains("\"title\":\""))
            .unwrap();
        *line = line.replacen("\"title\":\"", "\"title\":\"Not ", 1);
    };
    for (text, why) in [
        (whole[..whole.len() / 2].to_owned(), "was cut off"),
        (damaged(&|lines| lines.truncate(40)), "line 41: "),
        (
            damaged(&|lines| drop(lines.remove(9))),
            "line 10: event 8 is missing",
        ),
        (
            damaged(&|lines| lines[6] = "{\"record\":{}}".into()),
            "line 7: ",
        ),
        (damaged(&|lines| lines[6] = "nonsense".into()), "line 7: "),
        (
            damaged(&|lines| lines[6].insert(1, ' ')),
            "the file was changed",
        ),
        (damaged(&title), "state hash"),
        (
            damaged(&|lines| lines[0] = lines[0].replace("\"version\":3", "\"version\":9")),
            "export version 9",
        ),
        (
            damaged(&|lines| lines[0] = "{}".into()),
            "this is no export",
        ),
        (damaged(&|lines| lines.push("{}".into())), "and it is not"),
    ] {
        fs::write(place.file(), text).unwrap();
        refused(&import(&place.file(), &place.data()), why);
        assert!(!place.data().exists(), "nothing is imported: {why}");
    }
    fs::write(place.file(), &whole).unwrap();
    refused(&import(&place.file(), &server.data_dir()), "is not empty");
    done(&import(&place.file(), &place.data()));
    refused(&import(&place.file(), &place.data()), "is not empty");
}

#[tokio::test]
async fn what_runs_wrote_comes_along_and_goes_on_there() {
    let place = Place::new();
    let server = Server::with(agents::options("100000"));
    let api = server.api();
    let scout = agents::agent(&api, "Scout", json!({})).await;
    let mut runs = Vec::new();
    for title in ["Sign in", "Sign out"] {
        let task = agents::task(&api, title, &scout).await;
        let run = agents::run_in(&api, &task, &["awaiting_review"]).await;
        runs.push((task, run));
    }
    done(&export(&server.data_dir(), &place.file(), &[]));
    done(&import(&place.file(), &place.data()));
    let imported = place.served(agents::options("100000"));
    let there = imported.api();
    for (_, run) in &runs {
        let wrote = agents::log(&api, run).await;
        assert!(wrote.len() > 3, "{wrote:?}");
        assert_eq!(agents::log(&there, run).await, wrote);
    }
    // Another attempt writes there as it would have here.
    let (task, run) = &runs[0];
    let reason = json!({ "reason": "Say more." });
    there
        .post(&format!("/runs/{}/reject", id(run)), reason)
        .await
        .expect(200);
    let again = until("the next attempt", async || {
        let next = agents::run_in(&there, task, &["awaiting_review"]).await;
        (next["attempt"] == 2).then_some(next)
    })
    .await;
    assert!(!agents::log(&there, &again).await.is_empty());
}

#[tokio::test]
async fn exporting_says_what_is_in_the_way() {
    let place = Place::new();
    refused(
        &export(&place.data(), &place.file(), &[]),
        "there is no journal",
    );
    let server = Server::spawn();
    fs::write(place.file(), "mine").unwrap();
    refused(
        &export(&server.data_dir(), &place.file(), &[]),
        "is there already",
    );
    assert_eq!(fs::read_to_string(place.file()).unwrap(), "mine");
    let output = devteam(&["export", "--data-dir", server.data_dir().to_str().unwrap()]);
    done(&output);
    let last = String::from_utf8(output.stdout).unwrap();
    assert!(last.lines().last().unwrap().starts_with("{\"complete\":"));
}
