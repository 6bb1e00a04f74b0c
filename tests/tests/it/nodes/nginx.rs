//! The configuration of nginx that the docs show, in front of real nodes.

use std::time::Duration;

use serde_json::json;
use shared_types::sync::Transport;
use tests::{Api, LiveClient, Nginx, Nodes, Writers, place, writers};

use super::sessions::signed_in;
use crate::access::secret;

const COMING_BACK: Duration = Duration::from_secs(60);

/// As it is shown, with these nodes behind it, and without the certificate that it would need.
fn shown(nodes: &Nodes) -> String {
    let page = std::fs::read_to_string(place::root().join("docs/operations/nodes.md")).unwrap();
    let (_, rest) = page.split_once("```nginx\n").expect("a configuration");
    let mut config = rest.split("```").next().unwrap_or_default().to_owned();
    let [one, other] = [0, 1].map(|n| nodes.servers[n].address().to_string());
    for (there, here) in [
        ("10.0.0.1:8080", &*one),
        ("10.0.0.2:8080", &*other),
        ("listen 443 ssl;", "listen 127.0.0.1:PORT;"),
    ] {
        assert_eq!(config.matches(there).count(), 1, "{there}");
        config = config.replace(there, here);
    }
    config
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn behind_nginx_nodes_end_one_after_the_other_and_everybody_goes_on() {
    let (mut nodes, owner) = signed_in(&["--trusted-proxies", "127.0.0.1"]).await;
    owner.project("Web").await;
    let new = json!({ "name": "A program", "access": "write", "scope": "organization" });
    let token = owner.create("/account/tokens", new).await;
    let nginx = Nginx::with(&shown(&nodes)).await;
    let api = Api::new(nginx.address()).bearer(secret(&token));
    let mut clients = Vec::new();
    for transport in Transport::ALL {
        let mut client = LiveClient::bearer(nginx.address(), transport, secret(&token)).await;
        client.follow("project:web").await;
        clients.push(client);
    }
    let writers = Writers::start("behind nginx", 4, std::slice::from_ref(&api));
    for node in [0, 1] {
        writers.write_more(30).await;
        nodes.servers[node].kill();
        writers.write_more(30).await;
        nodes.servers[node].restart();
    }
    let told = writers.stop().await;
    for client in &mut clients {
        let is_settled = |client: &LiveClient| client.health().settled;
        client
            .until_within(COMING_BACK, "the end of all trouble", is_settled)
            .await;
        client.until_equal().await;
    }
    writers::check(&api, &told).await;
}
