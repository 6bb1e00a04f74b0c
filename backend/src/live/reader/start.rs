use shared_types::wire::Cursor;

/// Where a topic is to be told from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Start {
    /// The client has nothing yet.
    Anew,
    /// It has everything up to here, a position that the reader has reached.
    After(u64),
    /// It had something, at a position that is none of this line.
    Elsewhere,
}

impl Start {
    /// Whether nothing is missed by one who is told from now on.
    pub fn may_begin_live(self) -> bool {
        self == Self::Anew
    }
}

/// Whether a client's cursor can be acted on at a position of this line.
pub(super) enum Standing {
    Now(Start),
    /// It is ahead of the reader.
    Ahead(u64),
}

impl Standing {
    /// Of a client's cursor against the reader's own.
    pub fn of(after: Option<&Cursor>, own: &Cursor) -> Self {
        match after {
            None => Self::Now(Start::Anew),
            Some(after) if after.epoch != own.epoch => Self::Now(Start::Elsewhere),
            Some(after) if after.seq > own.seq => Self::Ahead(after.seq),
            Some(after) => Self::Now(Start::After(after.seq)),
        }
    }
}
