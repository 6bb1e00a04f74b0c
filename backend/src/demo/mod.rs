//! The demo: an organization with enough life to look at.

mod busy;
mod content;
mod script;

use shared_types::value::Timestamp;

pub use busy::keep_busy;

use crate::founding::Founding;

/// The demo organization and what has happened in it in the four weeks before `now`.
pub fn founding(now: Timestamp) -> Result<Founding, serde_json::Error> {
    script::tell(&content::content()?, now)
}

#[cfg(test)]
mod tests {
    use shared_types::{Organization, decide};

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
