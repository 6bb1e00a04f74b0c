use std::{
    fmt,
    time::{SystemTime, UNIX_EPOCH},
};

use serde::{Serialize, Serializer};
use shared_types::value::{Date, Timestamp};

const MILLIS: i64 = 24 * 60 * 60 * 1000;

/// A calendar day in UTC, counted from 1 January 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Day(pub i64);

impl Day {
    pub(super) fn of(time: SystemTime) -> Self {
        let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
        Self(i64::try_from(since.as_millis()).unwrap_or(i64::MAX) / MILLIS)
    }
}

impl From<Timestamp> for Day {
    fn from(at: Timestamp) -> Self {
        Self(at.as_millis().div_euclid(MILLIS))
    }
}

impl From<Date> for Day {
    fn from(date: Date) -> Self {
        let midnight = format!("{date}T00:00:00Z")
            .parse()
            .unwrap_or(Timestamp::from_millis(0));
        Self::from(midnight)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let midnight = Timestamp::from_millis(self.0.saturating_mul(MILLIS)).to_string();
        f.write_str(midnight.split('T').next().unwrap_or_default())
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A stretch of days, both ends included.
#[derive(Debug, Clone, Copy)]
pub(super) struct Days {
    pub from: Day,
    pub to: Day,
}

impl Days {
    pub(super) fn iter(self) -> impl Iterator<Item = Day> {
        (self.from.0..=self.to.0).map(Day)
    }

    pub(super) fn contains(self, at: Timestamp) -> bool {
        (self.from..=self.to).contains(&Day::from(at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_written_as_it_is_read() {
        for text in ["1970-01-01", "1969-12-31", "2024-02-29", "2026-11-23"] {
            let date: Date = text.parse().unwrap();
            assert_eq!(Day::from(date).to_string(), text);
        }
    }
}
