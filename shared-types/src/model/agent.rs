use serde::{Deserialize, Serialize};

use crate::{
    json::words,
    value::{Body, Name, Temperature},
};

/// What makes an AI member the one it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct AgentProfile {
    /// How it should work, in Markdown.
    pub instructions: Body,
    /// Whether it begins as soon as a task in `todo` is assigned to it.
    pub auto_start: bool,
    /// Whose model it is, such as `openai`; null: the server's own choice.
    pub provider: Option<Name>,
    /// Which model; null: the provider's usual one.
    pub model: Option<Name>,
    /// How freely the model speaks; null: as the provider has it.
    pub temperature: Option<Temperature>,
    pub limits: AgentLimits,
    pub tools: ToolSwitches,
}

impl Default for AgentProfile {
    fn default() -> Self {
        Self {
            instructions: Body::default(),
            auto_start: true,
            provider: None,
            model: None,
            temperature: None,
            limits: AgentLimits::default(),
            tools: ToolSwitches::default(),
        }
    }
}

/// How much one run may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct AgentLimits {
    /// Answers of the model, 1 to 200.
    pub turns: u32,
    /// Tokens in and out, 1,000 to 10,000,000.
    pub tokens: u64,
    /// Minutes that it runs, 1 to 240; waiting for a person does not count.
    pub minutes: u32,
    /// Micro-dollars; null: what the budgets leave.
    pub cost: Option<u64>,
    /// Runs of this member at the same time, 1 to 20.
    pub running: u32,
}

impl Default for AgentLimits {
    fn default() -> Self {
        Self {
            turns: 30,
            tokens: 500_000,
            minutes: 15,
            cost: None,
            running: 3,
        }
    }
}

impl AgentLimits {
    /// The first of them that makes no sense, by name, and what it must be.
    pub fn fault(&self) -> Option<(&'static str, String)> {
        let limits = [
            ("turns", u64::from(self.turns), 1, 200),
            ("tokens", self.tokens, 1_000, 10_000_000),
            ("minutes", u64::from(self.minutes), 1, 240),
            ("running", u64::from(self.running), 1, 20),
        ];
        let wrong = |(_, value, least, most): &(_, u64, u64, u64)| !(least..=most).contains(&value);
        let (name, value, least, most) = limits.into_iter().find(wrong)?;
        Some((name, format!("must be {least} to {most}, this is {value}")))
    }
}

/// What an agent may do without being asked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ToolSwitch {
    /// It just does.
    #[default]
    Allowed,
    /// A person says yes or no each time.
    Ask,
    /// It does not have the tool.
    Forbidden,
}

words!(ToolSwitch { Allowed = "allowed", Ask = "ask", Forbidden = "forbidden" });

/// A switch for each tool that changes something or looks around. Asking a question and submitting are always allowed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ToolSwitches {
    pub post_comment: ToolSwitch,
    pub create_task: ToolSwitch,
    pub update_task: ToolSwitch,
    pub list_items: ToolSwitch,
    pub get_item: ToolSwitch,
}

impl ToolSwitches {
    /// Whether a tool may be used without being asked. What has no switch belongs to every run.
    pub fn of(&self, tool: &str) -> ToolSwitch {
        match tool {
            "post_comment" => self.post_comment,
            "create_task" => self.create_task,
            "update_task" => self.update_task,
            "list_items" => self.list_items,
            "get_item" => self.get_item,
            _ => ToolSwitch::Allowed,
        }
    }
}
