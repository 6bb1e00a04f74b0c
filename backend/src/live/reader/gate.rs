use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use shared_types::topic::Topic;

use super::{Item, Reader, Request, follow::Hold, then};
use crate::live::{
    message::{Asked, Message},
    snapshot::Encoded,
};

/// How long a cursor that the journal has reached may take to become visible here.
const PATIENCE: Duration = Duration::from_secs(5);

/// A position at which something is done: the line is told up to there, and no further, before it.
pub struct Gate {
    pub seq: u64,
    then: AtGate,
}

enum AtGate {
    /// The request can be carried out now; if the position is not reached in time, as if it had none.
    CarryOut { request: Request, until: Instant },
    /// The topic is followed from this snapshot on.
    Snapshot {
        asked: Asked,
        encoded: Arc<Encoded>,
        hold: Hold,
    },
}

impl Gate {
    /// A snapshot, to be told at its own position.
    pub fn snapshot(asked: Asked, encoded: Arc<Encoded>, hold: Hold) -> Self {
        Self {
            seq: encoded.cursor.seq,
            then: AtGate::Snapshot {
                asked,
                encoded,
                hold,
            },
        }
    }
}

impl Reader {
    /// Puts a request off until the reader stands where the request's cursor is, if the line goes that far.
    pub(super) fn await_position(&mut self, request: Request, seq: u64) {
        let until = Instant::now() + PATIENCE;
        let gate = Gate {
            seq,
            then: AtGate::CarryOut {
                request: request.clone(),
                until,
            },
        };
        if seq <= self.hub.visible() {
            self.aside().gate = Some(gate);
            return;
        }
        // A cursor of the future may be of an event that is durable already.
        let (hub, epoch) = (Arc::clone(&self.hub), self.epoch.clone());
        self.wait_for(async move {
            let head = hub.journal.head().await;
            let comes = head.is_ok_and(|head| head.epoch == epoch && head.seq >= seq);
            then(move |reader| match comes {
                true => reader.aside().gate = Some(gate),
                false => reader.carry_out(request.anew()),
            })
        });
    }

    /// Acts if the gate's position is reached. False if there is more waiting to do.
    pub(super) fn pass(&mut self, gate: Gate) -> bool {
        match gate.then {
            AtGate::CarryOut { request, .. } if self.sent >= gate.seq => self.carry_out(request),
            AtGate::CarryOut { request, until } if Instant::now() >= until => {
                self.carry_out(request.anew())
            }
            AtGate::Snapshot {
                asked,
                encoded,
                hold,
            } if self.sent >= gate.seq => {
                self.follow_from_snapshot(&asked, &encoded);
                drop(hold);
            }
            then => {
                let until = match &then {
                    AtGate::CarryOut { until, .. } => *until,
                    AtGate::Snapshot { .. } => Instant::now() + PATIENCE,
                };
                self.aside().gate = Some(Gate {
                    seq: gate.seq,
                    then,
                });
                self.worker.wake_when_moved(&self.waiter);
                self.waiter.wake_at(until);
                return false;
            }
        }
        true
    }

    fn follow_from_snapshot(&mut self, asked: &Asked, encoded: &Encoded) {
        self.follows
            .add(encoded.topic, encoded.cursor.seq, &asked.requested);
        self.tell(Message::with_snapshot(asked, encoded));
        self.tell_presence(encoded.topic);
        self.follow_log(asked, encoded.topic);
    }

    /// Tells who is there, to one who comes.
    pub(super) fn tell_presence(&mut self, topic: Topic) {
        if self.sight.is_everything() && self.hub.presence.is_anyone_at(topic) {
            self.ready
                .push_back(Item::Shared(self.hub.presence.message(topic)));
        }
    }
}
