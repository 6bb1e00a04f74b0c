//! A WebSocket by hand, for what no good client does.

use std::net::SocketAddr;

use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::{
    net::TcpStream,
    time::{Instant, timeout, timeout_at},
};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{
        Message,
        client::IntoClientRequest,
        http::{HeaderValue, Response},
        protocol::frame::{
            Frame,
            coding::{Data, OpCode},
        },
    },
};

use crate::wait::PATIENCE;

/// One connection to `/api/v1/ws`.
pub struct Socket {
    stream: WebSocketStream<TcpStream>,
}

impl Socket {
    /// Connected and welcomed.
    pub async fn welcomed(address: SocketAddr) -> Self {
        let mut socket = Self::connect(address).await;
        socket.expect("welcome").await;
        socket
    }

    /// Connected, with nothing read.
    ///
    /// # Panics
    /// The server does not take it.
    pub async fn connect(address: SocketAddr) -> Self {
        Self::with_header(address, None).await.0
    }

    /// Connected with one more header, and how the server answered.
    ///
    /// # Panics
    /// The server does not take it.
    pub async fn with_header(
        address: SocketAddr,
        header: Option<(&'static str, &str)>,
    ) -> (Self, Response<Option<Vec<u8>>>) {
        Self::with_headers(address, header.as_slice()).await
    }

    /// Connected as a program with this token, and welcomed.
    pub async fn bearer(address: SocketAddr, token: &str) -> Self {
        let header = ("authorization", &*format!("Bearer {token}"));
        let mut socket = Self::with_header(address, Some(header)).await.0;
        socket.expect("welcome").await;
        socket
    }

    /// Connected with more headers, and how the server answered.
    ///
    /// # Panics
    /// The server does not take it.
    pub async fn with_headers(
        address: SocketAddr,
        headers: &[(&'static str, &str)],
    ) -> (Self, Response<Option<Vec<u8>>>) {
        let mut request = format!("ws://{address}/api/v1/ws")
            .into_client_request()
            .expect("an address");
        for (name, value) in headers {
            request.headers_mut().insert(
                *name,
                HeaderValue::from_str(value).expect("a header's value"),
            );
        }
        let line = TcpStream::connect(address)
            .await
            .expect("the server listens");
        let (stream, response) = client_async(request, line)
            .await
            .expect("the server speaks WebSocket");
        (Self { stream }, response)
    }

    /// Sends a message.
    ///
    /// # Panics
    /// The connection is closed.
    pub async fn send(&mut self, message: Value) {
        self.send_text(&message.to_string()).await;
    }

    /// Sends a text frame.
    ///
    /// # Panics
    /// The connection is closed.
    pub async fn send_text(&mut self, text: &str) {
        self.stream
            .send(Message::text(text))
            .await
            .expect("the connection is open");
    }

    /// Sends what may find the connection closed; false if it does.
    pub async fn try_send(&mut self, text: &str) -> bool {
        self.stream.send(Message::text(text)).await.is_ok()
    }

    /// Sends a binary frame.
    ///
    /// # Panics
    /// The connection is closed.
    pub async fn send_binary(&mut self, bytes: &[u8]) {
        self.stream
            .send(Message::binary(bytes.to_vec()))
            .await
            .expect("the connection is open");
    }

    /// Sends a text in as many frames as there are parts.
    ///
    /// # Panics
    /// The connection is closed.
    pub async fn send_fragments(&mut self, parts: &[&str]) {
        for (n, part) in parts.iter().enumerate() {
            let data = if n == 0 { Data::Text } else { Data::Continue };
            let frame = Frame::message(
                part.as_bytes().to_vec(),
                OpCode::Data(data),
                n + 1 == parts.len(),
            );
            self.stream
                .send(Message::Frame(frame))
                .await
                .expect("the connection is open");
        }
    }

    /// The next message, whatever it is; none when the connection is closed.
    ///
    /// # Panics
    /// Nothing comes in time, or no JSON.
    pub async fn next(&mut self) -> Option<Value> {
        loop {
            let next = timeout(PATIENCE, self.stream.next())
                .await
                .expect("a message in time");
            match next {
                Some(Ok(Message::Text(text))) => {
                    return Some(serde_json::from_str(&text).expect("messages are JSON"));
                }
                Some(Ok(Message::Binary(_))) => panic!("the server does not send binary frames"),
                Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                Some(Ok(_)) => {}
            }
        }
    }

    /// The next message of this type; others are passed over.
    ///
    /// # Panics
    /// It does not come.
    pub async fn expect(&mut self, kind: &str) -> Value {
        while let Some(message) = self.next().await {
            if message["type"] == kind {
                return message;
            }
        }
        panic!("the connection was closed before {kind}");
    }

    /// The next message of this type, if it comes within so many milliseconds.
    pub async fn within(&mut self, millis: u64, kind: &str) -> Option<Value> {
        let next = async {
            while let Some(message) = self.next().await {
                if message["type"] == kind {
                    return Some(message);
                }
            }
            None
        };
        timeout(std::time::Duration::from_millis(millis), next)
            .await
            .ok()
            .flatten()
    }

    /// The answer to a request with this id, whatever its type.
    ///
    /// # Panics
    /// It does not come.
    pub async fn ask(&mut self, request: Value) -> Value {
        let id = request["id"].clone();
        self.send(request).await;
        while let Some(message) = self.next().await {
            if message["id"] == id {
                return message;
            }
        }
        panic!("the connection was closed before an answer to {id}");
    }

    /// The code with which the server closes; 1006 if it just goes.
    ///
    /// # Panics
    /// It does not close in time.
    pub async fn closed(&mut self) -> u16 {
        // What still comes does not make the wait longer.
        let deadline = Instant::now() + PATIENCE;
        loop {
            match timeout_at(deadline, self.stream.next())
                .await
                .expect("the end in time")
            {
                Some(Ok(Message::Close(frame))) => {
                    return frame.map_or(1005, |frame| frame.code.into());
                }
                Some(Err(_)) | None => return 1006,
                Some(Ok(_)) => {}
            }
        }
    }
}
