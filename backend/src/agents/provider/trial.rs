use std::time::{Duration, Instant};

use futures_util::StreamExt;
use serde::Serialize;
use serde_json::json;
use shared_types::{
    model::{FailureReason, RunKind, Usage},
    value::Name,
};
use utoipa::ToSchema;

use super::Provider;
use crate::agents::llm::{About, Delta, LlmError, Prompt, ToolSpec, Turn};

/// What a try-out may take.
const WITHIN: Duration = Duration::from_secs(30);
/// Tokens of the answer: enough for a model that thinks before it says a word.
const MOST_OUTPUT: u32 = 1_000;
/// Bytes of it that are shown; more are not waited for.
const SHOWN: usize = 2_000;

/// What came of a try-out.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct Trial {
    /// Whether it answers.
    pub ok: bool,
    /// Which model was asked.
    #[schema(value_type = Option<String>)]
    pub model: Option<Name>,
    /// What it said.
    pub text: String,
    /// Whether it used the tool that it was asked to use. AI members work by tools alone.
    pub used_tool: bool,
    pub usage: Usage,
    /// Micro-dollars, by the prices that are set. It counts for no budget.
    pub cost: u64,
    pub took_ms: u64,
    /// What a run would fail of.
    pub failure: Option<FailureReason>,
    /// What is wrong, for people.
    pub reason: Option<String>,
}

impl Provider {
    /// One small call, to see whether it works.
    pub async fn try_out(&self, model: Option<Name>) -> Trial {
        let model = model.or_else(|| self.model.clone());
        let mut trial = Trial {
            model: model.clone(),
            ..Trial::default()
        };
        let begun = Instant::now();
        let asked = tokio::time::timeout(WITHIN, self.hear(prompt(model), &mut trial)).await;
        trial.took_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        trial.cost = self.prices.of(trial.model.as_ref()).of(trial.usage);
        match asked {
            Ok(Ok(())) => trial.ok = true,
            Ok(Err(error)) => {
                trial.failure = Some(error.failure());
                trial.reason = Some(error.to_string());
            }
            Err(_) => {
                let seconds = WITHIN.as_secs();
                trial.failure = Some(FailureReason::Stalled);
                trial.reason = Some(format!("It did not answer within {seconds} seconds."));
            }
        }
        trial
    }

    async fn hear(&self, prompt: Prompt, trial: &mut Trial) -> Result<(), LlmError> {
        let mut stream = self.client.stream(prompt);
        let mut bytes = 0;
        while let Some(delta) = stream.next().await {
            match delta? {
                Delta::Text(text) => {
                    bytes += text.len();
                    trial.text.push_str(&text);
                }
                Delta::Reasoning(text) => bytes += text.len(),
                Delta::Partly(more) => bytes += more,
                Delta::Call(_) => trial.used_tool = true,
                Delta::Usage(usage) => trial.usage = usage,
                Delta::Kept(_) => {}
            }
            if bytes > SHOWN {
                break;
            }
        }
        Ok(())
    }
}

fn prompt(model: Option<Name>) -> Prompt {
    let word = json!({ "type": "string", "description": "The word ready" });
    Prompt {
        model,
        temperature: None,
        most_output: MOST_OUTPUT,
        system: "Somebody tries out whether you can be reached and can use tools.".into(),
        turns: vec![Turn::User("Use the tool say with the word ready.".into())],
        tools: vec![ToolSpec {
            name: "say".into(),
            description: "Say a word.".into(),
            schema: json!({
                "type": "object",
                "properties": { "word": word },
                "required": ["word"],
                "additionalProperties": false,
            }),
        }],
        about: About {
            kind: RunKind::Work,
            title: "A try-out".into(),
            acceptance: Vec::new(),
            comments: 0,
            attempt: 1,
        },
    }
}
