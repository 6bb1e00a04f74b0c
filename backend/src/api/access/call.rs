//! What every request about accounts has in common.

use std::{net::IpAddr, pin::Pin};

use actix_web::{
    Error, FromRequest, HttpMessage, HttpRequest, HttpResponse, HttpResponseBuilder,
    dev::Payload,
    http::header::{self, CACHE_CONTROL},
    web::Data,
};
use serde::{Serialize, de::DeserializeOwned};
use shared_types::{
    Directory,
    directory::{DirectoryCommand, Holder},
    value::Timestamp,
};
use std::sync::Arc;

use crate::{
    api::{
        ApiError, RequestId,
        body::Body,
        guard::nobody,
        write::{IDEMPOTENCY_KEY, Reply},
    },
    auth::{Asking, Auth, Principal, client_address},
    engine::{Answer, Model},
};

/// A request about accounts. Who sends it may be nobody yet.
pub struct Call {
    pub auth: Data<Auth>,
    principal: Option<Principal>,
    cause: RequestId,
    /// The client's address.
    pub from: Option<IpAddr>,
    /// What the client says that it is.
    pub user_agent: Option<String>,
    /// Whether the page that sends it came over HTTPS, by what the browser says.
    pub is_https: bool,
    body: Body,
}

impl FromRequest for Call {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = Body::read(request, payload);
        let principal = request.extensions().get::<Principal>().cloned();
        let request = request.clone();
        Box::pin(async move {
            let auth = Data::<Auth>::extract(&request).await?;
            if request.headers().contains_key(IDEMPOTENCY_KEY) {
                // The answer would have to be kept, with the secret in it.
                let message = "is not taken here: leave it out";
                return Err(ApiError::parameter("Idempotency-Key", message).into());
            }
            let text = |name| {
                request
                    .headers()
                    .get(name)
                    .and_then(|text| text.to_str().ok())
            };
            Ok(Self {
                principal,
                cause: RequestId::get(&request),
                from: client_address(request.head(), &auth.policy.proxies),
                user_agent: text(header::USER_AGENT).map(str::to_owned),
                is_https: text(header::ORIGIN).is_some_and(|origin| origin.starts_with("https://")),
                body: body.await?,
                auth,
            })
        })
    }
}

impl Call {
    /// The body as what this route takes.
    pub fn body<T: DeserializeOwned>(&self) -> Result<T, ApiError> {
        self.body.parse()
    }

    /// Refuses a body with something in it.
    pub fn no_body(&self) -> Result<(), ApiError> {
        self.body.refuse_any()
    }

    /// Who sends it.
    pub fn principal(&self) -> Result<&Principal, ApiError> {
        self.principal.as_ref().ok_or_else(nobody)
    }

    /// Who sends it, if anybody.
    pub fn anybody(&self) -> Option<&Principal> {
        self.principal.as_ref()
    }

    /// The directory as it is now.
    pub fn directory(&self) -> Arc<Model<Directory>> {
        self.auth.directory.model()
    }

    /// As what it asks the directory for something.
    pub fn asking(&self) -> Asking {
        match &self.principal {
            Some(principal) => principal.asking(&self.cause.0),
            None => Asking {
                cause: self.cause.0.to_string(),
                from: self.from,
                ..Asking::system("sign-in")
            },
        }
    }

    /// Asks the directory for a change.
    pub async fn execute(&self, command: DirectoryCommand) -> Result<Answer<Directory>, ApiError> {
        Ok(self.auth.execute(command, self.asking()).await?)
    }

    /// When and from where something was last used.
    pub fn last_use(&self, holder: Holder) -> (Option<Timestamp>, Option<String>) {
        let used = self.auth.last_use.of(holder);
        let from = used.and_then(|(_, from)| from);
        (
            used.map(|(at, _)| at),
            from.map(|address| address.to_string()),
        )
    }
}

/// What nobody may keep.
pub fn answer(mut response: HttpResponseBuilder, body: impl Serialize) -> Reply {
    response.insert_header((CACHE_CONTROL, "no-store"));
    Ok(response.json(body))
}

/// Nothing to say.
pub fn done() -> Reply {
    Ok(HttpResponse::NoContent()
        .insert_header((CACHE_CONTROL, "no-store"))
        .finish())
}
