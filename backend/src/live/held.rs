//! What the topic logs of one node hold together. An organization that much happens in may use all of it, as long as the
//! others leave room: what is too much is taken from whichever holds most.

use std::sync::{
    Arc, LazyLock, Mutex, MutexGuard, Weak,
    atomic::{AtomicUsize, Ordering},
};

use super::{
    hub::lock,
    line::Line,
    metrics::{less_in_lines, more_in_lines},
};

/// Bytes of events held in memory on one node. At 500 bytes an event more than the 10,000 that a resume is sure of;
/// what is further back comes from the journal.
const NODE_BYTES: usize = 64 << 20;

/// How much may be held, and by whom it is.
pub struct Budget {
    bytes: usize,
    used: AtomicUsize,
    holders: Mutex<Vec<Weak<Held>>>,
}

impl Budget {
    /// So many bytes; the newest event of each organization is always held.
    pub fn new(bytes: usize) -> Arc<Self> {
        Arc::new(Self {
            bytes,
            used: AtomicUsize::new(0),
            holders: Mutex::default(),
        })
    }

    /// The one of this process, which is a node.
    pub fn of_node() -> Arc<Self> {
        static NODE: LazyLock<Arc<Budget>> = LazyLock::new(|| Budget::new(NODE_BYTES));
        Arc::clone(&NODE)
    }

    fn used(&self) -> usize {
        self.used.load(Ordering::Relaxed)
    }

    /// Takes away what is too much and a little more, so that it need not be looked for with each event.
    fn keep(&self) {
        if self.used() <= self.bytes {
            return;
        }
        let mut holders: Vec<Arc<Held>> = {
            let mut holders = lock(&self.holders);
            holders.retain(|holder| holder.strong_count() > 0);
            holders.iter().filter_map(Weak::upgrade).collect()
        };
        holders.sort_by_key(|holder| std::cmp::Reverse(holder.bytes()));
        let enough = self.bytes - self.bytes / 16;
        for holder in holders {
            let too_much = self.used().saturating_sub(enough);
            if too_much == 0 {
                return;
            }
            holder.change(|line| line.shrink_by(too_much));
        }
    }
}

/// The line of one organization, and how much it holds.
pub struct Held {
    line: Mutex<Line>,
    bytes: AtomicUsize,
    budget: Arc<Budget>,
}

impl Held {
    /// An empty line.
    pub fn new(budget: Arc<Budget>) -> Arc<Self> {
        let held = Arc::new(Self {
            line: Mutex::default(),
            bytes: AtomicUsize::new(0),
            budget,
        });
        let mut holders = lock(&held.budget.holders);
        holders.retain(|holder| holder.strong_count() > 0);
        holders.push(Arc::downgrade(&held));
        drop(holders);
        held
    }

    /// To read in.
    pub fn line(&self) -> MutexGuard<'_, Line> {
        lock(&self.line)
    }

    /// Adds to it, and makes room where there is none.
    pub fn add(&self, act: impl FnOnce(&mut Line)) {
        self.change(act);
        self.budget.keep();
    }

    /// Changes it, and counts what it holds then.
    pub fn change(&self, act: impl FnOnce(&mut Line)) {
        let mut line = self.line();
        act(&mut line);
        self.count(line.bytes());
    }

    fn bytes(&self) -> usize {
        self.bytes.load(Ordering::Relaxed)
    }

    fn count(&self, bytes: usize) {
        let before = self.bytes.swap(bytes, Ordering::Relaxed);
        self.budget.used.fetch_add(bytes, Ordering::Relaxed);
        self.budget.used.fetch_sub(before, Ordering::Relaxed);
        if bytes > before {
            more_in_lines(bytes - before);
        } else {
            less_in_lines(before - bytes);
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.count(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::{entry::Entry, frame::Frame};

    fn add(held: &Held, events: usize) {
        held.add(|line| {
            for _ in 0..events {
                let seq = line.last() + 1;
                line.push(Arc::new(Entry {
                    seq,
                    frame: Frame::event(&[b'x'; 1_000]),
                    topics: Box::default(),
                    barriers: Box::default(),
                    gone: Box::default(),
                }));
            }
        });
    }

    #[test]
    fn what_is_too_much_for_the_node_is_taken_from_whoever_holds_most() {
        let budget = Budget::new(100_000);
        let [busy, quiet] = [0, 1].map(|_| Held::new(Arc::clone(&budget)));
        add(&quiet, 10);
        let before = quiet.bytes();
        for _ in 0..50 {
            add(&busy, 10);
            assert!(budget.used() <= 100_000, "{}", budget.used());
        }
        assert_eq!(quiet.bytes(), before);
        assert_eq!(quiet.line().last(), 10);
        assert!(busy.bytes() > 50_000, "what nobody else needs is used");
        // Then it is quiet there and the other writes: it is given room.
        add(&quiet, 40);
        assert!(quiet.bytes() > 4 * before, "{}", quiet.bytes());
        assert!(busy.bytes() < 70_000 && budget.used() <= 100_000);
    }

    #[test]
    fn what_is_closed_leaves_room() {
        let budget = Budget::new(100_000);
        let [gone, emptied] = [0, 1].map(|_| Held::new(Arc::clone(&budget)));
        add(&gone, 10);
        add(&emptied, 10);
        drop(gone);
        assert_eq!(budget.used(), emptied.bytes());
        emptied.change(|line| line.reset(10));
        assert_eq!(budget.used(), 0);
    }

    #[test]
    fn the_newest_event_of_each_stays() {
        let budget = Budget::new(1);
        let [one, other] = [0, 1].map(|_| Held::new(Arc::clone(&budget)));
        add(&one, 3);
        add(&other, 3);
        for held in [one, other] {
            assert!(held.line().range(2, 3).is_ok());
            assert!(held.line().range(1, 3).is_err());
        }
    }
}
