//! Times (RFC 3339, UTC, milliseconds) and dates.
//!
//! They are all the product needs of a calendar, so it does without a library for time: the smallest would be a tenth of
//! the browser app.

use std::{fmt, str::FromStr};

use super::{Invalid, string_value, value_schema};

const DAY_MS: i64 = 86_400_000;

/// A moment, in milliseconds since 1970 (UTC). On the wire: `2026-11-23T14:00:00.123Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The first millisecond of the year 0000 and the last of 9999: what RFC 3339 can write.
    const RANGE: (i64, i64) = (-62_167_219_200_000, 253_402_300_799_999);

    /// From milliseconds since 1970; a moment that can't be written becomes the nearest one that can.
    pub fn from_millis(millis: i64) -> Self {
        let (first, last) = Self::RANGE;
        Self(millis.clamp(first, last))
    }

    /// Milliseconds since 1970.
    pub fn as_millis(self) -> i64 {
        self.0
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let date = Date::from_days(self.0.div_euclid(DAY_MS));
        let ms = self.0.rem_euclid(DAY_MS);
        let (hour, minute, second) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1_000 % 60);
        write!(
            f,
            "{date}T{hour:02}:{minute:02}:{second:02}.{:03}Z",
            ms % 1_000
        )
    }
}

impl FromStr for Timestamp {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        parse_moment(text)
            .ok_or_else(|| Invalid("must be a time such as 2026-11-23T14:00:00Z".into()))
    }
}

/// A date, `T`, a time with any number of decimals, and `Z` or the distance from it.
fn parse_moment(text: &str) -> Option<Timestamp> {
    let (date, rest) = text.split_at_checked(10)?;
    let date: Date = date.parse().ok()?;
    let rest = rest.strip_prefix(['T', 't', ' '])?;
    let (time, rest) = rest.split_at_checked(8)?;
    let [hour, minute, second] = numbers::<3>(time, ':')?;
    let (fraction, zone) = match rest.strip_prefix('.') {
        Some(rest) => rest.split_at(rest.find(|c: char| !c.is_ascii_digit())?),
        None => ("000", rest),
    };
    if fraction.is_empty() || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let offset = match zone.split_at_checked(1)? {
        ("Z" | "z", "") => 0,
        (sign @ ("+" | "-"), distance) if distance.len() == 5 => {
            let [hours, minutes] = numbers::<2>(distance, ':')?;
            if hours > 23 || minutes > 59 {
                return None;
            }
            (hours * 60 + minutes) * if sign == "+" { 1 } else { -1 }
        }
        _ => return None,
    };
    // What is finer than a millisecond is cut off.
    let millis: String = fraction.chars().chain("00".chars()).take(3).collect();
    // A leap second is told as the one before it.
    let seconds = (hour * 60 + minute - offset) * 60 + second.min(59);
    let moment = date.days() * DAY_MS + seconds * 1_000 + millis.parse::<i64>().ok()?;
    let (first, last) = Timestamp::RANGE;
    (first..=last)
        .contains(&moment)
        .then_some(Timestamp(moment))
}

/// Numbers of two digits with a separator between them.
fn numbers<const N: usize>(text: &str, separator: char) -> Option<[i64; N]> {
    let mut parts = text.split(separator);
    let mut found = [0; N];
    for number in &mut found {
        let part = parts
            .next()
            .filter(|part| part.len() == 2 && digits(part))?;
        *number = part.parse().ok()?;
    }
    parts.next().is_none().then_some(found)
}

fn digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

string_value!(Timestamp);
value_schema!(Timestamp, string => string.format(Some(utoipa::openapi::SchemaFormat::Custom("date-time".into()))));

/// A calendar day. On the wire: `2026-11-23`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: i16,
    month: u8,
    day: u8,
}

impl Date {
    /// Days in 400 years of the Gregorian calendar, after which it begins again.
    const CYCLE_DAYS: i64 = 146_097;

    /// The year, 0 to 9999.
    pub fn year(self) -> i16 {
        self.year
    }

    /// The month, from 1.
    pub fn month(self) -> u8 {
        self.month
    }

    /// The day of the month, from 1.
    pub fn day(self) -> u8 {
        self.day
    }

    /// Days since 1970.
    pub fn days(self) -> i64 {
        let first_of_year = days_before_year(i64::from(self.year)) - days_before_year(1970);
        let before: i64 = (1..self.month)
            .map(|month| i64::from(days_in(self.year, month)))
            .sum();
        first_of_year + before + i64::from(self.day) - 1
    }

    /// The day so many days after 1970 began.
    pub fn from_days(days: i64) -> Self {
        let since_zero = days + days_before_year(1970);
        // Never too late by more than a year, as no year is shorter than the mean one by more than a day.
        let mut year = (since_zero * 400).div_euclid(Self::CYCLE_DAYS);
        while days_before_year(year + 1) <= since_zero {
            year += 1;
        }
        while days_before_year(year) > since_zero {
            year -= 1;
        }
        let year_number = i16::try_from(year).unwrap_or(0);
        let mut left = since_zero - days_before_year(year);
        let mut month = 1;
        while left >= i64::from(days_in(year_number, month)) {
            left -= i64::from(days_in(year_number, month));
            month += 1;
        }
        // Both are small by now: a month has no more than 31 days.
        Self {
            year: year_number,
            month,
            day: u8::try_from(left).unwrap_or(0) + 1,
        }
    }
}

/// Days from the beginning of the year 0 to that of this one.
fn days_before_year(year: i64) -> i64 {
    let leap_days =
        (year + 3).div_euclid(4) - (year + 99).div_euclid(100) + (year + 399).div_euclid(400);
    year * 365 + leap_days
}

fn days_in(year: i16, month: u8) -> u8 {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl FromStr for Date {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        parse_date(text).ok_or_else(|| Invalid("must be a date such as 2026-11-23".into()))
    }
}

fn parse_date(text: &str) -> Option<Date> {
    let (year, rest) = text
        .split_once('-')
        .filter(|(year, _)| year.len() == 4 && digits(year))?;
    let [month, day] = numbers::<2>(rest, '-')?;
    let (month, day) = (u8::try_from(month).ok()?, u8::try_from(day).ok()?);
    let year = year.parse().ok()?;
    let exists = (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day);
    exists.then_some(Date { year, month, day })
}

string_value!(Date);
value_schema!(Date, string => string.format(Some(utoipa::openapi::SchemaFormat::Custom("date".into()))));

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn millis(text: &str) -> Option<i64> {
        text.parse().map(Timestamp::as_millis).ok()
    }

    #[test]
    fn moments_are_what_others_say_they_are() {
        assert_eq!(millis("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(millis("2026-11-23T14:00:00.123Z"), Some(1_795_442_400_123));
        assert_eq!(millis("2000-02-29T23:59:59.999999Z"), Some(951_868_799_999));
        assert_eq!(millis("1969-12-31T23:59:59.5Z"), Some(-500));
        assert_eq!(millis("0000-01-01T00:00:00Z"), Some(Timestamp::RANGE.0));
        assert_eq!(millis("9999-12-31T23:59:59.999Z"), Some(Timestamp::RANGE.1));
        assert_eq!(
            millis("2026-11-23T15:00:00+01:00"),
            millis("2026-11-23T14:00:00Z")
        );
        assert_eq!(
            millis("2026-11-23t08:30:00-05:30"),
            millis("2026-11-23 14:00:00z")
        );
        assert_eq!(
            millis("2016-12-31T23:59:60Z"),
            millis("2016-12-31T23:59:59Z")
        );
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        let wrong = [
            "",
            "now",
            "2026-11-23",
            "2026-11-23T14:00Z",
            "2026-11-23T14:00:00",
            "2026-02-29T00:00:00Z",
            "2026-11-23T24:00:00Z",
            "2026-11-23T14:60:00Z",
            "2026-11-23T14:00:00.Z",
            "2026-11-23T14:00:00.1",
            "2026-11-23T14:00:00+1:00",
            "2026-11-23T14:00:00+24:00",
            "2026-11-23T14:00:00ZZ",
            "+026-11-23T14:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-11-23T14:00:00é",
            "é026-11-23T14:00:00Z",
            "0000-01-01T00:00:00+01:00",
        ];
        for text in wrong {
            assert_eq!(millis(text), None, "{text}");
        }
        for text in [
            "",
            "2026-1-01",
            "2026-00-10",
            "2026-04-31",
            "1900-02-29",
            "2026-11-23T00:00:00Z",
            "20261123",
        ] {
            assert!(text.parse::<Date>().is_err(), "{text}");
        }
        assert!("2000-02-29".parse::<Date>().is_ok());
    }

    proptest! {
        #[test]
        fn every_moment_reads_as_it_was_written(millis in Timestamp::RANGE.0..=Timestamp::RANGE.1) {
            let moment = Timestamp::from_millis(millis);
            prop_assert_eq!(moment.to_string().parse::<Timestamp>().expect("a moment parses"), moment);
        }

        #[test]
        fn days_follow_each_other(days in -719_528i64..2_932_896) {
            let (day, next) = (Date::from_days(days), Date::from_days(days + 1));
            prop_assert!(day < next, "{} {}", day, next);
            prop_assert_eq!(day.days(), days);
        }
    }
}
