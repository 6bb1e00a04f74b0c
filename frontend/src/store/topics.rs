//! The followed topics and what each shows.

use litemap::LiteMap;
use shared_types::{topic::Topic, view::View};

/// What can be said of a topic that a page follows.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum TopicState {
    /// On its way: show a skeleton.
    #[default]
    Loading,
    /// It is there, followed under this canonical name (which carries the id that a slug or key stood for).
    Ready(Topic),
    /// There is no such thing, or no longer; the reason is for a person.
    Gone(String),
    /// It can't be had for now; the message is for a person. It is tried again by itself.
    Failed(String),
}

/// One topic by one of its names.
#[derive(Default)]
pub struct Followed {
    pub topic: Option<Topic>,
    /// Why it is not there.
    pub absent: Option<TopicState>,
    /// How many components of the page follow it.
    pub readers: usize,
    /// How many of the frame do: it is about everything.
    pub watchers: usize,
    /// Whether another tab follows it through this one.
    pub is_held: bool,
}

impl Followed {
    /// Whether anybody needs it.
    pub fn is_wanted(&self) -> bool {
        self.readers > 0 || self.watchers > 0 || self.is_held
    }
}

/// The names that are followed, and the views of what they stand for: `project:website` and `project:<id>` share one.
#[derive(Default)]
pub struct Topics {
    pub names: LiteMap<String, Followed>,
    pub views: LiteMap<Topic, View>,
}

impl Topics {
    /// The state of a topic by the name it was asked for.
    pub fn state(&self, requested: &str) -> TopicState {
        let Some(followed) = self.names.get(requested) else {
            return TopicState::Loading;
        };
        if let Some(absent) = &followed.absent {
            return absent.clone();
        }
        match followed.topic {
            // These have no view to wait for.
            Some(topic @ (Topic::All | Topic::Run(_))) => TopicState::Ready(topic),
            Some(topic) if self.views.contains_key(&topic) => TopicState::Ready(topic),
            _ => TopicState::Loading,
        }
    }

    /// Whether any name stands for this topic.
    pub fn is_followed(&self, topic: Topic) -> bool {
        self.names
            .values()
            .any(|followed| followed.topic == Some(topic))
    }

    /// Every view there is.
    pub fn views(&self) -> impl Iterator<Item = &View> {
        self.views.values()
    }

    /// Drops the views that no name stands for any more; says whether there were any.
    pub fn tidy(&mut self) -> bool {
        let before = self.views.len();
        let names = &self.names;
        self.views.retain(|topic, _| {
            names
                .values()
                .any(|followed| followed.topic == Some(*topic))
        });
        self.views.len() != before
    }

    /// These names stand for nothing, for this reason.
    pub fn set_absent(&mut self, requested: &[String], absent: &TopicState) {
        for name in requested {
            if let Some(followed) = self.names.get_mut(name) {
                followed.topic = None;
                followed.absent = Some(absent.clone());
            }
        }
        self.tidy();
    }
}
