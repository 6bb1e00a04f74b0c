//! Every route and every topic, with every role and nobody, against the table in the documentation.

use std::collections::BTreeMap;

use serde_json::Value;
use tests::{Api, api::id, place};

use super::Place;

const ROLES: [&str; 4] = ["owner", "admin", "member", "viewer"];

/// What stands in `docs/roles.md`: of each action who may do it, of each route its action.
struct Table {
    allowed: BTreeMap<String, Vec<String>>,
    routes: BTreeMap<(String, String), String>,
}

fn table() -> Table {
    let text = std::fs::read_to_string(place::root().join("docs/roles.md")).unwrap();
    let mut table = Table {
        allowed: BTreeMap::new(),
        routes: BTreeMap::new(),
    };
    let rows = text.lines().filter(|line| line.starts_with("| `"));
    for row in rows {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let plain = |cell: &str| cell.trim_matches('`').to_owned();
        match cells[..] {
            // A route and its action.
            [route, action] => {
                let route = plain(route);
                let (method, path) = route.split_once(' ').unwrap();
                let route = (method.to_owned(), path.to_owned());
                table.routes.insert(route, plain(action));
            }
            // An action, what it is, nobody, and the roles.
            [action, _, nobody, owner, admin, member, viewer, ..] => {
                let names = ["nobody", "owner", "admin", "member", "viewer"];
                let cells = [nobody, owner, admin, member, viewer];
                let may = names
                    .into_iter()
                    .zip(cells)
                    .filter(|(_, cell)| *cell == "yes");
                let may = may.map(|(name, _)| name.to_owned()).collect();
                table.allowed.insert(plain(action), may);
            }
            _ => panic!("{row}"),
        }
    }
    table
}

/// The route with something for each name in it, which is not there.
fn filled(path: &str) -> String {
    let parts = path.split('/').map(|part| match part {
        "{n}" => "0",
        "{label}" => "none",
        _ if part.starts_with('{') => "01900000-0000-7000-8000-000000000000",
        other => other,
    });
    parts.collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn every_route_lets_in_whom_the_table_says_and_nobody_else() {
    let table = table();
    let place = Place::new().await;
    let document = place.server.api().get("/openapi.json").await.expect(200);
    let mut who: Vec<(&str, Api)> = vec![("nobody", place.server.api())];
    for role in ROLES {
        who.push((role, place.person(role).await));
    }
    let mut walked = 0;
    for (path, operations) in document["paths"].as_object().unwrap() {
        for method in operations.as_object().unwrap().keys() {
            let path = path.strip_prefix("/api/v1").unwrap();
            let route = (method.to_uppercase(), path.to_owned());
            let action = table.routes.get(&route);
            let action = action.unwrap_or_else(|| panic!("{route:?} has no line in docs/roles.md"));
            let allowed = &table.allowed[action];
            for (name, api) in &who {
                // Whoever signs out is nobody on the rest of the walk.
                if (&*route.0, path) == ("DELETE", "/session") && *name != "nobody" {
                    continue;
                }
                let answer = ask(api, &route.0, path).await;
                let expected = match allowed.iter().any(|role| role == name) {
                    true => ![401, 403].contains(&answer),
                    false if *name == "nobody" => answer == 401,
                    false => answer == 403,
                };
                assert!(expected, "{name} at {route:?} ({action}): {answer}");
            }
            walked += 1;
        }
    }
    assert_eq!(
        walked,
        table.routes.len(),
        "a line for a route that is not there"
    );
}

async fn ask(api: &Api, method: &str, path: &str) -> u16 {
    let query = match path {
        "/snapshot" => "?topic=org",
        "/events" => "?topics=org",
        // A stream does not end: a topic that is not there is answered at once.
        "/sse" => "?topics=project:not-there",
        _ => "",
    };
    let request = api.request(method, &format!("{}{query}", filled(path)));
    let request = match method {
        "GET" | "DELETE" | "PUT" => request,
        _ => request.json(Value::Object(Default::default())),
    };
    request.await.status
}

#[tokio::test]
async fn every_topic_is_shown_to_every_role_and_not_to_nobody() {
    let place = Place::new().await;
    let project = place.owner.project("Website").await;
    let team = place.owner.team(&project, "Frontend").await;
    let member = place.owner.member("Grace").await;
    let item = place.owner.task(&project, "Set the type").await;
    let topics = [
        "org".to_owned(),
        format!("project:{}", id(&project)),
        format!("team:{}", id(&team)),
        format!("member:{}", id(&member)),
        format!("item:{}", id(&item)),
    ];
    for role in ROLES {
        let person = place.person(role).await;
        for topic in &topics {
            person.snapshot(topic).await;
        }
        let events = person.get("/events?topics=all").await;
        assert_eq!(events.status, 200, "{role}");
    }
    let nobody = place.server.api();
    for topic in topics.iter().map(String::as_str).chain(["all"]) {
        for path in [
            "/snapshot?topic=",
            "/events?topics=",
            "/sse?topics=",
            "/activity?topic=",
        ] {
            let answer = nobody.get(&format!("{path}{topic}")).await;
            answer.problem(401, "not_authenticated");
            assert_eq!(
                answer.header("devteam-cursor"),
                "",
                "nobody is told where it stands"
            );
        }
    }
}
