//! Programs that write as fast as they are answered, and remember what they were told.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use serde_json::json;
use tokio::{task::JoinHandle, time::sleep};

use crate::{Api, api::id, wait::until};

/// What was said to be written: titles and ids.
pub type Acknowledged = BTreeMap<String, String>;

/// Some who make tasks in the project `web`, each one task after the other.
#[derive(Debug)]
pub struct Writers {
    acknowledged: Arc<Mutex<Acknowledged>>,
    stop: Arc<AtomicBool>,
    tasks: Vec<JoinHandle<()>>,
}

impl Writers {
    /// So many, spread over these servers. What is not answered is asked for again with the same key, of the next server.
    pub fn start(name: &str, count: usize, servers: &[Api]) -> Self {
        Self::paced(name, count, servers, Duration::ZERO)
    }

    /// As [`Self::start`], each of which rests so long after each write that was acknowledged.
    pub fn paced(name: &str, count: usize, servers: &[Api], pause: Duration) -> Self {
        let mut writers = Self {
            acknowledged: Arc::default(),
            stop: Arc::default(),
            tasks: Vec::new(),
        };
        for number in 0..count {
            let writer = Writer {
                name: format!("{name} {number}"),
                servers: servers.to_vec(),
                at: number,
                pause,
                acknowledged: Arc::clone(&writers.acknowledged),
                stop: Arc::clone(&writers.stop),
            };
            writers.tasks.push(tokio::spawn(writer.write()));
        }
        writers
    }

    /// What was acknowledged so far.
    pub fn acknowledged(&self) -> Acknowledged {
        lock(&self.acknowledged).clone()
    }

    /// Waits until so many more are acknowledged.
    ///
    /// # Panics
    /// They are not in time.
    pub async fn write_more(&self, count: usize) {
        let before = self.acknowledged().len();
        let more = async || (self.acknowledged().len() >= before + count).then_some(());
        until("some writes", more).await;
    }

    /// Ends when each has been answered: all that was acknowledged.
    ///
    /// # Panics
    /// One was answered something that it should not have been.
    pub async fn stop(self) -> Acknowledged {
        self.stop.store(true, Ordering::Relaxed);
        let acknowledged = Arc::clone(&self.acknowledged);
        for task in self.tasks {
            task.await.expect("a writer is answered as it should be");
        }
        lock(&acknowledged).clone()
    }
}

struct Writer {
    name: String,
    servers: Vec<Api>,
    at: usize,
    pause: Duration,
    acknowledged: Arc<Mutex<Acknowledged>>,
    stop: Arc<AtomicBool>,
}

impl Writer {
    async fn write(mut self) {
        for number in 0.. {
            let title = format!("Task {} {number}", self.name);
            let Some(id) = self.make(&title).await else {
                return;
            };
            lock(&self.acknowledged).insert(title, id);
            if self.stop.load(Ordering::Relaxed) {
                return;
            }
            sleep(self.pause).await;
        }
    }

    /// None when it is to stop.
    async fn make(&mut self, title: &str) -> Option<String> {
        let key = title.replace(' ', "-");
        loop {
            let new = json!({ "kind": "task", "title": title, "project": "web" });
            let api = &self.servers[self.at % self.servers.len()];
            match api.post("/items", new).key(&key).send().await {
                // The other two are a proxy's.
                Ok(answer) if matches!(answer.status, 502..=504) => {}
                Ok(answer) => return Some(id(&answer.expect(201)).to_owned()),
                Err(_) => {}
            }
            if self.stop.load(Ordering::Relaxed) {
                return None;
            }
            self.at += 1;
            sleep(Duration::from_millis(20)).await;
        }
    }
}

fn lock(acknowledged: &Mutex<Acknowledged>) -> MutexGuard<'_, Acknowledged> {
    acknowledged.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Every task in the project `web`: titles and ids.
pub async fn tasks(api: &Api) -> Vec<(String, String)> {
    let snapshot = api.snapshot("project:web").await.snapshot;
    let items = snapshot.items.unwrap_or_default();
    let task = |item: &std::sync::Arc<shared_types::model::Item>| {
        (item.title.to_string(), item.stamp.id.to_string())
    };
    items.iter().map(task).collect()
}

/// Whether everything that was acknowledged is there, and once.
///
/// # Panics
/// It is not.
pub async fn check(api: &Api, acknowledged: &Acknowledged) {
    let found = tasks(api).await;
    let unique: Acknowledged = found.iter().cloned().collect();
    assert_eq!(unique.len(), found.len(), "nothing was written twice");
    for (title, id) in acknowledged {
        assert_eq!(unique.get(title), Some(id), "{title} was acknowledged");
    }
}
