use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use shared_types::{
    error::{ErrorCode, Rejection},
    topic::Topic,
};
use tokio::time::timeout;

use super::{Item, Reader, Request, follow::Hold, start::Start, then};
use crate::live::{
    message::{Asked, Message},
    snapshot::Encoded,
};

/// How long a cursor that the journal has reached may take to become visible here, and how long it may take to find out
/// whether it has.
const PATIENCE: Duration = Duration::from_secs(5);
/// The latter where it is known that the journal can't be heard: one connection may follow many topics, which are answered
/// one after the other.
const LITTLE: Duration = Duration::from_millis(500);

const NOT_HERE: &str = "This server has not got as far as this client and can't catch up at the moment: try again after the \
    same cursor, here or elsewhere.";

/// A position at which something is done: the line is told up to there, and no further, before it.
pub struct Gate {
    pub seq: u64,
    then: AtGate,
}

enum AtGate {
    /// The request can be carried out now. If the position is not reached in time it is refused: whoever has been further
    /// is not taken back.
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
        // A cursor of the future may be of an event that is durable already. Only the journal knows that it is not.
        let (hub, epoch) = (Arc::clone(&self.hub), self.epoch.clone());
        self.wait_for(async move {
            let patience = if hub.hears() { PATIENCE } else { LITTLE };
            let head = timeout(patience, hub.journal.head()).await;
            then(move |reader| match head {
                Ok(Ok(head)) if head.epoch == epoch && head.seq < seq => {
                    reader.carry_out_from(request, Start::Elsewhere);
                }
                // Of another epoch: this one's end is about to be noticed here, and the request is begun again.
                Ok(Ok(_)) => reader.aside().gate = Some(gate),
                Ok(Err(_)) | Err(_) => reader.put_off(request),
            })
        });
    }

    /// Whoever asks has been further than this node, and is to come back.
    fn put_off(&mut self, request: Request) {
        let why = || Rejection::new(ErrorCode::Unavailable, NOT_HERE);
        match request {
            Request::Subscribe { asked, .. } => self.refuse(asked, why()),
            Request::Begin { .. } => self.ready.push_back(Item::Refused(why())),
            // They name no position.
            request @ (Request::Unsubscribe { .. } | Request::Ping { .. } | Request::Say(_)) => {
                self.carry_out(request);
            }
        }
    }

    /// Acts if the gate's position is reached. False if there is more waiting to do.
    pub(super) fn pass(&mut self, gate: Gate) -> bool {
        match gate.then {
            AtGate::CarryOut { request, .. } if self.sent >= gate.seq => self.carry_out(request),
            AtGate::CarryOut { request, until } if Instant::now() >= until => self.put_off(request),
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
