//! What every read has in common: a principal, a model to read, and an answer that can be "not modified".

use std::{cmp::Reverse, future::Future, pin::Pin, sync::Arc, time::Duration};

use actix_web::{
    Error, FromRequest, HttpRequest, HttpResponse, HttpResponseBuilder,
    dev::Payload,
    error::BlockingError,
    http::header::{CACHE_CONTROL, ETAG},
    web,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use shared_types::{
    ErrorCode, Topic,
    decide::Subject,
    model::Entity,
    state::Organization,
    value::{Invalid, Timestamp},
    wire::Cursor,
};

use super::{
    ApiError, State,
    boundary::DEVTEAM_CURSOR,
    entity,
    find::Find,
    input::{self, Place},
    page::{Page, Paging, Token},
    precondition::Condition,
    write::{Reply, etag},
};
use crate::{
    auth::Principal,
    engine::{Model, Position},
};

/// A list may be kept, and is asked for each time.
const LIST_CACHING: &str = "private, no-cache";

/// How long a read waits for the position it carries.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// A request that only reads.
pub struct Read {
    /// What it reads; at or after the cursor that the request carried.
    pub model: Arc<Model>,
    /// For whom.
    pub principal: Principal,
    /// The rest of what the server knows of the organization.
    pub state: Arc<State>,
    condition: Condition,
    query: String,
}

impl FromRequest for Read {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let principal = Principal::of(&request)?;
            let state = Arc::clone(&principal.state);
            let model = model_at(&state, &request).await?;
            let condition = Condition::if_none_match(request.headers())?;
            Ok(Self {
                model,
                principal,
                state,
                condition,
                query: request.query_string().to_owned(),
            })
        })
    }
}

/// The model at or after the position that the request carries, if it carries one.
async fn model_at(state: &State, request: &HttpRequest) -> Result<Arc<Model>, ApiError> {
    match request.headers().get(DEVTEAM_CURSOR) {
        None => Ok(state.engine.model()),
        Some(value) => {
            let refuse = |why: &str| {
                ApiError::new(ErrorCode::InvalidCursor, format!("Devteam-Cursor {why}."))
            };
            let cursor: Cursor = value
                .to_str()
                .unwrap_or_default()
                .parse()
                .map_err(|invalid: Invalid| refuse(&invalid.0))?;
            match state.engine.reached(&cursor, LONGEST_WAIT).await {
                Position::Reached => Ok(state.engine.model()),
                Position::OtherEpoch => {
                    Err(refuse("is of another epoch: leave it out and read anew"))
                }
                Position::NotYet => Err(ApiError::new(
                    ErrorCode::Unavailable,
                    format!("This server has not come to {cursor} in time: try again in a moment."),
                )),
            }
        }
    }
}

impl Read {
    /// The organization as it is read.
    pub fn organization(&self) -> &Organization {
        &self.model.aggregate
    }

    /// What a path names, if this principal sees it.
    pub fn find<'m, P: Find<'m>>(&'m self, path: &P) -> Result<P::Found, ApiError> {
        path.find(self.organization(), self.principal.sight)
    }

    /// The query as what this route takes; an unknown, doubled or wrong parameter is refused.
    pub fn query<T: DeserializeOwned>(&self) -> Result<T, ApiError> {
        parse_query(&self.query)
    }

    /// One entity.
    pub fn entity(&self, subject: Subject, version: u64) -> Reply {
        let NoQuery {} = self.query()?;
        let whole = entity::render(self.organization(), subject);
        let shown = entity::narrow(self.organization(), self.principal.sight, whole);
        // Its tag is for `If-Match` alone. It carries roll-ups and counts, which move without its version, so that
        // nobody may keep it, and who knows the version does not know the rest.
        let mut response = self.headers(HttpResponse::Ok(), "no-store");
        response.insert_header((ETAG, etag(version)));
        Ok(response.json(shown))
    }

    /// One page of a list that only events on this topic can change, in the order of ids.
    pub fn list_by_id<'m, E, T>(
        &self,
        topic: Topic,
        paging: &Paging,
        entities: impl Iterator<Item = &'m Arc<E>>,
        render: impl Fn(&E) -> T,
    ) -> Reply
    where
        E: Entity<Id: DeserializeOwned + Serialize> + 'm,
        T: Serialize,
    {
        let after: Option<E::Id> = Token::place(paging.page.as_ref())?;
        let rest = entities.filter(|entity| after.is_none_or(|after| entity.id() > after));
        self.list(topic, || {
            Page::take(
                rest,
                paging.limit,
                |last| last.id(),
                |entity| render(entity),
            )
        })
    }

    /// The same, what was made last first.
    pub fn list_newest_first<'m, E, T>(
        &self,
        topic: Topic,
        paging: &Paging,
        entities: impl Iterator<Item = &'m Arc<E>>,
        render: impl Fn(&E) -> T,
    ) -> Reply
    where
        E: Entity<Id: DeserializeOwned + Serialize> + 'm,
        T: Serialize,
    {
        // Ids may be a client's own, so they do not tell when something was made.
        let place = |entity: &Arc<E>| (entity.stamp().created_at, entity.id());
        let before: Option<(Timestamp, E::Id)> = Token::place(paging.page.as_ref())?;
        self.list(topic, || {
            let mut rest: Vec<_> = entities
                .filter(|entity| before.is_none_or(|before| place(entity) < before))
                .collect();
            rest.sort_unstable_by_key(|entity| Reverse(place(entity)));
            Page::take(
                rest.into_iter(),
                paging.limit,
                |last| place(last),
                |entity| render(entity),
            )
        })
    }

    /// One page of a list that only events on this topic can change.
    fn list<T: Serialize>(&self, topic: Topic, page: impl FnOnce() -> Page<T>) -> Reply {
        self.reply(self.list_tag(topic), LIST_CACHING, page)
    }

    /// The same where it may take long to find: not on the thread that serves the connections.
    pub async fn search<T: Serialize + Send + 'static>(
        &self,
        topic: Topic,
        find: impl FnOnce(&Organization) -> Page<T> + Send + 'static,
    ) -> Reply {
        let tag = self.list_tag(topic);
        let model = Arc::clone(&self.model);
        let page = match self.knows(&tag) {
            true => None,
            false => Some(
                web::block(move || find(&model.aggregate))
                    .await
                    .map_err(stopping)?,
            ),
        };
        self.reply(tag, LIST_CACHING, || page)
    }

    fn list_tag(&self, topic: Topic) -> String {
        format!(
            "\"{}-{}\"",
            self.model.cursor.epoch,
            self.organization().head(topic)
        )
    }

    /// Whether the client has what goes by this entity tag already.
    pub fn knows(&self, tag: &str) -> bool {
        self.condition.names(tag.trim_matches('"'))
    }

    /// Something without an entity tag.
    pub fn plain(&self, body: impl Serialize) -> Reply {
        Ok(self.headers(HttpResponse::Ok(), "no-store").json(body))
    }

    fn reply<T: Serialize>(&self, tag: String, caching: &str, body: impl FnOnce() -> T) -> Reply {
        let known = self.knows(&tag);
        let response = if known {
            HttpResponse::NotModified()
        } else {
            HttpResponse::Ok()
        };
        let mut response = self.headers(response, caching);
        response.insert_header((ETAG, tag));
        Ok(if known {
            response.finish()
        } else {
            response.json(body())
        })
    }

    fn headers(&self, mut response: HttpResponseBuilder, caching: &str) -> HttpResponseBuilder {
        response.insert_header((DEVTEAM_CURSOR, self.model.cursor.to_string()));
        response.insert_header((CACHE_CONTROL, caching));
        response
    }
}

fn stopping(_: BlockingError) -> ApiError {
    ApiError::new(
        ErrorCode::Unavailable,
        "The server is stopping: try again in a moment.",
    )
}

/// The query of a route that takes none.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NoQuery {}

/// A query string as what a route takes.
pub fn parse_query<T: DeserializeOwned>(query: &str) -> Result<T, ApiError> {
    let pairs = web::Query::<Vec<(String, String)>>::from_query(query)
        .map_err(|_| ApiError::new(ErrorCode::Malformed, "The query can't be read."))?;
    let mut fields = Map::new();
    for (name, value) in pairs.into_inner() {
        if fields.insert(name.clone(), Value::String(value)).is_some() {
            return Err(ApiError::parameter(&name, "is given twice: give it once"));
        }
    }
    Ok(input::parse(fields, Place::Query)?)
}
