//! Where an event goes.

use crate::topic::Topic;

/// What applying an event has touched.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reach {
    /// The topics whose view it changed, each with the seq of the event before it there; `all` is not named.
    pub topics: Vec<(Topic, u64)>,
    /// The topics among them whose view gained what the event does not carry: readers take a new snapshot.
    pub barriers: Vec<Topic>,
    /// The things whose roll-up has changed, by the name of their topic.
    pub rollups: Vec<Topic>,
}
