use std::sync::Arc;

use shared_types::{
    error::{ErrorCode, Rejection},
    topic::{Topic, TopicRef},
    wire::{Cursor, Limits, Mode},
};

use super::{Reader, catch_up::Replay, follow::Hold, gate::Gate, then};
use crate::live::message::{Asked, Message};

/// What is said where there is nothing by that name, or nothing that this client may see.
pub const NO_TOPIC: &str =
    "There is no such topic: it names something that does not exist or was deleted.";

impl Reader {
    /// Begins to follow a topic, or starts it over. The request's cursor, if it is of this line, is not ahead of us.
    pub(super) fn subscribe(&mut self, asked: Asked, name: &TopicRef, after: Option<Cursor>) {
        let sight = self.sight;
        let find = |hub: &super::Hub| {
            let model = hub.model()?;
            let topic = model.aggregate.find_topic(name)?;
            model.aggregate.is_in_sight(sight, topic).then_some(topic)
        };
        let Some(topic) = find(&self.hub) else {
            return self.refuse(asked, ErrorCode::NotFound, NO_TOPIC);
        };
        let most = Limits::default().topics as usize;
        if self.follows.topics().len() >= most && !self.follows.has(topic) {
            let message = format!(
                "One connection follows at most {most} topics: unsubscribe from one first."
            );
            return self.refuse(asked, ErrorCode::LimitReached, &message);
        }
        let hold = Hold::new(&self.hub, topic);
        // Looked up again under the hold: had it gone in between, nobody would tell us.
        if find(&self.hub) != Some(topic) {
            return self.refuse(asked, ErrorCode::NotFound, NO_TOPIC);
        }
        // One that is started over goes on as it was until this is answered.
        match after.filter(|after| after.epoch == self.epoch) {
            Some(after) => self.resume(asked, topic, after.seq, hold),
            None => self.start(asked, topic, hold),
        }
    }

    fn resume(&mut self, asked: Asked, topic: Topic, after: u64, hold: Hold) {
        let upto = self.sent;
        let counted = self.hub.line().count(topic, after, upto);
        if let Ok(replaying) = counted {
            return self.resume_with(asked, topic, after, replaying, hold);
        }
        let hub = Arc::clone(&self.hub);
        self.wait_for(async move {
            let counted = super::catch_up::count(&hub, topic, after, upto).await;
            then(move |reader| match counted {
                Ok(replaying) => reader.resume_with(asked, topic, after, replaying, hold),
                Err(error) => reader.fail(asked, &error),
            })
        });
    }

    /// Goes on after a position with so many events, or with a snapshot where that can't be.
    fn resume_with(
        &mut self,
        asked: Asked,
        topic: Topic,
        after: u64,
        replaying: Option<u64>,
        hold: Hold,
    ) {
        let Some(replaying) = replaying else {
            return self.start(asked, topic, hold);
        };
        self.follows.add(topic, self.sent, &asked.requested);
        let cursor = self.cursor_at(after);
        self.tell(Message::subscribed(
            &asked,
            topic,
            cursor,
            Mode::Resumed { replaying },
        ));
        self.follow_log(&asked, topic);
        self.aside().replay = Some(Replay {
            topic,
            at: after,
            upto: self.sent,
            resumed_at: after,
        });
    }

    /// Starts with a snapshot; `all` has none and starts with what comes.
    fn start(&mut self, asked: Asked, topic: Topic, hold: Hold) {
        if topic == Topic::All {
            self.follows.add(topic, self.sent, &asked.requested);
            let cursor = self.cursor_at(self.sent);
            return self.tell(Message::subscribed(
                &asked,
                topic,
                cursor,
                Mode::Snapshot {
                    snapshot: None,
                    href: None,
                },
            ));
        }
        let (hub, shown) = (Arc::clone(&self.hub), (topic, self.sight));
        self.wait_for(async move {
            let encoded = hub.snapshots.newest(|| hub.model(), shown).await;
            then(move |reader| match encoded {
                Some(encoded) => reader.aside().gate = Some(Gate::snapshot(asked, encoded, hold)),
                None => reader.refuse(asked, ErrorCode::NotFound, NO_TOPIC),
            })
        });
    }

    fn refuse(&mut self, asked: Asked, code: ErrorCode, message: &str) {
        let topic = asked.id.is_none().then_some(asked.requested);
        self.tell(Message::refusal(
            asked.id,
            topic,
            Rejection::new(code, message),
        ));
    }

    /// The journal could not be read.
    pub(super) fn fail(&mut self, asked: Asked, error: &crate::journal::ReadError) {
        tracing::warn!(%error, "a subscription can't be resumed");
        self.refuse(
            asked,
            ErrorCode::Unavailable,
            "What has happened can't be read now: try again in a moment.",
        );
    }
}
