//! Real models, by way of the crate `genai`, which speaks the providers' protocols. Around it is what it leaves open: which
//! network may be reached, what a refusal means for a run, and that an answer which breaks off is none.

mod answer;
mod error;
mod request;

use futures_util::{
    StreamExt, TryFutureExt, future,
    stream::{self, BoxStream},
};
use genai::{
    Client, Headers, ModelIden, ServiceTarget,
    adapter::AdapterKind,
    resolver::{AuthData, Endpoint},
};

use super::{Delta, LlmClient, LlmError, Prompt};
use crate::agents::provider::{ApiKey, BaseUrl, ProviderKind};
use answer::Hearing;

/// A provider's models.
pub struct GenaiClient {
    client: Client,
    kind: ProviderKind,
    base_url: BaseUrl,
    key: Option<ApiKey>,
}

impl GenaiClient {
    /// The models that are there, asked with this HTTP client.
    pub fn new(
        http: reqwest::Client,
        kind: ProviderKind,
        base_url: BaseUrl,
        key: Option<ApiKey>,
    ) -> Result<Self, genai::Error> {
        Ok(Self {
            client: Client::builder().with_reqwest(http).build()?,
            kind,
            base_url,
            key,
        })
    }

    fn target(&self, model: &str) -> ServiceTarget {
        let base_url = self.base_url.as_str();
        let auth = match (&self.key, self.kind) {
            (Some(key), _) => AuthData::from_single(key.reveal()),
            // A server of one's own that wants no key gets no header about one.
            (None, ProviderKind::Openai) => AuthData::RequestOverride {
                url: format!("{base_url}chat/completions"),
                headers: Headers::default(),
            },
            (None, _) => AuthData::None,
        };
        ServiceTarget {
            endpoint: Endpoint::from_owned(base_url),
            auth,
            model: ModelIden::new(self.adapter(), model.to_owned()),
        }
    }

    fn adapter(&self) -> AdapterKind {
        match self.kind {
            ProviderKind::Openai => AdapterKind::OpenAI,
            ProviderKind::Anthropic => AdapterKind::Anthropic,
            ProviderKind::Gemini => AdapterKind::Gemini,
            ProviderKind::Ollama if self.key.is_some() => AdapterKind::OllamaCloud,
            ProviderKind::Ollama => AdapterKind::Ollama,
        }
    }
}

impl LlmClient for GenaiClient {
    fn stream(&self, prompt: Prompt) -> BoxStream<'static, Result<Delta, LlmError>> {
        let Some(model) = prompt.model.clone() else {
            let why = "no model is named: name one in the member's profile, or in the provider's settings";
            return refuse(LlmError::Refused(why.into()));
        };
        let (target, key) = (self.target(&model), self.key.clone());
        let (client, kind) = (self.client.clone(), self.kind);
        async move {
            let options = request::options(&prompt, kind);
            let begun = client.exec_chat_stream(target, request::chat(prompt), Some(&options));
            match begun.await {
                Ok(begun) => Ok(Hearing::new(begun.stream, kind, key).deltas()),
                Err(error) => Err(error::understand(&error, key.as_ref())),
            }
        }
        .try_flatten_stream()
        .boxed()
    }
}

/// A provider that can't be asked, and why: whoever tries is told.
pub struct Unusable(pub String);

impl LlmClient for Unusable {
    fn stream(&self, _: Prompt) -> BoxStream<'static, Result<Delta, LlmError>> {
        refuse(LlmError::Refused(self.0.clone()))
    }
}

fn refuse(error: LlmError) -> BoxStream<'static, Result<Delta, LlmError>> {
    stream::once(future::ready(Err(error))).boxed()
}
