use std::{
    collections::HashMap,
    future::poll_fn,
    sync::{
        Arc, Mutex, OnceLock,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    task::Poll,
};

use bytes::Bytes;
use serde_json::Value;
use shared_types::{
    ErrorCode, Organization, decide,
    model::Entity,
    state::Sight,
    topic::Topic,
    value::{EventId, Timestamp},
    wire::{Cursor, Epoch, EventMessage, Mode, ServerMessage, Subscribed},
};

use super::journal::MemoryJournal;
use crate::{
    engine::{Model, Published, Publisher},
    journal::Record,
    live::{
        Hub,
        held::Budget,
        hub::lock,
        message::Asked,
        reader::{Ask, Item, Manner, Reader, Request},
        worker::Worker,
    },
};

/// An organization with something in it; what happens to it here is made up.
fn organization() -> &'static Organization {
    static DEMO: OnceLock<Organization> = OnceLock::new();
    DEMO.get_or_init(|| {
        let founding = crate::demo::founding(Timestamp::from_millis(1_800_000_000_000)).unwrap();
        let start = Organization::new(founding.origin);
        founding.steps.iter().fold(start, |organization, step| {
            decide(&organization, &step.command, &step.context)
                .unwrap()
                .organization
        })
    })
}

/// A hub with a journal behind it, and a hand that makes things happen.
pub struct World {
    pub hub: Arc<Hub>,
    pub epoch: Epoch,
    journal: Arc<MemoryJournal>,
    heads: HashMap<Topic, u64>,
    pub model: Organization,
}

impl World {
    /// At position 0, with so many bytes for the line.
    pub fn new(bytes: usize) -> Self {
        let epoch: Epoch = "e1".parse().unwrap();
        let journal = Arc::new(MemoryJournal {
            epoch: epoch.clone(),
            records: Mutex::default(),
            oldest: AtomicU64::default(),
            is_away: AtomicBool::default(),
        });
        let hub = Hub::within(journal.clone(), Budget::new(bytes));
        let mut model = organization().clone();
        model.seq = 0;
        let world = Self {
            hub,
            epoch,
            journal,
            heads: HashMap::new(),
            model,
        };
        world.hub.reset(&world.model_at(0));
        world
    }

    /// Topics that exist, `all` apart.
    pub fn topics() -> Vec<Topic> {
        let model = organization();
        let mut topics = vec![Topic::Org];
        topics.extend(
            model
                .projects()
                .take(2)
                .map(|project| Topic::Project(project.id())),
        );
        topics.extend(
            model
                .members()
                .take(1)
                .map(|member| Topic::Member(member.id())),
        );
        topics.extend(model.items().take(1).map(|item| Topic::Item(item.id())));
        topics
    }

    pub fn head(&self) -> u64 {
        lock(&self.journal.records).len() as u64
    }

    fn model_at(&self, seq: u64) -> Arc<Model> {
        let mut organization = self.model.clone();
        organization.seq = seq;
        Arc::new(Model {
            aggregate: organization,
            cursor: Cursor {
                epoch: self.epoch.clone(),
                seq,
            },
        })
    }

    /// Something happens on these topics, for some of which it is a barrier.
    pub fn publish(&mut self, topics: &[Topic], barriers: &[Topic]) -> u64 {
        self.publish_all(&[(topics, barriers, "item.updated")])
    }

    /// Several things happen at once.
    pub fn publish_all(&mut self, events: &[(&[Topic], &[Topic], &str)]) -> u64 {
        let mut published = Vec::new();
        for (topics, barriers, kind) in events {
            let seq = self.head() + 1;
            let prev: Vec<(Topic, u64)> = topics
                .iter()
                .map(|topic| (*topic, self.heads.insert(*topic, seq).unwrap_or(0)))
                .collect();
            let names: Vec<String> = prev
                .iter()
                .map(|(topic, before)| format!("\"{topic}\":{before}"))
                .collect();
            let at = "2026-11-23T14:00:00.123Z";
            let frame = format!(
                r#"{{"type":"event","prev":{{{}}},"event":{{"seq":{seq},"at":"{at}","type":"{kind}"}}}}"#,
                names.join(",")
            );
            let record = Record {
                seq,
                id: EventId::from(uuid::Uuid::from_u128(u128::from(seq))),
                frame: Bytes::from(frame),
                prev: prev.clone(),
                barriers: barriers.to_vec(),
                private: None,
                proofs: Vec::new(),
            };
            published.push(Published {
                seq,
                at: Timestamp::from_millis(0),
                frame: record.frame.clone(),
                prev,
                barriers: barriers.to_vec(),
                rollups: Vec::new(),
            });
            lock(&self.journal.records).push(record);
        }
        let head = self.head();
        self.hub.publish(&self.model_at(head), &published);
        head
    }

    /// The line begins another life.
    pub fn begin_epoch(&mut self, epoch: &str) {
        self.epoch = epoch.parse().unwrap();
        self.hub.reset(&self.model_at(self.head()));
    }

    /// The journal answers no more, or again.
    pub fn set_away(&self, is_away: bool) {
        self.journal.is_away.store(is_away, Ordering::Relaxed);
    }

    /// What came up to here is not kept any more.
    pub fn drop_up_to(&self, oldest: u64) {
        self.journal.oldest.store(oldest, Ordering::Relaxed);
    }

    pub fn reader(&self, manner: Manner) -> Client {
        Client {
            reader: Reader::new(&self.hub, manner, Sight::Organization).unwrap(),
            next_id: 0,
        }
    }

    /// Lets this thread's connections see what has happened.
    pub fn look(&self) {
        Worker::of(&self.hub).look();
    }

    pub fn cursor(&self, seq: u64) -> Cursor {
        Cursor {
            epoch: self.epoch.clone(),
            seq,
        }
    }
}

/// What a client was told, as far as order goes.
#[derive(Debug, Clone, PartialEq)]
pub enum Told {
    Event {
        seq: u64,
        prev: Vec<(Topic, u64)>,
    },
    /// With the number of events to be replayed, if it was resumed.
    Subscribed {
        topic: Topic,
        seq: u64,
        replaying: Option<u64>,
        id: Option<u64>,
    },
    /// The same, with a snapshot at an address of its own.
    Address {
        topic: Topic,
        seq: u64,
    },
    Resync(Topic),
    Refused(ErrorCode),
    Unsubscribed(Topic),
    Other(String),
}

/// A reader with a client in front of it.
pub struct Client {
    pub reader: Reader,
    next_id: u64,
}

impl Client {
    pub fn subscribe(&mut self, topic: Topic, after: Option<Cursor>) {
        self.next_id += 1;
        let asked = Asked {
            id: Some(Value::from(self.next_id)),
            requested: topic.to_string(),
            log_after: None,
        };
        let name = topic.to_string().parse().unwrap();
        self.reader.ask(Request::Subscribe { asked, name, after });
    }

    pub fn unsubscribe(&mut self, topic: Topic) {
        self.next_id += 1;
        self.reader.ask(Request::Unsubscribe {
            id: Value::from(self.next_id),
            name: topic.to_string(),
        });
    }

    pub fn begin(&mut self, topics: &[(Topic, bool)], after: Option<Cursor>) {
        let ask = |(topic, fresh): &(Topic, bool)| Ask {
            asked: Asked {
                id: None,
                requested: topic.to_string(),
                log_after: None,
            },
            topic: *topic,
            fresh: *fresh,
        };
        self.reader.ask(Request::Begin {
            asks: topics.iter().map(ask).collect(),
            after,
        });
    }

    /// What comes next; none when everything was told.
    pub async fn next(&mut self) -> Option<Vec<Told>> {
        poll_fn(|cx| match self.reader.poll_next(cx) {
            Poll::Ready(item) => Poll::Ready(Some(told(item))),
            Poll::Pending if self.reader.is_settled() => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        })
        .await
    }

    /// Everything there is to tell.
    pub async fn drain(&mut self) -> Vec<Told> {
        let mut all = Vec::new();
        while let Some(told) = self.next().await {
            all.extend(told);
        }
        all
    }
}

fn told(item: Item) -> Vec<Told> {
    match item {
        Item::Events(chunk) => {
            assert_eq!(
                chunk.websocket().len(),
                chunk
                    .batch
                    .entries
                    .iter()
                    .map(|entry| entry.frame.len())
                    .sum::<usize>()
            );
            chunk
                .batch
                .entries
                .iter()
                .map(|entry| event(entry.frame.json()))
                .collect()
        }
        Item::Shared(frame) => vec![Told::Other(frame.kind.into())],
        Item::Refused(why) => vec![Told::Refused(why.code)],
        Item::Message(message) => {
            let (kind, id) = (message.kind, message.at);
            let json: Vec<u8> = message.parts().flatten().collect();
            vec![match serde_json::from_slice(&json).unwrap() {
                ServerMessage::Subscribed(Subscribed {
                    topic,
                    cursor: Cursor { seq, .. },
                    mode: Mode::Snapshot { href: Some(_), .. },
                    ..
                }) => Told::Address { topic, seq },
                ServerMessage::Subscribed(subscribed) => Told::Subscribed {
                    topic: subscribed.topic,
                    seq: subscribed.cursor.seq,
                    replaying: match subscribed.mode {
                        Mode::Resumed { replaying } => Some(replaying),
                        Mode::Snapshot { .. } => None,
                    },
                    id,
                },
                ServerMessage::Error { code, .. } => Told::Refused(code),
                ServerMessage::Resync { topic, .. } => Told::Resync(topic),
                ServerMessage::Unsubscribed { topic, .. } => {
                    Told::Unsubscribed(topic.parse().unwrap())
                }
                _ => Told::Other(kind.into()),
            }]
        }
    }
}

fn event(json: &[u8]) -> Told {
    let value: Value = serde_json::from_slice(json).unwrap();
    assert!(
        serde_json::from_slice::<EventMessage>(json).is_err(),
        "made-up events carry no entity"
    );
    let prev = value["prev"].as_object().unwrap();
    let prev = prev
        .iter()
        .map(|(topic, seq)| (topic.parse().unwrap(), seq.as_u64().unwrap()))
        .collect();
    Told::Event {
        seq: value["event"]["seq"].as_u64().unwrap(),
        prev,
    }
}

impl World {
    /// The newest event of a topic.
    pub fn newest(&self, topic: Topic) -> u64 {
        if topic == Topic::All {
            self.head()
        } else {
            self.heads.get(&topic).copied().unwrap_or(0)
        }
    }
}

impl World {
    /// A project is deleted, and with it what is in it.
    pub fn delete_project(&mut self, project: shared_types::value::ProjectId) -> u64 {
        let context = crate::demo::founding(Timestamp::from_millis(1_800_000_000_000))
            .unwrap()
            .steps
            .remove(0)
            .context;
        let command = shared_types::command::Command::DeleteProject {
            project: project.into(),
            expected: None,
        };
        self.model = decide(&self.model, &command, &context)
            .unwrap()
            .organization;
        let topics = [Topic::Org, Topic::Project(project)];
        self.publish_all(&[(&topics[..], &[][..], "project.deleted")])
    }
}
