//! A client that follows topics through every kind of trouble ends with the views that the server has.

mod client;
mod server;

use proptest::prelude::*;
use shared_types::{sync::Transport, topic::Topic, view};

use crate::{dice::Dice, world::World};
use client::Client;
use server::Server;

/// One thing that happens.
#[derive(Debug, Clone)]
enum Step {
    /// Somebody changes something.
    Play(Dice),
    /// The server sends what it has, and the client reads so many messages of it.
    Exchange(usize),
    /// The line is cut, with what is on it, and opened again.
    Cut(Transport),
    Subscribe(usize),
    Unsubscribe(usize),
    /// A snapshot that was asked for over HTTP arrives.
    Fetch,
    Heartbeat,
    /// Snapshots are too large to come inline, or no longer.
    Large(bool),
    /// The server forgets what is older than so many events.
    Trim(usize),
    /// The journal is not the one it was.
    NewEpoch,
    /// The message that comes next comes twice.
    Twice,
    /// The event that comes next does not come.
    Lose,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let transport = prop::sample::select(&Transport::ALL[..]);
    let step = prop_oneof![
        20 => any::<Dice>().prop_map(Step::Play),
        12 => (0usize..30).prop_map(Step::Exchange),
        2 => transport.prop_map(Step::Cut),
        6 => any::<usize>().prop_map(Step::Subscribe),
        1 => any::<usize>().prop_map(Step::Unsubscribe),
        3 => Just(Step::Fetch),
        2 => Just(Step::Heartbeat),
        1 => any::<bool>().prop_map(Step::Large),
        1 => (0usize..30).prop_map(Step::Trim),
        1 => Just(Step::NewEpoch),
        1 => Just(Step::Twice),
        1 => Just(Step::Lose),
    ];
    prop::collection::vec(step, 1..200)
}

fn pick(world: &World, n: usize) -> Topic {
    let topics: Vec<Topic> = world
        .topics()
        .into_iter()
        .chain([Topic::Org, Topic::All])
        .collect();
    topics[n % topics.len()]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn a_client_ends_with_the_views_of_the_server(steps in steps()) {
        let mut world = World::new();
        let mut server = Server::new(world.organization.clone());
        let mut client = Client::default();
        client.open(Transport::WebSocket, &mut server);
        for step in steps {
            match step {
                Step::Play(dice) => {
                    if let Some(decision) = world.play(&dice) {
                        server.publish(decision);
                    }
                }
                Step::Exchange(count) => client.exchange(&mut server, count),
                Step::Cut(transport) => client.open(transport, &mut server),
                Step::Subscribe(n) => client.subscribe(pick(&world, n), &mut server),
                Step::Unsubscribe(n) => client.unsubscribe(n, &mut server),
                Step::Fetch => client.fetch(&mut server),
                Step::Heartbeat => server.heartbeat(),
                Step::Large(large) => server.large = large,
                Step::Trim(kept) => server.trim(kept),
                Step::NewEpoch => server.new_epoch(),
                Step::Twice => client.twice = true,
                Step::Lose => server.lose(),
            }
        }
        client.come_to_rest(&mut server);
        prop_assert!(client.sync.health().settled, "{:?}", client.sync);
        for (topic, followed) in &client.views {
            let now = view(&server.organization, *topic);
            if *topic != Topic::All {
                prop_assert_eq!(now.as_ref(), Some(followed), "{}", topic);
            }
        }
        for topic in &client.wanted {
            let there = *topic == Topic::All || server.organization.has_topic(*topic);
            prop_assert_eq!(client.views.contains_key(topic), there, "{}", topic);
        }
    }
}
