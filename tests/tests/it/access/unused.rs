//! An organization that nobody uses is not kept in memory, and is there again as soon as somebody does.

use std::time::Duration;

use serde_json::json;
use tests::{Api, Server, Socket, api::id, wait::until};

use super::{PASSWORD, Place, cookie, secret, sign_in};

const EVE: &str = "eve@example.com";

/// A server that closes what nobody has used for 1.2 seconds, with a second organization, and its owner.
async fn two_organizations() -> (Place, Api) {
    let mut place = Place::with(&["--close-unused-minutes", "0.02"]).await;
    place.server.ask_to_end();
    place.server.ended();
    let create = ["create", "--email", EVE, "--organization", "theirs"];
    let made = place.server.account(&create, &format!("{PASSWORD}\n"));
    assert!(made.status.success(), "{made:?}");
    place.server.restart();
    let eve = sign_in(&place.server, EVE, PASSWORD).await;
    let eve = place.server.api().browser(&cookie(&eve));
    (place, eve)
}

async fn open(server: &Server) -> f64 {
    let metrics = server.api().get("//metrics").await;
    metrics.metric("devteam_organizations_open")
}

/// Waits until so many organizations are in memory.
pub(crate) async fn until_open(server: &Server, count: f64) {
    until(&format!("{count} to be open"), async || {
        (open(server).await == count).then_some(())
    })
    .await;
}

/// Waits until organizations, but the first one, were brought into memory so often.
pub(crate) async fn until_opened(server: &Server, times: f64) {
    until(&format!("{times} to have been opened"), async || {
        let metrics = server.api().get("//metrics").await;
        let opened = metrics.metric("devteam_organizations_opened_total");
        (opened >= times).then_some(())
    })
    .await;
}

#[tokio::test]
async fn an_organization_that_nobody_uses_is_closed_and_opened_for_whoever_comes() {
    let (place, eve) = two_organizations().await;
    let server = &place.server;
    let project = eve.project("Theirs").await;
    let path = format!("/projects/{}", id(&project));
    let token = super::token(&eve, "write", "organization").await;
    let invite = json!({ "email": "new@example.com", "role": "member" });
    let invitation = eve.create("/invitations", invite).await;

    until_open(server, 1.0).await;
    assert_eq!(eve.get(&path).await.expect(200)["name"], "Theirs");
    until_open(server, 1.0).await;
    sign_in(server, EVE, PASSWORD).await.expect(201);
    until_open(server, 1.0).await;
    let wrong = sign_in(server, EVE, "another password").await;
    wrong.problem(401, "not_authenticated");
    assert_eq!(open(server).await, 1.0, "nobody came in");
    let link = json!({ "secret": super::secret_of(&invitation) });
    let looked = server.api().post("/invitations/look", link).await;
    assert_eq!(looked.expect(200)["organization"], "theirs");
    until_open(server, 1.0).await;
    let program = server.api().bearer(secret(&token));
    let cursor = program.project("More").await;
    until_open(server, 1.0).await;
    let again = program.get(&format!("/projects/{}", id(&cursor))).await;
    assert_eq!(again.expect(200)["name"], "More");
}

#[tokio::test]
async fn an_organization_stays_open_while_somebody_listens() {
    let (place, eve) = two_organizations().await;
    let server = &place.server;
    let token = super::token(&eve, "read", "organization").await;
    until_open(server, 1.0).await;
    let mut socket = Socket::connect(server.address()).await;
    let show = json!({ "type": "authenticate", "token": secret(&token) });
    socket.send(show).await;
    socket.expect("welcome").await;
    // It follows nothing yet.
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(open(server).await, 2.0);
    socket
        .ask(json!({ "type": "subscribe", "id": 1, "topic": "org" }))
        .await;
    let project = eve.project("Theirs").await;
    let told = socket.expect("event").await;
    assert_eq!(told["event"]["data"]["project"]["id"], project["id"]);
    drop(socket);
    until_open(server, 1.0).await;
}

#[tokio::test]
async fn an_organization_stays_open_while_a_run_is_to_be_worked() {
    let (place, eve) = two_organizations().await;
    let scout = json!({ "name": "Scout", "kind": "agent", "agent": { "provider": "elsewhere" } });
    let scout = eve.create("/members", scout).await;
    let project = eve.project("Theirs").await;
    let task = eve.task(&project, "Sign in").await;
    let start = format!("/items/{}/runs", id(&task));
    let run = eve.create(&start, json!({ "member": id(&scout) })).await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(open(&place.server).await, 2.0);
    eve.post(&format!("/runs/{}/cancel", id(&run)), json!({}))
        .await
        .expect(200);
    until_open(&place.server, 1.0).await;
}
