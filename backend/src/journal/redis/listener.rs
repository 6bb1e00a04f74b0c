//! The connection on which a line is listened to, and who looks after it.
//!
//! What is heard is no more than a hint that there is something to read: the stream is the truth. So nothing is queued
//! here, and a message that is lost costs at most the time until the next comparison.

use std::{
    convert::Infallible,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use redis::{
    AsyncConnectionConfig, Client, ProtocolVersion, PushInfo, PushKind, Value,
    aio::MultiplexedConnection, cmd,
};
use serde::Deserialize;
use shared_types::wire::Epoch;
use tokio::{
    sync::{broadcast, watch},
    time::MissedTickBehavior,
};

use super::{
    RedisServer,
    connection::{COMMAND_TIMEOUT, answer},
    error::Failure,
    keys::Keys,
    probe,
};
use crate::journal::{Head, Heard};

/// How often the line is probed while all is well; and how often it is compared, whatever becomes of that.
const EVERY: Duration = Duration::from_secs(2);
/// Between two tries to connect: the first, and the most.
const BACK_OFF: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(2));

/// Messages of other nodes that may wait here. Who is slower misses some, and hears them again.
const TOLD: usize = 64;

/// What is heard of one line.
pub(super) struct Ear {
    pub heard: watch::Sender<Heard>,
    /// The newest probe that came back.
    pub pulse: watch::Sender<String>,
    /// What nodes tell each other.
    pub told: broadcast::Sender<Arc<str>>,
    /// The epoch that was seen last.
    epoch: Mutex<Option<Epoch>>,
}

impl Default for Ear {
    fn default() -> Self {
        Self {
            heard: watch::Sender::new(Heard::default()),
            pulse: watch::Sender::new(String::new()),
            told: broadcast::Sender::new(TOLD),
            epoch: Mutex::default(),
        }
    }
}

impl Ear {
    /// Takes in a message of the connection. False when that is of no use any more.
    fn hear(&self, keys: &Keys, push: PushInfo) -> bool {
        match push.kind {
            PushKind::Message | PushKind::SMessage => {
                if let [Value::BulkString(channel), Value::BulkString(payload)] = &push.data[..] {
                    self.message(keys, channel, payload);
                }
                true
            }
            PushKind::Disconnection | PushKind::Unsubscribe | PushKind::SUnsubscribe => false,
            _ => true,
        }
    }

    fn message(&self, keys: &Keys, channel: &[u8], payload: &[u8]) {
        if channel == keys.all.as_bytes() {
            match position(payload) {
                Some(seq) => self.reaches(seq),
                None => tracing::warn!(
                    channel = keys.all,
                    "something that is no event was published"
                ),
            }
        } else if channel == keys.nodes.as_bytes() {
            if let Some(nonce) = probe::nonce(payload) {
                self.pulse.send_replace(nonce.to_owned());
            } else if let Ok(message) = std::str::from_utf8(payload) {
                // An error means that nobody wants to know.
                let _ = self.told.send(message.into());
            }
        }
    }

    /// The line goes at least this far.
    pub fn reaches(&self, seq: u64) {
        self.heard.send_if_modified(|heard| {
            let further = heard.seq < seq;
            heard.seq = heard.seq.max(seq);
            further
        });
    }

    /// The line ends here, as was just read.
    pub fn ends_at(&self, head: &Head) {
        self.reaches(head.seq);
        let mut known = self.epoch.lock().unwrap_or_else(PoisonError::into_inner);
        if known
            .replace(head.epoch.clone())
            .is_some_and(|known| known != head.epoch)
        {
            self.heard.send_modify(|heard| heard.round += 1);
        }
    }

    /// It is time to compare positions.
    fn compare(&self) {
        self.heard.send_modify(|heard| heard.round += 1);
    }

    /// Whether what is published arrives. Where that is another answer than before, something may have been missed.
    fn hears(&self, hears: bool) {
        self.heard.send_if_modified(|heard| {
            let is_news = std::mem::replace(&mut heard.hears, hears) != hears;
            heard.round += u64::from(is_news);
            is_news
        });
    }
}

/// The position of a published event, of an organization's or of the directory's.
fn position(payload: &[u8]) -> Option<u64> {
    #[derive(Deserialize)]
    struct Positioned {
        seq: u64,
    }
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Published {
        Message { event: Positioned },
        Event(Positioned),
    }
    match serde_json::from_slice(payload).ok()? {
        Published::Message { event } | Published::Event(event) => Some(event.seq),
    }
}

/// Listens for as long as the journal lives.
pub(super) async fn listen(server: Arc<RedisServer>, keys: Keys, ear: Arc<Ear>) {
    tokio::join!(
        keep_comparing(&ear, EVERY),
        keep_hearing(&server, &keys, &ear)
    );
}

/// Probes, and connecting anew, may take longer than that; what others write is read all the same.
async fn keep_comparing(ear: &Ear, every: Duration) {
    let mut ticks = tokio::time::interval(every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        ear.compare();
    }
}

async fn keep_hearing(server: &RedisServer, keys: &Keys, ear: &Arc<Ear>) {
    let mut pause = BACK_OFF.0;
    loop {
        let begun = Instant::now();
        let Err(failure) = listen_once(server, keys, ear).await;
        let was_heard = ear.heard.borrow().hears;
        if was_heard {
            tracing::warn!(%failure, line = keys.state, "what is published is not heard any more");
        }
        ear.hears(false);
        pause = if begun.elapsed() > EVERY {
            BACK_OFF.0
        } else {
            (pause * 2).min(BACK_OFF.1)
        };
        tokio::time::sleep(pause).await;
    }
}

async fn listen_once(
    server: &RedisServer,
    keys: &Keys,
    ear: &Arc<Ear>,
) -> Result<Infallible, Failure> {
    let client = server.server_of(&keys.state).await?;
    let (_connection, mut broken) = subscribe(server, client, keys, ear).await?;
    loop {
        probe::probe(server, keys, ear).await?;
        if !ear.heard.borrow().hears {
            tracing::info!(line = keys.state, "what is published is heard");
        }
        ear.hears(true);
        if let Ok(ended) = tokio::time::timeout(EVERY, broken.wait_for(|broken| *broken)).await {
            drop(ended);
            return Err(Failure::NoAnswer("the connection is broken".into()));
        }
    }
}

/// A connection on which the line is heard, and what tells that it is not any more.
async fn subscribe(
    server: &RedisServer,
    client: Client,
    keys: &Keys,
    ear: &Arc<Ear>,
) -> Result<(MultiplexedConnection, watch::Receiver<bool>), Failure> {
    let (broken, is_broken) = watch::channel(false);
    let (listening, names) = (Arc::clone(ear), keys.clone());
    let hear = move |push: PushInfo| {
        if !listening.hear(&names, push) {
            broken.send_replace(true);
        }
        Ok::<_, Infallible>(())
    };
    let info = client.get_connection_info().clone();
    // With it messages come beside answers, on one connection that commands can be sent over.
    let settings = info
        .redis_settings()
        .clone()
        .set_protocol(ProtocolVersion::RESP3);
    let client = Client::open(info.set_redis_settings(settings))?;
    let config = AsyncConnectionConfig::new()
        .set_connection_timeout(Some(COMMAND_TIMEOUT))
        .set_response_timeout(Some(COMMAND_TIMEOUT))
        .set_push_sender(hear);
    let mut connection =
        answer(client.get_multiplexed_async_connection_with_config(&config)).await?;
    let subscribe = if server.address().is_cluster() {
        "SSUBSCRIBE"
    } else {
        "SUBSCRIBE"
    };
    for channel in [&keys.all, &keys.nodes] {
        answer::<Value>(cmd(subscribe).arg(channel).query_async(&mut connection)).await?;
    }
    Ok((connection, is_broken))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_position_is_found_in_events_of_either_kind() {
        assert_eq!(
            position(br#"{"type":"event","prev":{"org":6},"event":{"id":"x","seq":7}}"#),
            Some(7)
        );
        assert_eq!(
            position(br#"{"id":"x","seq":9,"event":"signed in"}"#),
            Some(9)
        );
        assert_eq!(position(b"nonsense"), None);
    }

    #[tokio::test]
    async fn it_is_compared_again_and_again_whatever_becomes_of_the_probes() {
        let ear = Ear::default();
        let mut heard = ear.heard.subscribe();
        let begun = Instant::now();
        tokio::select! {
            () = keep_comparing(&ear, Duration::from_millis(10)) => {}
            compared = heard.wait_for(|heard| heard.round == 5) => drop(compared.expect("an ear")),
        }
        assert!(begun.elapsed() >= Duration::from_millis(40));
    }

    #[test]
    fn who_hears_again_compares_at_once() {
        let ear = Ear::default();
        ear.hears(true);
        ear.hears(true);
        assert_eq!(ear.heard.borrow().round, 1);
        ear.hears(false);
        ear.hears(true);
        assert_eq!(ear.heard.borrow().round, 3);
    }
}
