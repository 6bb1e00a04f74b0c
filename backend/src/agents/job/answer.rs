//! One answer of the model: paid for, tried again where that helps, and given up where it does not end.

use std::time::{Duration, Instant};

use futures_util::StreamExt;
use shared_types::{
    command::WorkStep,
    model::{FailureReason, Logged, Usage},
};

use super::{Broken, Job};
use crate::agents::{
    llm::{Call, Delta, LlmError, Prompt},
    log::{LogError, LogWriter},
};

/// Calls for one answer.
const TRIES: u32 = 4;
/// The longest that a provider's wish to be left alone is granted within a run.
const MOST_PATIENCE: Duration = Duration::from_secs(60);
/// Bytes that a token has at most, where an answer does not end by itself.
const BYTES_A_TOKEN: usize = 16;

/// What the model said.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub text: String,
    pub calls: Vec<Call>,
    usage: Option<Usage>,
    bytes: usize,
}

/// Why a call ended early.
enum Cut {
    Llm(LlmError),
    Stalled,
    Endless,
    Log(LogError),
}

impl Job {
    /// Asks until there is an answer.
    pub(super) async fn ask(
        &self,
        prompt: &Prompt,
        log: &mut LogWriter<'_>,
    ) -> Result<Said, Broken> {
        let mut tries = 0;
        loop {
            tries += 1;
            self.reserve(prompt).await?;
            let mut said = Said::default();
            let cut = self.listen(prompt, &mut said, log).await.err();
            self.pay(prompt, &said, cut.is_some(), log).await?;
            let failed = |failure, why: String| Err(Broken::Failed(failure, why));
            let error = match cut {
                None => return Ok(said),
                Some(Cut::Log(error)) => return Err(error.into()),
                Some(Cut::Stalled) => {
                    let why = format!("The provider sent nothing for {:?}.", self.stall());
                    return failed(FailureReason::Stalled, why);
                }
                Some(Cut::Endless) => {
                    let why = "The model's answer does not end.".into();
                    return failed(FailureReason::InvalidOutput, why);
                }
                Some(Cut::Llm(error)) => error,
            };
            let wait = match &error {
                LlmError::RateLimited { retry_after, .. } => {
                    retry_after.map_or(Duration::from_secs(1 << tries), Duration::from_secs)
                }
                LlmError::Unavailable(_) => Duration::from_millis(250 << (2 * tries)),
                _ => return failed(error.failure(), error.to_string()),
            };
            if tries >= TRIES || wait > MOST_PATIENCE {
                return failed(error.failure(), error.to_string());
            }
            let text = format!("{error}. Trying again in {} s.", wait.as_secs_f32());
            log.add(Logged::Note { text }).await?;
            log.flush().await?;
            tokio::time::sleep(wait).await;
        }
    }

    fn stall(&self) -> Duration {
        self.state.office.settings.stall
    }

    /// Puts the worst case aside.
    async fn reserve(&self, prompt: &Prompt) -> Result<(), Broken> {
        let worst = Usage {
            input: prompt.tokens_at_most(),
            cached: 0,
            output: prompt.most_output.into(),
        };
        let amount = self.provider.prices.of(prompt.model.as_ref()).of(worst);
        self.step(WorkStep::Reserve { amount }).await.map(drop)
    }

    /// Counts what the call came to. Where it was cut off, nobody says how much that was: then it is what was sent and
    /// heard.
    async fn pay(
        &self,
        prompt: &Prompt,
        said: &Said,
        was_cut: bool,
        log: &mut LogWriter<'_>,
    ) -> Result<(), Broken> {
        let guess = Usage {
            input: prompt.tokens_at_most(),
            cached: 0,
            output: said.bytes as u64 / 3,
        };
        let usage = match said.usage {
            Some(usage) => usage,
            None if was_cut && said.bytes == 0 => Usage::default(),
            None => guess,
        };
        let cost = self.provider.prices.of(prompt.model.as_ref()).of(usage);
        self.step(WorkStep::Spend { usage, cost }).await?;
        if usage != Usage::default() {
            log.add(Logged::Usage { usage, cost }).await?;
        }
        Ok(())
    }

    /// Hears the answer as it is written.
    async fn listen(
        &self,
        prompt: &Prompt,
        said: &mut Said,
        log: &mut LogWriter<'_>,
    ) -> Result<(), Cut> {
        let most = prompt.most_output as usize * BYTES_A_TOKEN;
        let mut stream = self.provider.client.stream(prompt.clone());
        let mut heard = Instant::now();
        loop {
            let until = heard + self.stall();
            let wake = log.due().unwrap_or(until).min(until);
            let delta = match tokio::time::timeout_at(wake.into(), stream.next()).await {
                Ok(Some(delta)) => delta.map_err(Cut::Llm)?,
                Ok(None) => return Ok(()),
                Err(_) if Instant::now() >= until => return Err(Cut::Stalled),
                Err(_) => {
                    log.flush().await.map_err(Cut::Log)?;
                    continue;
                }
            };
            heard = Instant::now();
            let entry = match delta {
                Delta::Text(text) => {
                    said.bytes += text.len();
                    said.text.push_str(&text);
                    Logged::Text { text }
                }
                Delta::Reasoning(text) => {
                    said.bytes += text.len();
                    Logged::Reasoning { text }
                }
                Delta::Call(call) => {
                    said.bytes += call.name.len() + call.arguments.len();
                    said.calls.push(call);
                    continue;
                }
                Delta::Usage(usage) => {
                    said.usage = Some(usage);
                    continue;
                }
            };
            log.add(entry).await.map_err(Cut::Log)?;
            if said.bytes > most {
                return Err(Cut::Endless);
            }
        }
    }
}
