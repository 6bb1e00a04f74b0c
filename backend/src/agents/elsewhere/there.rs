//! The desk of a worker whose board is elsewhere.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use futures_util::{FutureExt, future::BoxFuture};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use shared_types::{
    command::WorkStep,
    model::{FailureReason, LogEntry},
    value::RunId,
};

use super::board::{Board, Refusal};
use crate::agents::{
    desk::{Brief, Broken, Desk, Used},
    lease::LEASE,
    llm::Call,
};

/// Seconds that the server holds back its answer to the word that we are there; it answers at once when the run is not
/// ours any more.
const WAIT: u64 = 20;
/// How long a server that can't be reached is asked again. Then the lease is over as well.
const PATIENCE: Duration = Duration::from_secs(45);

/// A run of a server elsewhere that was claimed.
pub(super) struct There {
    board: Arc<Board>,
    run: RunId,
    fence: u64,
}

impl There {
    pub fn new(board: &Arc<Board>, run: RunId, fence: u64) -> Self {
        Self {
            board: Arc::clone(board),
            run,
            fence,
        }
    }

    fn path(&self, step: &str) -> String {
        format!("/runs/{}/{step}", self.run)
    }

    async fn post<T: DeserializeOwned>(&self, step: &str, mut body: Value) -> Result<T, Broken> {
        body["fence"] = self.fence.into();
        let answer = self.board.insist(&self.path(step), &body, PATIENCE).await;
        match answer {
            Ok(Some(answer)) => Ok(answer),
            Ok(None) => Err(internal("the server says nothing".into())),
            Err(Refusal::Problem { code, detail, .. }) => Err(match code.as_str() {
                "stale_claim" | "not_found" | "not_authenticated" => Broken::Lost,
                "budget_exceeded" => Broken::Failed(FailureReason::BudgetExceeded, detail),
                _ => internal(detail),
            }),
            Err(Refusal::Unreachable(why)) => Err(internal(why)),
        }
    }

    async fn take(&self, step: WorkStep) -> Result<(), Broken> {
        let (name, body) = match step {
            WorkStep::Spend { usage, cost } => {
                let bill = json!({ "usage": usage, "cost": cost });
                ("reserve", json!({ "bill": bill }))
            }
            WorkStep::Reserve { amount } => ("reserve", json!({ "amount": amount })),
            WorkStep::Release => ("release", json!({})),
            WorkStep::Fail { failure, reason } => {
                ("fail", json!({ "failure": failure, "reason": reason }))
            }
            WorkStep::Ask { .. } | WorkStep::Submit { .. } | WorkStep::Propose { .. } => {
                return Err(internal("a tool does that".into()));
            }
        };
        self.post::<Value>(name, body).await.map(drop)
    }

    async fn keep(&self) {
        let mut heard = Instant::now();
        while heard.elapsed() < LEASE {
            let body = json!({ "fence": self.fence, "wait": WAIT });
            match self.board.ask::<Value>(&self.path("renew"), &body).await {
                Ok(_) => heard = Instant::now(),
                Err(refusal) if refusal.is_passing() => {
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
                Err(refusal) => {
                    tracing::info!(run = %self.run, %refusal, "the run is not ours any more");
                    return;
                }
            }
        }
    }
}

fn internal(why: String) -> Broken {
    Broken::Failed(FailureReason::Internal, why)
}

impl Desk for There {
    fn begin(&self) -> BoxFuture<'_, Result<Brief, Broken>> {
        self.post("brief", json!({})).boxed()
    }

    fn write(&self, entries: Vec<LogEntry>) -> BoxFuture<'_, Result<(), Broken>> {
        let written = self.post::<Value>("log", json!({ "entries": entries }));
        async { written.await.map(drop) }.boxed()
    }

    fn step(&self, step: WorkStep) -> BoxFuture<'_, Result<(), Broken>> {
        self.take(step).boxed()
    }

    fn use_tool<'a>(&'a self, call: &'a Call, nth: u32) -> BoxFuture<'a, Result<Used, Broken>> {
        let Call {
            id,
            name,
            arguments,
        } = call;
        let body = json!({ "id": id, "name": name, "arguments": arguments, "nth": nth });
        self.post("tools", body).boxed()
    }

    fn hold(&self) -> BoxFuture<'_, ()> {
        self.keep().boxed()
    }
}
