use shared_types::model::{AgentProfile, Entity, FailureReason, Logged, RunKind};

use super::{Broken, Job, use_tool::Used};
use crate::agents::{
    llm::{Call, Turn},
    log::LogWriter,
    prompt,
};

/// Answers in a row that use no tool, or a tool wrongly, before the model is given up.
const PATIENCE: u32 = 3;

impl Job {
    /// Asks the model and does what it says, until it submits or a limit is reached.
    pub(super) async fn turns(&self, log: &mut LogWriter<'_>) -> Result<(), Broken> {
        let model = self.state.engine.model();
        let run = model
            .aggregate
            .run(self.run.id())
            .ok_or(Broken::Lost)?
            .clone();
        let member = model.aggregate.member(run.member).ok_or(Broken::Lost)?;
        let profile: AgentProfile = member.agent.clone().unwrap_or_default();
        log.add(Logged::Started {
            provider: self.provider.name.clone(),
            model: run.model.clone(),
        })
        .await?;
        let mut prompt = prompt::prompt(&model.aggregate, &run, &self.mark).ok_or(Broken::Lost)?;
        drop(model);
        prompt.model = run.model.clone();
        if let Some(done) = self.use_approved(&run, log).await? {
            prompt.turns.push(Turn::User(done));
        }
        let mut useless = 0;
        for _ in 0..profile.limits.turns {
            let answer = self.ask(&prompt, log).await?;
            log.flush().await?;
            let calls = answer.calls;
            prompt.turns.push(Turn::Model {
                text: answer.text,
                calls: calls.clone(),
                kept: answer.kept,
            });
            let mut results: Vec<(Call, String)> = Vec::new();
            let mut was_used = false;
            for call in calls {
                match self.use_tool(&profile, &call, log).await? {
                    Used::Ended => return Ok(()),
                    Used::Answered(text) => {
                        was_used = true;
                        results.push((call, self.mark.data("tool result", &text)));
                    }
                    // What is wrong about a call is our own word, and no data.
                    Used::Refused(why) => results.push((call, why)),
                }
            }
            useless = if was_used { 0 } else { useless + 1 };
            if useless >= PATIENCE {
                let why = "The model did not use its tools in a way that can be understood.";
                return Err(Broken::Failed(FailureReason::InvalidOutput, why.into()));
            }
            prompt.turns.push(match results.is_empty() {
                true => Turn::User(nudge(run.kind).into()),
                false => Turn::Tools(results),
            });
        }
        let why = format!("The run took its {} turns.", profile.limits.turns);
        Err(Broken::Failed(FailureReason::Internal, why))
    }
}

fn nudge(kind: RunKind) -> &'static str {
    match kind {
        RunKind::Work => "Go on with your tools. When you are done, use submit_result.",
        RunKind::Plan => "Go on with your tools. When you are done, use submit_plan.",
    }
}
