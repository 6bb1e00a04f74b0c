use std::sync::Arc;

use shared_types::topic::Topic;

use super::world::World;
use crate::live::{
    entry::Entry,
    frame::Frame,
    line::{Line, Stop, TooFarBack, Want},
};

fn entry(seq: u64, topics: &[Topic], barriers: &[Topic]) -> Arc<Entry> {
    let frame = Frame::event(format!("{{\"seq\":{seq}}}").as_bytes());
    Arc::new(Entry {
        seq,
        frame,
        topics: topics.into(),
        barriers: barriers.into(),
        gone: Box::default(),
    })
}

fn wants(topics: &[Topic], after: u64) -> Vec<Want> {
    topics
        .iter()
        .map(|topic| Want {
            topic: *topic,
            after,
        })
        .collect()
}

fn seqs(line: &Line, topics: &[Topic], after: u64, upto: u64) -> Vec<u64> {
    let batch = line
        .collect(&wants(topics, after), after, upto, usize::MAX)
        .unwrap();
    batch.entries.iter().map(|entry| entry.seq).collect()
}

#[test]
fn topics_are_merged_in_order_and_each_event_comes_once() {
    let topics = World::topics();
    let (a, b) = (topics[0], topics[1]);
    let mut line = Line::default();
    line.push(entry(1, &[a], &[]));
    line.push(entry(2, &[b], &[]));
    line.push(entry(3, &[a, b], &[]));
    line.push(entry(4, &[topics[2]], &[]));
    assert_eq!(seqs(&line, &[a, b], 0, 4), [1, 2, 3]);
    assert_eq!(seqs(&line, &[b], 0, 2), [2]);
    assert_eq!(seqs(&line, &[Topic::All, a], 1, 4), [2, 3, 4]);
    assert_eq!(line.count(b, 0, 4), Ok(Some(2)));
    assert_eq!(line.count(Topic::All, 1, 4), Ok(Some(3)));
}

#[test]
fn what_was_evicted_is_too_far_back_for_every_topic() {
    let topics = World::topics();
    let mut line = Line::default();
    line.push(entry(1, &[topics[0]], &[]));
    line.push(entry(2, &[topics[1]], &[]));
    line.shrink_by(1);
    assert_eq!(
        line.collect(&wants(&topics, 0), 0, 2, 1).err(),
        Some(TooFarBack)
    );
    assert_eq!(line.count(topics[0], 0, 2), Err(TooFarBack));
    assert_eq!(seqs(&line, &topics, 1, 2), [2]);
}

#[test]
fn a_batch_ends_before_a_barrier_of_its_topics_only() {
    let topics = World::topics();
    let (a, b) = (topics[0], topics[1]);
    let mut line = Line::default();
    line.push(entry(1, &[a, b], &[]));
    line.push(entry(2, &[a, b], &[b]));
    let batch = line.collect(&wants(&[a, b], 0), 0, 2, usize::MAX).unwrap();
    assert_eq!((batch.upto, batch.entries.len()), (1, 1));
    assert!(matches!(batch.stop, Some(Stop::Barrier(entry)) if entry.seq == 2));
    assert_eq!(seqs(&line, &[a], 0, 2), [1, 2]);
    assert_eq!(line.count(b, 0, 2), Ok(None));
    assert_eq!(line.count(b, 2, 2), Ok(Some(0)));
}

#[test]
fn a_batch_is_as_large_as_asked_for_but_never_empty() {
    let topic = World::topics()[0];
    let mut line = Line::default();
    (1..=10).for_each(|seq| line.push(entry(seq, &[topic], &[])));
    let batch = line.collect(&wants(&[topic], 0), 0, 10, 1).unwrap();
    assert_eq!((batch.upto, batch.entries.len()), (1, 1));
    let batch = line.collect(&wants(&[topic], 0), 0, 10, 40).unwrap();
    assert_eq!(batch.upto, batch.entries.len() as u64);
    assert!(batch.upto > 1 && batch.upto < 10);
}
