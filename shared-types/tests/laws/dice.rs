//! Random numbers that a game turns into commands which make sense where it stands.

use proptest::prelude::*;

/// One throw: which command, and what it is about.
#[derive(Debug, Clone)]
pub struct Dice {
    pub command: u8,
    pub numbers: [usize; 6],
}

impl Dice {
    /// One of several, by the nth number.
    pub fn pick<T: Clone>(&self, n: usize, from: &[T]) -> Option<T> {
        (!from.is_empty()).then(|| from[self.numbers[n] % from.len()].clone())
    }

    /// True once in `of`, by the nth number.
    pub fn once_in(&self, n: usize, of: usize) -> bool {
        self.numbers[n].is_multiple_of(of)
    }
}

impl Arbitrary for Dice {
    type Parameters = ();
    type Strategy = BoxedStrategy<Self>;

    fn arbitrary_with((): ()) -> Self::Strategy {
        let number = 0usize..5040;
        (
            any::<u8>(),
            [
                number.clone(),
                number.clone(),
                number.clone(),
                number.clone(),
                number.clone(),
                number,
            ],
        )
            .prop_map(|(command, numbers)| Dice { command, numbers })
            .boxed()
    }
}
