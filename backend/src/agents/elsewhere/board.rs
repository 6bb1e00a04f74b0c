//! A server elsewhere, as a worker speaks with it: over REST, again and again where it can't be reached.

use std::time::{Duration, Instant};

use reqwest::{StatusCode, header};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use shared_types::sync::Backoff;

use crate::remote::{ServerUrl, ShownToken};

const CONNECT: Duration = Duration::from_secs(10);
/// Longer than the longest that an answer is held back.
const ANSWER: Duration = Duration::from_secs(60);

/// The server.
pub(super) struct Board {
    http: reqwest::Client,
    url: ServerUrl,
    token: Option<ShownToken>,
}

/// Why it did not do what was asked.
#[derive(Debug)]
pub(super) enum Refusal {
    /// It says why; `code` is the API's name of the reason.
    Problem {
        status: StatusCode,
        code: String,
        detail: String,
    },
    /// Nobody knows whether it was heard.
    Unreachable(String),
}

impl Refusal {
    /// Whether the same may be granted later.
    pub fn is_passing(&self) -> bool {
        match self {
            Refusal::Problem { status, .. } => {
                status.is_server_error() || *status == StatusCode::TOO_MANY_REQUESTS
            }
            Refusal::Unreachable(_) => true,
        }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Refusal::Problem { status, detail, .. } => write!(f, "{status}: {detail}"),
            Refusal::Unreachable(why) => f.write_str(why),
        }
    }
}

impl Board {
    pub fn new(url: ServerUrl, token: Option<ShownToken>) -> Result<Self, reqwest::Error> {
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT)
            .timeout(ANSWER)
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        Ok(Self { http, url, token })
    }

    /// Asks once. Nothing where the server has nothing to say.
    pub async fn ask<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<Option<T>, Refusal> {
        self.send(path, body, None).await
    }

    /// Asks until the server was heard to answer, for so long; it is done once.
    pub async fn insist<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
        patience: Duration,
    ) -> Result<Option<T>, Refusal> {
        let key = uuid::Uuid::new_v4().to_string();
        let begun = Instant::now();
        let mut pause = Backoff::default();
        loop {
            let refusal = match self.send(path, body, Some(&key)).await {
                Ok(answer) => return Ok(answer),
                Err(refusal) => refusal,
            };
            let wait = Duration::from_millis(pause.next_ms(1.0));
            if !refusal.is_passing() || begun.elapsed() + wait > patience {
                return Err(refusal);
            }
            tracing::debug!(%refusal, path, "asking again");
            tokio::time::sleep(wait).await;
        }
    }

    async fn send<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
        key: Option<&str>,
    ) -> Result<Option<T>, Refusal> {
        let mut request = self.http.post(self.url.http(path)).json(body);
        if let Some(token) = &self.token {
            request = request.header(header::AUTHORIZATION, token.bearer());
        }
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let unreachable = |error: reqwest::Error| {
            Refusal::Unreachable(format!(
                "{} can't be reached: {}",
                self.url,
                error.without_url()
            ))
        };
        let answer = request.send().await.map_err(unreachable)?;
        let status = answer.status();
        let bytes = answer.bytes().await.map_err(unreachable)?;
        if status == StatusCode::NO_CONTENT {
            return Ok(None);
        }
        if status.is_success() {
            let read = serde_json::from_slice(&bytes);
            return read.map(Some).map_err(|error| Refusal::Problem {
                status,
                code: "unreadable".into(),
                detail: format!("what it answers to {path} can't be read ({error}): is it a devteam server of this version?"),
            });
        }
        let problem: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        let said = |field: &str| problem[field].as_str().unwrap_or_default().to_owned();
        Err(Refusal::Problem {
            status,
            code: said("code"),
            detail: match said("detail") {
                detail if detail.is_empty() => "is it a devteam server?".into(),
                detail => detail,
            },
        })
    }
}
