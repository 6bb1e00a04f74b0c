//! How freely a model speaks.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

use super::value_schema;

/// 0 to 2 with at most two decimals, kept as hundredths. On the wire a number: `0`, `0.7`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Temperature(u16);

impl Temperature {
    const MAX_HUNDREDTHS: u16 = 200;

    /// As a number between 0 and 2.
    pub fn value(self) -> f64 {
        f64::from(self.0) / 100.0
    }
}

impl Serialize for Temperature {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.value())
    }
}

impl<'de> Deserialize<'de> for Temperature {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let hundredths = f64::deserialize(deserializer)? * 100.0;
        let rounded = hundredths.round();
        let in_range = (0.0..=f64::from(Self::MAX_HUNDREDTHS)).contains(&rounded);
        if !in_range || (hundredths - rounded).abs() > 1e-6 {
            return Err(D::Error::custom(
                "must be 0 to 2 with at most two decimals, such as 0.7",
            ));
        }
        Ok(Self(rounded as u16))
    }
}

value_schema!(Temperature, number => number
    .schema_type(utoipa::openapi::schema::Type::Number)
    .minimum(Some(0))
    .maximum(Some(2))
    .multiple_of(Some(0.01)));
