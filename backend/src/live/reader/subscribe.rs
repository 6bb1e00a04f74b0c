use std::sync::Arc;

use shared_types::{
    error::{ErrorCode, Rejection},
    topic::{Topic, TopicRef},
    wire::{Limits, Mode},
};

use super::{Reader, catch_up::Replay, follow::Hold, gate::Gate, start::Start, then};
use crate::live::message::{Asked, Message};

/// What is said where there is nothing by that name, or nothing that this client may see.
pub const NO_TOPIC: &str =
    "There is no such topic: it names something that does not exist or was deleted.";

impl Reader {
    /// Begins to follow a topic, or starts it over.
    pub(super) fn subscribe(&mut self, asked: Asked, name: &TopicRef, start: Start) {
        let sight = self.sight;
        let find = |hub: &super::Hub| {
            let model = hub.model()?;
            let topic = model.aggregate.find_topic(name)?;
            model.aggregate.is_in_sight(sight, topic).then_some(topic)
        };
        let no_topic = || Rejection::new(ErrorCode::NotFound, NO_TOPIC);
        let Some(topic) = find(&self.hub) else {
            return self.refuse(asked, no_topic());
        };
        let most = Limits::default().topics as usize;
        if self.follows.topics().len() >= most && !self.follows.has(topic) {
            let message = format!(
                "One connection follows at most {most} topics: unsubscribe from one first."
            );
            return self.refuse(asked, Rejection::new(ErrorCode::LimitReached, message));
        }
        let hold = Hold::new(&self.hub, topic);
        // Looked up again under the hold: had it gone in between, nobody would tell us.
        if find(&self.hub) != Some(topic) {
            return self.refuse(asked, no_topic());
        }
        // One that is started over goes on as it was until this is answered.
        match start {
            Start::After(after) => self.resume(asked, topic, after, hold),
            start if topic == Topic::All => self.start_all(&asked, start),
            Start::Anew | Start::Elsewhere => self.start(asked, topic, hold),
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
            let counted = super::catch_up::try_count(&hub, topic, after, upto).await;
            then(move |reader| reader.resume_with(asked, topic, after, counted, hold))
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
            return match topic {
                Topic::All => self.start_all(&asked, Start::Elsewhere),
                _ => self.start(asked, topic, hold),
            };
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

    /// Starts `all`, whose snapshot is in no message: with what comes, or where the client has missed something also with
    /// where it is to be had.
    fn start_all(&mut self, asked: &Asked, start: Start) {
        self.follows.add(Topic::All, self.sent, &asked.requested);
        let cursor = self.cursor_at(self.sent);
        self.tell(Message::all_from(asked, cursor, start.may_begin_live()));
    }

    /// Starts with a snapshot.
    fn start(&mut self, asked: Asked, topic: Topic, hold: Hold) {
        let (hub, shown) = (Arc::clone(&self.hub), (topic, self.sight));
        self.wait_for(async move {
            let encoded = hub.snapshots.newest(|| hub.model(), shown).await;
            then(move |reader| match encoded {
                Some(encoded) => reader.aside().gate = Some(Gate::snapshot(asked, encoded, hold)),
                None => reader.refuse(asked, Rejection::new(ErrorCode::NotFound, NO_TOPIC)),
            })
        });
    }

    pub(super) fn refuse(&mut self, asked: Asked, why: Rejection) {
        let topic = asked.id.is_none().then_some(asked.requested);
        self.tell(Message::refusal(asked.id, topic, why));
    }
}
