//! The topic logs as a data structure: one gapless line of entries, and for each topic a ring of positions in it.
//!
//! Entries are shared by the rings of all their topics, and the oldest leave first: what is further back than the line
//! reaches is read from the journal.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

use shared_types::topic::Topic;

use super::entry::Entry;

/// The newest events, and where each topic has its own among them.
#[derive(Debug, Default)]
pub struct Line {
    entries: VecDeque<Arc<Entry>>,
    /// Every event after this position is here.
    floor: u64,
    bytes: usize,
    rings: HashMap<Topic, Ring>,
}

#[derive(Debug, Default)]
struct Ring {
    seqs: VecDeque<u64>,
    /// The positions among them that no resume may cross.
    barriers: VecDeque<u64>,
}

/// A topic, and the position after which its events are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Want {
    pub topic: Topic,
    pub after: u64,
}

/// What a reader takes in one go.
#[derive(Debug, Default)]
pub struct Batch {
    pub entries: Vec<Arc<Entry>>,
    /// Nothing that was wanted is missing up to here.
    pub upto: u64,
    pub stop: Option<Stop>,
}

/// Where a batch ends early because the reader has to act.
#[derive(Debug, Clone)]
pub enum Stop {
    /// Before this entry, which is a barrier for a wanted topic.
    Barrier(Arc<Entry>),
    /// After this entry, with which a wanted topic ends.
    Gone(Arc<Entry>),
}

/// What is wanted is further back than the line reaches.
#[derive(Debug, PartialEq, Eq)]
pub struct TooFarBack;

impl Line {
    /// Starts again at a position, with nothing before it.
    pub fn reset(&mut self, at: u64) {
        *self = Self {
            floor: at,
            ..Self::default()
        };
    }

    /// The position of the newest entry.
    pub fn last(&self) -> u64 {
        self.floor + self.entries.len() as u64
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Adds the next event.
    pub fn push(&mut self, entry: Arc<Entry>) {
        if entry.seq != self.last() + 1 {
            // Positions are contiguous; if ever they were not, what is here would be a hole for every reader.
            tracing::error!(
                last = self.last(),
                seq = entry.seq,
                "an event out of line: the topic logs start again"
            );
            self.reset(entry.seq.saturating_sub(1));
        }
        for topic in entry.concerns() {
            let ring = self.rings.entry(topic).or_default();
            ring.seqs.push_back(entry.seq);
            if entry.barriers.contains(&topic) || entry.gone.contains(&topic) {
                ring.barriers.push_back(entry.seq);
            }
        }
        self.bytes += entry.cost();
        self.entries.push_back(entry);
    }

    /// Lets go of the oldest entries that have so many bytes together. The newest is always held.
    pub fn shrink_by(&mut self, bytes: usize) {
        let enough = self.bytes.saturating_sub(bytes);
        while self.bytes > enough && self.entries.len() > 1 {
            self.evict();
        }
    }

    fn evict(&mut self) {
        let Some(entry) = self.entries.pop_front() else {
            return;
        };
        self.bytes -= entry.cost();
        self.floor = entry.seq;
        for topic in entry.concerns() {
            if let Some(ring) = self.rings.get_mut(&topic) {
                ring.seqs.pop_front();
                if ring.barriers.front() == Some(&entry.seq) {
                    ring.barriers.pop_front();
                }
                if ring.seqs.is_empty() {
                    self.rings.remove(&topic);
                }
            }
        }
    }

    /// The entries after a position up to another.
    pub fn range(
        &self,
        after: u64,
        upto: u64,
    ) -> Result<impl Iterator<Item = &Arc<Entry>>, TooFarBack> {
        let first =
            usize::try_from(after.checked_sub(self.floor).ok_or(TooFarBack)?).unwrap_or(usize::MAX);
        let count = usize::try_from(upto.saturating_sub(after)).unwrap_or(usize::MAX);
        Ok(self
            .entries
            .range(first.min(self.entries.len())..)
            .take(count))
    }

    /// How many events a topic has after a position up to another; none if a barrier lies between.
    pub fn count(&self, topic: Topic, after: u64, upto: u64) -> Result<Option<u64>, TooFarBack> {
        if after < self.floor {
            return Err(TooFarBack);
        }
        if topic == Topic::All {
            return Ok(Some(upto.saturating_sub(after)));
        }
        let Some(ring) = self.rings.get(&topic) else {
            return Ok(Some(0));
        };
        if ring.barriers.iter().any(|seq| *seq > after && *seq <= upto) {
            return Ok(None);
        }
        let upto = ring.seqs.partition_point(|seq| *seq <= upto);
        let after = ring.seqs.partition_point(|seq| *seq <= after);
        Ok(Some(upto.saturating_sub(after) as u64))
    }

    /// What the wanted topics have after `after` up to `upto`, in order and each event once: about as many bytes as
    /// asked for, and to the next place where the reader has to act.
    pub fn collect(
        &self,
        wants: &[Want],
        after: u64,
        upto: u64,
        bytes: usize,
    ) -> Result<Batch, TooFarBack> {
        if after < self.floor {
            return Err(TooFarBack);
        }
        let mut heads: Vec<Head<'_>> = wants
            .iter()
            .filter_map(|want| Head::new(*want, after, self.rings.get(&want.topic)))
            .collect();
        let mut batch = BatchBuilder::new(upto.min(self.last()), bytes);
        while let Some(seq) = heads
            .iter()
            .map(|head| head.seq)
            .min()
            .filter(|seq| *seq <= batch.upto())
        {
            let entry = &self.entries[(seq - self.floor - 1) as usize];
            if batch.take(entry, wants) {
                break;
            }
            heads.retain_mut(|head| head.seq != seq || head.advance());
        }
        Ok(batch.finish())
    }
}

/// The next position of a wanted topic.
struct Head<'a> {
    seq: u64,
    next: usize,
    /// None for `all`, which has every position.
    ring: Option<&'a Ring>,
}

impl<'a> Head<'a> {
    fn new(want: Want, after: u64, ring: Option<&'a Ring>) -> Option<Self> {
        let after = after.max(want.after);
        if want.topic == Topic::All {
            return Some(Self {
                seq: after + 1,
                next: 0,
                ring: None,
            });
        }
        let next = ring?.seqs.partition_point(|seq| *seq <= after);
        let seq = *ring?.seqs.get(next)?;
        Some(Self { seq, next, ring })
    }

    fn advance(&mut self) -> bool {
        let Some(ring) = self.ring else {
            self.seq += 1;
            return true;
        };
        self.next += 1;
        match ring.seqs.get(self.next) {
            Some(seq) => {
                self.seq = *seq;
                true
            }
            None => false,
        }
    }
}

/// Puts a batch together, entry by entry; the same for entries of the line and of the journal.
#[derive(Debug)]
pub struct BatchBuilder {
    batch: Batch,
    room: usize,
}

impl BatchBuilder {
    /// An empty batch that reaches to `upto` if nothing stops it.
    pub fn new(upto: u64, bytes: usize) -> Self {
        Self {
            batch: Batch {
                upto,
                ..Batch::default()
            },
            room: bytes,
        }
    }

    fn upto(&self) -> u64 {
        self.batch.upto
    }

    /// Takes the next entry if it is wanted. True when the batch ends with it, or before it.
    pub fn take(&mut self, entry: &Arc<Entry>, wants: &[Want]) -> bool {
        let among = |topics: &[Topic]| {
            !topics.is_empty()
                && wants
                    .iter()
                    .any(|want| want.after < entry.seq && topics.contains(&want.topic))
        };
        let stop_before = |batch: &mut Batch| batch.upto = entry.seq - 1;
        if among(&entry.barriers) {
            stop_before(&mut self.batch);
            self.batch.stop = Some(Stop::Barrier(Arc::clone(entry)));
            return true;
        }
        if wants
            .iter()
            .any(|want| want.after < entry.seq && entry.is_on(want.topic))
        {
            let cost = entry.frame.len();
            if cost > self.room && !self.batch.entries.is_empty() {
                stop_before(&mut self.batch);
                return true;
            }
            self.room = self.room.saturating_sub(cost);
            self.batch.entries.push(Arc::clone(entry));
        }
        if among(&entry.gone) {
            self.batch.upto = entry.seq;
            self.batch.stop = Some(Stop::Gone(Arc::clone(entry)));
            return true;
        }
        false
    }

    /// What was taken.
    pub fn finish(self) -> Batch {
        self.batch
    }
}
