use serde_json::{Value, json};
use shared_types::{
    command::{AnswerRun, ProposalPatch},
    model::Entity,
    value::{Body, ItemId, MemberId, RunId},
};

use super::draft::fields;
use crate::store::{
    Store,
    outbox::{Draft, Method},
    overlay::{Effect, Kind},
};

impl Store {
    /// Queues a run of an item: of a task, to do it; of an epic or feature, to plan it.
    pub fn start_run(&self, item: ItemId, member: MemberId) {
        let what = self.about("Start work on", item);
        let body = json!({ "member": member });
        self.ask_of_runs(format!("/items/{item}/runs"), what, Some(body));
    }

    /// Stops a run.
    pub fn cancel_run(&self, run: RunId, item: ItemId) {
        let what = self.about("Stop work on", item);
        self.ask_of_runs(format!("/runs/{run}/cancel"), what, None);
    }

    /// Another attempt of the same member.
    pub fn retry_run(&self, run: RunId, item: ItemId) {
        let what = self.about("Try again", item);
        self.ask_of_runs(format!("/runs/{run}/retry"), what, None);
    }

    /// Answers what a run asks.
    pub fn answer_run(&self, run: RunId, item: ItemId, answer: &AnswerRun) {
        let what = self.about("Answer about", item);
        let body = Value::Object(fields(answer));
        self.ask_of_runs(format!("/runs/{run}/answer"), what, Some(body));
    }

    /// Accepts what a run has done, or all that it proposes and nothing was said to.
    pub fn accept_run(&self, run: RunId, item: ItemId) {
        let what = self.about("Accept the work on", item);
        self.ask_of_runs(format!("/runs/{run}/accept"), what, None);
    }

    /// Rejects it; the next attempt sees why.
    pub fn reject_run(&self, run: RunId, item: ItemId, reason: &Body) {
        let what = self.about("Reject the work on", item);
        let body = json!({ "reason": reason });
        self.ask_of_runs(format!("/runs/{run}/reject"), what, Some(body));
    }

    /// Makes an item of a proposal, as it is or changed.
    pub fn accept_proposal(&self, item: ItemId, n: usize, patch: &ProposalPatch) {
        let what = self.about("Accept a proposal for", item);
        let body = Value::Object(fields(patch));
        self.ask_of_runs(
            format!("/items/{item}/proposals/{n}/accept"),
            what,
            Some(body),
        );
    }

    /// Nothing comes of a proposal.
    pub fn dismiss_proposal(&self, item: ItemId, n: usize) {
        let what = self.about("Dismiss a proposal for", item);
        self.ask_of_runs(format!("/items/{item}/proposals/{n}/dismiss"), what, None);
    }

    /// Stops all AI members, or lets them work again.
    pub fn switch_agents(&self, on: bool) {
        let Some(id) = self.read(|state| Some(state.organization()?.id().uuid())) else {
            return;
        };
        let draft = |on: bool| {
            let what = if on {
                "Let AI members work"
            } else {
                "Stop all AI members"
            };
            let shown = json!({ "agents_stopped": !on });
            Draft {
                body: Some(json!({ "on": on })),
                ..Draft::new(
                    Method::Put,
                    "/agents/switch".into(),
                    what.into(),
                    vec![Effect::merge(Kind::Organization, id, shown)],
                )
            }
        };
        self.perform(draft(on), vec![draft(!on)], vec![draft(on)]);
    }

    fn about(&self, what: &str, item: ItemId) -> String {
        format!("{what} {}", self.read(|state| state.item_name(item)))
    }

    /// What comes of it is not for the page to guess: it is shown once it is so.
    fn ask_of_runs(&self, path: String, what: String, body: Option<Value>) {
        let draft = Draft {
            body,
            ..Draft::new(Method::Post, path, what, Vec::new())
        };
        self.perform(draft, Vec::new(), Vec::new());
    }
}
