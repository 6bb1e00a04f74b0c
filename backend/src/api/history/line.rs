//! A project's past, folded from its events.

use std::collections::{BTreeMap, HashMap};

use shared_types::{
    Event, EventBody,
    model::{Entity, Item, ItemKind, Rollup, Status},
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
    /// The runs of each item that is or was here.
    runs: HashMap<ItemId, Runs>,
    /// What runs came to on each day while their items were here, as the project's budget counts it: whatever became of the items
    /// since.
    spent: HashMap<Day, Spent>,
}

/// What AI work came to.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Spent {
    pub tokens: u64,
    /// Micro-dollars.
    pub cost: u64,
}

/// The runs of one item.
#[derive(Debug, Default)]
struct Runs {
    /// How far the item's own line was read.
    seq: u64,
    /// What each has come to by then.
    come_to: HashMap<RunId, Spent>,
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

    /// Follows one event. Those that are not about items change nothing here.
    pub(super) fn apply(&mut self, event: &Event) {
        self.seq = event.seq;
        let (item, is_deleted) = match &event.body {
            EventBody::ItemCreated { item } | EventBody::ItemUpdated { item, .. } => (item, None),
            EventBody::ItemDeleted { item } => (item, Some(true)),
            EventBody::ItemRestored { item } => (item, Some(false)),
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

    /// The item whose own line is to be read up to an event, and whether it was here until then: not every word about its runs
    /// is told here, and what was said elsewhere is not counted.
    pub(super) fn to_read(&self, event: &Event) -> Option<(ItemId, bool)> {
        match &event.body {
            EventBody::RunCreated { run } | EventBody::RunUpdated { run, .. } => {
                Some((run.item, true))
            }
            EventBody::ItemUpdated { item, .. } if item.run.is_some() => {
                let was_here = self.entries.contains_key(&item.id());
                let is_here = item.project == Some(self.project);
                Some((item.id(), was_here)).filter(|_| was_here != is_here)
            }
            _ => None,
        }
    }

    /// How far an item's own line was read.
    pub(super) fn read_to(&self, item: ItemId) -> u64 {
        self.runs.get(&item).map_or(0, |runs| runs.seq)
    }

    /// Follows one event of an item's own line. What its runs came to is counted where the item was here.
    pub(super) fn follow(&mut self, (item, was_here): (ItemId, bool), event: &Event) {
        let runs = self.runs.entry(item).or_default();
        runs.seq = event.seq;
        let (EventBody::RunCreated { run } | EventBody::RunUpdated { run, .. }) = &event.body
        else {
            return;
        };
        let now = Spent {
            tokens: run.usage.tokens(),
            cost: run.cost,
        };
        // Of one whose beginning is not kept any more nobody knows what was spent when.
        let is_new = matches!(event.body, EventBody::RunCreated { .. });
        let unknown = if is_new { Spent::default() } else { now };
        let before = runs.come_to.insert(run.id(), now).unwrap_or(unknown);
        if was_here {
            let on_day = self.spent.entry(Day::from(event.at)).or_default();
            on_day.tokens += now.tokens.saturating_sub(before.tokens);
            on_day.cost += now.cost.saturating_sub(before.cost);
        }
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
