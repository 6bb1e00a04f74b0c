//! The keys of a board and of a backlog. Cards are moved by Shift (or Alt) with an arrow or with H, J, K, L.

use web_sys::KeyboardEvent;

use crate::keys::Key;

/// The keys that do something there, for one who may change it and for one who reads.
pub fn taken(may_change: bool) -> &'static [Key] {
    const ALL: [Key; 11] = [
        Key::Next,
        Key::Previous,
        Key::Left,
        Key::Right,
        Key::Open,
        Key::Close,
        Key::Move,
        Key::Select,
        Key::Edit,
        Key::Assign,
        Key::Status,
    ];
    if may_change { &ALL } else { &ALL[..6] }
}

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
