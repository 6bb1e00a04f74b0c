/// Where events are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JournalKind {
    /// In an SQLite database in the data directory.
    Sqlite,
}

/// A kind of journal as a person names it.
pub(super) fn parse(text: &str) -> Result<JournalKind, &'static str> {
    match text {
        "sqlite" => Ok(JournalKind::Sqlite),
        _ if text.starts_with("redis") => Err("this version has no Redis journal yet: use sqlite"),
        _ => Err("must be sqlite"),
    }
}
