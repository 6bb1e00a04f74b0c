//! Whose page a request comes from.

use std::{str::FromStr, sync::Arc};

use actix_web::http::header::{self, HeaderMap};

/// Where a request comes from, by what a browser says. Programs that are no browsers say nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// It is not said.
    Unsaid,
    /// A page of this server.
    Own,
    /// A page of a site that is allowed to ask.
    Allowed,
    /// A page of any other site.
    Foreign,
}

/// Other sites whose pages may ask.
#[derive(Debug, Clone, Default)]
pub struct Origins(Arc<[AllowedOrigin]>);

/// One such site, as a browser names it: scheme, host and port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowedOrigin(String);

impl AllowedOrigin {
    /// As a browser says it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for AllowedOrigin {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let host = text
            .strip_prefix("https://")
            .or_else(|| text.strip_prefix("http://"));
        let is_plain = |host: &str| {
            !host.is_empty() && !host.contains(['/', '*', '?', '#', '@', ',']) && host.is_ascii()
        };
        if host.is_some_and(is_plain) {
            Ok(Self(text.to_ascii_lowercase()))
        } else {
            Err("must be an origin, such as https://dashboard.example.org")
        }
    }
}

impl Origins {
    /// Exactly these.
    pub fn new(allowed: impl IntoIterator<Item = AllowedOrigin>) -> Self {
        Self(allowed.into_iter().collect())
    }

    /// Each of them, as a browser says it.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(AllowedOrigin::as_str)
    }

    /// Where a request with these headers comes from.
    pub fn of(&self, headers: &HeaderMap) -> Origin {
        let Some(said) = headers.get(header::ORIGIN) else {
            // An older browser says it in another place, a newer one in both.
            let site = headers
                .get("sec-fetch-site")
                .and_then(|site| site.to_str().ok());
            return match site {
                Some("same-origin") => Origin::Own,
                Some("cross-site" | "same-site") => Origin::Foreign,
                _ => Origin::Unsaid,
            };
        };
        let said = said.to_str().unwrap_or_default();
        let host = headers
            .get(header::HOST)
            .and_then(|host| host.to_str().ok());
        let own = said.split_once("://").map(|(_, host)| host);
        if host
            .zip(own)
            .is_some_and(|(host, own)| host.eq_ignore_ascii_case(own))
        {
            Origin::Own
        } else if self
            .iter()
            .any(|allowed| allowed.eq_ignore_ascii_case(said))
        {
            Origin::Allowed
        } else {
            Origin::Foreign
        }
    }
}
