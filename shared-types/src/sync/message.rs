//! What each message of the server comes to.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::Value;

use super::{
    Action, Backoff, SyncClient, Transport,
    follow::{Follow, Phase, Taken},
};
use crate::{
    error::ErrorCode,
    event::Event,
    topic::Topic,
    wire::{ClientMessage, Cursor, Mode, ServerMessage, Subscribed},
};

impl SyncClient {
    /// A message that has been read already.
    pub fn message(&mut self, message: ServerMessage) -> Vec<Action> {
        if self.transport.is_none() {
            return Vec::new();
        }
        self.health.messages += 1;
        self.begun = matches!(message, ServerMessage::Subscribed(_));
        match message {
            ServerMessage::Welcome {
                cursor,
                heartbeat_seconds,
                ..
            } => self.welcomed(cursor, heartbeat_seconds),
            ServerMessage::Subscribed(subscribed) => self.subscribed(subscribed),
            ServerMessage::Event(message) => {
                self.event(&message.prev, message.event.seq, Some(&message.event))
            }
            ServerMessage::Heartbeat { cursor } => self.heartbeat(cursor),
            ServerMessage::Resync { topic, .. } => self.resync(topic),
            ServerMessage::Rollup { topic, rollup } if self.follows(topic) => {
                vec![Action::Rollup {
                    topic,
                    rollup,
                    message: Box::default(),
                }]
            }
            ServerMessage::Presence { topic, members } if self.follows(topic) => {
                vec![Action::Presence {
                    topic,
                    members,
                    message: Box::default(),
                }]
            }
            ServerMessage::Unsubscribed {
                id: None,
                topic,
                reason,
            } => self.ended(&topic, reason.unwrap_or_default()),
            ServerMessage::Pong { id, .. } => id
                .as_u64()
                .map(|id| Action::Pong { id })
                .into_iter()
                .collect(),
            ServerMessage::Error {
                id,
                topic,
                code,
                message,
                retryable,
            } => self.refused(id.as_ref(), topic.as_deref(), code, message, retryable),
            ServerMessage::Closing { retry_after_ms, .. } => {
                self.retry_after_ms = Some(retry_after_ms);
                Vec::new()
            }
            ServerMessage::Rollup { .. }
            | ServerMessage::Presence { .. }
            | ServerMessage::Unsubscribed { .. }
            | ServerMessage::Log { .. }
            | ServerMessage::Unknown => Vec::new(),
        }
    }

    fn welcomed(&mut self, cursor: Cursor, heartbeat_seconds: u32) -> Vec<Action> {
        self.note(&cursor);
        self.welcome = true;
        self.heartbeat_seconds = Some(heartbeat_seconds);
        let idle = |follow: &Follow| matches!(follow.phase, Phase::Idle);
        let indices: Vec<usize> = (0..self.follows.len())
            .filter(|index| idle(&self.follows[*index]))
            .collect();
        let look = self
            .path
            .clone()
            .map(|path| Action::Send(ClientMessage::Look { path }));
        look.into_iter().chain(self.ask_all(indices)).collect()
    }

    /// Which subscription an answer is to: on a WebSocket by id, so that the answer to a question that was asked again
    /// counts for nothing; elsewhere by name.
    fn asked(&self, id: Option<&Value>, topic: Option<Topic>, requested: &str) -> Option<usize> {
        if self.transport == Some(Transport::WebSocket) {
            let id = id?.as_u64()?;
            return self.follows.iter().position(
                |follow| matches!(follow.phase, Phase::Asked { id: asked } if asked == id),
            );
        }
        let by_topic = |follow: &Follow| topic.is_some() && follow.topic == topic;
        let by_name = |follow: &Follow| {
            follow.name() == requested || follow.names.iter().any(|name| name == requested)
        };
        self.follows
            .iter()
            .position(by_topic)
            .or_else(|| self.follows.iter().position(by_name))
    }

    fn subscribed(&mut self, subscribed: Subscribed) -> Vec<Action> {
        let Subscribed {
            id,
            topic,
            requested,
            cursor,
            mode,
        } = subscribed;
        let Some(index) = self.asked(id.as_ref(), Some(topic), &requested) else {
            return Vec::new();
        };
        self.note(&cursor);
        self.backoff.reset();
        let (index, mut actions) = self.resolved(index, topic);
        let stream = self.transport != Some(Transport::WebSocket);
        let follow = &mut self.follows[index];
        let later = match follow.phase {
            Phase::Asked { id: asked }
                if !stream && id.and_then(|id| id.as_u64()) != Some(asked) =>
            {
                Some(asked)
            }
            _ => None,
        };
        match mode {
            // On SSE and polling replays are merged and in order: nothing comes early.
            Mode::Resumed { replaying } => {
                follow.resume(cursor, if stream { 0 } else { replaying })
            }
            Mode::Snapshot {
                snapshot: None,
                href: Some(href),
            } => {
                follow.phase = Phase::Fetching {
                    href: href.clone(),
                    backoff: Backoff::default(),
                };
                actions.push(Action::Fetch {
                    topic,
                    href,
                    delay_ms: 0,
                });
            }
            Mode::Snapshot { snapshot, .. } => {
                self.health.resyncs += u64::from(follow.have.is_some());
                follow.begin(cursor.clone());
                actions.push(Action::Replace {
                    topic,
                    cursor,
                    snapshot: snapshot.unwrap_or_default(),
                });
            }
        }
        if let Some(id) = later {
            follow.phase = Phase::Asked { id };
        }
        actions
    }

    /// A name has turned out to mean a topic; two names for one topic become one subscription, as they are to the
    /// server. Answers where it is now.
    fn resolved(&mut self, index: usize, topic: Topic) -> (usize, Vec<Action>) {
        let mut actions = Vec::new();
        let follow = &mut self.follows[index];
        if follow.topic != Some(topic) || follow.have.is_none() {
            follow.topic = Some(topic);
            actions.extend(
                follow
                    .names
                    .iter()
                    .cloned()
                    .map(|requested| Action::Resolved { requested, topic }),
            );
        }
        let same = |other: &usize| *other != index && self.follows[*other].topic == Some(topic);
        let Some(other) = (0..self.follows.len()).find(same) else {
            return (index, actions);
        };
        let merged = self.follows.remove(other);
        let index = if other < index { index - 1 } else { index };
        let follow = &mut self.follows[index];
        follow.names.extend(merged.names);
        if let (Phase::Asked { id }, Phase::Asked { id: other }) =
            (&mut follow.phase, &merged.phase)
        {
            *id = (*id).max(*other);
        }
        (index, actions)
    }

    pub(super) fn event(
        &mut self,
        prev: &BTreeMap<Topic, u64>,
        seq: u64,
        event: Option<&Arc<Event>>,
    ) -> Vec<Action> {
        let mut topics = Vec::new();
        let mut gaps = Vec::new();
        for (index, follow) in self.follows.iter_mut().enumerate() {
            let Some(topic) = follow.topic else { continue };
            let before = match topic {
                Topic::All => Some(seq.saturating_sub(1)),
                topic => prev.get(&topic).copied(),
            };
            match before.map_or(Taken::Not, |before| follow.take(seq, before)) {
                Taken::New => topics.push(topic),
                Taken::Gap => gaps.push(index),
                Taken::Not => {}
            }
        }
        if let Some(newest) = &mut self.health.cursor {
            newest.seq = newest.seq.max(seq);
        }
        let mut actions = Vec::new();
        if !topics.is_empty() {
            self.health.events += 1;
            actions.extend(event.map(|event| Action::Apply {
                topics,
                event: event.clone(),
                message: Box::default(),
            }));
        }
        actions.extend(self.repair(gaps));
        actions
    }

    fn repair(&mut self, gaps: Vec<usize>) -> Vec<Action> {
        self.health.gaps += gaps.len() as u64;
        for index in &gaps {
            self.follows[*index].lost_track();
        }
        self.ask_all(gaps)
    }

    fn heartbeat(&mut self, cursor: Cursor) -> Vec<Action> {
        self.note(&cursor);
        self.backoff.reset();
        let mut gaps = Vec::new();
        for (index, follow) in self.follows.iter_mut().enumerate() {
            if matches!(follow.phase, Phase::Live | Phase::Replaying(_))
                && !follow.is_in(&cursor.epoch)
            {
                follow.begin_anew();
                gaps.push(index);
            } else if !follow.heard(cursor.seq) {
                gaps.push(index);
            }
        }
        self.repair(gaps)
    }

    pub(super) fn resync(&mut self, topic: Topic) -> Vec<Action> {
        let Some(index) = self
            .follows
            .iter()
            .position(|follow| follow.topic == Some(topic))
        else {
            return Vec::new();
        };
        // One that is asked for or fetched is started over anyway.
        if !matches!(self.follows[index].phase, Phase::Live | Phase::Replaying(_)) {
            return Vec::new();
        }
        self.health.resyncs += 1;
        self.follows[index].begin_anew();
        self.ask(index)
    }

    fn ended(&mut self, name: &str, reason: String) -> Vec<Action> {
        let topic: Option<Topic> = name.parse().ok();
        let found = |follow: &Follow| {
            (topic.is_some() && follow.topic == topic) || follow.names.iter().any(|own| own == name)
        };
        let Some(index) = self.follows.iter().position(found) else {
            return Vec::new();
        };
        let follow = self.follows.remove(index);
        let Some(topic) = follow.topic.or(topic) else {
            return Vec::new();
        };
        vec![Action::Ended {
            requested: follow.names,
            topic,
            reason,
        }]
    }

    fn refused(
        &mut self,
        id: Option<&Value>,
        topic: Option<&str>,
        code: ErrorCode,
        message: String,
        retryable: bool,
    ) -> Vec<Action> {
        self.health.last_error = Some(message.clone());
        let canonical = topic.and_then(|topic| topic.parse().ok());
        let Some(index) = self.asked(id, canonical, topic.unwrap_or_default()) else {
            return Vec::new();
        };
        let follow = &mut self.follows[index];
        if code == ErrorCode::InvalidCursor && follow.have.is_some() {
            follow.forget();
            return self.ask(index);
        }
        let requested = follow.names.clone();
        if retryable {
            follow.phase = Phase::Refused;
            if follow.have.is_some() {
                // Without its position it might be taken back to where a server is that has got less far.
                return vec![Action::AskLater];
            }
        } else {
            self.follows.remove(index);
        }
        vec![Action::Failed {
            requested,
            code,
            message,
            retryable,
        }]
    }
}
