//! Changes of what makes an AI member the one it is: what is not named stays as it is, in limits and switches too.

use serde::{Deserialize, Serialize};

use crate::{
    model::{AgentLimits, AgentProfile, ToolSwitch, ToolSwitches},
    value::{Body, Name, Temperature},
};

use super::Patch;

/// Changes of an AI member's profile.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ProfilePatch {
    /// How it should work, in Markdown.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = Body))]
    pub instructions: Patch<Body>,
    /// Whether it begins as soon as a task in `todo` is assigned to it.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = bool))]
    pub auto_start: Patch<bool>,
    /// Whose model it is; null: the server's own choice.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<Name>))]
    pub provider: Patch<Option<Name>>,
    /// Which model; null: the provider's usual one.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<Name>))]
    pub model: Patch<Option<Name>>,
    /// How freely the model speaks; null: as the provider has it.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<Temperature>))]
    pub temperature: Patch<Option<Temperature>>,
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = LimitsPatch))]
    pub limits: Patch<LimitsPatch>,
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = SwitchesPatch))]
    pub tools: Patch<SwitchesPatch>,
}

/// Changes of how much one run may take.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct LimitsPatch {
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = u32))]
    pub turns: Patch<u32>,
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = u64))]
    pub tokens: Patch<u64>,
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = u32))]
    pub minutes: Patch<u32>,
    /// Null: what the budgets leave.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<u64>))]
    pub cost: Patch<Option<u64>>,
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = u32))]
    pub running: Patch<u32>,
}

/// Changes of what an agent may do without being asked.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct SwitchesPatch {
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = ToolSwitch))]
    pub post_comment: Patch<ToolSwitch>,
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = ToolSwitch))]
    pub create_task: Patch<ToolSwitch>,
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = ToolSwitch))]
    pub update_task: Patch<ToolSwitch>,
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = ToolSwitch))]
    pub list_items: Patch<ToolSwitch>,
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = ToolSwitch))]
    pub get_item: Patch<ToolSwitch>,
}

impl ProfilePatch {
    /// The profile with these changes.
    pub fn apply(&self, mut profile: AgentProfile) -> AgentProfile {
        self.instructions.put(&mut profile.instructions);
        self.auto_start.put(&mut profile.auto_start);
        self.provider.put(&mut profile.provider);
        self.model.put(&mut profile.model);
        self.temperature.put(&mut profile.temperature);
        if let Some(limits) = self.limits.as_ref() {
            limits.apply(&mut profile.limits);
        }
        if let Some(tools) = self.tools.as_ref() {
            tools.apply(&mut profile.tools);
        }
        profile
    }
}

impl LimitsPatch {
    fn apply(&self, limits: &mut AgentLimits) {
        self.turns.put(&mut limits.turns);
        self.tokens.put(&mut limits.tokens);
        self.minutes.put(&mut limits.minutes);
        self.cost.put(&mut limits.cost);
        self.running.put(&mut limits.running);
    }
}

impl SwitchesPatch {
    fn apply(&self, tools: &mut ToolSwitches) {
        self.post_comment.put(&mut tools.post_comment);
        self.create_task.put(&mut tools.create_task);
        self.update_task.put(&mut tools.update_task);
        self.list_items.put(&mut tools.list_items);
        self.get_item.put(&mut tools.get_item);
    }
}

/// All of a profile, as it is to be.
impl From<AgentProfile> for ProfilePatch {
    fn from(profile: AgentProfile) -> Self {
        let AgentLimits {
            turns,
            tokens,
            minutes,
            cost,
            running,
        } = profile.limits;
        let ToolSwitches {
            post_comment,
            create_task,
            update_task,
            list_items,
            get_item,
        } = profile.tools;
        Self {
            instructions: Patch::Set(profile.instructions),
            auto_start: Patch::Set(profile.auto_start),
            provider: Patch::Set(profile.provider),
            model: Patch::Set(profile.model),
            temperature: Patch::Set(profile.temperature),
            limits: Patch::Set(LimitsPatch {
                turns: Patch::Set(turns),
                tokens: Patch::Set(tokens),
                minutes: Patch::Set(minutes),
                cost: Patch::Set(cost),
                running: Patch::Set(running),
            }),
            tools: Patch::Set(SwitchesPatch {
                post_comment: Patch::Set(post_comment),
                create_task: Patch::Set(create_task),
                update_task: Patch::Set(update_task),
                list_items: Patch::Set(list_items),
                get_item: Patch::Set(get_item),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_not_named_stays_and_null_clears() {
        let before: AgentProfile = serde_json::from_value(json!({
            "instructions": "Be brief.", "provider": "house", "model": "large",
            "limits": { "turns": 9, "cost": 100 }, "tools": { "create_task": "forbidden" },
        }))
        .expect("a profile");
        let patch: ProfilePatch = serde_json::from_value(json!({
            "model": null, "limits": { "turns": 5 }, "tools": { "post_comment": "ask" },
        }))
        .expect("changes");
        let after = patch.apply(before.clone());
        assert_eq!(after.instructions, before.instructions);
        assert_eq!((&after.provider, &after.model), (&before.provider, &None));
        assert_eq!((after.limits.turns, after.limits.cost), (5, Some(100)));
        let switches = (after.tools.create_task, after.tools.post_comment);
        assert_eq!(switches, (ToolSwitch::Forbidden, ToolSwitch::Ask));
        let whole = ProfilePatch::from(before.clone());
        assert_eq!(whole.apply(AgentProfile::default()), before);
        let sent = serde_json::to_value(&patch).expect("JSON");
        assert_eq!(sent["limits"], json!({ "turns": 5 }));
    }
}
