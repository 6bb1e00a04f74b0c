use std::net::SocketAddr;

use futures_util::{SinkExt, StreamExt};
use shared_types::{
    sync::{Closed, Pace, Transport, TransportChoice},
    wire::ClientMessage,
};
use tokio::{
    net::TcpStream,
    time::{Duration, Instant, sleep, timeout},
};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Error, Message},
};

use super::line::Heard;

pub(super) struct WebSocket {
    stream: WebSocketStream<TcpStream>,
    pace: Pace,
    opened: Instant,
}

impl WebSocket {
    pub async fn open(address: SocketAddr) -> Result<Self, Closed> {
        // A network that stalls gives no sign of life.
        let proof = Duration::from_millis(TransportChoice::proof_ms(Transport::WebSocket));
        let opened = timeout(proof, Self::connect(address)).await;
        opened.unwrap_or(Err(Closed::Lost))
    }

    async fn connect(address: SocketAddr) -> Result<Self, Closed> {
        let line = TcpStream::connect(address)
            .await
            .map_err(|_| Closed::Lost)?;
        match client_async(format!("ws://{address}/api/v1/ws"), line).await {
            Ok((stream, _)) => Ok(Self {
                stream,
                pace: Pace::default(),
                opened: Instant::now(),
            }),
            Err(Error::Http(answer)) => Err(Closed::Status(answer.status().as_u16())),
            Err(_) => Err(Closed::Lost),
        }
    }

    pub async fn hear(&mut self) -> Heard {
        match self.stream.next().await {
            Some(Ok(Message::Text(text))) => Heard::Message(text.to_string()),
            Some(Ok(Message::Close(frame))) => {
                Heard::End(Closed::Code(frame.map_or(1005, |frame| frame.code.into())))
            }
            Some(Ok(_)) => Heard::Nothing,
            Some(Err(_)) | None => Heard::End(Closed::Lost),
        }
    }

    pub async fn send(&mut self, message: &ClientMessage) -> Result<(), Closed> {
        let delay = self
            .pace
            .delay_ms(self.opened.elapsed().as_secs_f64() * 1000.0);
        sleep(Duration::from_millis(delay)).await;
        let text = serde_json::to_string(message).expect("messages are JSON");
        self.stream
            .send(Message::text(text))
            .await
            .map_err(|_| Closed::Lost)
    }
}
