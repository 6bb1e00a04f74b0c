//! Numbers that are drawn at random and can be drawn again.

use std::env;

/// A generator of numbers, all of which follow from its seed (SplitMix64).
#[derive(Debug, Clone)]
pub struct Seeded {
    state: u64,
}

impl Seeded {
    /// Seeded by `DEVTEAM_TEST_SEED`, else by the number given. It is told, so that a test that fails tells it too.
    ///
    /// # Panics
    /// The variable is no number.
    pub fn new(otherwise: u64) -> Self {
        let named = env::var("DEVTEAM_TEST_SEED").ok();
        let seed = named.map_or(otherwise, |seed| {
            seed.parse().expect("DEVTEAM_TEST_SEED is a number")
        });
        eprintln!("to see the same again: DEVTEAM_TEST_SEED={seed}");
        Self { state: seed }
    }

    /// Another generator, whose numbers follow from this one's.
    pub fn another(&mut self) -> Self {
        let state = self.below(usize::MAX) as u64;
        Self { state }
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        // The bias is below what any test here could notice.
        usize::try_from(mixed % end.max(1) as u64).unwrap_or(0)
    }

    /// One of several.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(from.len()))
    }
}
