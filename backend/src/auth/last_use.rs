use std::{collections::HashMap, net::IpAddr, sync::Mutex};

use shared_types::{directory::Holder, value::Timestamp};

use super::lock;

/// When and where each session and token was last used. That is worth no event: it is kept in memory, and begins anew
/// with the server.
#[derive(Debug, Default)]
pub struct LastUse(Mutex<HashMap<Holder, (Timestamp, Option<IpAddr>)>>);

/// As many as are remembered; with more, those are forgotten that were not used for longest.
const REMEMBERED: usize = 100_000;

impl LastUse {
    /// It is used now.
    pub fn note(&self, holder: Holder, at: Timestamp, from: Option<IpAddr>) {
        let mut uses = lock(&self.0);
        if uses.len() >= REMEMBERED {
            let mut times: Vec<Timestamp> = uses.values().map(|(at, _)| *at).collect();
            times.sort_unstable();
            let middle = times[times.len() / 2];
            uses.retain(|_, (at, _)| *at > middle);
        }
        uses.insert(holder, (at, from));
    }

    /// When and from where it was last used since the server was started.
    pub fn of(&self, holder: Holder) -> Option<(Timestamp, Option<IpAddr>)> {
        lock(&self.0).get(&holder).copied()
    }
}
