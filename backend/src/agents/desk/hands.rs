//! Carrying out what a model wants: each tool is an ordinary command by the member.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use shared_types::{
    ErrorCode, Organization,
    command::{Command, WorkStep},
    model::{Entity, Exchange, FailureReason, LogEntry, Logged, Run, ToolSwitch},
    value::RunId,
};

use super::{Broken, Here, Mark, Used};
use crate::{
    agents::{
        llm::Call,
        tools::{self, Tool},
    },
    auth::now,
    engine::{Answer, Failure, IdempotencyKey},
};

/// What a call goes by that is carried out once, whoever says it again.
struct Once {
    /// In which run, or in the first of those that took each other's place.
    principal: RunId,
    key: String,
}

impl Once {
    /// One of the commands that the call comes to.
    fn part(&self, n: usize) -> IdempotencyKey {
        let key = format!("{}-{n}", self.key);
        IdempotencyKey {
            principal: self.principal.to_string(),
            request_hash: key.clone(),
            key,
        }
    }
}

impl Here {
    /// Carries out a call, if the member may and it makes sense.
    pub(super) async fn use_hands(&self, call: &Call, nth: u32) -> Result<Used, Broken> {
        self.note(call).await?;
        let model = self.state.engine.model();
        let switch = self.switch(&model.aggregate, &call.name)?;
        let used = if switch == ToolSwitch::Forbidden {
            forbidden(call)
        } else {
            match tools::understand(&model.aggregate, &self.run, self.sight, call) {
                Err(misuse) => refused(misuse),
                Ok(_) if switch == ToolSwitch::Ask => return self.ask_whether(call).await,
                Ok(tool) => {
                    let once = self.once(call, &tool, nth);
                    self.apply(tool, once).await?
                }
            }
        };
        self.note_result(call, &used).await?;
        Ok(used)
    }

    /// What the member may do with a tool, as its profile is now.
    fn switch(&self, model: &Organization, tool: &str) -> Result<ToolSwitch, Broken> {
        let member = model.member(self.run.member).ok_or(Broken::Lost)?;
        let switches = member.agent.as_ref().map(|profile| profile.tools);
        Ok(switches.unwrap_or_default().of(tool))
    }

    async fn say(&self, what: Logged) -> Result<(), Broken> {
        let at = Some(now());
        self.log(vec![LogEntry { at, what }]).await
    }

    async fn note(&self, call: &Call) -> Result<(), Broken> {
        self.say(Logged::ToolCall {
            id: call.id.clone(),
            name: call.name.clone(),
            arguments: call.arguments.clone(),
        })
        .await
    }

    async fn note_result(&self, call: &Call, used: &Used) -> Result<(), Broken> {
        let (result, failed) = match used {
            Used::Answered { text } => (text.clone(), false),
            Used::Refused { text } => (text.clone(), true),
            Used::Ended | Used::Failed { .. } => return Ok(()),
        };
        let id = call.id.clone();
        self.say(Logged::ToolResult { id, result, failed }).await
    }

    /// Asks a person whether it may.
    async fn ask_whether(&self, call: &Call) -> Result<Used, Broken> {
        let question = format!("May I use **{}**?", call.name);
        let unreadable = || {
            let why = format!("The call of {} is too long to be asked about.", call.name);
            Broken::Failed(FailureReason::InvalidOutput, why)
        };
        let step = WorkStep::Ask {
            question: question.parse().map_err(|_| unreadable())?,
            tool: Some(tools::tool_call(call).ok_or_else(unreadable)?),
        };
        self.take(step).await?;
        Ok(Used::Ended)
    }

    /// Carries out what a person said yes to since this was last worked: what it came to, in words for the model.
    pub(super) async fn use_approved(
        &self,
        run: &Run,
        mark: &Mark,
    ) -> Result<Option<String>, Broken> {
        let Some((place, call)) = approved(run) else {
            return Ok(None);
        };
        self.note(&call).await?;
        let model = self.state.engine.model();
        let switch = self.switch(&model.aggregate, &call.name)?;
        let tool = tools::understand(&model.aggregate, run, self.sight, &call);
        let used = match tool {
            // It may have been asked for past the tools, or be forbidden since.
            _ if switch == ToolSwitch::Forbidden => forbidden(&call),
            // Once, though a worker may go down before the run is over.
            Ok(tool) => {
                let once = Once {
                    principal: run.id(),
                    key: format!("approved-{place}"),
                };
                self.apply(tool, Some(once)).await?
            }
            Err(misuse) => refused(misuse),
        };
        self.note_result(&call, &used).await?;
        Ok(match used {
            Used::Answered { text } => Some(format!(
                "What you asked to do with {} was done:\n{}",
                call.name,
                mark.data("tool result", &text)
            )),
            Used::Refused { text } => Some(format!(
                "What you asked to do with {} can't be done: {text}",
                call.name
            )),
            Used::Ended | Used::Failed { .. } => None,
        })
    }

    /// What a call goes by that makes something: work whose worker went down begins anew, and what the model then says once
    /// more is not made twice. What it says twice by itself, it means twice.
    fn once(&self, call: &Call, tool: &Tool, nth: u32) -> Option<Once> {
        let makes = |command: &Command| {
            matches!(
                command,
                Command::CreateItem { .. } | Command::CreateComment { .. }
            )
        };
        match tool {
            Tool::Do(commands) if commands.iter().any(makes) => {}
            _ => return None,
        }
        let hash = Sha256::digest(format!("{} {}", call.name, call.arguments));
        let hash = BASE64_URL_SAFE_NO_PAD.encode(hash);
        Some(Once {
            principal: self.origin,
            key: format!("{nth}-{hash}"),
        })
    }

    async fn apply(&self, tool: Tool, once: Option<Once>) -> Result<Used, Broken> {
        match tool {
            Tool::Answer(text) => Ok(Used::Answered { text }),
            Tool::Ask(question) => {
                self.finish(WorkStep::Ask {
                    question,
                    tool: None,
                })
                .await
            }
            Tool::Submit(result) => self.finish(WorkStep::Submit { result }).await,
            Tool::Plan { result, proposals } => {
                self.finish(WorkStep::Propose { result, proposals }).await
            }
            Tool::Do(commands) => {
                let mut done = Vec::new();
                for (n, command) in commands.into_iter().enumerate() {
                    let once = once.as_ref().map(|once| once.part(n));
                    match self.command(command, once).await? {
                        Ok(answer) => done.push(told(&answer)),
                        Err(text) => return Ok(Used::Refused { text }),
                    }
                }
                Ok(Used::Answered {
                    text: done.join("\n"),
                })
            }
        }
    }

    /// A step that the model can get wrong.
    async fn finish(&self, step: WorkStep) -> Result<Used, Broken> {
        match self.take(step).await {
            Ok(()) => Ok(Used::Ended),
            Err(Broken::Failed(FailureReason::InvalidOutput, text)) => Ok(Used::Refused { text }),
            Err(broken) => Err(broken),
        }
    }

    /// An ordinary command by the member, refused when the run is not ours any more.
    async fn command(
        &self,
        command: Command,
        once: Option<IdempotencyKey>,
    ) -> Result<Result<Answer, String>, Broken> {
        let inside = Command::AsRun {
            run: self.run.id(),
            fence: self.fence,
            command: Box::new(command),
        };
        let mut request = self.request(inside);
        request.sight = self.sight;
        request.idempotency = once;
        match self.insist(&request).await {
            Ok(answer) => Ok(Ok(answer)),
            Err(Failure::Rejected { rejection, .. }) => match rejection.code {
                ErrorCode::StaleClaim => Err(Broken::Lost),
                ErrorCode::Internal => {
                    Err(Broken::Failed(FailureReason::ToolFailed, rejection.detail))
                }
                _ => Ok(Err(rejection.detail)),
            },
            Err(other) => Err(Broken::Failed(FailureReason::Internal, other.to_string())),
        }
    }
}

fn forbidden(call: &Call) -> Used {
    Used::Refused {
        text: format!("You may not use {}.", call.name),
    }
}

fn refused(misuse: tools::Misuse) -> Used {
    Used::Refused {
        text: misuse.to_string(),
    }
}

/// The call that was approved last, if nothing was asked since, and its place.
fn approved(run: &Run) -> Option<(usize, Call)> {
    let place = run.exchanges.len().checked_sub(1)?;
    let Exchange {
        tool: Some(tool),
        approved: Some(true),
        ..
    } = run.exchanges.last()?
    else {
        return None;
    };
    let call = Call {
        id: format!("approved-{place}"),
        name: tool.name.to_string(),
        arguments: tool.arguments.to_string(),
    };
    Some((place, call))
}

/// What a command came to, in words for the model.
fn told(answer: &Answer) -> String {
    match answer.entity["key"].as_str() {
        Some(key) => format!("Done: {key}."),
        None => "Done.".into(),
    }
}
