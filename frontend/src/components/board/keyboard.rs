//! Moving cards by keyboard: Shift (or Alt) with an arrow or with H, J, K, L.

use web_sys::KeyboardEvent;

/// Where to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Up,
    Down,
    Left,
    Right,
}

/// The direction of a key that moves what has the focus.
pub fn direction(event: &KeyboardEvent) -> Option<Direction> {
    if !event.shift_key() && !event.alt_key() || event.ctrl_key() || event.meta_key() {
        return None;
    }
    Some(match event.key().as_str() {
        "ArrowUp" | "K" => Direction::Up,
        "ArrowDown" | "J" => Direction::Down,
        "ArrowLeft" | "H" => Direction::Left,
        "ArrowRight" | "L" => Direction::Right,
        _ => return None,
    })
}
