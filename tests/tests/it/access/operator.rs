//! `devteam account`, as whoever operates the server runs it.

use tests::{Options, Server, api::id};

use super::{PASSWORD, Place, account_id, sign_in};

/// Runs it on a stopped server's data, and gives what it printed.
fn run(server: &Server, args: &[&str], input: &str) -> String {
    let output = server.account(args, input);
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The same where it must not succeed: what it said about that.
fn refused(server: &Server, args: &[&str], input: &str) -> String {
    let output = server.account(args, input);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(output.stdout.is_empty(), "{output:?}");
    String::from_utf8(output.stderr).unwrap()
}

fn stop(server: &mut Server) {
    server.ask_to_end();
    server.ended();
}

const CREATE: [&str; 5] = ["create", "--email", "grace@example.org", "--role", "admin"];

#[tokio::test]
async fn an_account_is_made_with_a_password_that_is_given_or_shown() {
    let mut place = Place::new().await;
    stop(&mut place.server);
    let named = [&CREATE[..], &["--name", "Grace Hopper"]].concat();
    let made = run(&place.server, &named, "");
    let password = made.lines().last().unwrap().strip_prefix("password: ");
    let password = password.unwrap().to_owned();
    let given = ["create", "--email", "joan@example.org", "--role", "viewer"];
    let made = run(&place.server, &given, &format!("{PASSWORD}\n"));
    assert_eq!(made, "account joan@example.org created\n");
    let twice = refused(&place.server, &CREATE, "");
    assert!(twice.contains("grace@example.org already"), "{twice}");
    let short = ["create", "--email", "short@example.org"];
    let short = refused(&place.server, &short, "short\n");
    assert!(short.contains("10 to 256 characters"), "{short}");

    place.server.restart();
    let grace = sign_in(&place.server, "grace@example.org", &password).await;
    let grace = grace.expect(201);
    assert_eq!(grace["account"]["role"], "admin");
    let member = format!(
        "/members/{}",
        grace["principal"]["member"].as_str().unwrap()
    );
    let member = place.owner.get(&member).await.expect(200);
    assert_eq!(member["name"], "Grace Hopper");
    assert_eq!(member["account"], grace["account"]["id"]);
    let joan = sign_in(&place.server, "joan@example.org", PASSWORD).await;
    assert_eq!(joan.expect(201)["account"]["role"], "viewer");
}

#[tokio::test]
async fn the_operator_makes_the_first_account_and_nobody_sets_the_server_up_after_that() {
    let mut server = Server::strict();
    let link = server.set_up_secret();
    stop(&mut server);
    run(
        &server,
        &["create", "--email", "ada@example.org"],
        &format!("{PASSWORD}\n"),
    );
    server.restart();
    let set_up =
        serde_json::json!({ "secret": link, "email": "eve@example.org", "password": PASSWORD });
    server
        .api()
        .post("/set-up", set_up)
        .await
        .problem(404, "not_found");
    let ada = sign_in(&server, "ada@example.org", PASSWORD).await;
    assert_eq!(ada.expect(201)["account"]["role"], "owner");
    stop(&mut server);
    assert_eq!(server.rest_of_output(), "", "no second link");
}

#[tokio::test]
async fn another_password_ends_what_the_old_one_began() {
    let mut place = Place::new().await;
    stop(&mut place.server);
    let reset = ["reset-password", "--email", "owner@example.org"];
    let said = run(&place.server, &reset, "another password\n");
    assert_eq!(said, "password of owner@example.org changed\n");
    let made = run(&place.server, &reset, "");
    let made = made.lines().last().unwrap().strip_prefix("password: ");
    let nobody = ["reset-password", "--email", "nobody@example.org"];
    let nobody = refused(&place.server, &nobody, "another password\n");
    assert!(
        nobody.contains("no account with the address nobody@example.org"),
        "{nobody}"
    );
    place.server.restart();
    place
        .owner
        .get("/account")
        .await
        .problem(401, "not_authenticated");
    for (password, status) in [
        (PASSWORD, 401),
        ("another password", 401),
        (made.unwrap(), 201),
    ] {
        let answer = sign_in(&place.server, "owner@example.org", password).await;
        assert_eq!(answer.status, status, "{password}");
    }
}

#[tokio::test]
async fn all_accounts_are_listed_with_their_role_and_organization() {
    let mut place = Place::new().await;
    stop(&mut place.server);
    run(&place.server, &CREATE, "");
    let other = [
        "create",
        "--email",
        "eve@example.com",
        "--organization",
        "theirs",
    ];
    run(&place.server, &other, "");
    let list = run(&place.server, &["list"], "");
    let rows: Vec<Vec<&str>> = list
        .lines()
        .map(|line| line.split('\t').collect())
        .collect();
    let mut shown: Vec<_> = rows
        .iter()
        .map(|row| (row[0], row[1], row[2] == "theirs"))
        .collect();
    shown.sort_unstable();
    assert_eq!(
        shown,
        [
            ("eve@example.com", "owner", true),
            ("grace@example.org", "admin", false),
            ("owner@example.org", "owner", false),
        ]
    );
    assert!(
        rows.iter()
            .all(|row| row.len() == 4 && row[3].ends_with('Z')),
        "{list}"
    );
}

#[tokio::test]
async fn while_the_server_runs_the_operator_is_told_so_and_nothing_is_touched() {
    let place = Place::new().await;
    let pid = place.server.pid().to_string();
    for args in [
        &CREATE[..],
        &["reset-password", "--email", "owner@example.org"],
        &["list"],
    ] {
        let said = refused(&place.server, args, "another password\n");
        let tells = said.contains("in use by process") && said.contains(&pid);
        assert!(tells && said.contains("Stop that process"), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
    place.owner.get("/account").await.expect(200);
    let accounts = place.owner.get("/accounts").await.expect(200);
    let accounts = accounts["items"].as_array().unwrap();
    assert_eq!(accounts.len(), 1);
    assert_eq!(id(&accounts[0]), account_id(&place.owner).await);
    let (status, log) = Server::refused(Options {
        strict: true,
        data_dir: Some(place.server.data_dir()),
        ..Options::default()
    });
    assert_eq!(status.code(), Some(1));
    assert!(log.contains("in use by process"), "{log}");
}
