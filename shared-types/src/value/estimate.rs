//! Estimates in points.

use super::value_schema;
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
        let points = f64::deserialize(deserializer)?;
        let hundredths = points * 100.0;
        let rounded = hundredths.round();
        let in_range = (0.0..=f64::from(Self::MAX_POINTS * 100)).contains(&rounded);
        if !in_range || (hundredths - rounded).abs() > 1e-6 {
            return Err(D::Error::custom(
                "must be 0 to 10000 points with at most two decimals, such as 2.5",
            ));
        }
        Ok(Self(rounded as u32))
    }
}

value_schema!(Estimate, number => number
    .schema_type(utoipa::openapi::schema::Type::Number)
    .minimum(Some(0))
    .maximum(Some(Estimate::MAX_POINTS))
    .multiple_of(Some(0.01)));
