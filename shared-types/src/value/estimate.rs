//! Estimates in points.

use std::str::FromStr;

use super::{Invalid, value_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

/// Points with at most two decimals, kept as hundredths. On the wire a number: `2`, `0.5`, `1.25`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Estimate(u32);

impl Estimate {
    /// The largest estimate, in points.
    pub const MAX_POINTS: u32 = 10_000;

    /// From hundredths of a point.
    pub fn from_hundredths(hundredths: u32) -> Option<Self> {
        (hundredths <= Self::MAX_POINTS * 100).then_some(Self(hundredths))
    }

    /// From points, as they are written.
    fn from_points(points: f64) -> Result<Self, Invalid> {
        let hundredths = points * 100.0;
        let rounded = hundredths.round();
        let in_range = (0.0..=f64::from(Self::MAX_POINTS * 100)).contains(&rounded);
        if !in_range || (hundredths - rounded).abs() > 1e-6 {
            return Err(Self::wrong());
        }
        Ok(Self(rounded as u32))
    }

    fn wrong() -> Invalid {
        Invalid("must be 0 to 10000 points with at most two decimals, such as 2.5".into())
    }

    /// Hundredths of a point.
    pub fn hundredths(self) -> u32 {
        self.0
    }
}

impl Serialize for Estimate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.is_multiple_of(100) {
            serializer.serialize_u32(self.0 / 100)
        } else {
            serializer.serialize_f64(f64::from(self.0) / 100.0)
        }
    }
}

impl<'de> Deserialize<'de> for Estimate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_points(f64::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

impl FromStr for Estimate {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let points = text.trim().parse().map_err(|_| Self::wrong())?;
        Self::from_points(points)
    }
}

value_schema!(Estimate, number => number
    .schema_type(utoipa::openapi::schema::Type::Number)
    .minimum(Some(0))
    .maximum(Some(Estimate::MAX_POINTS))
    .multiple_of(Some(0.01)));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_taken_by_the_rule_of_the_wire() {
        for (typed, hundredths) in [
            ("0", 0),
            (" 2.5 ", 250),
            ("1.25", 125),
            ("10000", 1_000_000),
        ] {
            let estimate = typed.parse::<Estimate>().map(Estimate::hundredths);
            assert_eq!(estimate, Ok(hundredths), "{typed}");
        }
        for typed in [
            "", "abc", "-5", "2.555", "20000", "10000.01", "NaN", "inf", "1 2",
        ] {
            assert!(typed.parse::<Estimate>().is_err(), "{typed}");
        }
    }
}
