//! Between a data directory and the Redis that servers share.

use std::{
    fs::{self, File},
    io::Write,
    path::Path,
    process::Output,
};

use serde_json::{Value, json};
use tests::{Api, Options, Redis, Seeded, Server, api::id, wait::until};

use super::{Place, devteam, done, everything, export, import, program, refused};
use crate::{
    access::{PASSWORD, cookie, sign_in},
    agents,
    chaos::Board,
};

fn export_redis(redis: &Redis, to: &Path, more: &[&str]) -> Output {
    let (url, to) = (redis.url(), to.to_str().unwrap());
    devteam(&[&["export", "--journal", &url, "--output", to], more].concat())
}

fn import_redis(file: &Path, redis: &Redis) -> Output {
    devteam(&["import", file.to_str().unwrap(), "--journal", &redis.url()])
}

/// A server on what is kept there.
fn served(redis: &Redis, options: Options) -> Server {
    Server::with(Options {
        journal: Some(redis.url()),
        ..options
    })
}

async fn change(api: &Api, times: u32, seed: u64) {
    let (mut board, mut dice) = (Board::default(), Seeded::new(seed));
    for _ in 0..times {
        board.change(api, &mut dice).await;
    }
}

#[tokio::test]
async fn an_organization_moves_to_redis_and_back_with_what_its_runs_wrote() {
    let (up, down) = (Place::new(), Place::new());
    let server = Server::with(agents::options("100000"));
    let api = server.api();
    change(&api, 100, 61).await;
    let scout = agents::agent(&api, "Scout", json!({})).await;
    let task = agents::task(&api, "Sign in", &scout).await;
    let run = agents::run_in(&api, &task, &["awaiting_review"]).await;
    let wrote = agents::log(&api, &run).await;
    assert!(wrote.len() > 3, "{wrote:?}");
    done(&export(&server.data_dir(), &up.file(), &[]));

    let redis = Redis::spawn();
    done(&import_redis(&up.file(), &redis));
    let node = served(&redis, agents::options("100000"));
    let there = node.api();
    assert_eq!(everything(&there).await, everything(&api).await);
    assert_eq!(agents::log(&there, &run).await, wrote);
    let epoch = async |api: &Api| api.get("/organization").await.cursor().epoch;
    assert_ne!(epoch(&there).await, epoch(&api).await);
    change(&there, 50, 62).await;

    // While it runs.
    done(&export_redis(&redis, &down.file(), &[]));
    done(&import(&down.file(), &down.data()));
    let back = down.served(agents::options("100000"));
    assert_eq!(everything(&back.api()).await, everything(&there).await);
    assert_eq!(agents::log(&back.api(), &run).await, wrote);
}

#[tokio::test]
async fn accounts_and_other_organizations_move_to_redis_and_back() {
    let (up, down) = (Place::new(), Place::new());
    let strict = || Options {
        strict: true,
        ..Options::default()
    };
    let mut server = Server::strict();
    let secret = server.set_up_secret();
    let account = json!({ "secret": secret, "email": "ada@example.org", "password": PASSWORD });
    server.api().post("/set-up", account).await.expect(201);
    server.ask_to_end();
    server.ended();
    let other = [
        "create",
        "--email",
        "eve@example.com",
        "--organization",
        "theirs",
    ];
    done(&server.account(&other, PASSWORD));
    done(&export(&server.data_dir(), &up.file(), &["--accounts"]));

    let redis = Redis::spawn();
    done(&import_redis(&up.file(), &redis));
    let node = served(&redis, strict());
    done(&export_redis(&redis, &down.file(), &["--accounts"]));
    done(&import(&down.file(), &down.data()));
    let back = down.served(strict());
    for server in [&node, &back] {
        for (email, slug) in [
            ("ada@example.org", "my-organization"),
            ("eve@example.com", "theirs"),
        ] {
            let signed_in = sign_in(server, email, PASSWORD).await;
            signed_in.expect(201);
            let client = server.api().browser(&cookie(&signed_in));
            assert_eq!(client.get("/organization").await.expect(200)["slug"], slug);
        }
    }
}

/// Drops events as a node does that has saved a model: all up to a position, save that the topics' indexes keep theirs.
fn trim(redis: &Redis, organization: &Value, upto: u64) {
    let key = |name: &str| format!("devteam:{{{}}}:{name}", id(organization));
    redis.ask(&["HSET", &key("state"), "oldest", &upto.to_string()]);
    redis.ask(&[
        "XTRIM",
        &key("journal"),
        "MINID",
        &format!("{}-0", upto + 1),
    ]);
}

#[tokio::test]
async fn a_line_whose_first_events_are_gone_moves_with_the_model_that_was_saved() {
    let (place, again) = (Place::new(), Place::new());
    let redis = Redis::spawn();
    let mut node = served(&redis, Options::default());
    change(&node.api(), 80, 63).await;
    let organization = node.api().get("/organization").await.expect(200);
    node.ask_to_end();
    node.ended();
    // As it ended it saved its model.
    trim(&redis, &organization, 40);
    node.restart();
    change(&node.api(), 20, 64).await;
    let (events, model) = everything(&node.api()).await;
    assert_eq!(events.last().unwrap()["seq"], 41);

    done(&export_redis(&redis, &place.file(), &[]));
    done(&import(&place.file(), &place.data()));
    let served_there = place.served(Options::default());
    assert_eq!(
        everything(&served_there.api()).await,
        (events.clone(), model.clone())
    );
    // What is gone can't be resumed, here as there.
    let epoch = served_there.api().get("/organization").await.cursor().epoch;
    let early = format!("/events?topics=org&after={epoch}:5");
    let answer = served_there.api().get(&early).await.expect(200);
    assert_eq!(answer["messages"][0]["mode"], "snapshot");

    // And on to another Redis.
    done(&export(&place.data(), &again.file(), &[]));
    let other = Redis::spawn();
    done(&import_redis(&again.file(), &other));
    let moved = served(&other, Options::default());
    assert_eq!(everything(&moved.api()).await, (events, model));
}

#[tokio::test]
async fn what_can_not_be_imported_leaves_nothing_in_redis() {
    let place = Place::new();
    let server = Server::demo();
    done(&export(&server.data_dir(), &place.file(), &["--accounts"]));
    let whole = fs::read_to_string(place.file()).unwrap();
    let redis = Redis::spawn();
    refused(
        &export_redis(&redis, &place.folder.path().join("none"), &[]),
        "no server keeps anything in",
    );
    for (text, why) in [
        (whole[..whole.len() / 2].to_owned(), "was cut off"),
        (
            whole.replacen("\"title\":\"", "\"title\":\"Not ", 1),
            "state hash",
        ),
    ] {
        fs::write(place.file(), text).unwrap();
        refused(&import_redis(&place.file(), &redis), why);
        assert_eq!(redis.ask(&["DBSIZE"]), "0", "{why}");
    }
    fs::write(place.file(), &whole).unwrap();
    done(&import_redis(&place.file(), &redis));
    refused(&import_redis(&place.file(), &redis), "is in use already");
}

#[tokio::test]
async fn an_import_into_redis_that_is_killed_serves_nobody_and_is_begun_again() {
    let up = Place::new();
    let server = Server::spawn();
    change(&server.api(), 100, 65).await;
    done(&export(&server.data_dir(), &up.file(), &[]));
    let redis = Redis::spawn();
    // Half of it comes, and no more.
    let whole = fs::read(up.file()).unwrap();
    let pipe = up.file().with_extension("pipe");
    nix::unistd::mkfifo(&pipe, nix::sys::stat::Mode::S_IRWXU).unwrap();
    let mut cut = program(&["import", pipe.to_str().unwrap(), "--journal", &redis.url()])
        .spawn()
        .unwrap();
    let mut half = File::options().write(true).open(&pipe).unwrap();
    half.write_all(&whole[..whole.len() / 2]).unwrap();
    until("it to have begun", async || {
        (redis.ask(&["EXISTS", "devteam:importing"]) == "1").then_some(())
    })
    .await;
    cut.kill().unwrap();
    cut.wait().unwrap();

    let (status, log) = Server::refused(Options {
        strict: true,
        journal: Some(redis.url()),
        ..Options::default()
    });
    assert_eq!(status.code(), Some(1));
    assert!(log.contains("run `devteam import` again"), "{log}");
    done(&import_redis(&up.file(), &redis));
    let node = served(&redis, Options::default());
    assert_eq!(
        everything(&node.api()).await,
        everything(&server.api()).await
    );
}
