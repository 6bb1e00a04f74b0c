//! What an import has begun and not finished. A Redis has no way to put it in its place in one step, so it is marked: no
//! server uses it, and the next import takes it away and begins again.

use redis::cmd;

use super::{ConnectError, LineName, RedisServer, error::Failure};

/// Set: the lines. Beside them, so that it stays when they are cleared.
const MARK: &str = "devteam:importing";

impl RedisServer {
    /// The lines that an import has begun which has not ended.
    pub async fn half_imported(&self) -> Result<Vec<LineName>, ConnectError> {
        let ask = async |connection: &mut _| {
            let mut members = cmd("SMEMBERS");
            members.arg(MARK);
            members.query_async::<Vec<String>>(connection).await
        };
        let marked = self.usable(self.ask(ask).await)?;
        let named = marked.iter().map(|name| match name.as_str() {
            "directory" => Ok(LineName::Directory),
            id => id.parse().map(LineName::Organization),
        });
        let unknown = |_| self.unusable(format!("{} names an unknown line", MARK));
        named.collect::<Result<_, _>>().map_err(unknown)
    }

    /// Refuses a Redis in which an import has not ended.
    pub async fn check_imported(&self) -> Result<(), ConnectError> {
        let is_whole = self.known_home().await?.is_some() || self.half_imported().await?.is_empty();
        is_whole.then_some(()).ok_or_else(|| {
            self.unusable(
                "an import into it has not ended: run `devteam import` again if it was cut short"
                    .into(),
            )
        })
    }

    /// Marks a line that an import is about to begin.
    pub async fn mark_importing(&self, line: LineName) -> Result<(), ConnectError> {
        let name = match line {
            LineName::Directory => "directory".into(),
            LineName::Organization(id) => id.to_string(),
        };
        let ask = async |connection: &mut _| {
            let mut add = cmd("SADD");
            add.arg(MARK).arg(name);
            add.query_async::<()>(connection).await
        };
        self.usable(self.ask(ask).await)
    }

    /// The import has ended, or nothing is left of it.
    pub async fn forget_importing(&self) -> Result<(), ConnectError> {
        let ask = async |connection: &mut _| {
            let mut forget = cmd("DEL");
            forget.arg(MARK);
            forget.query_async::<()>(connection).await
        };
        self.usable(self.ask(ask).await)
    }

    fn usable<T>(&self, answer: Result<T, Failure>) -> Result<T, ConnectError> {
        answer.map_err(|failure| self.unusable(failure.to_string()))
    }
}
