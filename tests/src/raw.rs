//! HTTP by hand, for what no good client sends.

use std::net::SocketAddr;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{Answer, wait::in_time};

/// Sends these bytes on a connection of their own, and reads what is answered until the server closes.
///
/// # Panics
/// The server can't be reached, does not close in time, or does not speak HTTP.
pub async fn exchange(address: SocketAddr, bytes: &[u8]) -> Answer {
    let mut line = TcpStream::connect(address)
        .await
        .expect("the server listens");
    // It may have heard enough before all is sent.
    drop(line.write_all(bytes).await);
    let mut heard = Vec::new();
    // What it has not read when it closes makes the end an abrupt one, behind the answer.
    drop(in_time("the end of the connection", line.read_to_end(&mut heard)).await);
    Answer::parse(&heard)
}
