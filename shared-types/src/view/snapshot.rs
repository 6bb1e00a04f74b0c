//! Views as they go on the wire.

use std::sync::Arc;

use super::{ById, View, by_id};
use crate::{
    model::Entity,
    state::{Organization, hash_json},
    topic::Topic,
    wire::{RollupValue, Snapshot},
};

impl View {
    /// The view with its roll-ups, as it goes on the wire.
    pub fn snapshot(&self, rollups: Vec<RollupValue>) -> Snapshot {
        let has = |topics: &[bool]| topics.iter().any(|has| *has);
        let (org, project) = (
            matches!(self.topic, Topic::Org),
            matches!(self.topic, Topic::Project(_)),
        );
        let (team, member) = (
            matches!(self.topic, Topic::Team(_)),
            matches!(self.topic, Topic::Member(_)),
        );
        Snapshot {
            organization: self.organization.clone(),
            projects: has(&[org, project]).then(|| list(&self.projects)),
            teams: has(&[project, team]).then(|| list(&self.teams)),
            members: has(&[org, member]).then(|| list(&self.members)),
            items: Some(list(&self.items)),
            comments: matches!(self.topic, Topic::Item(_)).then(|| list(&self.comments)),
            runs: matches!(self.topic, Topic::Item(_) | Topic::Run(_)).then(|| list(&self.runs)),
            rollups: Some(rollups),
        }
    }

    /// The view that a snapshot of this topic carries.
    pub fn from_snapshot(topic: Topic, snapshot: &Snapshot) -> Self {
        Self {
            topic,
            organization: snapshot.organization.clone(),
            projects: map(&snapshot.projects),
            teams: map(&snapshot.teams),
            members: map(&snapshot.members),
            items: map(&snapshot.items),
            comments: map(&snapshot.comments),
            runs: map(&snapshot.runs),
        }
    }

    /// Hex SHA-256 of the view without roll-ups: equal for every replica of the topic at the same cursor.
    pub fn state_hash(&self) -> String {
        hash_json(&self.snapshot(Vec::new()))
    }
}

/// The roll-ups that a topic shows, as they are at the model's position, sorted by key.
pub fn rollups(organization: &Organization, topic: Topic) -> Vec<RollupValue> {
    let value = |key| RollupValue {
        key,
        seq: organization.seq,
        value: organization.rollup(key),
    };
    organization
        .rollups_shown(topic)
        .into_iter()
        .map(value)
        .collect()
}

fn list<T: Entity>(map: &ById<T>) -> Vec<Arc<T>> {
    map.values().cloned().collect()
}

fn map<T: Entity>(list: &Option<Vec<Arc<T>>>) -> ById<T> {
    by_id(list.iter().flatten())
}
