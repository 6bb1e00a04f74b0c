//! A project's past, folded from its events.

use std::collections::{BTreeMap, HashMap};

use shared_types::{
    Event, EventBody,
    model::{Entity, Item, ItemKind, Rollup, Run, Status},
    value::{Estimate, ItemId, ItemKey, ProjectId, RunId, Timestamp},
};

use super::day::Day;

/// What a project's events up to a position say about its tasks.
#[derive(Debug)]
pub(super) struct Line {
    project: ProjectId,
    /// The seq of the last event in it.
    pub seq: u64,
    entries: HashMap<ItemId, Entry>,
    /// What the visible tasks add up to.
    now: Rollup,
    /// The same at the end of each day on which it changed.
    days: BTreeMap<Day, Rollup>,
    /// What each run has come to so far.
    runs: HashMap<RunId, Spent>,
    /// What runs came to on each day, whether their items are still there or not.
    spent: HashMap<Day, Spent>,
}

/// What AI work came to.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Spent {
    pub tokens: u64,
    /// Micro-dollars.
    pub cost: u64,
}

#[derive(Debug)]
struct Entry {
    item: Item,
    is_deleted: bool,
    /// Whether it is in the sums: neither deleted nor under something deleted.
    is_counted: bool,
    begun_at: Option<Timestamp>,
    done_at: Option<Timestamp>,
}

/// A task that was finished.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Finished {
    pub item: ItemId,
    pub key: ItemKey,
    pub begun_at: Timestamp,
    pub done_at: Timestamp,
    pub estimate: Option<Estimate>,
}

impl Line {
    pub(super) fn new(project: ProjectId) -> Self {
        Self {
            project,
            seq: 0,
            entries: HashMap::new(),
            now: Rollup::default(),
            days: BTreeMap::new(),
            runs: HashMap::new(),
            spent: HashMap::new(),
        }
    }

    /// Follows one event. Those that are about neither items nor runs change nothing here.
    pub(super) fn apply(&mut self, event: &Event) {
        self.seq = event.seq;
        let (item, is_deleted) = match &event.body {
            EventBody::ItemCreated { item } | EventBody::ItemUpdated { item, .. } => (item, None),
            EventBody::ItemDeleted { item } => (item, Some(true)),
            EventBody::ItemRestored { item } => (item, Some(false)),
            EventBody::RunCreated { run } | EventBody::RunUpdated { run, .. } => {
                return self.spend(run, event.at);
            }
            _ => return,
        };
        // What is under it is hidden and shown with it.
        let affected = self.subtree(item.id());
        affected.iter().for_each(|id| self.uncount(*id));
        if item.project == Some(self.project) {
            let entry = self
                .entries
                .entry(item.id())
                .or_insert_with(|| Entry::new(item));
            entry.update(item, event.at);
            entry.is_deleted = is_deleted.unwrap_or(entry.is_deleted);
        } else {
            self.entries.remove(&item.id());
        }
        affected.iter().for_each(|id| self.count(*id));
        self.days.insert(Day::from(event.at), self.now);
    }

    /// What the tasks added up to at the end of a day.
    pub(super) fn at_end_of(&self, day: Day) -> Rollup {
        self.days
            .range(..=day)
            .next_back()
            .map_or_else(Rollup::default, |(_, rollup)| *rollup)
    }

    /// What runs came to on a day.
    pub(super) fn spent_on(&self, day: Day) -> Spent {
        self.spent.get(&day).copied().unwrap_or_default()
    }

    /// The tasks that are done, in the order in which they were finished.
    pub(super) fn finished(&self) -> Vec<Finished> {
        let mut finished: Vec<_> = self.entries.values().filter_map(Entry::finished).collect();
        finished.sort_by(|a, b| (a.done_at, &a.key).cmp(&(b.done_at, &b.key)));
        finished
    }

    /// An item and all that is under it.
    fn subtree(&self, root: ItemId) -> Vec<ItemId> {
        let is_task = self
            .entries
            .get(&root)
            .is_none_or(|entry| entry.item.kind == ItemKind::Task);
        let mut found = vec![root];
        let mut next = if is_task { 1 } else { 0 };
        while let Some(parent) = found.get(next).copied() {
            let children = self
                .entries
                .values()
                .filter(|entry| entry.item.parent == Some(parent));
            found.extend(children.map(|entry| entry.item.id()));
            next += 1;
        }
        found
    }

    fn spend(&mut self, run: &Run, at: Timestamp) {
        let (tokens, cost) = (run.usage.tokens(), run.cost);
        let now = Spent { tokens, cost };
        // One that came here with its item was paid for elsewhere until then.
        let before = self.runs.insert(run.id(), now).unwrap_or(now);
        let on_day = self.spent.entry(Day::from(at)).or_default();
        on_day.tokens += tokens.saturating_sub(before.tokens);
        on_day.cost += cost.saturating_sub(before.cost);
    }

    fn uncount(&mut self, id: ItemId) {
        if let Some(entry) = self.entries.get_mut(&id).filter(|entry| entry.is_counted) {
            entry.is_counted = false;
            self.now.remove(&entry.item);
        }
    }

    fn count(&mut self, id: ItemId) {
        let is_visible = self.is_visible(id);
        if let Some(entry) = self.entries.get_mut(&id).filter(|_| is_visible) {
            entry.is_counted = true;
            self.now.add(&entry.item);
        }
    }

    fn is_visible(&self, id: ItemId) -> bool {
        let Some(entry) = self.entries.get(&id) else {
            return false;
        };
        // A parent that is not known is one whose move has yet to come.
        let under_visible = |parent| !self.entries.contains_key(&parent) || self.is_visible(parent);
        !entry.is_deleted && entry.item.parent.is_none_or(under_visible)
    }
}

impl Entry {
    fn new(item: &Item) -> Self {
        Self {
            item: item.summary(),
            is_deleted: false,
            is_counted: false,
            begun_at: None,
            done_at: None,
        }
    }

    fn update(&mut self, item: &Item, at: Timestamp) {
        self.item = item.summary();
        if item.status == Status::InProgress {
            self.begun_at = self.begun_at.or(Some(at));
        }
        self.done_at = match item.status {
            Status::Done => self.done_at.or(Some(at)),
            _ => None,
        };
    }

    fn finished(&self) -> Option<Finished> {
        let done_at = self
            .done_at
            .filter(|_| self.is_counted && self.item.kind == ItemKind::Task)?;
        Some(Finished {
            item: self.item.id(),
            key: self.item.key.clone(),
            // One that was never in progress was begun when it was thought of.
            begun_at: self.begun_at.unwrap_or(self.item.stamp.created_at),
            done_at,
            estimate: self.item.estimate,
        })
    }
}
