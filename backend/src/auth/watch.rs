use std::sync::{Arc, OnceLock};

use shared_types::{Directory, directory::DirectoryEvent};

use crate::{
    engine::{Model, Published, Publisher},
    live::Hub,
};

/// Tells open connections to look again who they are, as soon as somebody may see or do less.
#[derive(Default)]
pub struct AccessWatch(OnceLock<Vec<Arc<Hub>>>);

impl AccessWatch {
    /// From here on, those of these hubs.
    pub fn watch(&self, hubs: Vec<Arc<Hub>>) {
        // Said once, at start.
        let _ = self.0.set(hubs);
    }

    fn tell(&self) {
        for hub in self.0.get().into_iter().flatten() {
            hub.access_changed();
        }
    }
}

impl Publisher<Directory> for AccessWatch {
    fn reset(&self, _: &Arc<Model<Directory>>) {
        self.tell();
    }

    fn publish(&self, _: &Arc<Model<Directory>>, events: &[Published]) {
        let narrows = |event: &Published| {
            serde_json::from_slice::<DirectoryEvent>(&event.frame)
                .map_or(true, |event| event.body.narrows())
        };
        if events.iter().any(narrows) {
            self.tell();
        }
    }
}
