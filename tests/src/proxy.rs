//! A network that can be broken: a TCP proxy before a server.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::watch,
    task::JoinHandle,
};

/// What the network does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Mode {
    /// It carries everything.
    #[default]
    Pass,
    /// Connections break and new ones fail.
    Cut,
    /// Connections stay and nothing comes through.
    Stall,
    /// Connections on which something was subscribed to in Redis go deaf for good: nothing comes from the server any
    /// more, and all goes to it.
    Deaf,
    /// WebSockets are refused, as some proxies do.
    NoUpgrades,
    /// WebSockets are refused, and what streams is kept back, as other proxies do.
    NoStreams,
}

/// A proxy that listens on a port of its own. It ends when it is dropped.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    mode: Arc<watch::Sender<Mode>>,
    server: watch::Sender<SocketAddr>,
    task: JoinHandle<()>,
}

impl Proxy {
    /// A proxy before a server.
    ///
    /// # Panics
    /// There is no free port.
    pub async fn before(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let mode = Arc::new(watch::Sender::new(Mode::Pass));
        let server = watch::Sender::new(server);
        let task = tokio::spawn(accept(listener, server.subscribe(), mode.subscribe()));
        Self {
            address,
            mode,
            server,
            task,
        }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Changes what it does, for connections that there are too.
    pub fn set(&self, mode: Mode) {
        self.mode.send_replace(mode);
    }

    /// Puts another server behind it, for connections that are yet to come; those there are end.
    pub fn lead_to(&self, server: SocketAddr) {
        self.server.send_replace(server);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn accept(
    listener: TcpListener,
    server: watch::Receiver<SocketAddr>,
    mode: watch::Receiver<Mode>,
) {
    let mut connections = tokio::task::JoinSet::new();
    while let Ok((client, _)) = listener.accept().await {
        if *mode.borrow() != Mode::Cut {
            connections.spawn(carry(client, server.clone(), mode.clone()));
        }
        while connections.try_join_next().is_some() {}
    }
}

async fn carry(
    client: TcpStream,
    mut behind: watch::Receiver<SocketAddr>,
    mut mode: watch::Receiver<Mode>,
) {
    let address = *behind.borrow_and_update();
    let Ok(server) = TcpStream::connect(address).await else {
        return;
    };
    // What is measured through it must not wait for more to send.
    if client.set_nodelay(true).is_err() || server.set_nodelay(true).is_err() {
        return;
    }
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let (kept_back, listens) = (watch::Sender::new(false), AtomicBool::new(false));
    tokio::select! {
        () = requests(from_client, to_server, mode.clone(), &kept_back, &listens) => {}
        () = answers(from_server, to_client, mode.clone(), kept_back.subscribe(), &listens) => {}
        _ = mode.wait_for(|mode| *mode == Mode::Cut) => {}
        _ = behind.changed() => {}
    }
}

async fn requests(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut mode: watch::Receiver<Mode>,
    kept_back: &watch::Sender<bool>,
    listens: &AtomicBool,
) {
    let mut buffer = vec![0; 16 * 1024];
    while let Ok(count @ 1..) = from.read(&mut buffer).await {
        if buffer[..count].windows(9).any(|word| word == b"SUBSCRIBE") {
            listens.store(true, Ordering::Relaxed);
        }
        let now = *mode.borrow();
        if matches!(now, Mode::NoUpgrades | Mode::NoStreams) {
            let head = String::from_utf8_lossy(&buffer[..count]).to_lowercase();
            if head.contains("upgrade: websocket") {
                return;
            }
            kept_back.send_replace(now == Mode::NoStreams && head.contains("/api/v1/sse"));
        }
        if !flowing(&mut mode).await || to.write_all(&buffer[..count]).await.is_err() {
            return;
        }
    }
}

async fn answers(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut mode: watch::Receiver<Mode>,
    mut kept_back: watch::Receiver<bool>,
    listens: &AtomicBool,
) {
    let mut buffer = vec![0; 16 * 1024];
    while let Ok(count @ 1..) = from.read(&mut buffer).await {
        if listens.load(Ordering::Relaxed) && *mode.borrow() == Mode::Deaf {
            std::future::pending::<()>().await;
        }
        let free = kept_back.wait_for(|kept_back| !kept_back).await.is_ok();
        if !free || !flowing(&mut mode).await || to.write_all(&buffer[..count]).await.is_err() {
            return;
        }
    }
}

async fn flowing(mode: &mut watch::Receiver<Mode>) -> bool {
    mode.wait_for(|mode| *mode != Mode::Stall).await.is_ok()
}
