//! Which routes there are, and what each of them is for.

use std::{collections::HashMap, sync::LazyLock};

use super::Action::{self, *};

/// One route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Door {
    pub method: &'static str,
    /// As it is registered, behind `/api/v1`.
    pub path: &'static str,
    pub action: Action,
}

/// The action of a route; none for one that has no line here, which nobody gets through.
pub fn door(method: &str, pattern: &str) -> Option<Action> {
    static BY_ROUTE: LazyLock<HashMap<(&str, &str), Action>> = LazyLock::new(|| {
        let doors = DOORS.iter();
        doors
            .map(|door| ((door.path, door.method), door.action))
            .collect()
    });
    let path = pattern.strip_prefix("/api/v1")?;
    BY_ROUTE.get(&(path, method)).copied()
}

/// What a worker does with its run: the only routes that a token for one run is good for.
pub fn is_for_lent(method: &str, pattern: &str) -> bool {
    const STEPS: [&str; 9] = [
        "brief", "tools", "log", "renew", "reserve", "ask", "submit", "fail", "release",
    ];
    let step = pattern.strip_prefix("/api/v1/runs/{run}");
    match step.map(|step| step.strip_prefix('/')) {
        Some(None) => method == "GET" && pattern.ends_with('}'),
        Some(Some("log")) => method == "GET" || method == "POST",
        Some(Some(step)) => method == "POST" && STEPS.contains(&step),
        None => false,
    }
}

const fn on(method: &'static str, path: &'static str, action: Action) -> Door {
    Door {
        method,
        path,
        action,
    }
}

/// Every route there is.
pub const DOORS: &[Door] = &[
    on("GET", "/openapi.json", Enter),
    on("GET", "/asyncapi.json", Enter),
    on("POST", "/set-up", Enter),
    on("POST", "/session", Enter),
    on("DELETE", "/session", Enter),
    on("POST", "/invitations/look", Enter),
    on("POST", "/invitations/accept", Enter),
    on("GET", "/organization", View),
    on("PATCH", "/organization", ManageOrganization),
    on("GET", "/projects", View),
    on("POST", "/projects", Work),
    on("GET", "/projects/{project}", View),
    on("PATCH", "/projects/{project}", Work),
    on("DELETE", "/projects/{project}", DeleteProjects),
    on("POST", "/projects/{project}/restore", DeleteProjects),
    on("GET", "/projects/{project}/history", View),
    on("GET", "/projects/{project}/teams", View),
    on("POST", "/projects/{project}/teams", Work),
    on("GET", "/projects/{project}/teams/{team}", View),
    on("PATCH", "/projects/{project}/teams/{team}", Work),
    on("DELETE", "/projects/{project}/teams/{team}", Work),
    on("POST", "/projects/{project}/teams/{team}/restore", Work),
    on(
        "PUT",
        "/projects/{project}/teams/{team}/members/{member}",
        Work,
    ),
    on(
        "DELETE",
        "/projects/{project}/teams/{team}/members/{member}",
        Work,
    ),
    on("GET", "/members", View),
    on("POST", "/members", ManageMembers),
    on("GET", "/members/{member}", View),
    on("PATCH", "/members/{member}", ManageMembers),
    on("DELETE", "/members/{member}", ManageMembers),
    on("POST", "/members/{member}/restore", ManageMembers),
    on("GET", "/members/{member}/runs", View),
    on("GET", "/items", View),
    on("POST", "/items", Work),
    on("GET", "/items/{item}", View),
    on("PATCH", "/items/{item}", Work),
    on("DELETE", "/items/{item}", Work),
    on("POST", "/items/{item}/restore", Work),
    on("POST", "/items/{item}/move", Work),
    on("PUT", "/items/{item}/assignees/{member}", Work),
    on("DELETE", "/items/{item}/assignees/{member}", Work),
    on("PUT", "/items/{item}/labels/{label}", Work),
    on("DELETE", "/items/{item}/labels/{label}", Work),
    on("PUT", "/items/{item}/acceptance/{n}", Work),
    on("GET", "/items/{item}/comments", View),
    on("POST", "/items/{item}/comments", Work),
    on("GET", "/items/{item}/comments/{comment}", View),
    on("PATCH", "/items/{item}/comments/{comment}", Work),
    on("DELETE", "/items/{item}/comments/{comment}", Work),
    on("POST", "/items/{item}/comments/{comment}/restore", Work),
    on("GET", "/items/{item}/runs", View),
    on("POST", "/items/{item}/runs", Work),
    on("GET", "/items/{item}/proposals", View),
    on("POST", "/items/{item}/proposals", Work),
    on("POST", "/items/{item}/proposals/{n}/accept", Work),
    on("POST", "/items/{item}/proposals/{n}/dismiss", Work),
    on("GET", "/runs", View),
    on("POST", "/runs/claim", Work),
    on("GET", "/runs/lines", View),
    on("GET", "/runs/{run}", View),
    on("GET", "/runs/{run}/log", View),
    on("POST", "/runs/{run}/cancel", Work),
    on("POST", "/runs/{run}/answer", Work),
    on("POST", "/runs/{run}/accept", Work),
    on("POST", "/runs/{run}/reject", Work),
    on("POST", "/runs/{run}/retry", Work),
    on("POST", "/runs/{run}/renew", Work),
    on("POST", "/runs/{run}/log", Work),
    on("POST", "/runs/{run}/reserve", Work),
    on("POST", "/runs/{run}/ask", Work),
    on("POST", "/runs/{run}/submit", Work),
    on("POST", "/runs/{run}/fail", Work),
    on("POST", "/runs/{run}/release", Work),
    on("POST", "/runs/{run}/brief", Work),
    on("POST", "/runs/{run}/tools", Work),
    on("GET", "/budgets", View),
    on("PUT", "/budgets", ManageAgents),
    on("GET", "/agents/switch", View),
    on("PUT", "/agents/switch", ManageAgents),
    on("GET", "/providers", ManageAgents),
    on("GET", "/providers/{provider}", ManageAgents),
    on("PUT", "/providers/{provider}", ManageAgents),
    on("DELETE", "/providers/{provider}", ManageAgents),
    on("POST", "/providers/{provider}/test", ManageAgents),
    on("GET", "/activity", View),
    on("GET", "/snapshot", View),
    on("GET", "/model", View),
    on("GET", "/events", View),
    on("GET", "/sse", View),
    on("GET", "/ws", Enter),
    on("GET", "/account", View),
    on("PATCH", "/account", OwnAccount),
    on("GET", "/account/sessions", OwnAccount),
    on("DELETE", "/account/sessions", OwnAccount),
    on("DELETE", "/account/sessions/{session}", OwnAccount),
    on("GET", "/account/tokens", OwnTokens),
    on("POST", "/account/tokens", OwnTokens),
    on("DELETE", "/account/tokens/{token}", OwnTokens),
    on("GET", "/invitations", Invite),
    on("POST", "/invitations", Invite),
    on("DELETE", "/invitations/{invitation}", Invite),
    on("GET", "/accounts", ManageAccess),
    on("PATCH", "/accounts/{account}", ManageAccess),
    on("DELETE", "/accounts/{account}", ManageAccess),
    on("GET", "/tokens", ManageAccess),
    on("DELETE", "/tokens/{token}", ManageAccess),
    on("GET", "/audit", Audit),
];
