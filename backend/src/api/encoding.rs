//! Which content codings a client takes (RFC 9110, section 12.5.3), and answers in them.

use actix_http::{ResponseHead, encoding::Encoder};
use actix_web::{
    body::{BodySize, MessageBody},
    http::header::{ACCEPT_ENCODING, ContentEncoding, HeaderMap},
};

/// Smaller bodies are not worth the work.
const WORTH_BYTES: u64 = 1024;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Coding {
    Identity,
    Gzip,
    Brotli,
}

impl Coding {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Coding::Identity => "identity",
            Coding::Gzip => "gzip",
            Coding::Brotli => "br",
        }
    }
}

/// What `Accept-Encoding` says: each coding with its weight in thousandths.
#[derive(Debug, Default)]
pub(crate) struct Accepted(Vec<(String, u16)>);

pub(crate) fn accepted(headers: &HeaderMap) -> Accepted {
    let values = headers
        .get_all(ACCEPT_ENCODING)
        .filter_map(|value| value.to_str().ok());
    Accepted(
        values
            .flat_map(|value| value.split(','))
            .filter_map(weighted)
            .collect(),
    )
}

fn weighted(text: &str) -> Option<(String, u16)> {
    let mut parts = text.split(';').map(str::trim);
    let coding = parts
        .next()
        .filter(|coding| !coding.is_empty())?
        .to_ascii_lowercase();
    let weight =
        match parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q="))) {
            None => 1000,
            Some(q) => q
                .parse::<f32>()
                .ok()
                .filter(|q| (0.0..=1.0).contains(q))
                .map(|q| (q * 1000.0).round() as u16)?,
        };
    Some((coding, weight))
}

impl Accepted {
    /// Compresses a body where the client takes it and it pays: one that is there as a whole and is no small one. What
    /// streams is left alone, as a compressor holds back what it has not got enough of.
    pub(crate) fn encode<B: MessageBody>(&self, head: &mut ResponseHead, body: B) -> Encoder<B> {
        let pays = matches!(body.size(), BodySize::Sized(bytes) if bytes >= WORTH_BYTES);
        Encoder::response(
            if pays {
                self.best()
            } else {
                ContentEncoding::Identity
            },
            head,
            body,
        )
    }

    /// What it likes best of what can be made.
    fn best(&self) -> ContentEncoding {
        let made = [
            (Coding::Identity, ContentEncoding::Identity),
            (Coding::Gzip, ContentEncoding::Gzip),
            (Coding::Brotli, ContentEncoding::Brotli),
        ];
        let accepted = made
            .into_iter()
            .filter_map(|(coding, made)| Some((self.weight(coding)?, made)));
        // Of equals the last is taken.
        accepted
            .max_by_key(|(weight, _)| *weight)
            .map_or(ContentEncoding::Identity, |(_, made)| made)
    }

    /// How much the client likes it; none where it refuses it.
    pub(crate) fn weight(&self, coding: Coding) -> Option<u16> {
        let of = |name: &str| {
            self.0
                .iter()
                .find(|(known, _)| known == name)
                .map(|(_, weight)| *weight)
        };
        let weight = of(coding.name()).or_else(|| of("*"));
        match (coding, weight) {
            (_, Some(0)) => None,
            (_, Some(weight)) => Some(weight),
            // What is not named can be sent as it is, but is liked least.
            (Coding::Identity, None) => Some(0),
            (_, None) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    fn weights(value: &'static str) -> [Option<u16>; 3] {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(value));
        let accepted = accepted(&headers);
        [Coding::Identity, Coding::Gzip, Coding::Brotli].map(|coding| accepted.weight(coding))
    }

    #[test]
    fn weights_are_those_of_the_header() {
        assert_eq!(
            weights("gzip, deflate, br"),
            [Some(0), Some(1000), Some(1000)]
        );
        assert_eq!(weights("br;q=0, gzip;q=0.5"), [Some(0), Some(500), None]);
        assert_eq!(weights("*"), [Some(1000), Some(1000), Some(1000)]);
        assert_eq!(
            weights("identity;q=0, *;q=0.1"),
            [None, Some(100), Some(100)]
        );
        assert_eq!(weights("GZIP ; Q=1"), [Some(0), Some(1000), None]);
        assert_eq!(weights("br;q=nonsense"), [Some(0), None, None]);
        assert_eq!(weights(""), [Some(0), None, None]);
    }
}
