//! A thread of the generator: one core's worth of work, whose processor time is told apart from the others'.

use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use nix::unistd::{Pid, gettid};
use tokio::sync::oneshot;

use crate::usage;

/// A thread with a single-threaded runtime on it; joined when dropped.
#[derive(Debug)]
pub struct Thread<T> {
    id: Pid,
    handle: Option<std::thread::JoinHandle<Result<T>>>,
}

impl<T: Send + 'static> Thread<T> {
    /// Starts a thread that runs the future that `work` makes on it.
    ///
    /// # Errors
    /// The thread can't be started.
    pub async fn start<F>(name: &str, work: impl FnOnce() -> F + Send + 'static) -> Result<Self>
    where
        F: Future<Output = T>,
    {
        let (born, id) = oneshot::channel();
        let handle = std::thread::Builder::new()
            .name(name.into())
            .spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build()?;
                born.send(gettid()).ok();
                Ok(runtime.block_on(work()))
            })?;
        let id = id
            .await
            .with_context(|| format!("the thread {name} did not start"))?;
        Ok(Self {
            id,
            handle: Some(handle),
        })
    }

    /// Waits for what the thread came to.
    ///
    /// # Errors
    /// It panicked.
    pub async fn finish(mut self) -> Result<T> {
        let handle = self.handle.take().context("already joined")?;
        tokio::task::spawn_blocking(move || handle.join())
            .await?
            .map_err(|_| anyhow!("a thread panicked"))?
    }
}

impl<T> Thread<T> {
    /// Processor time used so far, in the kernel too.
    ///
    /// # Errors
    /// The thread has ended.
    pub fn cpu(&self) -> Result<Duration> {
        usage::thread_cpu(self.id.as_raw())
    }
}

impl<T> Drop for Thread<T> {
    fn drop(&mut self) {
        if let Some(handle) = self.handle.take() {
            // What went wrong on it, if anything, was for those who asked to finish it.
            handle.join().ok();
        }
    }
}
