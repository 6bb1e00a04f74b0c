//! Problems for what can't be parsed as HTTP. There is no request then: the HTTP implementation answers a bare status.

mod stream;

use actix_web::http::{StatusCode, header::HeaderMap};
use bytes::Bytes;
use shared_types::{
    ErrorCode,
    error::{Problem, Rejection},
};

pub use stream::HttpStream;

use super::{boundary::SAFETY, request_id::RequestId};

/// The only headers of such an answer. Whatever comes from a route has more of them.
const BARE: [&[u8]; 3] = [b"content-length", b"connection", b"date"];

/// The answer to send in place of these bytes, if they are one without a body that no route has given.
fn problem_for(bytes: &[u8]) -> Option<Bytes> {
    let status = bare_status(bytes)?;
    let (code, detail) = match status {
        StatusCode::REQUEST_TIMEOUT => (
            ErrorCode::RequestTimeout,
            "The address and headers did not come within 5 seconds: send them in one go.",
        ),
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => (
            ErrorCode::HeadTooLarge,
            "The address and headers are larger than 128 KiB, or more than 96 headers: send less.",
        ),
        _ => (
            ErrorCode::Malformed,
            "This is not HTTP/1.1 that can be read: look at the request line, the headers and the length.",
        ),
    };
    let id = RequestId::of(&HeaderMap::new()).0;
    tracing::debug!(request_id = %id, %status, "what came is no HTTP request");
    let problem = Problem::new(Rejection::new(code, detail), &*id);
    let body = serde_json::to_string(&problem).ok()?;
    let safety: String = SAFETY
        .iter()
        .map(|(name, value)| format!("{name}: {value}\r\n"))
        .collect();
    let retry = if code.is_retryable() {
        "retry-after: 1\r\n"
    } else {
        ""
    };
    let answer = format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/problem+json\r\ncontent-length: {}\r\nconnection: close\r\n\
         cache-control: no-store\r\nx-request-id: {id}\r\n{retry}{safety}\r\n{body}",
        body.len(),
    );
    Some(answer.into())
}

/// The status, if these bytes are nothing but the head of a refusal, with no headers but those that any answer has.
fn bare_status(bytes: &[u8]) -> Option<StatusCode> {
    // Looked at for whatever is sent, so what is no refusal must be found out at once.
    let head = bytes.strip_prefix(b"HTTP/1.1 4")?;
    let head = head.strip_suffix(b"\r\n\r\n")?;
    let mut lines = head.split(|byte| *byte == b'\n');
    let [tens, ones, ..] = *lines.next()? else {
        return None;
    };
    let is_bare = |line: &[u8]| {
        let name = line.split(|byte| *byte == b':').next().unwrap_or_default();
        BARE.iter().any(|known| name.eq_ignore_ascii_case(known))
    };
    let is_refusal = lines.all(is_bare);
    is_refusal.then(|| StatusCode::from_bytes(&[b'4', tens, ones]).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_refusal_that_no_route_has_given_becomes_a_problem() {
        let bare = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\
                     date: Mon, 23 Nov 2026 14:00:00 GMT\r\n\r\n";
        let answer = problem_for(bare).expect("a problem");
        let text = String::from_utf8(answer.to_vec()).expect("text");
        let (head, body) = text.split_once("\r\n\r\n").expect("a head and a body");
        assert!(head.starts_with("HTTP/1.1 431 Request Header Fields Too Large\r\n"));
        assert!(head.contains(&format!("content-length: {}\r\n", body.len())));
        let problem: Problem = serde_json::from_str(body).expect("a problem");
        assert_eq!(problem.code, ErrorCode::HeadTooLarge);
        for other in [
            "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nx-request-id: 1\r\n\r\n",
            "HTTP/1.1 400 Bad Request\r\ncontent-length: 2\r\n\r\n{}",
            "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
            "HTTP/1.1 4\r\n\r\n",
            "{\"body\":\"HTTP/1.1 400\"}",
            "",
        ] {
            assert_eq!(problem_for(other.as_bytes()), None, "{other}");
        }
    }
}
