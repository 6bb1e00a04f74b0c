use std::sync::Arc;

use bytes::Bytes;
use shared_types::{Organization, topic::Topic, value::Timestamp};

use super::Model;

/// An event that is durable and in the model, on its way to those who follow.
#[derive(Debug, Clone)]
pub struct Published {
    pub seq: u64,
    pub at: Timestamp,
    /// The event message exactly as it goes on the wire; encoded once, shared from here on.
    pub frame: Bytes,
    /// The topics it is on save `all`, each with the seq of the event before it there.
    pub prev: Vec<(Topic, u64)>,
    /// The topics among them that no resume may cross here.
    pub barriers: Vec<Topic>,
    /// The things whose roll-up it changed, by the name of their topic.
    pub rollups: Vec<Topic>,
}

/// Where the engine puts what has happened: the topic logs. Neither call may wait for anything.
pub trait Publisher<A = Organization>: Send + Sync + 'static {
    /// The line starts here: at start, and again whenever the journal is not the one it was (the epoch has changed).
    /// Nothing from before it can be resumed, save from the journal.
    fn reset(&self, model: &Arc<Model<A>>);

    /// These events have happened, in this order, and lead to this model, which readers of the engine see already.
    fn publish(&self, model: &Arc<Model<A>>, events: &[Published]);
}
