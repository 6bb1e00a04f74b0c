//! One file as it is sent.

use std::collections::HashMap;

use actix_web::web::Bytes;
use sha2::{Digest, Sha256};

use super::INDEX;
use crate::api::encoding::{Accepted, Coding};

/// How long a browser may keep a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Caching {
    /// Its name changes with its content.
    Forever,
    /// It must ask each time.
    Revalidate,
}

pub(super) struct Asset {
    pub media_type: String,
    pub caching: Caching,
    /// Whether it is the app's page, which the security policy is for.
    pub is_page: bool,
    hash: String,
    plain: Bytes,
    brotli: Option<Bytes>,
    gzip: Option<Bytes>,
}

/// The assets of a set of files, in which `a.js.br` and `a.js.gz` are other forms of `a.js`.
pub(super) fn from_files(mut files: HashMap<String, Vec<u8>>) -> HashMap<String, Asset> {
    let is_form = |name: &String| {
        [".br", ".gz"].iter().any(|end| {
            name.strip_suffix(end)
                .is_some_and(|plain| files.contains_key(plain))
        })
    };
    let names: Vec<String> = files
        .keys()
        .filter(|name| !is_form(name))
        .cloned()
        .collect();
    let mut take = |name: &str| files.remove(name).map(Bytes::from);
    let asset = |name: String| {
        let brotli = take(&format!("{name}.br"));
        let gzip = take(&format!("{name}.gz"));
        let asset = Asset::new(&name, take(&name)?, brotli, gzip);
        Some((name, asset))
    };
    names.into_iter().filter_map(asset).collect()
}

impl Asset {
    fn new(name: &str, plain: Bytes, brotli: Option<Bytes>, gzip: Option<Bytes>) -> Self {
        let media_type = mime_guess::from_path(name).first_or_octet_stream();
        let is_text = media_type.type_() == "text" || media_type.subtype() == "javascript";
        Self {
            media_type: if is_text {
                format!("{media_type}; charset=utf-8")
            } else {
                media_type.to_string()
            },
            caching: if is_hashed(name) {
                Caching::Forever
            } else {
                Caching::Revalidate
            },
            is_page: name == INDEX,
            hash: Sha256::digest(&plain)
                .iter()
                .take(8)
                .map(|byte| format!("{byte:02x}"))
                .collect(),
            plain,
            brotli,
            gzip,
        }
    }

    /// The form that the client likes best, and among those the smallest.
    pub(super) fn best(&self, accepted: &Accepted) -> (Coding, &Bytes) {
        let forms = [
            (Coding::Identity, Some(&self.plain)),
            (Coding::Gzip, self.gzip.as_ref()),
            (Coding::Brotli, self.brotli.as_ref()),
        ];
        let acceptable = forms
            .into_iter()
            .filter_map(|(coding, body)| Some((accepted.weight(coding)?, coding, body?)));
        // Of equals the last is taken.
        let best = acceptable.max_by_key(|(weight, ..)| *weight);
        best.map_or((Coding::Identity, &self.plain), |(_, coding, body)| {
            (coding, body)
        })
    }

    /// The entity tag of one form.
    pub(super) fn tag(&self, coding: Coding) -> String {
        match coding {
            Coding::Identity => self.hash.clone(),
            other => format!("{}-{}", self.hash, other.name()),
        }
    }
}

/// Whether a name has a hash of the content in it, as Trunk's have: `app-0123456789abcdef_bg.wasm`.
fn is_hashed(name: &str) -> bool {
    let after_dashes = name.split('-').skip(1);
    after_dashes
        .map(|rest| rest.chars().take_while(char::is_ascii_hexdigit).count())
        .any(|length| length >= 8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_a_hash_is_told_from_one_without() {
        for name in [
            "frontend-0a1b2c3d4e5f6071_bg.wasm",
            "app-0123456789abcdef.css",
            "snippets/gloo-0123456789abcdef/a.js",
        ] {
            assert!(is_hashed(name), "{name}");
        }
        for name in ["index.html", "favicon.svg", "team-board.css", "a-decade.js"] {
            assert!(!is_hashed(name), "{name}");
        }
    }
}
