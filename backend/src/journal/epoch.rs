use shared_types::wire::Epoch;

const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";

/// A random epoch: eight of a-z and 0-9, so that two lives of a line do not share one by chance.
pub fn fresh_epoch() -> Epoch {
    let random = uuid::Uuid::new_v4().into_bytes();
    // Bytes 6 and 8 of a v4 UUID are not all random; the last six and the first two are.
    let bytes = random[..2].iter().chain(&random[10..]);
    let text: String = bytes
        .map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()]))
        .collect();
    match text.parse() {
        Ok(epoch) => epoch,
        Err(invalid) => unreachable!("letters and digits are an epoch: {invalid}"),
    }
}
