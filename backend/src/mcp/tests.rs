use std::{collections::HashSet, fs, path::PathBuf};

use serde_json::{Value, json};

use super::{
    arguments, schema,
    tools::{TOOLS, Tool},
};
use crate::auth::roles;

fn call(tool: &str, arguments: Value) -> Result<super::rest::Call, Value> {
    let tool = super::tools::named(tool).expect("a tool");
    arguments::call(tool, arguments)
}

#[test]
fn every_tool_is_a_route_with_a_name_of_its_own() {
    let mut names = HashSet::new();
    for tool in TOOLS {
        assert!(names.insert(tool.name), "{} is there twice", tool.name);
        let pattern = format!("/api/v1{}", tool.path);
        assert!(roles::door(tool.method, &pattern).is_some(), "{tool:?}");
        assert!(schema::operation(tool).is_object(), "{tool:?}");
    }
}

#[test]
fn what_a_tool_takes_is_all_that_its_route_takes_and_stands_by_itself() {
    for tool in TOOLS {
        let operation = schema::operation(tool);
        let taken = schema::of(tool);
        let properties = taken["properties"].as_object().expect("properties");
        let (body, _) = schema::body(operation);
        let fields = body["properties"]
            .as_object()
            .map_or(0, |fields| fields.len());
        let version = usize::from(schema::takes_version(operation));
        let parameters = schema::parameters(operation).count();
        assert_eq!(
            properties.len(),
            fields + parameters + version,
            "two arguments of {} have one name",
            tool.name
        );
        let has_body = operation.get("requestBody").is_some();
        assert!(
            fields > 0 || !has_body,
            "the body of {} is no object",
            tool.name
        );
        let text = Value::Object(taken.clone()).to_string();
        assert!(!text.contains("#/components"), "{}", tool.name);
        for name in text.split("#/$defs/").skip(1) {
            let name = name.split('"').next().expect("a name");
            assert!(
                taken["$defs"].get(name).is_some(),
                "{name} of {}",
                tool.name
            );
        }
    }
}

#[test]
fn arguments_become_path_query_version_and_body() {
    let listed = call(
        "list_items",
        json!({ "project": "website", "q": "a & b", "limit": 5 }),
    );
    let uri = listed.expect("a call").uri.to_string();
    assert_eq!(uri, "/api/v1/items?project=website&q=a+%26+b&limit=5");
    let changed = call(
        "update_item",
        json!({ "item": "WEB-1", "title": "New", "version": 3 }),
    );
    let changed = changed.expect("a call");
    assert_eq!(changed.uri, "/api/v1/items/WEB-1");
    assert_eq!(changed.version, Some(3));
    assert_eq!(changed.body, Some(json!({ "title": "New" })));
    let labelled = call("label_item", json!({ "item": "WEB-1", "label": "a/b?c" }));
    let labelled = labelled.expect("a call");
    assert_eq!(labelled.uri, "/api/v1/items/WEB-1/labels/a%2Fb%3Fc");
    assert_eq!(labelled.body, None);
}

#[test]
fn wrong_arguments_are_named() {
    let cases = [
        ("get_item", json!({}), "/item", "must be given"),
        (
            "get_item",
            json!({ "item": ["WEB-1"] }),
            "/item",
            "must be a text",
        ),
        (
            "get_item",
            json!({ "item": "WEB-1", "much": true }),
            "/much",
            "unknown",
        ),
        (
            "update_item",
            json!({ "item": "WEB-1", "version": "x" }),
            "/version",
            "whole number",
        ),
        ("get_item", json!({ "item": ".." }), "/", "names"),
    ];
    for (tool, arguments, field, message) in cases {
        let problem = call(tool, arguments.clone()).expect_err("it is wrong");
        let wrong = &problem["errors"][0];
        assert_eq!(wrong["pointer"], field, "{arguments}: {problem}");
        let said = wrong["message"].as_str().expect("a message");
        assert!(said.contains(message), "{arguments}: {problem}");
    }
}

#[test]
fn the_documentation_has_every_tool() {
    let rows = TOOLS.iter().map(|tool| {
        let Tool {
            name,
            about,
            method,
            path,
            ..
        } = tool;
        format!("| `{name}` | {about} | `{method} {path}` |\n")
    });
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/mcp.md");
    let written = fs::read_to_string(path).expect("docs/mcp.md");
    let table: String = rows.collect();
    assert!(
        written.contains(&table),
        "docs/mcp.md has another table of tools than:\n{table}"
    );
}
