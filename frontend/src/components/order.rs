//! Sorting by a text. One function for all lists: a sort of its own for each would be a thirtieth of the app.

/// The items in the order of their keys; equal ones keep theirs.
pub fn ordered<T>(items: Vec<T>, key: impl Fn(&T) -> String) -> Vec<T> {
    let places = places(items.iter().map(key).collect());
    let mut items: Vec<Option<T>> = items.into_iter().map(Some).collect();
    places
        .into_iter()
        .filter_map(|place| items.get_mut(place)?.take())
        .collect()
}

/// A number as a text that sorts as it does.
pub fn number(number: i64) -> String {
    // Shifted, so that none is below zero.
    format!("{:020}", number.wrapping_sub(i64::MIN) as u64)
}

fn places(keys: Vec<String>) -> Vec<usize> {
    let mut keys: Vec<(String, usize)> = keys.into_iter().zip(0..).collect();
    keys.sort();
    keys.into_iter().map(|(_, place)| place).collect()
}
