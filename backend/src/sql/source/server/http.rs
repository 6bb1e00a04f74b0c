use std::{sync::Arc, time::Duration};

use serde::{Deserialize, de::DeserializeOwned};
use shared_types::{
    Organization, model::OrganizationProfile, state::SavedOrganization, wire::Cursor,
};
use ureq::Agent;

use super::SourceError;
use crate::remote::{ServerUrl, ShownToken};

const CONNECT: Duration = Duration::from_secs(10);
/// A whole model may be hundreds of megabytes.
const ANSWER: Duration = Duration::from_secs(600);
const MOST_BYTES: u64 = 4 << 30;

/// What is asked of the server besides its events.
pub(super) struct Http {
    asking: Arc<Asking>,
}

struct Asking {
    agent: Agent,
    url: ServerUrl,
    bearer: String,
}

/// What `GET /model` answers.
#[derive(Deserialize)]
struct Whole {
    cursor: Cursor,
    model: SavedOrganization,
}

impl Http {
    pub fn new(url: &ServerUrl, token: &ShownToken) -> Self {
        let config = Agent::config_builder()
            .timeout_connect(Some(CONNECT))
            .timeout_global(Some(ANSWER))
            .http_status_as_error(false)
            .build();
        Self {
            asking: Arc::new(Asking {
                agent: config.into(),
                url: url.clone(),
                bearer: token.bearer(),
            }),
        }
    }

    /// The organization of the token.
    pub async fn organization(&self) -> Result<OrganizationProfile, SourceError> {
        self.get("/organization", |profile| profile).await
    }

    /// The whole model at a position.
    pub async fn whole(&self) -> Result<(Cursor, Organization), SourceError> {
        self.get("/model", |whole: Whole| {
            (whole.cursor, Organization::load(whole.model))
        })
        .await
    }

    /// On a thread where it may block.
    async fn get<T, R>(
        &self,
        path: &'static str,
        make: impl FnOnce(T) -> R + Send + 'static,
    ) -> Result<R, SourceError>
    where
        T: DeserializeOwned,
        R: Send + 'static,
    {
        let asking = Arc::clone(&self.asking);
        let asked = tokio::task::spawn_blocking(move || asking.get(path).map(make)).await;
        asked.unwrap_or_else(|_| {
            Err(SourceError::Refused(
                "the server's answer makes no sense".into(),
            ))
        })
    }
}

impl Asking {
    fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, SourceError> {
        let lost = |error: ureq::Error| {
            SourceError::Lost(format!("{} can't be reached: {error}", self.url))
        };
        let request = self.agent.get(self.url.http(path));
        let answer = request.header("Authorization", &self.bearer).call();
        let mut answer = answer.map_err(lost)?;
        let status = answer.status().as_u16();
        let refuse = |why: &str| Err(SourceError::Refused(format!("{} {why}", self.url)));
        match status {
            200 => {}
            401 => {
                return refuse(
                    "refuses the token: it was revoked, has run out, or is none of this server's. Make another one",
                );
            }
            403 | 404 => {
                return refuse(
                    "does not show the whole organization to this token: make one whose scope is organization",
                );
            }
            429 | 500.. => {
                return Err(SourceError::Lost(format!("{} answers {status}", self.url)));
            }
            _ => {
                return refuse(&format!(
                    "answers {status} to {path}: is it a devteam server?"
                ));
            }
        }
        let body = answer
            .body_mut()
            .with_config()
            .limit(MOST_BYTES)
            .read_to_vec();
        serde_json::from_slice(&body.map_err(lost)?).map_err(|error| {
            SourceError::Refused(format!(
                "{} answers what this version can't read ({error}): is it a devteam server of this version?",
                self.url
            ))
        })
    }
}
