//! What holds for any sequence of commands, drawn at random.
#![expect(
    clippy::unwrap_used,
    reason = "a test that unwraps says by it what it takes for granted"
)]

mod dice;
mod invariants;
mod runs;
mod sync;
mod world;

use std::collections::{BTreeMap, BTreeSet};

use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use shared_types::{Organization, Topic, View, model::Rollup, view};

use crate::{dice::Dice, world::World};

fn games() -> impl Strategy<Value = Vec<Dice>> {
    prop::collection::vec(any::<Dice>(), 1..120)
}

/// Topics whose view is worth comparing: all that ever had one.
fn views(organization: &Organization, topics: &BTreeSet<Topic>) -> BTreeMap<Topic, Option<View>> {
    topics
        .iter()
        .map(|topic| (*topic, view(organization, *topic)))
        .collect()
}

/// The laws below say nothing of an event that no game brings about.
#[test]
fn the_games_bring_about_every_type_of_event() {
    let mut runner = TestRunner::deterministic();
    let mut types = BTreeSet::new();
    for _ in 0..300 {
        let game = games().new_tree(&mut runner).expect("a game").current();
        let mut world = World::new();
        for decision in game.iter().filter_map(|dice| world.play(dice)) {
            types.extend(decision.events.iter().map(|event| event.body.name()));
        }
    }
    assert_eq!(types.len(), 24, "{types:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn who_follows_a_topic_is_told_of_each_roll_up_that_it_shows(game in games()) {
        let mut world = World::new();
        for dice in game {
            let before = world.organization.clone();
            let Some(decision) = world.play(&dice) else {
                continue;
            };
            let after = &world.organization;
            let told: BTreeSet<Topic> = decision
                .reaches
                .iter()
                .flat_map(|reach| reach.rollups.iter().copied())
                .collect();
            let anew: BTreeSet<Topic> = decision
                .reaches
                .iter()
                .flat_map(|reach| reach.barriers.iter().copied())
                .collect();
            for topic in world.topics().difference(&anew).copied() {
                let seen: BTreeSet<Topic> = before.rollups_shown(topic).into_iter().collect();
                for key in after.rollups_shown(topic) {
                    // What was not shown until now, nobody has: to the client it is nothing.
                    let had = if seen.contains(&key) { before.rollup(key) } else { Rollup::default() };
                    prop_assert!(
                        had == after.rollup(key) || told.contains(&key),
                        "{topic}: {key} was {had:?}",
                    );
                }
            }
        }
    }

    #[test]
    fn any_sequence_of_commands_keeps_the_invariants(game in games()) {
        let mut world = World::new();
        for dice in game {
            if world.play(&dice).is_some() {
                invariants::check(&world.organization);
            }
        }
    }

    #[test]
    fn two_replicas_that_applied_the_same_events_are_equal(game in games()) {
        let mut world = World::new();
        let mut replica = world.organization.clone();
        let mut moved: Option<Organization> = None;
        for (n, dice) in game.iter().enumerate() {
            let Some(decision) = world.play(dice) else { continue };
            for (event, reach) in decision.events.iter().zip(&decision.reaches) {
                prop_assert_eq!(event.seq, replica.seq + 1);
                prop_assert_eq!(&replica.apply(event), reach);
                // A replica that was saved and loaded on the way, and got its events over the wire.
                if let Some(moved) = &mut moved {
                    let wire = serde_json::to_string(event).expect("an event serialises");
                    let read = serde_json::from_str(&wire).expect("an event parses");
                    prop_assert_eq!(event, &read);
                    prop_assert_eq!(&moved.apply(&read), reach);
                }
            }
            if n == game.len() / 2 {
                let saved = serde_json::to_string(&replica.save()).expect("a model serialises");
                moved = Some(Organization::load(serde_json::from_str(&saved).expect("a model parses")));
            }
        }
        prop_assert_eq!(replica.state_hash(), world.organization.state_hash());
        for replica in moved.iter().chain([&replica]) {
            prop_assert_eq!(replica.state_hash(), world.organization.state_hash());
            for topic in world.topics() {
                prop_assert_eq!(replica.rollup(topic), world.organization.rollup(topic), "{}", topic);
                prop_assert_eq!(view(replica, topic), view(&world.organization, topic));
            }
        }
    }

    #[test]
    fn a_view_follows_the_events_of_its_topic_and_no_others(game in games()) {
        let mut world = World::new();
        let mut replica = world.organization.clone();
        for dice in game {
            let Some(decision) = world.play(&dice) else { continue };
            let topics = world.topics();
            for event in &decision.events {
                let before = views(&replica, &topics);
                let heads: BTreeMap<Topic, u64> = topics.iter().map(|topic| (*topic, replica.head(*topic))).collect();
                let reach = replica.apply(event);
                let on: BTreeMap<Topic, u64> = reach.topics.iter().copied().collect();
                for (topic, before) in before {
                    let after = view(&replica, topic);
                    if let Some(prev) = on.get(&topic) {
                        prop_assert_eq!(*prev, heads[&topic], "prev on {}", topic);
                        prop_assert_eq!(replica.head(topic), event.seq);
                    }
                    match (before, after) {
                        (Some(mut view), Some(after)) => {
                            if reach.barriers.contains(&topic) {
                                prop_assert!(on.contains_key(&topic));
                            } else if on.contains_key(&topic) {
                                view.apply(event);
                                prop_assert_eq!(&view, &after, "{} on {}", event.body.name(), topic);
                                let snapshot = after.snapshot(Vec::new());
                                prop_assert_eq!(&View::from_snapshot(topic, &snapshot), &after);
                            } else {
                                prop_assert_eq!(view, after, "{} is not on {}", event.body.name(), topic);
                            }
                        }
                        // What appears again must not be resumed across.
                        (None, Some(_)) if heads[&topic] > 0 && reach.barriers.is_empty() => {
                            prop_assert!(false, "{} came back with {} and without a barrier", topic, event.body.name());
                        }
                        _ => {}
                    }
                }
            }
        }
    }

    #[test]
    fn deciding_again_gives_the_same(game in games()) {
        let mut world = World::new();
        for dice in game {
            let before = world.organization.clone();
            let Some(decision) = world.play(&dice) else { continue };
            let again = world.decide_again(&before);
            prop_assert_eq!(&decision.events, &again.events);
            prop_assert_eq!(decision.subject, again.subject);
        }
    }
}
