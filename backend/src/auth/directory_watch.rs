use std::sync::{Arc, Mutex, Weak};

use shared_types::{
    Directory,
    directory::{DirectoryEvent, DirectoryEventBody},
};
use tokio::sync::watch;

use crate::{
    engine::{Model, Published, Publisher},
    live::Hub,
};

use super::lock;

/// Tells what the directory's events, this node's or another's, mean for those who are connected and at work.
#[derive(Default)]
pub struct DirectoryWatch {
    hubs: Mutex<Vec<Weak<Hub>>>,
    providers: watch::Sender<u64>,
}

impl DirectoryWatch {
    /// From here on, the connections of this hub look again who they are as soon as somebody may see or do less, for as long
    /// as it is there.
    pub fn watch(&self, hub: &Arc<Hub>) {
        lock(&self.hubs).push(Arc::downgrade(hub));
    }

    /// Changes when the admins of some organization have set or removed a provider.
    pub fn providers(&self) -> watch::Receiver<u64> {
        self.providers.subscribe()
    }

    fn access_changed(&self) {
        let mut hubs = lock(&self.hubs);
        hubs.retain(|hub| hub.strong_count() > 0);
        hubs.iter()
            .filter_map(Weak::upgrade)
            .for_each(|hub| hub.access_changed());
    }

    fn providers_changed(&self) {
        self.providers.send_modify(|times| *times += 1);
    }
}

impl Publisher<Directory> for DirectoryWatch {
    fn reset(&self, _: &Arc<Model<Directory>>) {
        self.access_changed();
        self.providers_changed();
    }

    fn publish(&self, _: &Arc<Model<Directory>>, events: &[Published]) {
        let bodies: Result<Vec<DirectoryEventBody>, _> = events
            .iter()
            .map(|event| serde_json::from_slice::<DirectoryEvent>(&event.frame))
            .map(|event| event.map(|event| event.body))
            .collect();
        // What can't be read may be anything.
        let any = |means: fn(&DirectoryEventBody) -> bool| {
            bodies
                .as_ref()
                .map_or(true, |bodies| bodies.iter().any(means))
        };
        if any(DirectoryEventBody::narrows) {
            self.access_changed();
        }
        if any(DirectoryEventBody::is_about_providers) {
            self.providers_changed();
        }
    }
}
