use std::time::SystemTime;

use actix_web::http::header::HttpDate;
use genai::Error;
use reqwest::{
    StatusCode,
    header::{HeaderMap, RETRY_AFTER},
};
use serde_json::Value;

use super::super::LlmError;
use crate::agents::provider::ApiKey;

/// Characters of what a provider says that are told on.
const MOST_CHARACTERS: usize = 300;

/// What went wrong, in words that can be shown and logged: the key is not in them, whatever the provider says.
pub(super) fn understand(error: &Error, key: Option<&ApiKey>) -> LlmError {
    let clean = |text: &str| clean(text, key);
    match error {
        Error::HttpError {
            status,
            body,
            headers,
            ..
        } => refused(*status, headers, &clean(&message(body)), body),
        Error::WebStream { error, .. } => {
            if let Some(error) = error.downcast_ref::<Error>() {
                return understand(error, key);
            }
            match error.downcast_ref::<reqwest::Error>() {
                Some(error) => connection(error, &clean),
                None => LlmError::Broken("what came can't be read".into()),
            }
        }
        // Said in the middle of an answer that had begun well.
        Error::ChatResponse { body, .. } => in_stream(&clean(&message_in(body)), body),
        Error::StreamParse { .. } | Error::JsonValueExt(_) | Error::SerdeJson(_) => {
            LlmError::Broken("what came is not what this kind of provider sends".into())
        }
        Error::Resolver { .. } | Error::RequiresApiKey { .. } | Error::NoAuthData { .. } => {
            LlmError::Unauthorized("it has no key: set one".into())
        }
        // The others are about a request that was not sent, and may have it in them at length.
        _ => LlmError::Refused("the request can't be made".into()),
    }
}

fn refused(status: StatusCode, headers: &HeaderMap, said: &str, body: &str) -> LlmError {
    let detail = match said {
        "" => format!("it answers {status}"),
        said => format!("it answers {status}: {said}"),
    };
    match status.as_u16() {
        401 | 403 => LlmError::Unauthorized(detail),
        429 => LlmError::RateLimited {
            detail,
            retry_after: retry_after(headers),
        },
        413 => LlmError::TooLong(detail),
        408 | 500.. => LlmError::Unavailable {
            detail,
            retry_after: retry_after(headers),
        },
        300..=399 => LlmError::Refused(format!(
            "it answers {status} and sends on to another address: name that one"
        )),
        _ if is_about_length(body) => LlmError::TooLong(detail),
        _ => LlmError::Refused(detail),
    }
}

fn in_stream(said: &str, body: &Value) -> LlmError {
    let whole = body.to_string();
    let has = |word: &str| whole.contains(word);
    if is_about_length(&whole) {
        LlmError::TooLong(said.into())
    } else if has("authentication_error") || has("permission_error") {
        LlmError::Unauthorized(said.into())
    } else if has("rate_limit") {
        LlmError::RateLimited {
            detail: said.into(),
            retry_after: None,
        }
    } else {
        LlmError::Broken(said.into())
    }
}

/// The words of the providers for a prompt that is too long. They have no status of its own for it.
fn is_about_length(body: &str) -> bool {
    const WORDS: [&str; 6] = [
        "context_length",
        "context length",
        "context window",
        "prompt is too long",
        "too many tokens",
        "maximum number of tokens",
    ];
    let body = body.to_ascii_lowercase();
    WORDS.iter().any(|word| body.contains(word))
}

/// Seconds, or a date (RFC 9110, 10.2.3).
fn retry_after(headers: &HeaderMap) -> Option<u64> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(seconds);
    }
    let until: SystemTime = text.parse::<HttpDate>().ok()?.into();
    let wait = until.duration_since(SystemTime::now()).unwrap_or_default();
    Some(wait.as_secs().saturating_add(1))
}

fn connection(error: &reqwest::Error, clean: &impl Fn(&str) -> String) -> LlmError {
    // The innermost cause says what it is; those around it repeat the address.
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    let detail = clean(&cause.to_string());
    match error.is_body() || error.is_decode() {
        true => LlmError::Broken(detail),
        false => LlmError::Unavailable {
            detail,
            retry_after: None,
        },
    }
}

fn message(body: &str) -> String {
    match serde_json::from_str::<Value>(body) {
        Ok(value) => message_in(&value),
        Err(_) => body.to_owned(),
    }
}

/// The part of an error that is for people, wherever the provider puts it.
fn message_in(body: &Value) -> String {
    let places = [
        "/error/message",
        "/message",
        "/error",
        "/detail",
        "/0/error/message",
    ];
    let found = places
        .iter()
        .find_map(|place| body.pointer(place)?.as_str());
    found.unwrap_or_default().to_owned()
}

/// One line of text that does not have the key in it.
fn clean(text: &str, key: Option<&ApiKey>) -> String {
    let text = match key {
        Some(key) => text.replace(key.reveal(), "[the key]"),
        None => text.to_owned(),
    };
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MOST_CHARACTERS) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "sk-a-key-that-nobody-may-see";

    fn http(status: u16, body: &str, retry: Option<&str>) -> LlmError {
        let mut headers = HeaderMap::new();
        if let Some(retry) = retry {
            headers.insert(RETRY_AFTER, retry.parse().expect("a header"));
        }
        let status = StatusCode::from_u16(status).expect("a status");
        let error = Error::HttpError {
            status,
            canonical_reason: String::new(),
            body: body.into(),
            headers: Box::new(headers),
        };
        let key: ApiKey = KEY.parse().expect("a key");
        understand(&error, Some(&key))
    }

    #[test]
    fn a_status_says_what_a_run_fails_of() {
        let unauthorized = http(401, r#"{"error":{"message":"No such key"}}"#, None);
        assert_eq!(
            unauthorized,
            LlmError::Unauthorized("it answers 401 Unauthorized: No such key".into())
        );
        assert!(matches!(http(403, "", None), LlmError::Unauthorized(_)));
        assert!(matches!(
            http(529, "overloaded", None),
            LlmError::Unavailable { .. }
        ));
        assert!(matches!(http(404, "{}", None), LlmError::Refused(_)));
        assert!(matches!(http(302, "", None), LlmError::Refused(_)));
        let long =
            r#"{"error":{"code":"context_length_exceeded","message":"This model's maximum"}}"#;
        assert!(matches!(http(400, long, None), LlmError::TooLong(_)));
    }

    #[test]
    fn a_wish_to_be_left_alone_is_seconds_or_a_date() {
        let wait = |text| match http(429, "", Some(text)) {
            LlmError::RateLimited { retry_after, .. } => retry_after,
            other => panic!("{other:?}"),
        };
        assert_eq!(wait("7"), Some(7));
        assert_eq!(wait("Thu, 01 Jan 1970 00:00:00 GMT"), Some(1));
        assert_eq!(wait("soon"), None);
    }

    #[test]
    fn a_key_that_the_provider_repeats_is_not_told_on() {
        let body = format!(
            r#"{{"error":{{"message":"What is {KEY}?\n{}"}}}}"#,
            "x".repeat(1_000)
        );
        let said = http(401, &body, None).to_string();
        assert!(said.contains("What is [the key]? xxx"), "{said}");
        assert!(!said.contains(KEY) && said.len() < 500, "{said}");
        let said = http(500, &format!("plain {KEY}"), None).to_string();
        assert!(!said.contains(KEY), "{said}");
    }
}
