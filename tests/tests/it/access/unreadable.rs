//! An organization that can't be read keeps nobody from the others.

use std::fs;

use serde_json::json;
use tests::{Api, Server, Socket, wait::until};

use super::{PASSWORD, Place, cookie, secret, sign_in};

const OTHERS: [&str; 3] = ["eve", "finn", "grace"];

/// Makes an organization with an owner of this name, while the server is stopped.
fn found(server: &Server, name: &str) {
    let email = format!("{name}@example.com");
    let create = ["create", "--email", &email, "--organization", name];
    let made = server.account(&create, &format!("{PASSWORD}\n"));
    assert!(made.status.success(), "{made:?}");
}

async fn enter(server: &Server, name: &str) -> Api {
    let signed_in = sign_in(server, &format!("{name}@example.com"), PASSWORD).await;
    server.api().browser(&cookie(&signed_in))
}

#[tokio::test]
async fn one_that_is_damaged_answers_503_and_the_others_are_served() {
    let mut place = Place::new().await;
    place.server.ask_to_end();
    place.server.ended();
    for name in OTHERS {
        found(&place.server, name);
    }
    place.server.restart();
    let mut people = Vec::new();
    for name in OTHERS {
        people.push(enter(&place.server, name).await);
    }
    let token = super::token(&people[1], "write", "organization").await;
    let theirs = people[1].get("/organization").await.expect(200)["id"]
        .as_str()
        .unwrap()
        .to_owned();

    place.server.ask_to_end();
    place.server.ended();
    let folder = place.server.data_dir().join("organizations").join(&theirs);
    let aside = place.server.data_dir().join("aside");
    fs::rename(&folder, &aside).unwrap();
    fs::create_dir(&folder).unwrap();
    let damaged = "this is no database, whatever its name says. ".repeat(100);
    fs::write(folder.join("journal.sqlite"), damaged).unwrap();
    place.server.restart();
    let server = &place.server;

    for api in [&people[0], &people[2]] {
        api.project("Goes on").await;
    }
    place.owner.project("Goes on").await;
    let program = server.api().bearer(secret(&token));
    for api in [&people[1], &program] {
        let refused = api.get("/projects").await;
        let problem = refused.problem(503, "unavailable");
        assert_eq!(problem["retryable"], true);
        assert!(!refused.header("retry-after").is_empty());
    }
    let mut socket = Socket::connect(server.address()).await;
    let show = json!({ "type": "authenticate", "token": secret(&token) });
    socket.send(show).await;
    assert_eq!(socket.closed().await, 1001, "to come back");
    until("the log to name it", async || {
        let log = server.log();
        (log.contains(&theirs) && log.contains(&folder.display().to_string())).then_some(())
    })
    .await;
    let metrics = server.api().get("//metrics").await;
    assert_eq!(metrics.metric("devteam_organizations_failed"), 1.0);
    server.api().get("//health/ready").await.expect(200);

    // Put right, it is served again, without a restart.
    fs::remove_dir_all(&folder).unwrap();
    fs::rename(&aside, &folder).unwrap();
    until("it to be read again", async || {
        (people[1].get("/projects").await.status == 200).then_some(())
    })
    .await;
    let metrics = server.api().get("//metrics").await;
    assert_eq!(metrics.metric("devteam_organizations_failed"), 0.0);
}
