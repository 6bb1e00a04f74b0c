use std::{rc::Rc, sync::Arc};

use shared_types::topic::Topic;

use crate::live::{
    chunk::{CHUNK_BYTES, Chunk},
    hub::Hub,
    interest::{Interest, Waiter},
    line::{TooFarBack, Want},
    worker::Worker,
};

/// The topics of one connection.
pub struct Follows {
    worker: Rc<Worker>,
    waiter: Rc<Waiter>,
    interest: Rc<Interest>,
    all: Vec<Follow>,
}

/// A topic that is followed.
struct Follow {
    /// Events up to here are not told because of this topic: its snapshot has them.
    after: u64,
    /// The name that it was asked for by.
    requested: Box<str>,
}

impl Follows {
    /// None yet.
    pub fn new(worker: &Rc<Worker>, waiter: &Rc<Waiter>) -> Self {
        let interest = worker.join(&[], waiter);
        Self {
            worker: Rc::clone(worker),
            waiter: Rc::clone(waiter),
            interest,
            all: Vec::new(),
        }
    }

    /// The topics, sorted.
    pub fn topics(&self) -> &[Topic] {
        &self.interest.topics
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Whether a topic is among them.
    pub fn has(&self, topic: Topic) -> bool {
        self.topics().binary_search(&topic).is_ok()
    }

    /// The topic that was asked for by this name.
    pub fn requested(&self, name: &str) -> Option<Topic> {
        let place = self
            .all
            .iter()
            .position(|follow| *follow.requested == *name)?;
        Some(self.topics()[place])
    }

    /// Follows a topic from a position on.
    pub fn add(&mut self, topic: Topic, after: u64, requested: &str) {
        let follow = Follow {
            after,
            requested: requested.into(),
        };
        let mut topics = self.topics().to_vec();
        match topics.binary_search(&topic) {
            Ok(place) => self.all[place] = follow,
            Err(place) => {
                topics.insert(place, topic);
                self.all.insert(place, follow);
                self.rejoin(&topics);
            }
        }
    }

    /// Follows a topic no longer. The name it was asked for by, if it was.
    pub fn remove(&mut self, topic: Topic) -> Option<String> {
        let place = self.topics().binary_search(&topic).ok()?;
        let follow = self.all.remove(place);
        let mut topics = self.topics().to_vec();
        topics.remove(place);
        self.rejoin(&topics);
        Some(follow.requested.into())
    }

    fn rejoin(&mut self, topics: &[Topic]) {
        // The waiter knows one place only, so it leaves before it joins.
        self.worker.leave(&self.interest, &self.waiter);
        self.interest = self.worker.join(topics, &self.waiter);
    }

    /// What each topic wants when the connection stands at a position.
    pub fn wants(&self, sent: u64) -> Vec<Want> {
        let wants = self.topics().iter().zip(&self.all);
        wants
            .map(|(topic, follow)| Want {
                topic: *topic,
                after: follow.after.max(sent),
            })
            .collect()
    }

    /// The next events, taken once for all connections that follow the same and stand at the same position.
    pub fn chunk(&self, hub: &Hub, sent: u64, upto: u64) -> Result<Rc<Chunk>, TooFarBack> {
        if self.all.iter().all(|follow| follow.after <= sent) {
            return self.interest.chunk(hub, sent, upto);
        }
        let batch = hub
            .line()
            .collect(&self.wants(sent), sent, upto, CHUNK_BYTES)?;
        Ok(Rc::new(Chunk::live((sent, upto), batch)))
    }
}

impl Drop for Follows {
    fn drop(&mut self) {
        self.worker.leave(&self.interest, &self.waiter);
    }
}

/// Makes a topic count as followed while its subscription is being prepared, so that its end is not missed.
pub struct Hold {
    hub: Arc<Hub>,
    topic: Topic,
}

impl Hold {
    /// From now on.
    pub fn new(hub: &Arc<Hub>, topic: Topic) -> Self {
        hub.follow(topic);
        Self {
            hub: Arc::clone(hub),
            topic,
        }
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.hub.unfollow(self.topic);
    }
}
