use futures_util::future::BoxFuture;
use reqwest::Client;
use shared_types::sync::Closed;

use super::line::{Heard, Place};

/// Long polling: seconds that a request waits for something to happen.
const WAIT: u32 = 5;

pub(super) struct Polling {
    client: Client,
    url: String,
    request: Option<BoxFuture<'static, reqwest::Result<Result<String, u16>>>>,
}

impl Polling {
    pub fn new(place: &Place, query: Option<String>) -> Self {
        let client = place.client();
        let mut line = Self {
            client,
            url: format!("http://{}/api/v1/events", place.address),
            request: None,
        };
        line.ask(query);
        line
    }

    pub fn ask(&mut self, query: Option<String>) {
        self.request = query.map(|query| {
            let request = self
                .client
                .get(format!("{}?{query}&wait={WAIT}", self.url))
                .send();
            let request: BoxFuture<'static, _> = Box::pin(async {
                let answer = request.await?;
                match answer.status().as_u16() {
                    200 => answer.text().await.map(Ok),
                    status => Ok(Err(status)),
                }
            });
            request
        });
    }

    pub async fn hear(&mut self) -> Heard {
        let Some(request) = &mut self.request else {
            return std::future::pending().await;
        };
        let answer = request.await;
        self.request = None;
        match answer {
            Ok(Ok(body)) => Heard::Answer(body),
            Ok(Err(status)) => Heard::End(Closed::Status(status)),
            Err(_) => Heard::End(Closed::Lost),
        }
    }
}
