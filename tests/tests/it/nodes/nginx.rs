//! The configuration of nginx that the docs show, in front of real nodes.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use serde_json::json;
use shared_types::sync::Transport;
use tests::{Api, LiveClient, Nginx, Server, Writers, place, wait::until, writers};
use tokio::{io::AsyncReadExt, net::TcpListener, task::JoinHandle};

use super::sessions::signed_in;
use crate::access::secret;

const COMING_BACK: Duration = Duration::from_secs(60);

/// As it is shown, with these nodes behind it, and without the certificate that it would need.
fn shown(nodes: [SocketAddr; 2]) -> String {
    let page = std::fs::read_to_string(place::root().join("docs/operations/nodes.md")).unwrap();
    let (_, rest) = page.split_once("```nginx\n").expect("a configuration");
    let mut config = rest.split("```").next().unwrap_or_default().to_owned();
    let [one, other] = nodes.map(|node| node.to_string());
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
    let addresses = [0, 1].map(|n| nodes.servers[n].address());
    let nginx = Nginx::with(&shown(addresses)).await;
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

/// A node that dies of each request, and the methods of those.
struct Dying {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

impl Dying {
    async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::<Mutex<Vec<String>>>::default();
        let seen_here = Arc::clone(&seen);
        let task = tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                let mut head = [0; 4096];
                let count = client.read(&mut head).await.unwrap_or(0);
                let text = String::from_utf8_lossy(&head[..count]).into_owned();
                let method = text.split(' ').next().unwrap_or_default().to_owned();
                seen_here.lock().unwrap().push(method);
            }
        });
        Self {
            address,
            seen,
            task,
        }
    }

    fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }
}

impl Drop for Dying {
    fn drop(&mut self) {
        self.task.abort();
    }
}

#[tokio::test]
async fn nginx_sends_again_what_its_method_allows_and_nothing_else() {
    let server = Server::spawn();
    let dying = Dying::new().await;
    let nginx = Nginx::with(&shown([dying.address, server.address()])).await;
    let api = Api::new(nginx.address());
    let nowhere = "/projects/nowhere";
    for (method, is_sent_again) in [
        ("GET", true),
        ("PUT", true),
        ("DELETE", true),
        ("POST", false),
        ("PATCH", false),
    ] {
        // Of two nodes it takes the other one for a while after each failure.
        let status = until(
            &format!("the dying node to be sent a {method}"),
            async || {
                let before = dying.seen().len();
                let answer = api.request(method, nowhere).await;
                (dying.seen().len() > before).then_some(answer.status)
            },
        )
        .await;
        assert_eq!(status != 502, is_sent_again, "{method}: {status}");
        assert_eq!(dying.seen().last().map(String::as_str), Some(method));
    }
}
