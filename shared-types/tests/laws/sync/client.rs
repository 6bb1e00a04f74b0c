//! A driver of the sync client whose line is a queue, with the views it keeps.

use std::collections::{BTreeMap, BTreeSet};

use shared_types::{
    Topic, View,
    sync::{Action, Closed, SyncClient, Transport},
};

use super::server::{Sent, Server};

#[derive(Default)]
pub struct Client {
    pub sync: SyncClient,
    pub views: BTreeMap<Topic, View>,
    pub wanted: BTreeSet<Topic>,
    pub twice: bool,
    last: BTreeMap<Topic, u64>,
    transport: Option<Transport>,
    fetches: Vec<Topic>,
    reopen: bool,
}

impl Client {
    pub fn open(&mut self, transport: Transport, server: &mut Server) {
        if self.transport.replace(transport).is_some() {
            self.sync.closed(Closed::Lost, 0.5);
        }
        server.open(transport);
        self.sync.opened(transport);
        self.reopen = transport != Transport::WebSocket;
        self.ask_again(server);
    }

    pub fn subscribe(&mut self, topic: Topic, server: &mut Server) {
        self.wanted.insert(topic);
        let actions = self.sync.subscribe(&topic.to_string());
        self.carry_out(actions, server);
    }

    pub fn unsubscribe(&mut self, n: usize, server: &mut Server) {
        let Some(topic) = self
            .wanted
            .iter()
            .nth(n % self.wanted.len().max(1))
            .copied()
        else {
            return;
        };
        self.wanted.remove(&topic);
        self.forget(topic);
        let actions = self.sync.unsubscribe(&topic.to_string());
        self.carry_out(actions, server);
    }

    /// Reads so many messages of what the server has to send.
    pub fn exchange(&mut self, server: &mut Server, count: usize) {
        server.send();
        for _ in 0..count {
            let Some(sent) = server.line.pop_front() else {
                break;
            };
            if std::mem::take(&mut self.twice) {
                self.read(&sent, server);
            }
            self.read(&sent, server);
        }
        if self.transport == Some(Transport::Polling) && server.line.is_empty() {
            let answer = format!(
                r#"{{"cursor":"{}","messages":[]}}"#,
                server.cursor(server.organization.seq)
            );
            let actions = self.sync.polled(&answer);
            self.carry_out(actions, server);
            self.reopen = true;
        }
        self.ask_again(server);
    }

    pub fn fetch(&mut self, server: &mut Server) {
        let Some(topic) = self.fetches.pop() else {
            return;
        };
        let actions = match server.snapshot(topic) {
            Some(answer) => self.sync.fetched(answer),
            None => self.sync.fetch_failed(topic, Some(404), 0.5),
        };
        self.carry_out(actions, server);
        self.ask_again(server);
    }

    /// No more trouble: follows what is there, until there is nothing to say.
    pub fn come_to_rest(&mut self, server: &mut Server) {
        server.large = false;
        self.twice = false;
        if server.lossy {
            // Nothing may come any more that would show what is missing; a new connection asks behind what was had.
            self.open(Transport::WebSocket, server);
        }
        // A refusal that is still on its way would count for what is asked now.
        self.exchange(server, usize::MAX);
        for topic in self.wanted.clone() {
            self.subscribe(topic, server);
        }
        for _ in 0..6 {
            self.exchange(server, usize::MAX);
            while !self.fetches.is_empty() {
                self.fetch(server);
            }
            server.heartbeat();
        }
        self.exchange(server, usize::MAX);
    }

    fn read(&mut self, (message, position): &Sent, server: &mut Server) {
        let text = serde_json::to_string(message).unwrap();
        let mut actions = self.sync.received(&text);
        if let (Some(Transport::Sse), Some(position)) = (self.transport, position) {
            actions.extend(self.sync.position(&position.to_string()));
        }
        self.carry_out(actions, server);
    }

    fn ask_again(&mut self, server: &mut Server) {
        if std::mem::take(&mut self.reopen)
            && let Some(query) = self.sync.query()
        {
            server.ask(&query);
        }
    }

    fn forget(&mut self, topic: Topic) {
        self.views.remove(&topic);
        self.last.remove(&topic);
    }

    fn carry_out(&mut self, actions: Vec<Action>, server: &mut Server) {
        for action in actions {
            match action {
                Action::Send(message) => server.hear(message),
                Action::Reopen => self.reopen = true,
                Action::Fetch { topic, .. } => self.fetches.push(topic),
                Action::Replace {
                    topic,
                    cursor,
                    snapshot,
                } => {
                    self.last.insert(topic, cursor.seq);
                    self.views
                        .insert(topic, View::from_snapshot(topic, &snapshot));
                }
                Action::Apply { topics, event, .. } => {
                    for topic in topics {
                        let last = self
                            .last
                            .insert(topic, event.seq)
                            .expect("a snapshot comes first");
                        assert!(last < event.seq, "{} after {last} on {topic}", event.seq);
                        self.views
                            .get_mut(&topic)
                            .expect("a snapshot comes first")
                            .apply(&event);
                    }
                }
                Action::Ended { topic, .. } => self.forget(topic),
                Action::Failed {
                    requested,
                    retryable,
                    ..
                } => {
                    assert!(!retryable);
                    self.forget(requested[0].parse().unwrap());
                }
                Action::AskLater => panic!("nothing is refused for a while"),
                Action::Resolved { .. }
                | Action::Rollup { .. }
                | Action::Presence { .. }
                | Action::Pong { .. } => {}
            }
        }
    }
}
