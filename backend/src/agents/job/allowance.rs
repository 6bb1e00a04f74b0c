use shared_types::model::{FailureReason, Usage};

use super::Broken;
use crate::agents::{desk::Brief, llm::Prompt};

/// The tokens that a run has left.
pub(super) struct Allowance {
    left: u64,
    /// Of one answer, however many are left.
    most_output: u32,
}

impl Allowance {
    pub fn of(brief: &Brief) -> Self {
        Self {
            left: brief.tokens,
            most_output: brief.most_output,
        }
    }

    /// How long the answer to a prompt may be.
    pub fn answer_to(&self, prompt: &Prompt) -> Result<u32, Broken> {
        let about = prompt.tokens_about();
        match self.left.saturating_sub(about) {
            0 => {
                let why = format!(
                    "The run has {} tokens left, and the prompt of the next call has about {about}.",
                    self.left
                );
                Err(Broken::Failed(FailureReason::BudgetExceeded, why))
            }
            left => {
                Ok(u32::try_from(left).map_or(self.most_output, |left| left.min(self.most_output)))
            }
        }
    }

    /// A call has used so many.
    pub fn take(&mut self, usage: Usage) {
        self.left = self.left.saturating_sub(usage.tokens());
    }
}
