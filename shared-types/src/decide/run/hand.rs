//! What a worker elsewhere does on the board with its token, and not with the tools: it is the agent there too.

use crate::{
    command::Command,
    decide::draft::Draft,
    error::{ErrorCode, Rejection},
    event::ActorKind,
    model::{Entity, Run, RunState, ToolSwitch},
    value::RunId,
};

impl Draft<'_> {
    /// Whoever works a run with a token, or has one of an AI member, does with it what the member may do by itself, and does
    /// it in the run.
    pub(in crate::decide) fn take_in_hand(&mut self, command: &Command) -> Result<(), Rejection> {
        let by_token = self.context.actor.kind == ActorKind::Token;
        let Some(tool) = command.tool().filter(|_| by_token) else {
            return Ok(());
        };
        self.acting = self.run_in_hand(command);
        let agent = self.acting_agent().and_then(|id| self.model.member(id));
        let Some(agent) = agent else {
            return Ok(());
        };
        let profile = agent.agent.as_ref();
        let name = &agent.name;
        let detail = match profile.map(|profile| profile.tools.of(tool)) {
            None | Some(ToolSwitch::Allowed) => return Ok(()),
            Some(ToolSwitch::Forbidden) => format!(
                "{name} may not do this: its profile forbids {tool}. Leave it to people, or have an admin allow it there."
            ),
            Some(ToolSwitch::Ask) => {
                let run = self
                    .acting
                    .map_or("{run}".to_owned(), |run| run.to_string());
                format!(
                    "{name} asks a person before it does this: its profile says so of {tool}. Use the tool by POST \
                     /runs/{run}/tools, or ask by POST /runs/{run}/ask with \"tool\": what a person says yes to is done when \
                     the run goes on."
                )
            }
        };
        Err(Rejection::new(ErrorCode::Forbidden, detail))
    }

    /// The run that this token works: the one of the item, where it works several.
    fn run_in_hand(&self, command: &Command) -> Option<RunId> {
        let is_own = |run: &&std::sync::Arc<Run>| {
            let worker = run.worker.filter(|token| self.is_token(*token));
            run.state == RunState::Running && worker.is_some()
        };
        let own: Vec<_> = self.model.live_runs().filter(is_own).collect();
        let item = command.item_of_tool().and_then(|name| self.find_item(name));
        let of_item = item.and_then(|item| own.iter().find(|run| run.item == item.id()));
        let only = || own.first().filter(|_| own.len() == 1);
        of_item.or_else(only).map(|run| run.id())
    }
}
