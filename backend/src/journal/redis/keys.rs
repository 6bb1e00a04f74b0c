use shared_types::{topic::Topic, value::OrganizationId};

/// Whose line it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineName {
    /// Who may use the server, and which organizations there are.
    Directory,
    Organization(OrganizationId),
}

/// The names of one line's keys and channels. The part in braces is all that a cluster looks at to place them, so they
/// are on one server, and one script can use them together.
#[derive(Debug, Clone)]
pub(super) struct Keys {
    prefix: String,
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
        let tag = match line {
            LineName::Directory => "directory".to_owned(),
            LineName::Organization(id) => id.to_string(),
        };
        let prefix = format!("devteam:{{{tag}}}:");
        let key = |name: &str| format!("{prefix}{name}");
        Self {
            state: key("state"),
            journal: key("journal"),
            proofs: key("proofs"),
            agents: key("agents"),
            probe: key("probe"),
            nodes: key("nodes"),
            topics: key("topic:"),
            all: key("topic:all"),
            prefix,
        }
    }

    /// Sorted set: the positions of a topic's records.
    pub fn index(&self, topic: &Topic) -> String {
        format!("{}index:{topic}", self.prefix)
    }

    /// Hash: the parts of a snapshot, by number. `upload` is its own name.
    pub fn snapshot(&self, seq: u64, upload: &str) -> String {
        format!("{}snapshot:{seq}:{upload}", self.prefix)
    }
}
