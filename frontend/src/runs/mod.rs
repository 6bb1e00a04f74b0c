//! What AI members do, may do and may spend: runs with their live log and their review, plans, profiles, budgets, the
//! switch. A part of the app of its own.

mod list;
mod log;
mod money;
mod of_item;
mod plan;
mod profile;
mod run;
mod words;

use shared_types::{
    state::Sight,
    value::{ItemId, MemberId, TeamId},
};
use yew::prelude::*;

/// What is shown of it.
#[derive(Debug, Clone, PartialEq)]
pub enum Panel {
    /// The page of a run, by the id in the address.
    Run(String),
    /// What AI members have done about an item, and what can be asked of them.
    OfItem(ItemId),
    /// What a member works on.
    OfMember(MemberId),
    /// What the AI members of a team work on.
    OfTeam(TeamId),
    /// How an AI member works, and what it may do.
    Profile(MemberId),
    /// What may be spent in a scope.
    Budget(Sight),
    /// For those who look after AI members: the switch, and all budgets.
    Agents,
}

/// Draws it.
pub fn panel(panel: Panel) -> Html {
    let shown = match panel {
        Panel::Run(run) => html! { <run::RunPage {run} /> },
        Panel::OfItem(id) => html! { <of_item::OfItem key={id.to_string()} {id} /> },
        Panel::OfMember(id) => html! { <list::OfMember {id} /> },
        Panel::OfTeam(id) => html! { <list::OfTeam {id} /> },
        Panel::Profile(id) => html! { <profile::Profile key={id.to_string()} {id} /> },
        Panel::Budget(scope) => html! { <money::BudgetOf key={scope.to_string()} {scope} /> },
        Panel::Agents => html! { <money::Agents /> },
    };
    html! { <><style>{ include_str!("../../styles/runs.css") }</style>{ shown }</> }
}
