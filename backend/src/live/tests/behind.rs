//! Clients that have been further than this node, or begin before what is kept.

use shared_types::{ErrorCode, topic::Topic};

use super::world::{Told, World};
use crate::live::reader::Manner;

const MANNERS: [Manner; 3] = [Manner::Dialogue, Manner::Stream, Manner::Answer];

/// What is told to one who asks for a topic after a position.
async fn told(world: &World, manner: Manner, topic: Topic, after: Option<u64>) -> Vec<Told> {
    let mut client = world.reader(manner);
    let after = after.map(|after| world.cursor(after));
    match manner {
        Manner::Dialogue => client.subscribe(topic, after),
        Manner::Stream | Manner::Answer => client.begin(&[(topic, false)], after),
    }
    client.drain().await
}

#[actix_web::test]
async fn whoever_has_been_further_than_a_node_that_is_cut_off_is_put_off_and_not_taken_back() {
    let mut world = World::new(1 << 20);
    let topic = World::topics()[0];
    world.publish(&[topic], &[]);
    world.publish(&[topic], &[]);
    world.look();
    for manner in MANNERS {
        world.set_away(true);
        let refused = [Told::Refused(ErrorCode::Unavailable)];
        for topic in [topic, Topic::All] {
            assert_eq!(told(&world, manner, topic, Some(5)).await, refused);
        }
        // Where it is, and from where it was, goes on.
        let resumed = told(&world, manner, topic, Some(1)).await;
        let is_resumed = |told: &Told| {
            let one = Some(1);
            matches!(told, Told::Subscribed { replaying, .. } if *replaying == one)
        };
        assert!(resumed.iter().any(is_resumed), "{resumed:?}");
        world.set_away(false);
        // The journal says that there is no such position.
        let begun = &told(&world, manner, topic, Some(5)).await[0];
        let at_two = matches!(
            begun,
            Told::Subscribed {
                seq: 2,
                replaying: None,
                ..
            }
        );
        assert!(at_two, "{begun:?}");
    }
}

#[actix_web::test]
async fn all_from_before_the_oldest_event_has_a_snapshot_to_fetch_first() {
    let mut world = World::new(1);
    let topic = World::topics()[0];
    for _ in 0..5 {
        world.publish(&[topic], &[]);
    }
    world.look();
    world.drop_up_to(3);
    let other = "other:4".parse().unwrap();
    for manner in MANNERS {
        let address = Told::Address {
            topic: Topic::All,
            seq: 5,
        };
        let after = async |after| told(&world, manner, Topic::All, after).await;
        assert_eq!(after(Some(0)).await[0], address);
        assert_eq!(after(Some(2)).await[0], address);
        let kept = after(Some(3)).await;
        assert!(!kept.contains(&address), "{kept:?}");
        let live = after(None).await;
        assert!(!live.contains(&address), "{live:?}");
    }
    // A position of another life of the line.
    let mut client = world.reader(Manner::Dialogue);
    client.subscribe(Topic::All, Some(other));
    let address = Told::Address {
        topic: Topic::All,
        seq: 5,
    };
    assert_eq!(client.drain().await, [address]);
}

#[actix_web::test]
async fn a_stream_of_all_that_begins_another_life_has_a_snapshot_to_fetch() {
    let mut world = World::new(1 << 20);
    let mut client = world.reader(Manner::Stream);
    client.begin(&[(Topic::All, false)], None);
    client.drain().await;
    world.publish(&[Topic::Org], &[]);
    world.begin_epoch("e2");
    world.look();
    let address = Told::Address {
        topic: Topic::All,
        seq: 1,
    };
    assert_eq!(client.drain().await, [address]);
}
