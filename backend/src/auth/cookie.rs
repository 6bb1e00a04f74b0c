//! The cookie that a browser's session is known by.

use actix_web::http::header::{self, HeaderMap};

use super::Secret;

const NAME: &str = "devteam_session";

/// The header that gives a browser its session. Scripts can't read it, and other sites can't make the browser send it.
pub fn session_cookie(secret: &Secret, seconds: i64, is_https: bool) -> String {
    let secure = if is_https { "; Secure" } else { "" };
    format!(
        "{NAME}={}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}",
        secret.reveal()
    )
}

/// The header that takes it away.
pub fn clear_cookie() -> String {
    format!("{NAME}=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict")
}

/// What a browser shows as its session.
pub fn shown(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(header::COOKIE);
    let mut pairs = cookies
        .filter_map(|cookies| cookies.to_str().ok())
        .flat_map(|cookies| cookies.split(';'));
    pairs.find_map(|pair| pair.trim().strip_prefix(NAME)?.strip_prefix('='))
}
