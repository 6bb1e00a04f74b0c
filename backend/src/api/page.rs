//! Lists come in pages. A page's token says what the page before it ended with, so what is added or taken away
//! meanwhile neither repeats nor hides anything else.

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{DeserializeOwned, Error},
};
use utoipa::{IntoParams, ToSchema};

use super::ApiError;

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// What to give as `page` for the one after it; null on the last.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// These, and where the page after them begins.
    pub fn of<P: Serialize>(items: Vec<T>, next: Option<&P>) -> Self {
        Self {
            items,
            next: next.map(|place| token(place)),
        }
    }

    /// The first `limit` of what comes; `place` is what the next page begins after.
    pub fn take<E, P: Serialize>(
        mut found: impl Iterator<Item = E>,
        limit: Limit,
        place: impl FnOnce(&E) -> P,
        render: impl Fn(&E) -> T,
    ) -> Self {
        let page: Vec<E> = found.by_ref().take(limit.0).collect();
        let next = found
            .next()
            .and_then(|_| page.last())
            .map(|last| token(&place(last)));
        Self {
            items: page.iter().map(render).collect(),
            next,
        }
    }
}

/// The parameters of every list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Paging {
    /// How many at most.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200, default = 50)]
    pub limit: Limit,
    /// The `next` of the page before.
    #[serde(default)]
    #[param(value_type = Option<String>)]
    pub page: Option<Token>,
}

/// How many entries a page has at most: 1 to 200.
#[derive(Debug, Clone, Copy)]
pub struct Limit(pub usize);

impl Limit {
    const MAX: usize = 200;
}

impl Default for Limit {
    fn default() -> Self {
        Self(50)
    }
}

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let limit = String::deserialize(deserializer)?
            .parse()
            .ok()
            .filter(|n| (1..=Self::MAX).contains(n));
        limit
            .map(Self)
            .ok_or_else(|| D::Error::custom("must be a number from 1 to 200"))
    }
}

/// A place in a list, as `next` told it.
#[derive(Debug, Clone, Deserialize)]
pub struct Token(String);

impl Token {
    /// What the page begins after.
    pub fn place<P: DeserializeOwned>(token: Option<&Token>) -> Result<Option<P>, ApiError> {
        let Some(Token(text)) = token else {
            return Ok(None);
        };
        let place = bytes_of(text).and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let message = "must be the next of a page of this very list: leave it out to begin anew";
        place
            .ok_or_else(|| ApiError::parameter("page", message))
            .map(Some)
    }
}

/// Hexadecimal, so that it stands in a query as it is.
fn token(place: &impl Serialize) -> String {
    let json = serde_json::to_vec(place).unwrap_or_default();
    json.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes_of(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.is_ascii() {
        return None;
    }
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok())
        .collect()
}
