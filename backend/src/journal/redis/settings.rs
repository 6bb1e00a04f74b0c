//! What has to be agreed or known before any line is opened.

use std::{collections::HashMap, sync::LazyLock};

use redis::{Script, cmd};
use shared_types::value::OrganizationId;

use super::{ConnectError, LineName, RedisServer, error::Failure, keys::Keys};

static FOUND: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("found.lua")));

impl RedisServer {
    /// Which organization was there first; this one, if there is none yet. All nodes get the same answer.
    pub async fn home(&self, candidate: OrganizationId) -> Result<OrganizationId, ConnectError> {
        let keys = Keys::new(LineName::Directory);
        let set: Result<String, Failure> = self
            .run(&FOUND, &[&keys.state], &["home", &candidate.to_string()])
            .await;
        let unusable = |reason: String| ConnectError::Unusable {
            address: self.address().clone(),
            reason,
        };
        let set = set.map_err(|failure| unusable(failure.to_string()))?;
        set.parse()
            .map_err(|_| unusable(format!("{} names no organization as home", keys.state)))
    }

    /// Says in the log what this Redis does not keep, as it is set up.
    pub async fn warn_of_settings(&self) {
        match self.settings().await {
            Ok(settings) => warnings(&settings).into_iter().for_each(|warning| {
                tracing::warn!(address = %self.address(), "{warning}");
            }),
            Err(failure) => {
                tracing::warn!(%failure, "what this Redis keeps can't be looked up (CONFIG GET), so it is not known");
            }
        }
    }

    async fn settings(&self) -> Result<HashMap<String, String>, Failure> {
        let ask = async |connection: &mut _| {
            let mut get = cmd("CONFIG");
            get.arg("GET").arg(&[
                "appendonly",
                "appendfsync",
                "save",
                "maxmemory",
                "maxmemory-policy",
            ]);
            get.query_async(connection).await
        };
        self.ask(ask).await
    }
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
