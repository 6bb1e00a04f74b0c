use futures_util::{Stream, StreamExt, future::BoxFuture, stream::BoxStream};
use reqwest::{Client, Response};
use shared_types::sync::Closed;

use super::line::{Heard, Place};

type Chunks = BoxStream<'static, Result<Vec<u8>, Closed>>;

/// Server-sent events, read as browsers read them.
pub(super) struct Sse {
    client: Client,
    url: String,
    state: State,
    /// What has come and is no whole message yet.
    pending: Vec<u8>,
    last_id: String,
}

enum State {
    /// There is nothing to ask for.
    Idle,
    Asking(BoxFuture<'static, reqwest::Result<Response>>),
    Open(Chunks),
}

impl Sse {
    pub fn new(place: &Place, query: Option<String>) -> Self {
        let client = place.client();
        let url = format!("http://{}/api/v1/sse", place.address);
        let mut line = Self {
            client,
            url,
            state: State::Idle,
            pending: Vec::new(),
            last_id: String::new(),
        };
        line.ask(query);
        line
    }

    pub fn ask(&mut self, query: Option<String>) {
        self.pending.clear();
        self.last_id.clear();
        self.state = match query {
            None => State::Idle,
            Some(query) => State::Asking(Box::pin(
                self.client.get(format!("{}?{query}", self.url)).send(),
            )),
        };
    }

    pub async fn hear(&mut self) -> Heard {
        loop {
            if let Some(end) = self.pending.windows(2).position(|pair| pair == b"\n\n") {
                let block: Vec<u8> = self.pending.drain(..end + 2).collect();
                return self.message(&String::from_utf8_lossy(&block));
            }
            match &mut self.state {
                State::Idle => std::future::pending().await,
                State::Asking(request) => match request.await {
                    Ok(answer) if answer.status() == 200 => {
                        self.state = State::Open(chunks(answer.bytes_stream()))
                    }
                    Ok(answer) => return Heard::End(Closed::Status(answer.status().as_u16())),
                    Err(_) => return Heard::End(Closed::Lost),
                },
                State::Open(chunks) => match chunks.next().await {
                    Some(Ok(chunk)) => self.pending.extend(chunk),
                    Some(Err(why)) => return Heard::End(why),
                    None => return Heard::End(Closed::Lost),
                },
            }
        }
    }

    fn message(&mut self, block: &str) -> Heard {
        let mut data: Option<String> = None;
        for line in block.lines() {
            match line
                .split_once(':')
                .map(|(field, value)| (field, value.strip_prefix(' ').unwrap_or(value)))
            {
                Some(("data", value)) => {
                    data = Some(data.map_or_else(|| value.into(), |data| data + "\n" + value));
                }
                Some(("id", value)) => self.last_id = value.into(),
                _ => {}
            }
        }
        match data {
            None => Heard::Nothing,
            Some(data) => Heard::MessageAt(data, self.last_id.clone()),
        }
    }
}

fn chunks<B: Into<Vec<u8>>>(
    stream: impl Stream<Item = reqwest::Result<B>> + Send + 'static,
) -> Chunks {
    stream
        .map(|chunk| chunk.map(Into::into).map_err(|_| Closed::Lost))
        .boxed()
}
