//! How things are said here.

use shared_types::{directory::Access, state::Sight, value::Timestamp, wire::Role};
use yew::prelude::*;

use crate::{
    components::time::{RelativeTime, in_full, now},
    store::State,
};

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// A role, as people say it.
pub fn role_words(role: Role) -> &'static str {
    match role {
        Role::Owner => "Owner",
        Role::Admin => "Admin",
        Role::Member => "Member",
        Role::Viewer => "Viewer",
    }
}

/// The same in a sentence.
pub fn a_role(role: Role) -> &'static str {
    match role {
        Role::Owner => "an owner",
        Role::Admin => "an admin",
        Role::Member => "a member",
        Role::Viewer => "a viewer",
    }
}

/// What a role is for, to one who gives it.
pub fn role_may(role: Role) -> &'static str {
    match role {
        Role::Owner => "Owners may do everything, and make and remove other owners: you too.",
        Role::Admin => {
            "Admins may delete projects, invite people, give roles, set budgets and read the audit."
        }
        Role::Member => "Members may change projects, teams and items, but give nobody access.",
        Role::Viewer => "Viewers see everything and change nothing.",
    }
}

/// The roles that one may give, for a field to choose from: only owners make owners.
pub fn roles_to_give(state: &State) -> Vec<(String, String)> {
    let is_owner = state.role() == Some(Role::Owner);
    let roles = Role::ALL
        .into_iter()
        .filter(|role| is_owner || *role != Role::Owner);
    roles
        .map(|role| (role.as_str().to_owned(), role_words(role).to_owned()))
        .collect()
}

/// A role by its name on the wire.
pub fn role_named(name: &str) -> Option<Role> {
    Role::ALL.into_iter().find(|role| role.as_str() == name)
}

/// What a token may do.
pub fn access_words(access: Access) -> &'static str {
    match access {
        Access::Read => "Reads",
        Access::Write => "Reads and writes",
        Access::Admin => "Does all that an admin may",
    }
}

/// What a token sees.
pub fn scope_words(state: &State, scope: Sight) -> String {
    match scope {
        Sight::Organization => "the whole organization".into(),
        Sight::Project(id) => state.project(id).map_or_else(
            || "a project that is gone".into(),
            |project| format!("the project {}", &*project.name),
        ),
        Sight::Member(id) => format!("what is assigned to {}", state.member_name(id)),
        Sight::Backlog => "the organization’s own backlog".into(),
    }
}

/// When and from where something was last used. The server remembers that since it was started.
pub fn last_use(at: Option<Timestamp>, from: Option<&str>) -> Html {
    match at {
        None => html! { "not used since the server was started" },
        Some(at) => html! {
            <>
                { "last used " }<RelativeTime {at} />
                { from.map(|from| format!(" from {from}")).unwrap_or_default() }
            </>
        },
    }
}

/// Until when something is of use.
pub fn until(at: Option<Timestamp>) -> String {
    match at {
        None => "never expires".into(),
        Some(at) if at <= now() => format!("expired {}", in_full(at)),
        Some(at) => format!("expires {}", in_full(at)),
    }
}

/// So many days from now.
pub fn in_days(days: i64) -> Timestamp {
    Timestamp::from_millis(now().as_millis() + days * DAY_MS)
}

/// What browser somebody has, by what it says of itself.
pub fn browser(user_agent: Option<&str>) -> String {
    let Some(agent) = user_agent else {
        return "An unknown browser".into();
    };
    // Each says that it is all the others too: the first that fits is it.
    let known = [
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    let systems = [
        ("Windows", "Windows"),
        ("Android", "Android"),
        ("iPhone", "iOS"),
        ("iPad", "iPadOS"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];
    let find = |all: &[(&str, &'static str)]| {
        let found = all.iter().find(|(mark, _)| agent.contains(mark));
        found.map(|(_, name)| *name)
    };
    match (find(&known), find(&systems)) {
        (Some(name), Some(system)) => format!("{name} on {system}"),
        (Some(name), None) => name.into(),
        _ => agent.split(' ').next().unwrap_or(agent).to_owned(),
    }
}
