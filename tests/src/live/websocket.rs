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
    tungstenite::{Error, Message, client::IntoClientRequest, http::header::AUTHORIZATION},
};

use super::line::{Heard, Place};

pub(super) struct WebSocket {
    stream: WebSocketStream<TcpStream>,
    pace: Pace,
    opened: Instant,
}

impl WebSocket {
    pub async fn open(place: &Place) -> Result<Self, Closed> {
        // A network that stalls gives no sign of life.
        let proof = Duration::from_millis(TransportChoice::proof_ms(Transport::WebSocket));
        let opened = timeout(proof, Self::connect(place)).await;
        opened.unwrap_or(Err(Closed::Lost))
    }

    async fn connect(place: &Place) -> Result<Self, Closed> {
        let line = TcpStream::connect(place.address)
            .await
            .map_err(|_| Closed::Lost)?;
        let url = format!("ws://{}/api/v1/ws", place.address);
        let mut request = url.into_client_request().expect("a request");
        let authorization = place.authorization().map(|value| (AUTHORIZATION, value));
        request.headers_mut().extend(authorization);
        match client_async(request, line).await {
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
