//! Who somebody is, every node knows.

use std::time::{Duration, Instant};

use serde_json::json;
use tests::{Api, Nodes, Options, Redis, Socket, api::id};

use crate::access::{PASSWORD, cookie, secret};

/// "Within a second", and what a busy machine takes to be asked.
const AT_ONCE: Duration = Duration::from_secs(2);

/// Two nodes with these arguments at which everybody has to sign in, and the owner's client of one of them.
pub(super) async fn signed_in(args: &[&str]) -> (Nodes, Api) {
    let strict = |_, options| Options {
        strict: true,
        args: args.iter().map(|arg| (*arg).to_owned()).collect(),
        ..options
    };
    let mut nodes = Nodes::with(Redis::spawn(), 2, strict).await;
    // The link of whoever started last is the one that counts.
    let mut owner = None;
    for server in &mut nodes.servers {
        let set_up = json!({ "secret": server.set_up_secret(), "email": "owner@example.org", "password": PASSWORD, "name": "Ada" });
        let answer = server.api().post("/set-up", set_up).await;
        if answer.status == 201 {
            owner = Some(server.api().browser(&cookie(&answer)));
        }
    }
    (nodes, owner.expect("one of the links counts"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_made_at_one_node_is_known_at_the_other_at_once_and_revoked_there_too() {
    let (nodes, owner) = signed_in(&[]).await;
    for _ in 0..10 {
        let new = json!({ "name": "A program", "access": "write", "scope": "organization" });
        let token = owner.create("/account/tokens", new).await;
        let mut sockets = Vec::new();
        for server in &nodes.servers {
            let program = server.api().bearer(secret(&token));
            program.get("/organization").await.expect(200);
            sockets.push(Socket::bearer(server.address(), secret(&token)).await);
        }
        let begun = Instant::now();
        owner
            .delete(&format!("/account/tokens/{}", id(&token)))
            .await
            .expect(204);
        for socket in &mut sockets {
            assert_eq!(socket.closed().await, 4401);
        }
        assert!(begun.elapsed() < AT_ONCE, "{:?}", begun.elapsed());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_shown_in_the_first_message_is_known_at_every_node() {
    let (nodes, owner) = signed_in(&[]).await;
    for _ in 0..10 {
        let new = json!({ "name": "A program", "access": "read", "scope": "organization" });
        let token = owner.create("/account/tokens", new).await;
        for server in &nodes.servers {
            let mut socket = Socket::connect(server.address()).await;
            socket
                .send(json!({ "type": "authenticate", "token": secret(&token) }))
                .await;
            socket.expect("welcome").await;
        }
    }
}
