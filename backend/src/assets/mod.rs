//! The browser app: its files in memory, loaded once at start, with what the browser needs to know about each.

mod asset;
mod policy;
mod source;

use std::{collections::HashMap, io, path::Path};

use actix_web::{
    HttpRequest, HttpResponse,
    http::{Method, StatusCode, header},
    web,
};
use shared_types::ErrorCode;

use crate::api::{
    ApiError, Condition,
    encoding::{self, Coding},
};
use asset::{Asset, Caching};

const INDEX: &str = "index.html";
/// What is not the app's, so that a wrong address there does not look like a page.
const OTHERS: [&str; 3] = ["/api", "/health", "/metrics"];

/// Files by their paths in the folder of the built app.
pub type Files = HashMap<String, Vec<u8>>;

/// The app's files by path.
pub struct Assets {
    files: HashMap<String, Asset>,
    /// The Content-Security-Policy of its page.
    policy: String,
}

impl Assets {
    /// The files of a directory.
    pub fn load(directory: &Path) -> io::Result<Self> {
        source::directory(directory).map(Self::new)
    }

    /// Of these files; there may be none.
    pub fn new(files: Files) -> Self {
        let page = files
            .get(INDEX)
            .map(|bytes| String::from_utf8_lossy(bytes).into_owned())
            .unwrap_or_default();
        Self {
            policy: policy::for_page(&page),
            files: asset::from_files(files),
        }
    }

    /// Whether there is an app to serve.
    pub fn has_app(&self) -> bool {
        self.files.contains_key(INDEX)
    }

    fn find(&self, path: &str) -> Option<&Asset> {
        let name = path.trim_start_matches('/');
        self.files
            .get(name)
            .or_else(|| self.files.get(INDEX).filter(|_| is_page(name)))
    }
}

/// A page of the app has no extension; which pages there are, the app itself knows.
fn is_page(path: &str) -> bool {
    !path
        .rsplit('/')
        .next()
        .is_some_and(|last| last.contains('.'))
}

/// Answers whatever nothing else answers. It wants [`Assets`] in the application's data.
pub fn configure(config: &mut web::ServiceConfig) {
    config.default_service(web::to(serve));
}

async fn serve(request: HttpRequest, assets: web::Data<Assets>) -> Result<HttpResponse, ApiError> {
    let path = request.path();
    let is_other = OTHERS.iter().any(|other| {
        path.strip_prefix(other)
            .is_some_and(|r| r.is_empty() || r.starts_with('/'))
    });
    let not_found = || ApiError::new(ErrorCode::NotFound, format!("There is nothing at {path}."));
    if is_other {
        return Err(not_found());
    }
    if request.method() != Method::GET && request.method() != Method::HEAD {
        return Err(ApiError::method_not_allowed(
            request.method().as_str(),
            "GET, HEAD".into(),
        ));
    }
    match assets.find(path) {
        Some(asset) => send(&request, &assets, asset),
        None if !assets.has_app() && is_page(path) => Ok(not_built()),
        None => Err(not_found()),
    }
}

fn send(request: &HttpRequest, assets: &Assets, asset: &Asset) -> Result<HttpResponse, ApiError> {
    let accepted = encoding::accepted(request.headers());
    let (coding, body) = asset.best(&accepted);
    let tag = asset.tag(coding);
    let is_known = Condition::if_none_match(request.headers())?.names(&tag);

    let mut response = HttpResponse::build(if is_known {
        StatusCode::NOT_MODIFIED
    } else {
        StatusCode::OK
    });
    response.insert_header((header::ETAG, format!("\"{tag}\"")));
    response.insert_header((header::VARY, "Accept-Encoding"));
    response.insert_header((
        header::CACHE_CONTROL,
        match asset.caching {
            Caching::Forever => "public, max-age=31536000, immutable",
            Caching::Revalidate => "no-cache",
        },
    ));
    response.insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"));
    response.insert_header((header::REFERRER_POLICY, "same-origin"));
    if asset.is_page {
        response.insert_header((header::CONTENT_SECURITY_POLICY, assets.policy.as_str()));
        response.insert_header(("cross-origin-opener-policy", "same-origin"));
    }
    if is_known {
        return Ok(response.finish());
    }
    if coding != Coding::Identity {
        response.insert_header((header::CONTENT_ENCODING, coding.name()));
    }
    Ok(response
        .insert_header((header::CONTENT_TYPE, asset.media_type.as_str()))
        .body(body.clone()))
}

fn not_built() -> HttpResponse {
    HttpResponse::build(StatusCode::SERVICE_UNAVAILABLE)
        .insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
        ))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(include_str!("not_built.html"))
}

#[cfg(test)]
mod tests;
