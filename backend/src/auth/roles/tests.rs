use std::{fmt::Write, path::PathBuf};

use shared_types::wire::Role;

use super::*;

const HEAD: &str = "# Who may do what

One table in the code (`shared-types/src/access.rs`) that every route and every live connection is let in by. This page is
written from it by a test of the server, and another one walks every route and topic with every role.

What somebody may not see is not there for them: it is answered as what does not exist (404). What they may see and may
not do is 403. Who has not shown who they are is told so (401), and nothing else.

## Roles

";

const TOKENS: &str = "
A **token** has `access`: `read` is as much as a viewer may, `write` as a member, `admin` as an admin, and never more than
the account it is of. It may do what has *no* in the last column only as an `admin` token for the whole organization, and
what has *never* not at all. Its `scope` is the organization, one project with its teams and items, or one member with the
items assigned to it; what lies outside is not there for it. One of an AI member, and any other while it works a run, is bound
by the member's [switches](agents.md#what-an-agent-may-do) too.

An owner can do what an admin can, and alone makes and unmakes owners and deletes the members they act as. An organization always has one.

## Routes

Under `/api/v1`. On a live connection, subscribing is `view`.

";

fn document() -> String {
    let mut text = HEAD.to_owned();
    let yes = |may: bool| if may { "yes" } else { "" };
    text += "| action | | nobody | owner | admin | member | viewer | any token |\n";
    text += "|---|---|---|---|---|---|---|---|\n";
    for action in Action::ALL {
        let nobody = action.least_role().is_none();
        let may = |role, is_token, sees_all| {
            action.is_allowed(Standing {
                role,
                is_token,
                sees_all,
            })
        };
        let roles = Role::ALL.map(|role| yes(may(role, false, true)));
        let token = match (may(Role::Admin, true, false), may(Role::Admin, true, true)) {
            (true, _) => "yes",
            (false, true) => "no",
            (false, false) => "never",
        };
        let _ = writeln!(
            text,
            "| `{}` | {} | {} | {} | {token} |",
            name(action),
            action.describe(),
            yes(nobody),
            roles.join(" | "),
        );
    }
    text += TOKENS;
    text += "| route | action |\n|---|---|\n";
    for door in DOORS {
        let _ = writeln!(
            text,
            "| `{} {}` | `{}` |",
            door.method,
            door.path,
            name(door.action)
        );
    }
    text
}

/// `ManageMembers` as `manage_members`.
fn name(action: Action) -> String {
    let camel = format!("{action:?}");
    camel.chars().fold(String::new(), |mut name, c| {
        if c.is_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.extend(c.to_lowercase());
        name
    })
}

#[test]
fn the_documentation_says_what_the_table_says() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/roles.md");
    if std::env::var_os("DEVTEAM_WRITE_DOCS").is_some() {
        std::fs::write(&path, document()).expect("written");
    }
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        text == document(),
        "docs/roles.md is not that of the table: run this test with DEVTEAM_WRITE_DOCS=1"
    );
}

#[test]
fn a_route_without_a_line_has_no_action() {
    assert_eq!(door("GET", "/api/v1/projects"), Some(Action::View));
    assert_eq!(door("TRACE", "/api/v1/projects"), None);
    assert_eq!(door("GET", "/api/v1/nothing"), None);
    assert_eq!(door("GET", "/projects"), None);
}
