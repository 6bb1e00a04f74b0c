//! Where an event goes.

use std::{collections::BTreeSet, sync::Arc};

use imbl::OrdMap;

use crate::{model::Item, topic::Topic};

/// What applying an event has touched.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reach {
    /// The topics whose view it changed, each with the seq of the event before it there; `all` is not named.
    pub topics: Vec<(Topic, u64)>,
    /// The topics among them whose view gained what the event does not carry: readers take a new snapshot.
    pub barriers: Vec<Topic>,
    /// The things whose roll-up has changed, or is shown again as what it may have become meanwhile, by the name of
    /// their topic.
    pub rollups: Vec<Topic>,
}

/// A reach in the making: sets, so that a topic is named once.
#[derive(Debug, Default)]
pub(super) struct Touched {
    topics: BTreeSet<Topic>,
    barriers: BTreeSet<Topic>,
    pub(super) rollups: BTreeSet<Topic>,
}

impl Touched {
    pub(super) fn topic(&mut self, topic: Topic) {
        self.topics.insert(topic);
    }

    pub(super) fn topics(&mut self, topics: impl IntoIterator<Item = Topic>) {
        self.topics.extend(topics);
    }

    pub(super) fn barrier(&mut self, topic: Topic) {
        self.topics.insert(topic);
        self.barriers.insert(topic);
    }

    /// What hides or shows with something above it: teams and members can't tell from the event which of theirs it is.
    pub(super) fn subtree(&mut self, items: &[Arc<Item>]) {
        for item in items {
            item.team
                .into_iter()
                .for_each(|team| self.barrier(Topic::Team(team)));
            item.assignees
                .iter()
                .for_each(|member| self.barrier(Topic::Member(*member)));
        }
    }

    /// Names the events before this one on its topics, and makes it the newest there.
    pub(super) fn finish(self, heads: &mut OrdMap<Topic, u64>, seq: u64) -> Reach {
        let topics = self
            .topics
            .into_iter()
            .map(|topic| (topic, heads.insert(topic, seq).unwrap_or(0)))
            .collect();
        Reach {
            topics,
            barriers: self.barriers.into_iter().collect(),
            rollups: self.rollups.into_iter().collect(),
        }
    }
}
