use super::Backoff;
use crate::{
    topic::Topic,
    wire::{Cursor, Epoch},
};

/// One followed topic: what it is called, and how far it has been followed.
#[derive(Debug, Clone)]
pub(super) struct Follow {
    /// As the caller asked for it; more than one where two names turned out to be the same topic.
    pub names: Vec<String>,
    /// Its canonical name, once the server has told it.
    pub topic: Option<Topic>,
    /// Everything up to here has been had; none before the first snapshot.
    pub have: Option<Cursor>,
    pub phase: Phase,
    /// Where the last gap was found. A second one at the same place can't be repaired by asking again.
    gap_at: Option<u64>,
}

#[derive(Debug, Clone)]
pub(super) enum Phase {
    /// Not asked for on this connection.
    Idle,
    /// The server had no answer for now: not asked for again before it is told to or there is another connection.
    Refused,
    /// Asked for; the answer to this id says how it goes on (on SSE and polling the id counts for nothing). Until then
    /// nothing is taken for it: whatever comes meanwhile is in the answer again.
    Asked { id: u64 },
    /// Its snapshot is on the way over HTTP. What comes meanwhile is asked for again after it.
    Fetching { href: String, backoff: Backoff },
    /// Its replay is under way.
    Replaying(Replay),
    /// Everything up to `have` was had, and the rest follows as it happens.
    Live,
}

/// How far a replay has come.
#[derive(Debug, Clone, Default)]
pub(super) struct Replay {
    /// Events still to come.
    left: u64,
    /// The last event that was counted.
    seen: u64,
    /// The last event that came early, on behalf of another topic.
    ahead: u64,
    /// `left` at the last heartbeat.
    left_before: Option<u64>,
}

/// What an event is to a topic.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Taken {
    /// To be applied.
    New,
    /// Nothing to do: had already, or to come again.
    Not,
    /// Something before it is missing.
    Gap,
}

impl Follow {
    pub fn new(name: &str) -> Self {
        Self {
            names: vec![name.into()],
            topic: name.parse().ok(),
            have: None,
            phase: Phase::Idle,
            gap_at: None,
        }
    }

    /// The name to ask the server by: slugs can come to mean another thing, ids can't.
    pub fn name(&self) -> String {
        match self.topic {
            Some(topic) => topic.to_string(),
            None => self.names[0].clone(),
        }
    }

    pub fn is_live(&self) -> bool {
        matches!(self.phase, Phase::Live)
    }

    fn seq(&self) -> u64 {
        self.have.as_ref().map_or(0, |have| have.seq)
    }

    fn advance(&mut self, seq: u64) {
        if let Some(have) = &mut self.have {
            have.seq = have.seq.max(seq);
        }
    }

    /// Begins at a snapshot.
    pub fn begin(&mut self, cursor: Cursor) {
        self.have = Some(cursor);
        self.phase = Phase::Live;
    }

    /// Goes on behind a position, with so many events to come before the live ones.
    pub fn resume(&mut self, cursor: Cursor, replaying: u64) {
        self.phase = match replaying {
            0 => Phase::Live,
            left => Phase::Replaying(Replay {
                left,
                seen: cursor.seq,
                ..Replay::default()
            }),
        };
        match &mut self.have {
            Some(have) if have.epoch == cursor.epoch => have.seq = have.seq.max(cursor.seq),
            have => *have = Some(cursor),
        }
    }

    /// Starts over: the position is worth nothing any more.
    pub fn forget(&mut self) {
        self.have = None;
        self.gap_at = None;
    }

    /// Goes on with a snapshot. Without a position `all` would begin with what comes next, and what was missed be missing;
    /// after one that can't be resumed the server says where its snapshot is.
    pub fn begin_anew(&mut self) {
        if self.topic != Some(Topic::All) {
            self.forget();
        }
    }

    /// Something is missing: the next request is after `have`, or for a snapshot if that did not help before.
    pub fn lost_track(&mut self) {
        let seq = self.seq();
        if self.gap_at == Some(seq) {
            self.forget();
        } else {
            self.gap_at = Some(seq);
        }
    }

    /// The rule of positions, for an event on this topic with that event before it there.
    pub fn take(&mut self, seq: u64, prev: u64) -> Taken {
        let have = self.seq();
        match &mut self.phase {
            Phase::Idle | Phase::Refused | Phase::Asked { .. } | Phase::Fetching { .. } => {
                return Taken::Not;
            }
            Phase::Live if seq <= have => return Taken::Not,
            Phase::Live if prev > have => return Taken::Gap,
            Phase::Live => {}
            // The replay of another topic can bring early what this topic's own replay is still to bring.
            Phase::Replaying(replay) if prev > have => {
                replay.ahead = replay.ahead.max(seq);
                return Taken::Not;
            }
            Phase::Replaying(replay) => {
                if seq > replay.seen {
                    replay.seen = seq;
                    replay.left = replay.left.saturating_sub(1);
                }
                if replay.left == 0 && replay.ahead <= have.max(seq) {
                    self.phase = Phase::Live;
                }
            }
        }
        self.advance(seq);
        if seq > have { Taken::New } else { Taken::Not }
    }

    /// A heartbeat: everything up to here was sent. False if something of it can't have arrived.
    pub fn heard(&mut self, seq: u64) -> bool {
        let have = self.seq();
        match &mut self.phase {
            Phase::Idle | Phase::Refused | Phase::Asked { .. } | Phase::Fetching { .. } => true,
            Phase::Live => {
                self.advance(seq);
                true
            }
            // A replay that stands still from one heartbeat to the next will not go on.
            Phase::Replaying(replay) => {
                let stuck = replay.left_before.replace(replay.left) == Some(replay.left);
                !stuck && replay.ahead <= have
            }
        }
    }

    /// Whether its position is one in this epoch.
    pub fn is_in(&self, epoch: &Epoch) -> bool {
        self.have.as_ref().is_none_or(|have| have.epoch == *epoch)
    }
}
