//! Going on from further back than the topic logs reach: from the journal, page by page.

use std::{
    rc::Rc,
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use serde::Deserialize;
use shared_types::{
    topic::Topic,
    value::Timestamp,
    wire::{Limits, ResyncReason},
};

use super::{Item, Reader, then};
use crate::{
    journal::{Journal, ReadError, Record},
    live::{
        chunk::{CHUNK_BYTES, Chunk},
        entry::Entry,
        hub::Hub,
        line::{Batch, BatchBuilder, Want},
    },
};

/// Records read at a time: about as many as go out in one write. Fewer where they are large.
const PAGE: usize = 64;
const SMALLEST_PAGE: usize = 4;
/// Records counted at a time.
const COUNT_PAGE: usize = 1_000;
/// How long an event can be resumed after, however many there were since.
const WINDOW_MILLIS: i64 = 10 * 60 * 1_000;

/// The events of one topic that a resumed subscription has missed.
pub struct Replay {
    pub topic: Topic,
    /// How far they have been told.
    pub at: u64,
    /// Where they meet those that are live.
    pub upto: u64,
    pub resumed_at: u64,
}

impl Reader {
    /// Goes on with a replay.
    pub(super) fn replay(&mut self) {
        let Some(Replay {
            topic,
            at,
            upto,
            resumed_at,
        }) = self.aside().replay
        else {
            return;
        };
        if at >= upto {
            self.aside().replay = None;
            self.tell_rollups(topic, resumed_at);
            return self.tell_presence(topic);
        }
        let wants = vec![Want { topic, after: at }];
        let collected = self.hub.line().collect(&wants, at, upto, CHUNK_BYTES);
        if let Ok(batch) = collected {
            return self.replayed(batch);
        }
        self.read_on(wants, at, upto, |reader, page| reader.replayed(page.batch));
    }

    fn replayed(&mut self, batch: Batch) {
        let Some(replay) = &mut self.aside().replay else {
            return;
        };
        // That no barrier lies here was found out when it was counted; without progress it would never end.
        replay.at = batch.upto.max(replay.at + 1);
        let range = (replay.at, replay.upto);
        self.worker.tally.delivered(batch.entries.len());
        let chunk = Chunk::replay(range, batch);
        if !chunk.is_empty() {
            self.ready.push_back(Item::Events(Rc::new(chunk)));
        }
    }

    /// Goes on with all topics from the journal.
    pub(super) fn catch_up(&mut self, limit: u64) {
        let at = self.sent;
        self.read_on(self.follows.wants(at), at, limit, move |reader, page| {
            let far = page.is_too_old;
            let topics = reader.follows.topics().iter().copied();
            let behind: Vec<Topic> = topics.filter(|topic| far && *topic != Topic::All).collect();
            if !behind.is_empty() {
                return reader.resync(behind, ResyncReason::TooOld);
            }
            reader.aside().look_for_gone = true;
            let item = reader.take(Rc::new(Chunk::live((at, limit), page.batch)));
            reader.ready.extend(item);
        });
    }

    fn read_on(
        &mut self,
        wants: Vec<Want>,
        at: u64,
        upto: u64,
        act: impl FnOnce(&mut Reader, Page) + 'static,
    ) {
        let hub = Arc::clone(&self.hub);
        let limit = self.aside().page.unwrap_or(PAGE);
        self.wait_for(async move {
            let page = page(&*hub.journal, &wants, at, upto, limit).await;
            then(move |reader| match page {
                Ok(page) => {
                    let twice = page.taken * 2;
                    reader.aside().page = Some(twice.clamp(SMALLEST_PAGE, PAGE));
                    act(reader, page);
                }
                Err(error) => {
                    tracing::warn!(%error, at, "a reader can't go on from the journal");
                    reader.aside().replay = None;
                    let topics = reader.follows.topics().to_vec();
                    reader.resync(topics, ResyncReason::TooOld);
                }
            })
        });
    }
}

struct Page {
    batch: Batch,
    /// Records that are dealt with in it.
    taken: usize,
    /// Whether it is further back than the events that a resume is sure of, and began before the time of them.
    is_too_old: bool,
}

async fn page(
    journal: &dyn Journal,
    wants: &[Want],
    at: u64,
    upto: u64,
    limit: usize,
) -> Result<Page, ReadError> {
    let records = match wants {
        [want] => journal.read_topic(want.topic, at, limit).await?,
        _ => journal.read(at, limit).await?,
    };
    let is_whole_line = !matches!(wants, [want] if want.topic != Topic::All);
    if is_whole_line && records.first().is_some_and(|first| first.seq != at + 1) {
        return Err(ReadError(format!(
            "what came after {at} is not kept any more"
        )));
    }
    let is_complete = records.len() < limit;
    let last = records.last().filter(|_| !is_complete);
    let reach = last.map_or(upto, |last| last.seq.min(upto));
    let mut batch = BatchBuilder::new(reach, CHUNK_BYTES);
    let mut within = records.iter().take_while(|record| record.seq <= upto);
    let stopped = within.position(|record| batch.take(&Arc::new(Entry::kept(record)), wants));
    let far = upto - at > u64::from(Limits::default().replay_events);
    Ok(Page {
        batch: batch.finish(),
        taken: stopped.unwrap_or(records.len()),
        is_too_old: far && records.first().is_some_and(is_old),
    })
}

/// How many events a topic has after a position up to another, as the journal knows it; none if a resume is not
/// possible: a barrier lies between, or there are more than are kept for resumes and they began too long ago.
async fn count(hub: &Hub, topic: Topic, after: u64, upto: u64) -> Result<Option<u64>, ReadError> {
    // What is not kept any more can't be told.
    if after < hub.journal.oldest().await? {
        return Ok(None);
    }
    if topic == Topic::All {
        return Ok(Some(upto.saturating_sub(after)));
    }
    let (mut at, mut count, mut is_old_resume) = (after, 0, None);
    loop {
        let records = hub.journal.read_topic(topic, at, COUNT_PAGE).await?;
        let old = *is_old_resume.get_or_insert_with(|| records.first().is_some_and(is_old));
        for record in records.iter().take_while(|record| record.seq <= upto) {
            if record.barriers.contains(&topic) {
                return Ok(None);
            }
            count += 1;
        }
        if old && count > u64::from(Limits::default().replay_events) {
            return Ok(None);
        }
        match records.last() {
            Some(last) if records.len() == COUNT_PAGE && last.seq < upto => at = last.seq,
            _ => return Ok(Some(count)),
        }
    }
}

/// The same; where the journal can't be read a resume is not possible either, and what is in memory has to do.
pub async fn try_count(hub: &Hub, topic: Topic, after: u64, upto: u64) -> Option<u64> {
    let counted = count(hub, topic, after, upto).await;
    counted.unwrap_or_else(|error| {
        tracing::warn!(%error, %topic, after, "a subscription can't be resumed");
        None
    })
}

fn is_old(record: &Record) -> bool {
    #[derive(Deserialize)]
    struct Message {
        event: When,
    }
    #[derive(Deserialize)]
    struct When {
        at: Timestamp,
    }
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |now| now.as_millis() as i64);
    let message: Result<Message, _> = serde_json::from_slice(&record.frame);
    message.is_ok_and(|message| now - message.event.at.as_millis() > WINDOW_MILLIS)
}
