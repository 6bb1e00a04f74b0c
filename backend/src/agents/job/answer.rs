//! One answer of the model: paid for, tried again where that helps, and given up where it does not end.

use std::{
    sync::{MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use futures_util::StreamExt;
use shared_types::{
    command::WorkStep,
    model::{FailureReason, Logged, Usage},
};

use super::{Broken, Job, LogWriter, allowance::Allowance};
use crate::agents::{
    llm::{Call, Delta, Kept, LlmError, Prompt},
    provider::Price,
};

/// Calls for one answer.
const TRIES: u32 = 4;
/// The longest that a provider's wish to be left alone is granted within a run.
const MOST_PATIENCE: Duration = Duration::from_secs(60);
/// Bytes that a token of an answer has in the mean, at most: an answer that is longer than so many for each token that was
/// asked for is surely past its end. Text and code come to three to five; the scripts that a tokenizer knows least and that
/// take three bytes a character come to less than that, those that it knows best to some eight.
const BYTES_A_TOKEN: usize = 8;

/// What the model said.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub text: String,
    pub calls: Vec<Call>,
    pub kept: Option<Kept>,
    usage: Option<Usage>,
    bytes: usize,
}

/// Why a call ended early.
enum Cut {
    Llm(LlmError),
    Stalled,
    Endless,
    Log(Broken),
}

/// What a call comes to of which nobody says it. The provider was told how long the answer may be.
fn guess(input: u64, most_output: u32, said: &Said) -> Usage {
    let heard = said.bytes as u64 / 3;
    Usage {
        input,
        cached: 0,
        output: heard.min(most_output.into()),
    }
}

/// What a call came to. Where it was cut off, nobody says how much that was: then it is what was sent and heard, save where
/// the provider has said no at once.
fn usage_of(prompt: &Prompt, said: &Said, cut: Option<&Cut>) -> Usage {
    let was_refused = matches!(cut, Some(Cut::Llm(error)) if !error.has_cost());
    match said.usage {
        // More than a call can come to is nothing that could be counted.
        Some(usage) => Usage {
            input: usage.input.min(Usage::MOST),
            cached: usage.cached.min(Usage::MOST),
            output: usage.output.min(Usage::MOST),
        },
        None if was_refused && said.bytes == 0 => Usage::default(),
        None => guess(prompt.tokens_about(), prompt.most_output, said),
    }
}

impl Job {
    /// Asks until there is an answer.
    pub(super) async fn ask(
        &self,
        prompt: &mut Prompt,
        allowance: &mut Allowance,
        log: &mut LogWriter<'_>,
    ) -> Result<Said, Broken> {
        let mut tries = 0;
        loop {
            tries += 1;
            prompt.most_output = allowance.answer_to(prompt)?;
            let aside = self.reserve(prompt).await?;
            let mut said = Said::default();
            let cut = self.listen(prompt, &mut said, log).await.err();
            let usage = usage_of(prompt, &said, cut.as_ref());
            allowance.take(usage);
            self.pay(usage, self.price(prompt).of(usage), aside, log)
                .await?;
            let failed = |failure, why: String| Err(Broken::Failed(failure, why));
            let error = match cut {
                None => return Ok(said),
                Some(Cut::Log(error)) => return Err(error),
                Some(Cut::Stalled) => {
                    let why = format!("The provider sent nothing for {:?}.", self.stall);
                    return failed(FailureReason::Stalled, why);
                }
                Some(Cut::Endless) => {
                    let why = "The model's answer does not end.".into();
                    return failed(FailureReason::InvalidOutput, why);
                }
                Some(Cut::Llm(error)) => error,
            };
            let wait = error.wait(tries).filter(|wait| *wait <= MOST_PATIENCE);
            let Some(wait) = wait.filter(|_| tries < TRIES) else {
                return failed(error.failure(), error.to_string());
            };
            let text = format!("{error}. Trying again in {} s.", wait.as_secs_f32());
            log.add(Logged::Note { text }).await?;
            log.flush().await?;
            tokio::time::sleep(wait).await;
        }
    }

    /// Puts the worst case aside: how much that is.
    async fn reserve(&self, prompt: &Prompt) -> Result<u64, Broken> {
        let worst = Usage {
            input: prompt.tokens_at_most(),
            cached: 0,
            output: prompt.most_output.into(),
        };
        let amount = self.price(prompt).of(worst);
        self.desk.step(WorkStep::Reserve { amount }).await?;
        Ok(amount)
    }

    /// Counts what the call came to, of which no more can be spent than was put aside.
    async fn pay(
        &self,
        usage: Usage,
        cost: u64,
        aside: u64,
        log: &mut LogWriter<'_>,
    ) -> Result<(), Broken> {
        self.unpaid().take();
        let counted = cost.min(aside);
        let spend = WorkStep::Spend {
            usage,
            cost: counted,
        };
        self.desk.step(spend).await?;
        if usage != Usage::default() {
            let cost = counted;
            log.add(Logged::Usage { usage, cost }).await?;
        }
        if cost > aside {
            let why = format!(
                "A call came to {cost} micro-dollars by what the provider says, and at most {aside} were to be expected: \
                 see what it has charged."
            );
            return Err(Broken::Failed(FailureReason::BudgetExceeded, why));
        }
        Ok(())
    }

    /// Counts a call that was given up in the middle, where nothing else has.
    pub(super) async fn settle(&self) {
        let unpaid = self.unpaid().take();
        if let Some((usage, cost)) = unpaid {
            self.end(WorkStep::Spend { usage, cost }).await;
        }
    }

    fn unpaid(&self) -> MutexGuard<'_, Option<(Usage, u64)>> {
        self.unpaid.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn price(&self, prompt: &Prompt) -> Price {
        self.provider.prices.of(prompt.model.as_ref())
    }

    /// Hears the answer as it is written.
    async fn listen(
        &self,
        prompt: &Prompt,
        said: &mut Said,
        log: &mut LogWriter<'_>,
    ) -> Result<(), Cut> {
        let most = prompt.most_output as usize * BYTES_A_TOKEN;
        let (input, price) = (prompt.tokens_about(), self.price(prompt));
        let mut stream = self.provider.client.stream(prompt.clone());
        let mut heard = Instant::now();
        loop {
            let so_far = guess(input, prompt.most_output, said);
            *self.unpaid() = Some((so_far, price.of(so_far)));
            let until = heard + self.stall;
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
                Delta::Partly(bytes) => {
                    said.bytes += bytes;
                    if said.bytes > most {
                        return Err(Cut::Endless);
                    }
                    continue;
                }
                Delta::Call(call) => {
                    said.calls.push(call);
                    continue;
                }
                Delta::Kept(kept) => {
                    said.kept = Some(kept);
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
