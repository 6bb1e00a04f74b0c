//! Runs, what they cost, and what may be spent.

use std::sync::Arc;

use super::{Indexes, Organization, Sight, apply::topics_of_item, lookup::pairs, reach::Touched};
use crate::{
    model::{AgentLimits, Alert, Budget, Entity, Item, Run, RunState, Spent, WaitsFor, Work},
    topic::Topic,
    value::{ItemId, MemberId, RunId, Timestamp},
};

/// How many runs of an item the model keeps: beyond that, the oldest is only in the line of events.
pub const RUNS_KEPT: usize = 50;

/// The oldest of an item's runs, where there are more than the model keeps.
pub(crate) fn oldest_beyond<'a>(runs: impl Iterator<Item = &'a Arc<Run>>) -> Option<RunId> {
    let mut runs: Vec<_> = runs.map(|run| (run.stamp.created_at, run.id())).collect();
    if runs.len() <= RUNS_KEPT {
        return None;
    }
    runs.sort_unstable();
    runs.first().map(|(_, id)| *id)
}

impl Organization {
    /// A run of an item that is not deleted.
    pub fn run(&self, id: RunId) -> Option<&Arc<Run>> {
        let run = self.runs.get(&id)?;
        self.item(run.item).is_some().then_some(run)
    }

    /// The runs of an item, by id.
    pub fn runs_of(&self, item: ItemId) -> impl Iterator<Item = &Arc<Run>> {
        let runs = pairs(&self.index.item_runs, item);
        runs.filter_map(|id| self.run(id))
    }

    /// The runs of a member, by id.
    pub fn runs_of_member(&self, member: MemberId) -> impl Iterator<Item = &Arc<Run>> {
        let runs = self.runs.values().filter(move |run| run.member == member);
        runs.filter(|run| self.item(run.item).is_some())
    }

    /// The runs that something may still come of, by id.
    pub fn live_runs(&self) -> impl Iterator<Item = &Arc<Run>> {
        self.index.live_runs.iter().filter_map(|id| self.run(*id))
    }

    /// The run of an item that something may still come of.
    pub fn live_run_of(&self, item: ItemId) -> Option<&Arc<Run>> {
        self.latest_run_of(item).filter(|run| run.state.is_live())
    }

    /// The run that an item shows.
    pub fn latest_run_of(&self, item: ItemId) -> Option<&Arc<Run>> {
        self.run(self.item(item)?.run?.id)
    }

    /// The budgets that were set, by scope.
    pub fn budgets(&self) -> impl Iterator<Item = &Budget> {
        self.budgets.values()
    }

    /// The budget of a scope.
    pub fn budget(&self, scope: Sight) -> Option<&Budget> {
        self.budgets.get(&scope)
    }

    /// What was spent in a scope.
    pub fn spent(&self, scope: Sight) -> Spent {
        self.spent.get(&scope).copied().unwrap_or_default()
    }

    /// The scopes that what a run costs is counted in.
    pub fn scopes_of(&self, run: &Run) -> Vec<Sight> {
        let item = self.items.get(&run.item);
        let project = item.and_then(|item| item.value.project);
        let mut scopes = vec![Sight::Organization];
        scopes.extend(project.map(Sight::Project));
        scopes.push(Sight::Member(run.member));
        scopes
    }

    /// What is put aside in a scope, for calls that are under way.
    pub fn reserved(&self, scope: Sight) -> u64 {
        let in_scope = |run: &&Arc<Run>| run.reserved > 0 && self.scopes_of(run).contains(&scope);
        self.live_runs()
            .filter(in_scope)
            .fold(0, |sum, run| run.reserved.saturating_add(sum))
    }

    /// How much a run may take.
    pub fn limits_of(&self, run: &Run) -> AgentLimits {
        let member = self.member(run.member);
        let profile = member.and_then(|member| member.agent.as_ref());
        profile.map(|profile| profile.limits).unwrap_or_default()
    }

    /// Whether workers had a run for all its minutes.
    pub fn is_out_of_time(&self, run: &Run, now: Timestamp) -> bool {
        let minutes = u64::from(self.limits_of(run).minutes);
        run.effort.worked_by(now) >= minutes * 60_000
    }

    /// What stands in the way of claiming a queued run now; none where it only needs a worker.
    pub fn waits_for(&self, run: &Run, now: Timestamp) -> Option<WaitsFor> {
        let most = self.limits_of(run);
        let is_beside =
            |other: &&Arc<Run>| other.member == run.member && other.state == RunState::Running;
        if self.profile.agents_stopped {
            Some(WaitsFor::Switch)
        } else if run.not_before.is_some_and(|until| until > now) {
            Some(WaitsFor::BackOff)
        } else if self.live_runs().filter(is_beside).count() >= most.running as usize {
            Some(WaitsFor::Room)
        } else if self
            .scopes_of(run)
            .into_iter()
            .any(|scope| self.is_used_up(scope, now))
        {
            Some(WaitsFor::Budget)
        } else {
            None
        }
    }

    /// Whether nothing is left of a budget, with what is put aside.
    fn is_used_up(&self, scope: Sight, now: Timestamp) -> bool {
        let Some(budget) = self.budget(scope) else {
            return false;
        };
        let (spent, reserved) = (self.spent(scope), self.reserved(scope));
        let with_reserved = |spent: u64| spent.saturating_add(reserved);
        let on_day = with_reserved(spent.on(day_of(now)));
        budget.alert_at(with_reserved(spent.total), on_day) == Alert::Exhausted
    }

    /// What AI members have done on an item itself, in all attempts at it.
    pub fn item_work(&self, item: ItemId) -> Work {
        self.item_work.get(&item).copied().unwrap_or_default()
    }

    pub(super) fn put_run(&mut self, run: &Run, at: Timestamp, touched: &mut Touched) {
        let id = run.id();
        touched.topics([Topic::Item(run.item), Topic::Run(id)]);
        let before = self.runs.insert(id, Arc::new(run.clone()));
        self.index.insert_run(run);
        self.count_run(before.as_deref(), run, touched);
        let cost = before.as_ref().map_or(0, |before| before.cost);
        let more = run.cost.saturating_sub(cost);
        if more > 0 {
            let day = day_of(at);
            for scope in self.scopes_of(run) {
                let spent = self.spent(scope).plus(more, day);
                self.spent.insert(scope, spent);
            }
        }
        self.show_run(run, before.is_none(), touched);
        if let Some(old) = oldest_beyond(self.runs_of(run.item)) {
            self.runs.remove(&old);
            self.index.item_runs.remove(&(run.item, old));
            touched.topic(Topic::Run(old));
        }
    }

    /// The roll-ups of everything that a run is part of.
    fn count_run(&mut self, before: Option<&Run>, run: &Run, touched: &mut Touched) {
        let (before, after) = (before.map(work_of).unwrap_or_default(), work_of(run));
        if before == after {
            return;
        }
        let exchange = |work: Work| Work {
            runs: work.runs + after.runs - before.runs,
            tokens: exchanged(work.tokens, before.tokens, after.tokens),
            cost: exchanged(work.cost, before.cost, after.cost),
        };
        let item = exchange(self.item_work(run.item));
        self.item_work.insert(run.item, item);
        let of_member = self.member_work.get(&run.member).copied();
        self.member_work
            .insert(run.member, exchange(of_member.unwrap_or_default()));
        let mut keys = vec![Topic::Member(run.member)];
        if let Some(item) = self.item(run.item) {
            keys.extend(self.work_keys_of(item));
        }
        for key in keys {
            self.change_rollup(key, touched, |rollup| {
                rollup.add_work(after);
                rollup.remove_work(before);
            });
        }
    }

    /// An item shows its latest run, wherever the item is.
    fn show_run(&mut self, run: &Run, is_new: bool, touched: &mut Touched) {
        let Some(stored) = self.items.get_mut(&run.item) else {
            return;
        };
        let shown = stored.value.run;
        let is_shown = is_new || shown.is_some_and(|shown| shown.id == run.id());
        if is_shown && shown != Some(run.brief()) {
            Arc::<Item>::make_mut(&mut stored.value).run = Some(run.brief());
            touched.topics(topics_of_item(&stored.value));
        }
    }

    /// After loading, when the roll-ups hold only what belongs to items.
    pub(super) fn count_members_work(&mut self) {
        let members: Vec<(MemberId, Work)> = self
            .member_work
            .iter()
            .map(|(member, work)| (*member, *work))
            .collect();
        for (member, work) in members {
            let add = |rollup: &mut crate::model::Rollup| rollup.add_work(work);
            self.change_rollup(Topic::Member(member), &mut Touched::default(), add);
        }
    }
}

impl Indexes {
    pub(super) fn insert_run(&mut self, run: &Run) {
        self.item_runs.insert((run.item, run.id()));
        if run.state.is_live() {
            self.live_runs.insert(run.id());
        } else {
            self.live_runs.remove(&run.id());
        }
    }
}

/// A sum with one of its parts in the place of what that was.
fn exchanged(sum: u64, before: u64, after: u64) -> u64 {
    sum.saturating_add(after).saturating_sub(before)
}

fn work_of(run: &Run) -> Work {
    Work {
        runs: u32::from(run.state.is_live()),
        tokens: run.usage.tokens(),
        cost: run.cost,
    }
}

/// The day (UTC) of a moment, counted from 1970-01-01.
pub(crate) fn day_of(at: Timestamp) -> i64 {
    at.as_millis().div_euclid(86_400_000)
}
