use std::collections::BTreeMap;

use actix_web::rt::System;
use proptest::prelude::*;
use shared_types::{ErrorCode, topic::Topic};

use super::world::{Client, Told, World};
use crate::live::reader::Manner;

/// What can happen between a server and a client.
#[derive(Debug, Clone)]
enum Step {
    /// Something happens on the topics of a mask, as a barrier on those of another.
    Publish {
        topics: u8,
        barriers: u8,
    },
    Look,
    /// From where the client stands, from somewhere before that, from the future, or from a snapshot.
    Subscribe {
        topic: usize,
        after: After,
    },
    Unsubscribe {
        topic: usize,
    },
    /// The socket takes so many writes.
    Read {
        items: usize,
    },
}

#[derive(Debug, Clone)]
enum After {
    Nothing,
    Have,
    Back(u64),
    Future(u64),
}

fn step() -> impl Strategy<Value = Step> {
    let after = prop_oneof![
        Just(After::Nothing),
        Just(After::Have),
        (0u64..40).prop_map(After::Back),
        (1u64..5).prop_map(After::Future),
    ];
    prop_oneof![
        8 => (any::<u8>(), prop_oneof![9 => Just(0u8), 1 => any::<u8>()])
            .prop_map(|(topics, barriers)| Step::Publish { topics, barriers }),
        3 => Just(Step::Look),
        3 => (0usize..6, after).prop_map(|(topic, after)| Step::Subscribe { topic, after }),
        1 => (0usize..6).prop_map(|topic| Step::Unsubscribe { topic }),
        3 => (0usize..4).prop_map(|items| Step::Read { items }),
    ]
}

/// A client that keeps the rule of positions, and checks the server by it.
struct Model {
    have: BTreeMap<Topic, u64>,
    /// The newest live event, and how many events of a replay are still to come on which topic.
    live: u64,
    replay: Option<(Topic, u64)>,
    barriers: Vec<(u64, Vec<Topic>)>,
    /// How often the client has unsubscribed.
    unsubscribed: usize,
}

impl Model {
    fn take(&mut self, told: Told) {
        match told {
            // What is fetched there is no older.
            Told::Address { topic, seq } => self.take(Told::Subscribed {
                topic,
                seq,
                replaying: None,
                id: None,
            }),
            Told::Subscribed {
                topic,
                seq,
                replaying,
                ..
            } => {
                assert!(
                    self.replay.is_none(),
                    "a subscription is answered in the middle of a replay"
                );
                self.have.insert(topic, seq);
                self.replay = replaying
                    .filter(|events| *events > 0)
                    .map(|events| (topic, events));
                if replaying.is_none() {
                    assert!(
                        seq >= self.live,
                        "a snapshot from before what was told already"
                    );
                    self.live = self.live.max(seq);
                }
            }
            Told::Resync(topic) | Told::Unsubscribed(topic) => {
                assert!(self.replay.is_none());
                self.have.remove(&topic);
            }
            Told::Event { seq, prev } => self.event(seq, &prev),
            Told::Refused(ErrorCode::NotFound) => {
                // A resync was on its way when the client unsubscribed.
                self.unsubscribed = self
                    .unsubscribed
                    .checked_sub(1)
                    .expect("a refusal without a reason");
            }
            Told::Refused(code) => panic!("refused: {code:?}"),
            Told::Other(_) => {}
        }
    }

    fn event(&mut self, seq: u64, prev: &[(Topic, u64)]) {
        if let Some((topic, events)) = self.replay.take() {
            assert!(
                topic == Topic::All || prev.iter().any(|(on, _)| *on == topic),
                "a replay strays from its topic"
            );
            let have = self.have.get(&topic);
            assert!(
                have.is_none_or(|have| *have < seq),
                "{seq} is replayed on {topic} a second time"
            );
            self.replay = (events > 1).then_some((topic, events - 1));
        } else {
            assert!(seq > self.live, "{seq} comes after {}", self.live);
            self.live = seq;
        }
        let all = [(Topic::All, seq - 1)];
        for (topic, before) in prev.iter().chain(&all) {
            let Some(have) = self.have.get_mut(topic).filter(|have| **have < seq) else {
                continue;
            };
            assert!(
                *before <= *have,
                "{topic} misses {before} before {seq}, has {have}"
            );
            *have = seq;
            let crossed = self
                .barriers
                .iter()
                .any(|(at, topics)| *at == seq && topics.contains(topic));
            assert!(!crossed, "the barrier at {seq} is crossed on {topic}");
        }
    }
}

async fn run(steps: Vec<Step>, budget: usize) {
    let mut world = World::new(budget);
    let mut topics = World::topics();
    topics.push(Topic::All);
    let mut client = world.reader(Manner::Dialogue);
    let mut model = Model {
        have: BTreeMap::new(),
        live: 0,
        replay: None,
        barriers: Vec::new(),
        unsubscribed: 0,
    };
    let pick = |mask: u8| -> Vec<Topic> {
        let named = World::topics();
        named
            .into_iter()
            .enumerate()
            .filter(|(place, _)| mask & (1 << place) != 0)
            .map(|(_, topic)| topic)
            .collect()
    };
    for step in steps {
        match step {
            Step::Publish { topics, barriers } => {
                let barriers = pick(topics & barriers);
                let seq = world.publish(&pick(topics), &barriers);
                model.barriers.push((seq, barriers));
            }
            Step::Look => world.look(),
            Step::Subscribe { topic, after } => {
                let topic = topics[topic];
                // From here until the answer the topic is started over: what comes is not for it.
                let have = model.have.remove(&topic).unwrap_or(0);
                let after = match after {
                    After::Nothing => None,
                    After::Have => Some(have),
                    After::Back(events) => Some(have.saturating_sub(events)),
                    After::Future(events) => Some(world.head() + events),
                };
                client.subscribe(topic, after.map(|seq| world.cursor(seq)));
            }
            Step::Unsubscribe { topic } => {
                let topic = topics[topic];
                if model.have.remove(&topic).is_some() {
                    client.unsubscribe(topic);
                    model.unsubscribed += 1;
                }
            }
            Step::Read { items } => read(&mut client, &mut model, items).await,
        }
    }
    world.look();
    read(&mut client, &mut model, usize::MAX).await;
    world.look();
    read(&mut client, &mut model, usize::MAX).await;
    assert_eq!(
        client.reader.cursor().seq,
        world.head(),
        "the reader stops before the end"
    );
    for (topic, have) in &model.have {
        let newest = world.newest(*topic);
        assert!(*have >= newest, "{topic} ends at {have} before {newest}");
    }
}

async fn read(client: &mut Client, model: &mut Model, items: usize) {
    for _ in 0..items {
        let Some(told) = client.next().await else {
            return;
        };
        told.into_iter().for_each(|told| model.take(told));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn any_interleaving_gives_a_gapless_line_without_repetitions_or_a_resync(
        steps in prop::collection::vec(step(), 1..120),
        // From a line that holds nothing but the newest event to one that holds all.
        budget in prop_oneof![Just(1usize), Just(2_000), Just(10_000), Just(1 << 20)],
    ) {
        System::new().block_on(run(steps, budget));
    }
}
