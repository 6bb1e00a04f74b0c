//! What processes take of the machine, from `/proc`.

use std::{collections::HashSet, time::Duration};

use anyhow::{Context, Result};
use procfs::{
    CurrentSI as _, KernelStats,
    process::{Process, Stat, all_processes},
};

/// A server: a process and everything that descends from it.
#[derive(Clone, Copy, Debug)]
pub struct Family {
    root: i32,
}

/// What a family takes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Usage {
    /// Processor time in user and kernel mode since it started.
    pub cpu: Duration,
    /// Memory of its own, in bytes: anonymous and shared, in swap too. Not the mapped files: the kernel brings pages of
    /// a binary in and drops them as it likes, which would drown what a few connections take.
    pub memory: u64,
}

impl Family {
    /// The family of this process.
    pub fn of(root: u32) -> Result<Self> {
        Ok(Self {
            root: i32::try_from(root)?,
        })
    }

    /// What it takes now. Members that have ended count with whoever waited for them.
    ///
    /// # Errors
    /// The first of the family is gone.
    pub fn usage(self) -> Result<Usage> {
        let mut everyone: Vec<Stat> = all_processes()?
            .filter_map(|process| process.ok()?.stat().ok())
            .collect();
        // Parents before children, so that one pass finds every generation.
        everyone.sort_by_key(|stat| (stat.starttime, stat.pid));
        let mut members = HashSet::from([self.root]);
        let mut usage = Usage::default();
        let tick = procfs::ticks_per_second();
        let mut found = false;
        for stat in everyone {
            let is_root = stat.pid == self.root;
            if !is_root && !members.contains(&stat.ppid) {
                continue;
            }
            found |= is_root;
            members.insert(stat.pid);
            let waited_for = u64::try_from(stat.cutime + stat.cstime).unwrap_or(0);
            usage.cpu += ticks(stat.utime + stat.stime + waited_for, tick);
            usage.memory += memory(stat.pid);
        }
        anyhow::ensure!(found, "process {} is gone", self.root);
        Ok(usage)
    }
}

/// The memory of one process; none once it has ended.
fn memory(id: i32) -> u64 {
    let status = Process::new(id).and_then(|process| process.status());
    let Ok(status) = status else {
        return 0;
    };
    let parts = [status.rssanon, status.rssshmem, status.vmswap];
    parts.into_iter().flatten().sum::<u64>() * 1024
}

/// Processor time of one of our threads.
///
/// # Errors
/// It has ended.
pub fn thread_cpu(id: i32) -> Result<Duration> {
    let stat = Process::myself()?
        .task_from_tid(id)
        .context("the thread has ended")?
        .stat()?;
    Ok(ticks(stat.utime + stat.stime, procfs::ticks_per_second()))
}

/// Processor time that this process and all its descendants have used: the generator and the servers.
///
/// # Errors
/// There is no `/proc`.
pub fn own_cpu() -> Result<Duration> {
    Ok(Family::of(std::process::id())?.usage()?.cpu)
}

/// Processor time that all other processes have used. What the kernel spends on interrupts is nobody's.
///
/// # Errors
/// There is no `/proc/stat`.
pub fn others_cpu() -> Result<Duration> {
    let total = KernelStats::current()?.total;
    let everyone = ticks(
        total.user + total.nice + total.system,
        procfs::ticks_per_second(),
    );
    Ok(everyone.saturating_sub(own_cpu()?))
}

fn ticks(count: u64, per_second: u64) -> Duration {
    Duration::from_secs_f64(count as f64 / per_second as f64)
}
