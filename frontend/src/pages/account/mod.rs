//! The account page: me and this browser's settings; and, in a part of the app of its own, sessions, tokens and what
//! admins look after.

mod me;
mod settings;

use yew::prelude::*;

use self::{
    me::{Me, Organization},
    settings::settings,
};
use crate::{
    components::{
        runs_part::runs,
        skeleton::skeleton_rows,
        tabs::{Tab, Tabs},
    },
    parts::{self, use_part},
    routes::use_query,
    runs::Panel as AgentsPanel,
    store::{Access, Action, State, use_select},
};

const FIRST: &str = "me";
const AGENTS: &str = "agents";

/// The page.
#[component]
pub fn Account() -> Html {
    let query = use_query();
    let tabs = use_select(tabs);
    let tab = query.get("tab").unwrap_or(FIRST).to_owned();
    let on_choose = Callback::from(move |name: &'static str| {
        query.push("tab", Some(name).filter(|name| *name != FIRST))
    });
    // One that is not offered, or no longer, is none.
    let tab = tabs
        .iter()
        .find(|known| known.name == tab)
        .map_or(FIRST, |tab| tab.name);
    html! {
        <div class="page">
            <header class="page-header"><div class="page-heading"><h1>{ "Account" }</h1></div></header>
            <Tabs label="Parts of the account" tabs={(*tabs).clone()} current={tab} {on_choose} />
            <div class="page-body">
                if tab == FIRST {
                    <div class="account">
                        <Me />
                        <Organization />
                        { settings() }
                    </div>
                } else if tab == AGENTS {
                    { runs(AgentsPanel::Agents) }
                } else {
                    <Panel key={tab} {tab} />
                }
            </div>
        </div>
    }
}

/// What this one may look after.
fn tabs(state: &State) -> Vec<Tab> {
    let has_account = state.access() == Access::Known;
    let all = [
        (Tab::new(FIRST, "Me"), true),
        (
            Tab::new("sessions", "Password and sessions"),
            has_account && state.may(Action::OwnAccount),
        ),
        (Tab::new("tokens", "Tokens"), state.may(Action::OwnTokens)),
        (
            Tab::new(AGENTS, "AI members"),
            state.may(Action::ManageAgents),
        ),
        (
            Tab::new("people", "People"),
            state.may(Action::ManageAccess),
        ),
        (
            Tab::new("all-tokens", "All tokens"),
            state.may(Action::ManageAccess),
        ),
        (Tab::new("audit", "Audit"), state.may(Action::Audit)),
    ];
    let offered = all.into_iter().filter(|(_, is_offered)| *is_offered);
    offered.map(|(tab, _)| tab).collect()
}

#[derive(Properties, PartialEq)]
struct PanelProps {
    tab: AttrValue,
}

#[component]
fn Panel(props: &PanelProps) -> Html {
    let tab = props.tab.clone();
    use_part(parts::admin).draw(|draw| draw(tab), || skeleton_rows(6))
}
