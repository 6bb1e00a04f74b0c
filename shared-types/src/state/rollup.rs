//! Roll-ups, kept up to date task by task.

use std::sync::Arc;

use super::{Organization, reach::Touched};
use crate::{
    model::{Entity, Item, ItemKind, Rollup, Work},
    topic::Topic,
};

impl Organization {
    /// Counts items that are shown from now on, or no longer, in or out of their scope, and tasks of everything they
    /// are under.
    pub(super) fn count(&mut self, items: &[Arc<Item>], add: bool, touched: &mut Touched) {
        for item in items {
            self.index.count_item(item, add);
        }
        for item in items {
            if item.kind == ItemKind::Task {
                for key in self.rollup_keys_of(item) {
                    self.change_rollup(key, touched, |rollup| match add {
                        true => rollup.add(item),
                        false => rollup.remove(item),
                    });
                }
            }
            let work = self.item_work(item.id());
            if work != Work::default() {
                for key in self.work_keys_of(item) {
                    self.change_rollup(key, touched, |rollup| match add {
                        true => rollup.add_work(work),
                        false => rollup.remove_work(work),
                    });
                }
            }
        }
    }

    pub(super) fn change_rollup(
        &mut self,
        key: Topic,
        touched: &mut Touched,
        change: impl FnOnce(&mut Rollup),
    ) {
        let mut rollup = self.rollup(key);
        change(&mut rollup);
        if rollup == Rollup::default() {
            self.rollups.remove(&key);
        } else {
            self.rollups.insert(key, rollup);
        }
        touched.rollups.insert(key);
    }

    fn rollup_keys_of(&self, task: &Item) -> Vec<Topic> {
        let mut keys = vec![Topic::Org];
        keys.extend(task.project.map(Topic::Project));
        keys.extend(task.team.map(Topic::Team));
        keys.extend(task.assignees.iter().map(|member| Topic::Member(*member)));
        self.keys_above(task, &mut keys);
        keys
    }

    /// What the runs of an item count for. (For its members, they count wherever they are.)
    pub(super) fn work_keys_of(&self, item: &Item) -> Vec<Topic> {
        let mut keys = vec![Topic::Org];
        keys.extend(item.project.map(Topic::Project));
        keys.extend(item.team.map(Topic::Team));
        keys.extend((item.kind != ItemKind::Task).then(|| Topic::Item(item.id())));
        self.keys_above(item, &mut keys);
        keys
    }

    fn keys_above(&self, item: &Item, keys: &mut Vec<Topic>) {
        let mut above = item.parent;
        while let Some(parent) = above.and_then(|id| self.items.get(&id)) {
            keys.push(Topic::Item(parent.value.id()));
            above = parent.value.parent;
        }
    }

    /// The topics that show the roll-up of something, the thing named as its topic is.
    pub fn topics_showing(&self, key: Topic) -> Vec<Topic> {
        match key {
            Topic::Org => vec![Topic::Org],
            Topic::Project(_) | Topic::Member(_) => vec![Topic::Org, key],
            Topic::Team(team) => match self.team(team) {
                Some(team) => vec![Topic::Project(team.project), key],
                None => Vec::new(),
            },
            Topic::Item(item) => self
                .item(item)
                .map_or_else(Vec::new, |item| super::apply::topics_of_item(item)),
            Topic::Run(_) | Topic::All => Vec::new(),
        }
    }

    /// The things whose roll-ups a topic shows, each named as its topic is, sorted.
    pub fn rollups_shown(&self, topic: Topic) -> Vec<Topic> {
        let branches = |items: &mut dyn Iterator<Item = &Arc<Item>>| -> Vec<Topic> {
            items
                .filter(|item| item.kind != ItemKind::Task)
                .map(|item| Topic::Item(item.id()))
                .collect()
        };
        let mut keys = match topic {
            Topic::Org => {
                let mut keys = branches(&mut self.items_in(None));
                keys.extend(self.projects().map(|project| Topic::Project(project.id())));
                keys.extend(self.members().map(|member| Topic::Member(member.id())));
                keys
            }
            Topic::Project(id) => {
                let mut keys = branches(&mut self.items_in(Some(id)));
                keys.extend(self.teams_of(id).map(|team| Topic::Team(team.id())));
                keys
            }
            Topic::Team(id) => branches(&mut self.items_of_team(id)),
            Topic::Member(id) => branches(&mut self.items_of_member(id)),
            Topic::Item(id) => return branches(&mut self.item(id).into_iter()),
            Topic::Run(_) | Topic::All => return Vec::new(),
        };
        keys.push(topic);
        keys.sort_unstable();
        keys
    }
}
