//! The query of the address: `?view=backlog&item=WEB-12`.

use yew::prelude::*;
use yew_router::{prelude::*, query::Raw};

use super::Route;
use crate::net::rest::encode;

/// Names and values.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// Reads `?a=1&b=2`.
    pub fn parse(text: &str) -> Self {
        let pairs = text
            .trim_start_matches('?')
            .split('&')
            .filter(|pair| !pair.is_empty());
        let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        Self(
            pairs
                .map(|(name, value)| (decode(name), decode(value)))
                .collect(),
        )
    }

    /// The value of a name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// With another value of a name; none takes it away.
    pub fn with(&self, name: &str, value: Option<&str>) -> Self {
        let mut pairs: Vec<_> = self
            .0
            .iter()
            .filter(|(key, _)| key != name)
            .cloned()
            .collect();
        pairs.extend(value.map(|value| (name.to_owned(), value.to_owned())));
        Self(pairs)
    }

    /// As it stands in the address, without the question mark.
    pub fn text(&self) -> String {
        let pairs = self
            .0
            .iter()
            .map(|(name, value)| format!("{}={}", encode(name), encode(value)));
        pairs.collect::<Vec<_>>().join("&")
    }
}

fn decode(text: &str) -> String {
    let text = text.replace('+', " ");
    js_sys::decode_uri_component(&text).map_or(text, Into::into)
}

/// The query of the page's address, and how to change it without leaving the page.
#[derive(Clone, PartialEq)]
pub struct UseQuery {
    pub query: Query,
    route: Route,
    navigator: Option<Navigator>,
}

impl UseQuery {
    /// The value of a name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.query.get(name)
    }

    /// Sets a value as a step of its own: back takes it back.
    pub fn push(&self, name: &str, value: Option<&str>) {
        if let Some(navigator) = &self.navigator {
            let Ok(()) =
                navigator.push_with_query(&self.route, Raw(self.query.with(name, value).text()));
        }
    }

    /// Sets a value in place: for filters and views.
    pub fn replace(&self, name: &str, value: Option<&str>) {
        if let Some(navigator) = &self.navigator {
            let Ok(()) =
                navigator.replace_with_query(&self.route, Raw(self.query.with(name, value).text()));
        }
    }

    /// Takes these values away in place.
    pub fn clear(&self, names: &[&str]) {
        if let Some(navigator) = &self.navigator {
            let query = names
                .iter()
                .fold(self.query.clone(), |query, name| query.with(name, None));
            let Ok(()) = navigator.replace_with_query(&self.route, Raw(query.text()));
        }
    }
}

/// The query of the page's address.
#[hook]
pub fn use_query() -> UseQuery {
    let query = use_location()
        .map(|location| Query::parse(location.query_str()))
        .unwrap_or_default();
    let route = use_route::<Route>().unwrap_or(Route::NotFound);
    UseQuery {
        query,
        route,
        navigator: use_navigator(),
    }
}

/// An item opened in a drawer over the page: `?item=WEB-12`.
#[derive(Clone, PartialEq)]
pub struct ItemDrawer {
    at: UseQuery,
    /// Whether going back closes it.
    is_step: bool,
}

/// Marks a step of the history that opened the drawer.
struct Opened;

const ITEM: &str = "item";

impl ItemDrawer {
    /// The key or id of the item that is open.
    pub fn item(&self) -> Option<&str> {
        self.at.get(ITEM)
    }

    /// Opens an item; back closes it. While one is open, it takes its place.
    pub fn open(&self, key: &str) {
        let Some(navigator) = &self.at.navigator else {
            return;
        };
        let query = Raw(self.at.query.with(ITEM, Some(key)).text());
        let Ok(()) = match (self.item(), self.is_step) {
            (None, _) => navigator.push_with_query_and_state(&self.at.route, query, Opened),
            (Some(_), true) => {
                navigator.replace_with_query_and_state(&self.at.route, query, Opened)
            }
            (Some(_), false) => navigator.replace_with_query(&self.at.route, query),
        };
    }

    /// Gives the page under it another address, in place.
    pub fn readdress(&self, route: &Route) {
        let Some(navigator) = &self.at.navigator else {
            return;
        };
        let query = Raw(self.at.query.text());
        let Ok(()) = if self.is_step {
            navigator.replace_with_query_and_state(route, query, Opened)
        } else {
            navigator.replace_with_query(route, query)
        };
    }

    /// Closes it.
    pub fn close(&self) {
        match (&self.at.navigator, self.is_step) {
            (Some(navigator), true) => navigator.back(),
            _ => self.at.replace(ITEM, None),
        }
    }
}

/// The item drawer over the page.
#[hook]
pub fn use_item_drawer() -> ItemDrawer {
    let is_step = use_location().is_some_and(|location| location.state::<Opened>().is_some());
    ItemDrawer {
        at: use_query(),
        is_step,
    }
}
