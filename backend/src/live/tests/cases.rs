use shared_types::{model::Entity, topic::Topic};

use super::world::{Told, World};
use crate::live::reader::Manner;

fn snapshot(topic: Topic, seq: u64, id: Option<u64>) -> Told {
    Told::Subscribed {
        topic,
        seq,
        replaying: None,
        id,
    }
}

fn resumed(topic: Topic, seq: u64, replaying: u64) -> Told {
    Told::Subscribed {
        topic,
        seq,
        replaying: Some(replaying),
        id: None,
    }
}

fn events(told: &[Told]) -> Vec<u64> {
    told.iter()
        .filter_map(|told| match told {
            Told::Event { seq, .. } => Some(*seq),
            _ => None,
        })
        .collect()
}

#[actix_web::test]
async fn a_snapshot_comes_at_its_own_place_in_the_line() {
    let mut world = World::new(1 << 20);
    let topics = World::topics();
    let mut client = world.reader(Manner::Dialogue);
    client.subscribe(Topic::All, None);
    assert_eq!(client.drain().await, [snapshot(Topic::All, 0, None)]);
    world.publish(&topics, &[]);
    world.publish(&topics, &[]);
    client.subscribe(topics[1], None);
    let told = client.drain().await;
    assert_eq!(events(&told), [1, 2]);
    assert_eq!(told[2], snapshot(topics[1], 2, None));
}

#[actix_web::test]
async fn a_resync_comes_instead_of_the_barrier_and_a_resume_before_it_gives_a_snapshot() {
    let mut world = World::new(1 << 20);
    let topics = World::topics();
    let mut client = world.reader(Manner::Dialogue);
    client.subscribe(topics[0], None);
    client.subscribe(topics[1], None);
    client.drain().await;
    world.publish(&topics[..2], &[]);
    world.publish(&topics[..2], &topics[1..2]);
    world.look();
    let told = client.drain().await;
    assert_eq!(events(&told), [1, 2]);
    assert_eq!(told[1], Told::Resync(topics[1]));
    client.subscribe(topics[1], Some(world.cursor(1)));
    assert_eq!(client.drain().await, [snapshot(topics[1], 2, None)]);
}

#[actix_web::test]
async fn a_topic_that_is_hidden_ends_after_the_event_that_hid_it() {
    let mut world = World::new(1 << 20);
    let item = world
        .model
        .items()
        .find(|item| item.project.is_some())
        .unwrap()
        .clone();
    let (project, topic) = (item.project.unwrap(), Topic::Item(item.id()));
    let mut client = world.reader(Manner::Dialogue);
    client.subscribe(topic, None);
    client.subscribe(Topic::Org, None);
    client.drain().await;
    world.publish(&[Topic::Org], &[]);
    world.delete_project(project);
    world.publish(&[Topic::Org], &[]);
    world.look();
    let told = client.drain().await;
    assert_eq!(events(&told), [1, 2, 3]);
    assert_eq!(told[2], Told::Unsubscribed(topic));
}

#[actix_web::test]
async fn a_slow_reader_is_fed_from_the_journal() {
    let mut world = World::new(1);
    let topics = World::topics();
    let mut client = world.reader(Manner::Dialogue);
    client.subscribe(topics[0], None);
    client.subscribe(topics[1], None);
    client.drain().await;
    for number in 0..500 {
        world.publish(&topics[number % 3..][..1], &[]);
    }
    world.look();
    let told = events(&client.drain().await);
    let expected: Vec<u64> = (1..=500).filter(|seq| seq % 3 != 0).collect();
    assert_eq!(told, expected);
}

#[actix_web::test]
async fn far_behind_the_window_a_reader_is_told_to_begin_anew_but_all_has_no_end() {
    let mut world = World::new(1);
    let topic = World::topics()[0];
    let mut client = world.reader(Manner::Dialogue);
    client.subscribe(topic, None);
    client.drain().await;
    for _ in 0..101 {
        world.publish_all(&[(&[topic][..], &[][..], "item.updated"); 100]);
    }
    world.look();
    assert_eq!(client.drain().await, [Told::Resync(topic)]);
    client.subscribe(topic, Some(world.cursor(50)));
    assert_eq!(client.drain().await, [snapshot(topic, 10_100, None)]);
    client.subscribe(topic, Some(world.cursor(100)));
    assert_eq!(client.drain().await[0], resumed(topic, 100, 10_000));
    client.subscribe(Topic::All, Some(world.cursor(0)));
    let told = client.drain().await;
    assert_eq!(told[0], resumed(Topic::All, 0, 10_100));
    assert_eq!(events(&told), (1..=10_100).collect::<Vec<_>>());
}

#[actix_web::test]
async fn a_stream_has_an_id_only_on_the_last_of_its_snapshots() {
    let mut world = World::new(1 << 20);
    let topics = World::topics();
    world.publish(&topics, &[]);
    world.look();
    let mut client = world.reader(Manner::Stream);
    client.begin(&[(topics[0], false), (topics[1], false)], None);
    assert_eq!(
        client.drain().await,
        [
            snapshot(topics[0], 1, None),
            snapshot(topics[1], 1, Some(1))
        ]
    );
}

#[actix_web::test]
async fn a_stream_resumes_some_topics_beside_a_snapshot_of_another() {
    let mut world = World::new(1 << 20);
    let topics = World::topics();
    let (a, b) = (topics[0], topics[1]);
    world.publish(&[a], &[]);
    world.publish(&[a, b], &[]);
    world.publish(&[b], &[]);
    world.look();
    let mut client = world.reader(Manner::Stream);
    client.begin(&[(a, false), (b, true)], Some(world.cursor(1)));
    let told = client.drain().await;
    assert_eq!(told[..2], [snapshot(b, 3, None), resumed(a, 1, 1)]);
    assert_eq!(events(&told), [2]);
    world.publish(&[b], &[b]);
    world.publish(&[a, b], &[]);
    world.look();
    let told = client.drain().await;
    assert_eq!(told[0], snapshot(b, 5, None));
    assert_eq!(events(&told), [5]);
}

#[actix_web::test]
async fn when_the_line_begins_another_life_everyone_is_told() {
    let mut world = World::new(1 << 20);
    let topics = World::topics();
    let mut dialogue = world.reader(Manner::Dialogue);
    dialogue.subscribe(topics[0], None);
    let mut stream = world.reader(Manner::Stream);
    stream.begin(&[(topics[0], false)], None);
    dialogue.drain().await;
    stream.drain().await;
    world.publish(&topics, &[]);
    let old = world.cursor(1);
    world.begin_epoch("e2");
    world.look();
    assert_eq!(dialogue.drain().await, [Told::Resync(topics[0])]);
    assert_eq!(stream.drain().await, [snapshot(topics[0], 1, Some(1))]);
    dialogue.subscribe(topics[0], Some(old));
    assert_eq!(dialogue.drain().await, [snapshot(topics[0], 1, None)]);
}

#[actix_web::test]
async fn subscribing_twice_starts_over_and_takes_one_place() {
    let mut world = World::new(1 << 20);
    let topics = World::topics();
    let mut client = world.reader(Manner::Dialogue);
    client.subscribe(topics[0], None);
    client.drain().await;
    for _ in 0..3 {
        world.publish(&topics, &[]);
    }
    world.look();
    assert_eq!(events(&client.drain().await), [1, 2, 3]);
    client.subscribe(topics[0], Some(world.cursor(1)));
    let told = client.drain().await;
    assert_eq!(told[0], resumed(topics[0], 1, 2));
    assert_eq!(events(&told), [2, 3]);
    world.publish(&topics, &[]);
    world.look();
    assert_eq!(events(&client.drain().await), [4]);
}
