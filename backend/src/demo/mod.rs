//! The demo: an organization with enough life to look at.

mod busy;
mod content;
mod script;

use serde_json::Value;
use shared_types::{Organization, model::Entity, value::Timestamp};

pub use busy::keep_busy;

use crate::{engine::read_origin, founding::Founding};

/// So many of the newest events of the demo are kept: enough for its charts and its activity for half a day in which
/// somebody looks. Its AI members never end.
pub const EVENTS_KEPT: u64 = 50_000;

/// Whether an organization that begins like this is the demo, and not one that somebody means.
pub fn is_demo(origin: Value) -> bool {
    let profile = read_origin::<Organization>(origin);
    profile.is_ok_and(|profile| profile.id() == script::organization())
}

/// The demo organization and what has happened in it in the four weeks before `now`.
pub fn founding(now: Timestamp) -> Result<Founding, serde_json::Error> {
    script::tell(&content::content()?, now)
}

#[cfg(test)]
mod tests {
    use shared_types::decide;

    use super::*;
    use crate::founding::Step;

    fn play(now: i64) -> (Organization, usize) {
        let founding = founding(Timestamp::from_millis(now)).expect("the content is well formed");
        let mut organization = Organization::new(founding.origin);
        let mut events = 0;
        for Step { context, command } in &founding.steps {
            let decision = decide(&organization, command, context).expect("every step is allowed");
            assert!(!decision.events.is_empty(), "{command:?} changes nothing");
            events += decision.events.len();
            organization = decision.organization;
        }
        (organization, events)
    }

    #[test]
    fn every_step_of_the_story_is_allowed_and_two_tellings_are_equal() {
        let (first, events) = play(1_800_000_000_000);
        let (second, again) = play(1_800_000_000_000);
        assert_eq!(first.state_hash(), second.state_hash());
        assert_eq!(events, again);
        assert!(first.items().count() > 90);
    }

    #[test]
    fn the_demo_is_told_from_an_organization_that_somebody_means() {
        let now = Timestamp::from_millis(1_800_000_000_000);
        let origin = |founding: Founding| serde_json::to_value(founding.origin).expect("JSON");
        assert!(is_demo(origin(founding(now).expect("well formed"))));
        let empty = crate::founding::empty(now, 1 << 64).expect("well formed");
        assert!(!is_demo(origin(empty)));
    }

    #[test]
    fn the_story_does_not_depend_on_the_day_it_is_told() {
        let (first, _) = play(1_800_000_000_000);
        let (later, _) = play(1_812_345_678_000);
        let shape = |organization: &Organization| -> Vec<_> {
            organization
                .items()
                .map(|item| {
                    (
                        item.key.clone(),
                        item.title.clone(),
                        item.status,
                        item.rank.clone(),
                    )
                })
                .collect()
        };
        assert_eq!(shape(&first), shape(&later));
    }
}
