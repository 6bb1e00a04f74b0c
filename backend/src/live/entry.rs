use shared_types::topic::Topic;

use super::frame::Frame;
use crate::{engine::Published, journal::Record};

/// An event on the topic logs: encoded once, shared by everyone who is told of it.
#[derive(Debug)]
pub struct Entry {
    pub seq: u64,
    pub frame: Frame,
    /// The topics it is on, save `all`.
    pub topics: Box<[Topic]>,
    /// The topics among them whose readers take a new snapshot here.
    pub barriers: Box<[Topic]>,
    /// Followed topics that have nothing to show after it: deleted, or hidden by what was deleted.
    pub gone: Box<[Topic]>,
}

impl Entry {
    /// An event that has just happened.
    pub fn live(event: &Published, gone: Vec<Topic>) -> Self {
        Self {
            seq: event.seq,
            frame: Frame::event(&event.frame),
            topics: event.prev.iter().map(|(topic, _)| *topic).collect(),
            barriers: event.barriers.as_slice().into(),
            gone: gone.into(),
        }
    }

    /// An event read back from the journal, which does not know what was followed when it happened.
    pub fn kept(record: &Record) -> Self {
        Self {
            seq: record.seq,
            frame: Frame::event(&record.frame),
            topics: record.prev.iter().map(|(topic, _)| *topic).collect(),
            barriers: record.barriers.as_slice().into(),
            gone: Box::default(),
        }
    }

    /// Whether it is told on a topic.
    pub fn is_on(&self, topic: Topic) -> bool {
        topic == Topic::All || self.topics.contains(&topic)
    }

    /// The topics whose readers have something to do about it, save `all`.
    pub fn concerns(&self) -> impl Iterator<Item = Topic> {
        let hidden = self
            .gone
            .iter()
            .filter(|topic| !self.topics.contains(topic));
        self.topics.iter().chain(hidden).copied()
    }

    /// What it costs to keep it, roughly: the frame, the lists, and its place in the rings.
    pub fn cost(&self) -> usize {
        size_of::<Self>()
            + self.frame.len()
            + (self.topics.len() + self.gone.len()) * (size_of::<Topic>() + 8)
    }
}
