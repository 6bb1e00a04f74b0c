use std::sync::Arc;

use super::rollups;
use crate::{
    model::{Comment, Entity, Run},
    state::Organization,
    topic::Topic,
    value::ItemId,
    wire::{RollupValue, Snapshot},
};

/// The snapshot of `all`: everything that is not deleted, items with their detail. It has no view beside it that would
/// follow the events, as nobody shows it: it is where a copy begins.
pub fn everything(organization: &Organization) -> Snapshot {
    let items: Vec<ItemId> = organization.items().map(|item| item.id()).collect();
    let ids = || items.iter().copied();
    let in_full = ids().filter_map(|id| organization.item_in_full(id));
    let comments = ids().flat_map(|id| organization.comments_of(id));
    let runs = ids().flat_map(|id| organization.runs_of(id));
    let (mut comments, mut runs): (Vec<Arc<Comment>>, Vec<Arc<Run>>) =
        (comments.cloned().collect(), runs.cloned().collect());
    comments.sort_unstable_by_key(|comment| comment.id());
    runs.sort_unstable_by_key(|run| run.id());
    Snapshot {
        organization: Some(Arc::clone(&organization.profile)),
        projects: Some(organization.projects().cloned().collect()),
        teams: Some(organization.teams().cloned().collect()),
        members: Some(organization.members().cloned().collect()),
        items: Some(in_full.map(Arc::new).collect()),
        comments: Some(comments),
        runs: Some(runs),
        rollups: Some(all_rollups(organization)),
    }
}

/// Each that is shown anywhere, sorted by key: what is the organization's own, and what is of its projects.
fn all_rollups(organization: &Organization) -> Vec<RollupValue> {
    let projects = organization.projects();
    let topics = projects.map(|project| Topic::Project(project.id()));
    let mut all: Vec<RollupValue> = std::iter::once(Topic::Org)
        .chain(topics)
        .flat_map(|topic| rollups(organization, topic))
        .collect();
    all.sort_unstable_by_key(|rollup| rollup.key);
    all.dedup_by_key(|rollup| rollup.key);
    all
}
