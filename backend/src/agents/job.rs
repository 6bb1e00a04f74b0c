//! One run, worked from its claim to its end.

mod allowance;
mod answer;
mod log;
mod turns;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use shared_types::{
    command::WorkStep,
    model::{FailureReason, Logged, Usage},
    value::{Body, Name, RunId},
};
use tokio_util::sync::CancellationToken;

use super::{
    desk::{Broken, Desk},
    llm::Call,
    provider::Provider,
};
use log::LogWriter;

/// A run that this worker has claimed.
pub(super) struct Job {
    pub desk: Arc<dyn Desk>,
    pub run: RunId,
    pub provider: Arc<Provider>,
    /// The model that the run was claimed with.
    pub model: Option<Name>,
    /// How long the provider may send nothing.
    pub stall: Duration,
    /// Then it is let go.
    pub stop: CancellationToken,
    /// What the call that is under way has come to so far, at most, in tokens and micro-dollars.
    pub unpaid: Mutex<Option<(Usage, u64)>>,
    /// How often the model has said each call.
    pub said: Mutex<HashMap<Call, u32>>,
}

impl Job {
    /// Works it. Whatever happens, the run is not left running when this ends, as long as anything can be written.
    pub(super) async fn carry_out(self) {
        let mut log = LogWriter::new(&*self.desk);
        let ended = tokio::select! {
            biased;
            () = self.desk.hold() => Err(Broken::Lost),
            () = self.stop.cancelled() => {
                self.settle().await;
                self.end(WorkStep::Release).await;
                Err(Broken::Lost)
            }
            ended = self.work(&mut log) => ended,
        };
        // What was said last is part of the log, whatever comes of the run.
        if let Err(error) = log.flush().await {
            tracing::debug!(?error, run = %self.run, "the end of a log is lost");
        }
        if let Err(Broken::Failed(failure, why)) = ended {
            self.settle().await;
            tracing::info!(run = %self.run, ?failure, why, "a run failed");
            let reason = why.chars().take(2_000).collect::<String>();
            let reason: Body = reason.replace('\0', " ").parse().unwrap_or_default();
            self.end(WorkStep::Fail { failure, reason }).await;
        }
    }

    async fn work(&self, log: &mut LogWriter<'_>) -> Result<(), Broken> {
        log.add(Logged::Started {
            provider: self.provider.name.clone(),
            model: self.model.clone(),
        })
        .await?;
        log.flush().await?;
        let brief = self.desk.begin().await?;
        let minutes = brief.minutes;
        let wall = Duration::from_millis(brief.time_left_ms);
        let ended = tokio::time::timeout(wall, self.turns(&brief, log)).await;
        ended.unwrap_or_else(|_| {
            let why = format!("The run took longer than its {minutes} minutes.");
            Err(Broken::Failed(FailureReason::Internal, why))
        })
    }

    /// How often the model has said this now.
    fn nth(&self, call: &Call) -> u32 {
        // What a call is told by is of that call alone.
        let same = Call {
            id: String::new(),
            ..call.clone()
        };
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        let times = said.entry(same).or_insert(0);
        *times += 1;
        *times
    }

    /// The last step. Where it can't be written, the lease lapses.
    async fn end(&self, step: WorkStep) {
        if let Err(Broken::Failed(_, why)) = self.desk.step(step).await {
            tracing::warn!(run = %self.run, why, "the end of a run can't be written");
        }
    }
}
