//! HTTP/1.1 on a connection that is kept alive: one request, one answer.

use std::{net::SocketAddr, time::Duration};

use anyhow::{Context, Result, bail, ensure};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// Longer than any answer that is worth waiting for in a benchmark.
const PATIENCE: Duration = Duration::from_secs(10);

/// A connection and what it read beyond the last answer.
#[derive(Debug)]
pub struct Http {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// The answer to a request.
#[derive(Debug)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as JSON, of an answer that must have succeeded.
    ///
    /// # Errors
    /// Another status than 2xx, or a body that isn't JSON.
    pub fn json(&self) -> Result<serde_json::Value> {
        ensure!((200..300).contains(&self.status), "{self}");
        serde_json::from_slice(&self.body).with_context(|| self.to_string())
    }
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let body = String::from_utf8_lossy(&self.body);
        write!(
            f,
            "status {}: {}",
            self.status,
            body.chars().take(300).collect::<String>()
        )
    }
}

/// The bytes of a request.
pub fn request(method: &str, path: &str, content_type: &str, body: &str) -> Vec<u8> {
    format!(
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

impl Http {
    /// Connects, without Nagle's delay.
    ///
    /// # Errors
    /// The connection is refused.
    pub async fn connect(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address)
            .await
            .with_context(|| format!("connecting to {address}"))?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            buffer: Vec::new(),
        })
    }

    /// Sends a request and waits for the whole answer.
    ///
    /// # Errors
    /// The connection broke, ten seconds passed, or the answer has a form that we can't read.
    pub async fn send(&mut self, request: &[u8]) -> Result<Answer> {
        timeout(PATIENCE, self.exchange(request))
            .await
            .context("no answer in time")?
    }

    async fn exchange(&mut self, request: &[u8]) -> Result<Answer> {
        self.stream.write_all(request).await?;
        let (status, length, head) = self.read_head().await?;
        let end = head + length;
        while self.buffer.len() < end {
            self.read_more().await?;
        }
        let body = self.buffer[head..end].to_vec();
        self.buffer.drain(..end);
        Ok(Answer { status, body })
    }

    /// Upgrades the connection to a WebSocket; gives the stream and what was read beyond the answer.
    ///
    /// # Errors
    /// The server doesn't switch, or doesn't prove that it understood.
    pub async fn upgrade(mut self, path: &str) -> Result<(TcpStream, Vec<u8>)> {
        // The example key of RFC 6455, whose proof is known without computing it.
        const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";
        const PROOF: &[u8] = b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {KEY}\r\n\r\n"
        );
        self.stream.write_all(request.as_bytes()).await?;
        let (status, _, head) = self.read_head().await?;
        ensure!(
            status == 101,
            "the upgrade was answered with status {status}"
        );
        ensure!(
            memchr::memmem::find(&self.buffer[..head], PROOF).is_some(),
            "the upgrade was answered without its proof"
        );
        self.buffer.drain(..head);
        Ok((self.stream, self.buffer))
    }

    /// Status, length of the body, and where it begins.
    async fn read_head(&mut self) -> Result<(u16, usize, usize)> {
        loop {
            if let Some(head) = parse_head(&self.buffer)? {
                return Ok(head);
            }
            self.read_more().await?;
        }
    }

    async fn read_more(&mut self) -> Result<()> {
        self.buffer.reserve(8 * 1024);
        ensure!(
            self.stream.read_buf(&mut self.buffer).await? > 0,
            "the server closed the connection"
        );
        Ok(())
    }
}

fn parse_head(bytes: &[u8]) -> Result<Option<(u16, usize, usize)>> {
    let mut headers = [httparse::EMPTY_HEADER; 48];
    let mut response = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(head) = response.parse(bytes)? else {
        return Ok(None);
    };
    let mut length = 0;
    for header in response.headers.iter() {
        if header.name.eq_ignore_ascii_case("content-length") {
            length = std::str::from_utf8(header.value)?.trim().parse()?;
        } else if header.name.eq_ignore_ascii_case("transfer-encoding") {
            bail!("the answer is chunked, which this client does not read");
        }
    }
    Ok(Some((response.code.unwrap_or_default(), length, head)))
}
