//! REST calls.

use serde::de::DeserializeOwned;
use shared_types::{
    error::{ErrorCode, Problem},
    wire::Cursor,
};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Headers, RequestInit, Response};

use crate::{json, letters::capital};

/// Where everything but the page itself lies.
pub const API: &str = "/api/v1";

/// An answer that is no refusal.
pub struct Answer {
    /// The position it is true at, or was written at.
    pub cursor: Option<Cursor>,
    /// As what one was answered, where the answer tells.
    pub role: Option<String>,
    pub body: String,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Failure {
    /// The server was not reached, or not heard.
    Network,
    /// The server refuses.
    Refused(Box<Problem>),
}

impl Failure {
    /// Whether the same may succeed later as it is.
    pub fn is_retryable(&self) -> bool {
        match self {
            Failure::Network => true,
            Failure::Refused(problem) => problem.retryable,
        }
    }

    /// Whether it is because nobody is signed in, or no longer.
    pub fn is_nobody(&self) -> bool {
        self.status() == Some(401)
    }

    /// Whether one's role is not enough, or no longer.
    pub fn is_refused_to_us(&self) -> bool {
        self.status() == Some(403)
    }

    /// The HTTP status of the refusal.
    pub fn status(&self) -> Option<u16> {
        match self {
            Failure::Network => None,
            Failure::Refused(problem) => Some(problem.status),
        }
    }

    /// Whether it is for what a field holds, known by its place in the body.
    pub fn is_about(&self, pointer: &str) -> bool {
        let Failure::Refused(problem) = self else {
            return false;
        };
        problem.errors.iter().any(|error| error.pointer == pointer)
    }

    /// In words, for a person.
    pub fn message(&self) -> String {
        match self {
            Failure::Network => "The server can't be reached.".into(),
            // What is wrong with the fields says more than that something is, and names no places in a body.
            Failure::Refused(problem) if !problem.errors.is_empty() => {
                let messages = problem.errors.iter().map(|error| sentence(&error.message));
                messages.collect::<Vec<_>>().join(" ")
            }
            Failure::Refused(problem) => problem.detail.clone(),
        }
    }
}

/// As a sentence: some messages go on after the name of what they are about.
fn sentence(message: &str) -> String {
    format!("{}.", capital(message.trim_end_matches('.')))
}

/// Makes a request under [`API`]; `path` begins with a slash.
pub async fn request(
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: Option<&str>,
    signal: Option<&AbortSignal>,
) -> Result<Answer, Failure> {
    let response = fetch(method, &format!("{API}{path}"), headers, body, signal).await?;
    let status = response.status();
    let header = |name| response.headers().get(name).ok().flatten();
    let cursor = header("devteam-cursor").and_then(|text| text.parse().ok());
    let role = header("devteam-role");
    let body = text(&response).await?;
    if response.ok() {
        Ok(Answer { cursor, role, body })
    } else {
        Err(refusal(status, &body))
    }
}

/// Reads JSON under [`API`].
pub async fn get<T: DeserializeOwned>(path: &str) -> Result<T, Failure> {
    let answer = request("GET", path, &[], None, None).await?;
    json::read(&answer.body).ok_or(Failure::Network)
}

/// `fetch`, as far as the headers of the response.
pub async fn fetch(
    method: &str,
    url: &str,
    headers: &[(&str, &str)],
    body: Option<&str>,
    signal: Option<&AbortSignal>,
) -> Result<Response, Failure> {
    let sent = || -> Result<js_sys::Promise, JsValue> {
        let init = RequestInit::new();
        init.set_method(method);
        init.set_signal(signal);
        let all = Headers::new()?;
        if let Some(body) = body {
            all.set("content-type", "application/json")?;
            init.set_body(&JsValue::from_str(body));
        }
        headers
            .iter()
            .try_for_each(|(name, value)| all.set(name, value))?;
        init.set_headers(&all);
        Ok(gloo::utils::window()
            .fetch_with_str_and_init(url, &init)
            .unchecked_into())
    };
    let promise = sent().map_err(|_| Failure::Network)?;
    let response = JsFuture::from(promise)
        .await
        .map_err(|_| Failure::Network)?;
    response.dyn_into().map_err(|_| Failure::Network)
}

/// The body of a response.
pub async fn text(response: &Response) -> Result<String, Failure> {
    let promise = response.text().map_err(|_| Failure::Network)?;
    let text = JsFuture::from(promise)
        .await
        .map_err(|_| Failure::Network)?;
    text.as_string().ok_or(Failure::Network)
}

/// What a refusal says; something between us and the server may answer without our kind of problem.
pub fn refusal(status: u16, body: &str) -> Failure {
    let problem = json::read(body).unwrap_or_else(|| Problem {
        kind: String::new(),
        title: format!("HTTP {status}"),
        status,
        detail: format!("The server answered with HTTP {status}."),
        code: ErrorCode::Other,
        retryable: matches!(status, 408 | 429 | 502..=504),
        request_id: String::new(),
        errors: Vec::new(),
        current: None,
    });
    Failure::Refused(Box::new(problem))
}

/// Text as one segment of a path, or one value of a query.
pub fn encode(text: &str) -> String {
    js_sys::encode_uri_component(text).into()
}

#[cfg(test)]
mod tests {
    use shared_types::error::{FieldError, Rejection};

    use super::*;

    #[test]
    fn what_is_wrong_with_fields_is_said_without_their_places() {
        let rejection = Rejection::new(ErrorCode::Validation, "/title: is too long.");
        let mut problem = Problem::new(rejection, "");
        let message = |problem: &Problem| Failure::Refused(Box::new(problem.clone())).message();
        assert_eq!(message(&problem), "/title: is too long.");
        problem.errors = ["must have at most 200 characters", "The key is taken."]
            .map(|message| FieldError {
                pointer: "/title".into(),
                code: "invalid_value".into(),
                message: message.into(),
            })
            .into();
        assert_eq!(
            message(&problem),
            "Must have at most 200 characters. The key is taken."
        );
    }
}
