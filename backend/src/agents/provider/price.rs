use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use shared_types::{model::Usage, value::Name};
use utoipa::ToSchema;

/// What a million tokens cost, in micro-dollars.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Price {
    pub input: u64,
    /// Of the input, what the provider had in its cache.
    pub cached: u64,
    pub output: u64,
}

impl Price {
    /// For a model whose price nobody has said: more than any costs, so that no budget is passed unseen.
    pub const UNKNOWN: Price = Price {
        input: 20_000_000,
        cached: 20_000_000,
        output: 100_000_000,
    };

    /// What this much costs, in micro-dollars, rounded up.
    pub fn of(self, usage: Usage) -> u64 {
        let cached = usage.cached.min(usage.input);
        let fresh = usage.input - cached;
        let part = |tokens: u64, price: u64| u128::from(tokens) * u128::from(price);
        let sum =
            part(fresh, self.input) + part(cached, self.cached) + part(usage.output, self.output);
        u64::try_from(sum.div_ceil(1_000_000)).unwrap_or(u64::MAX)
    }
}

/// What the models of a provider cost.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Prices {
    /// By model.
    #[schema(value_type = BTreeMap<String, Price>)]
    pub models: BTreeMap<Name, Price>,
    /// All others; null: they are taken to be very dear.
    pub others: Option<Price>,
}

impl Prices {
    /// Where nothing costs anything.
    pub fn free() -> Self {
        Self {
            models: BTreeMap::new(),
            others: Some(Price::default()),
        }
    }

    /// What a model costs.
    pub fn of(&self, model: Option<&Name>) -> Price {
        let named = model.and_then(|model| self.models.get(model)).copied();
        named.or(self.others).unwrap_or(Price::UNKNOWN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cached_costs_less_and_a_part_of_a_micro_dollar_costs_one() {
        let price = Price {
            input: 2_000_000,
            cached: 500_000,
            output: 8_000_000,
        };
        let usage = |input, cached, output| Usage {
            input,
            cached,
            output,
        };
        assert_eq!(price.of(usage(1_000, 0, 0)), 2_000);
        assert_eq!(price.of(usage(1_000, 1_000, 0)), 500);
        assert_eq!(price.of(usage(1_000, 400, 10)), 1_200 + 200 + 80);
        assert_eq!(price.of(usage(1, 1, 0)), 1);
    }

    #[test]
    fn a_model_of_unknown_price_is_taken_to_be_dear() {
        assert_eq!(Prices::default().of(None), Price::UNKNOWN);
        assert_eq!(Prices::free().of(None), Price::default());
    }
}
