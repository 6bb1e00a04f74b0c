//! What has to be agreed or known before any line is opened.

use std::{collections::HashMap, sync::LazyLock};

use redis::{Client, Script, cmd};
use shared_types::value::OrganizationId;

use super::{ConnectError, LineName, RedisServer, connection::answer, error::Failure, keys::Keys};

static FOUND: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("found.lua")));

impl RedisServer {
    /// Which organization was there first; this one, if there is none yet. All nodes get the same answer.
    pub async fn home(&self, candidate: OrganizationId) -> Result<OrganizationId, ConnectError> {
        let keys = Keys::new(LineName::Directory);
        let set: Result<String, Failure> = self
            .run(&FOUND, &[&keys.state], &["home", &candidate.to_string()])
            .await;
        let set = set.map_err(|failure| self.unusable(failure.to_string()))?;
        self.named_home(&set)
    }

    /// Which organization was there first, if there is any.
    pub async fn known_home(&self) -> Result<Option<OrganizationId>, ConnectError> {
        let keys = Keys::new(LineName::Directory);
        let get = async |connection: &mut _| {
            let mut get = cmd("HGET");
            get.arg(&keys.state).arg("home");
            get.query_async::<Option<String>>(connection).await
        };
        let set = self.ask(get).await;
        let set = set.map_err(|failure| self.unusable(failure.to_string()))?;
        set.map(|set| self.named_home(&set)).transpose()
    }

    fn named_home(&self, text: &str) -> Result<OrganizationId, ConnectError> {
        text.parse()
            .map_err(|_| self.unusable("it names no organization as the first".into()))
    }

    /// Takes away all that is kept of a line.
    pub async fn clear(&self, line: LineName) -> Result<(), ConnectError> {
        let cleared = self.clear_keys(&line.key("state"), &line.key("*")).await;
        cleared.map_err(|failure| self.unusable(failure.to_string()))
    }

    async fn clear_keys(&self, one: &str, pattern: &str) -> Result<(), Failure> {
        // All of them are on the server that has one.
        let client = self.server_of(one).await?;
        let mut connection = answer(client.get_multiplexed_async_connection()).await?;
        let mut cursor = 0_u64;
        loop {
            let mut scan = cmd("SCAN");
            scan.arg(cursor).arg("MATCH").arg(pattern);
            scan.arg("COUNT").arg(1_000);
            let (next, keys): (u64, Vec<String>) =
                answer(scan.query_async(&mut connection)).await?;
            for key in keys {
                answer(cmd("UNLINK").arg(key).query_async::<()>(&mut connection)).await?;
            }
            if next == 0 {
                return Ok(());
            }
            cursor = next;
        }
    }

    /// Says in the log what this Redis does not keep, as it is set up. Of a cluster, each server that takes writes may be
    /// set up in its own way.
    pub async fn warn_of_settings(&self) {
        let servers = match self.primaries().await {
            Ok(servers) => servers,
            Err(failure) => return not_known(&failure),
        };
        for server in servers {
            match settings(&server).await {
                Ok(settings) => warnings(&settings).into_iter().for_each(|warning| {
                    tracing::warn!(address = %server.get_connection_info().addr(), "{warning}");
                }),
                Err(failure) => not_known(&failure),
            }
        }
    }
}

fn not_known(failure: &Failure) {
    tracing::warn!(%failure, "what this Redis keeps can't be looked up (CONFIG GET), so it is not known");
}

async fn settings(server: &Client) -> Result<HashMap<String, String>, Failure> {
    let mut connection = answer(server.get_multiplexed_async_connection()).await?;
    let mut get = cmd("CONFIG");
    get.arg("GET").arg(&[
        "appendonly",
        "appendfsync",
        "save",
        "maxmemory",
        "maxmemory-policy",
    ]);
    answer(get.query_async(&mut connection)).await
}

/// What may be lost with these settings.
fn warnings(settings: &HashMap<String, String>) -> Vec<&'static str> {
    let is = |name: &str, value: &str| settings.get(name).is_some_and(|set| set == value);
    let mut warnings = Vec::new();
    if is("appendonly", "no") {
        warnings.push(match is("save", "") {
            true => "this Redis keeps nothing on disk: when it ends, everything is lost. Set appendonly yes",
            false => "this Redis has no append-only file: when it ends, what came after its last snapshot is lost. Set appendonly yes",
        });
    } else if !is("appendfsync", "always") {
        warnings.push(
            "this Redis syncs its disk after it has answered: when its machine fails, the last second is lost. Set appendfsync always",
        );
    }
    if !is("maxmemory-policy", "noeviction") && !is("maxmemory", "0") {
        warnings.push("this Redis drops keys when its memory is full, and with them events. Set maxmemory-policy noeviction");
    }
    warnings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn warned(settings: &[(&str, &str)]) -> Vec<&'static str> {
        let settings = settings
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        warnings(&settings.collect())
    }

    #[test]
    fn who_keeps_everything_is_not_warned() {
        let all = [
            ("appendonly", "yes"),
            ("appendfsync", "always"),
            ("maxmemory", "0"),
            ("maxmemory-policy", "allkeys-lru"),
        ];
        assert_eq!(warned(&all), [""; 0]);
    }

    #[test]
    fn what_may_be_lost_is_said() {
        let said = |settings: &[(&str, &str)]| warned(settings).join(" ");
        assert!(said(&[("appendonly", "no"), ("save", "")]).contains("everything is lost"));
        assert!(
            said(&[("appendonly", "no"), ("save", "3600 1")]).contains("after its last snapshot")
        );
        assert!(
            said(&[("appendonly", "yes"), ("appendfsync", "everysec")]).contains("the last second")
        );
        assert!(
            said(&[
                ("maxmemory", "1000000"),
                ("maxmemory-policy", "allkeys-lru")
            ])
            .contains("drops keys")
        );
    }
}
