use shared_types::{topic::Topic, value::OrganizationId};

/// Whose line it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineName {
    /// Who may use the server, and which organizations there are.
    Directory,
    Organization(OrganizationId),
}

impl LineName {
    /// The name of a key or channel that belongs to the line. The part in braces is all that a cluster looks at to place it,
    /// so all of them are on one server, and one script can use them together.
    pub fn key(&self, name: &str) -> String {
        match self {
            Self::Directory => format!("devteam:{{directory}}:{name}"),
            Self::Organization(id) => format!("devteam:{{{id}}}:{name}"),
        }
    }
}

/// The names of one line's keys and channels.
#[derive(Debug, Clone)]
pub(super) struct Keys {
    line: LineName,
    /// Hash: format, epoch, seq and id of the head, what it began from, the newest snapshot.
    pub state: String,
    /// Stream: the records. The id of an entry is its seq and `-0`.
    pub journal: String,
    /// Hash: proofs by holder.
    pub proofs: String,
    /// Hash: how far database agents are, by name.
    pub agents: String,
    /// What a probe writes and takes away again.
    pub probe: String,
    /// Channel: what nodes tell each other.
    pub nodes: String,
    /// Before a topic's name it is the channel of its events.
    pub topics: String,
    /// The channel of all events.
    pub all: String,
}

impl Keys {
    /// Those of a line.
    pub fn new(line: LineName) -> Self {
        let key = |name: &str| line.key(name);
        Self {
            state: key("state"),
            journal: key("journal"),
            proofs: key("proofs"),
            agents: key("agents"),
            probe: key("probe"),
            nodes: key("nodes"),
            topics: key("topic:"),
            all: key("topic:all"),
            line,
        }
    }

    /// Sorted set: the positions of a topic's records.
    pub fn index(&self, topic: &Topic) -> String {
        self.line.key(&format!("index:{topic}"))
    }

    /// Hash: the parts of a snapshot, by number. `upload` is its own name.
    pub fn snapshot(&self, seq: u64, upload: &str) -> String {
        self.line.key(&format!("snapshot:{seq}:{upload}"))
    }
}
