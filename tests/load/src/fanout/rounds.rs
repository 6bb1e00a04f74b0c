//! Several rounds made into one: a shared or virtual machine is not equally fast from one minute to the next.

use super::measure::Row;

/// The round whose processor time is the middle one, whole, so that its figures belong together; with the lowest and
/// highest of all rounds, and whatever went wrong in any.
///
/// Of an even number it is the worse of the two in the middle. Nothing of none.
pub fn middle(mut rounds: Vec<Row>) -> Option<Row> {
    rounds.sort_by(|one, other| one.server_micros.total_cmp(&other.server_micros));
    let (lowest, highest) = (rounds.first()?.server_micros, rounds.last()?.server_micros);
    let missing = rounds.iter().map(|row| row.missing).sum();
    let troubles = rounds.iter().flat_map(|row| row.troubles.clone()).collect();
    let at = rounds.len() / 2;
    let row = rounds.swap_remove(at);
    Some(Row {
        server_micros_range: (lowest, highest),
        missing,
        troubles,
        ..row
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_round_speaks_for_all_but_hides_no_trouble() {
        let round = |server_micros, missing, trouble: &str| Row {
            server_micros,
            missing,
            troubles: vec![trouble.into()],
            ..Row::default()
        };
        let rounds = vec![round(3.0, 0, "a"), round(9.0, 7, "b"), round(1.0, 0, "c")];
        let row = middle(rounds).unwrap();
        assert_eq!(
            (row.server_micros, row.server_micros_range, row.missing),
            (3.0, (1.0, 9.0), 7)
        );
        assert_eq!(row.troubles.len(), 3);
        assert!(middle(Vec::new()).is_none());
    }
}
