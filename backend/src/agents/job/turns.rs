use shared_types::model::{FailureReason, RunKind};

use super::{Broken, Job, LogWriter, allowance::Allowance};
use crate::agents::{
    desk::{Brief, Used},
    llm::{Call, Turn},
};

/// Answers in a row that use no tool, or a tool wrongly, before the model is given up.
const PATIENCE: u32 = 3;

/// Calls of tools that are carried out of one answer: what is hidden in a text must not fill the board at a stroke.
const CALLS: usize = 16;

impl Job {
    /// Asks the model and does what it says, until it submits or a limit is reached.
    pub(super) async fn turns(&self, brief: &Brief, log: &mut LogWriter<'_>) -> Result<(), Broken> {
        let mut prompt = brief.prompt();
        let mut allowance = Allowance::of(brief);
        let mut useless = 0;
        for _ in 0..brief.turns {
            let answer = self.ask(&mut prompt, &mut allowance, log).await?;
            log.flush().await?;
            let calls = answer.calls;
            prompt.turns.push(Turn::Model {
                text: answer.text,
                calls: calls.clone(),
                kept: answer.kept,
            });
            let mut results: Vec<(Call, String)> = Vec::new();
            let mut was_used = false;
            for (place, call) in calls.into_iter().enumerate() {
                if place >= CALLS {
                    let text = format!("Not done: use at most {CALLS} tools at a time.");
                    results.push((call, text));
                    continue;
                }
                let nth = self.nth(&call);
                match self.desk.use_tool(&call, nth).await? {
                    Used::Ended => return Ok(()),
                    Used::Failed { failure, text } => return Err(Broken::Failed(failure, text)),
                    Used::Answered { text } => {
                        was_used = true;
                        results.push((call, brief.mark.data("tool result", &text)));
                    }
                    // What is wrong about a call is our own word, and no data.
                    Used::Refused { text } => results.push((call, text)),
                }
            }
            useless = if was_used { 0 } else { useless + 1 };
            if useless >= PATIENCE {
                let why = "The model did not use its tools in a way that can be understood.";
                return Err(Broken::Failed(FailureReason::InvalidOutput, why.into()));
            }
            prompt.turns.push(match results.is_empty() {
                true => Turn::User(nudge(brief.about.kind).into()),
                false => Turn::Tools(results),
            });
        }
        let why = "The run took all its turns.";
        Err(Broken::Failed(FailureReason::Internal, why.into()))
    }
}

fn nudge(kind: RunKind) -> &'static str {
    match kind {
        RunKind::Work => "Go on with your tools. When you are done, use submit_result.",
        RunKind::Plan => "Go on with your tools. When you are done, use submit_plan.",
    }
}
