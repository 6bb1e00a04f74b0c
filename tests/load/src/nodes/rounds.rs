//! Several rounds made into one.

/// The round whose figure is the middle one, and the lowest and the highest figure; of an even number it is the higher of
/// the two in the middle. So a figure must be one that is the worse the higher it is. Nothing of none.
pub fn middle<T>(mut rounds: Vec<T>, figure: impl Fn(&T) -> f64) -> Option<(T, (f64, f64))> {
    rounds.sort_by(|one, other| figure(one).total_cmp(&figure(other)));
    let range = (figure(rounds.first()?), figure(rounds.last()?));
    let at = rounds.len() / 2;
    Some((rounds.swap_remove(at), range))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_one_is_taken_and_of_two_the_worse() {
        let middle = |rounds: &[f64]| middle(rounds.to_vec(), |round| *round);
        assert_eq!(middle(&[3.0, 9.0, 1.0]), Some((3.0, (1.0, 9.0))));
        assert_eq!(middle(&[4.0, 2.0]), Some((4.0, (2.0, 4.0))));
        assert_eq!(middle(&[]), None);
    }
}
