use std::collections::BTreeMap;

use futures_util::{FutureExt, future::BoxFuture};
use redis::cmd;
use shared_types::value::Name;

use super::SharedLine;
use crate::agents::provider::{BookError, Page, Pages, Shelf};

/// What admins have said about providers, for every node. Hash: the pages as JSON, by name.
pub struct RedisShelf {
    line: SharedLine,
    key: String,
}

impl RedisShelf {
    pub fn new(line: SharedLine) -> Self {
        Self {
            key: line.key("providers"),
            line,
        }
    }

    async fn read(&self) -> Result<Pages, BookError> {
        let all = async |connection: &mut _| {
            let mut all = cmd("HGETALL");
            all.arg(&self.key);
            all.query_async::<BTreeMap<String, String>>(connection)
                .await
        };
        let mut pages = Pages::new();
        for (name, text) in self.line.server.ask(all).await? {
            // Nobody but a node writes here, and none writes a name that is none.
            let Ok(name) = name.parse::<Name>() else {
                continue;
            };
            let page = serde_json::from_str(&text);
            let page = page.map_err(|error| BookError::Damaged(name.clone(), error))?;
            pages.insert(name, page);
        }
        Ok(pages)
    }

    async fn write(&self, name: &Name, page: Option<&Page>) -> Result<(), BookError> {
        let text = page.map(serde_json::to_string).transpose();
        let text = text.map_err(|error| BookError::Damaged(name.clone(), error))?;
        let write = async |connection: &mut _| {
            let mut write = cmd(if text.is_some() { "HSET" } else { "HDEL" });
            write.arg(&self.key).arg(&**name).arg(&text);
            write.query_async::<()>(connection).await
        };
        Ok(self.line.server.ask(write).await?)
    }
}

impl Shelf for RedisShelf {
    fn read(&self) -> BoxFuture<'_, Result<Pages, BookError>> {
        self.read().boxed()
    }

    fn write<'a>(
        &'a self,
        pages: &'a Pages,
        provider: &'a Name,
    ) -> BoxFuture<'a, Result<(), BookError>> {
        self.write(provider, pages.get(provider)).boxed()
    }
}
