//! The unit for systemd and the recipe for a container, as far as they can be tried without either.

use std::{
    fs,
    process::{Command, Output, Stdio},
};

use tests::{Server, place};

const UNIT: &str = "docs/operations/devteam.service";
const RECIPE: &str = "docs/operations/Containerfile";
/// Where the unit says that the program lies.
const INSTALLED: &str = "/usr/local/bin/devteam";

fn text(path: &str) -> String {
    fs::read_to_string(place::root().join(path)).unwrap()
}

/// The lines of a file with this word before them, without it.
fn lines<'a>(text: &'a str, word: &str) -> Vec<&'a str> {
    let lines = text.lines().filter_map(|line| line.strip_prefix(word));
    lines.map(str::trim).collect()
}

/// What `devteam serve` says of its flags and variables.
fn help() -> String {
    let help = Command::new(place::server())
        .args(["serve", "--help"])
        .output();
    String::from_utf8(help.unwrap().stdout).unwrap()
}

/// Every flag and every variable in these words is one of the server's.
fn are_known<'a>(words: impl IntoIterator<Item = &'a str>) {
    let help = help();
    let known: Vec<&str> = help
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_')
        .collect();
    for word in words {
        let name = word.split('=').next().unwrap_or_default();
        if name.starts_with("--") || name.starts_with("DEVTEAM_") {
            assert!(known.contains(&name), "there is no {name}");
        }
    }
}

#[test]
fn the_unit_starts_the_server_with_flags_and_variables_that_it_has() {
    let unit = text(UNIT);
    let start = lines(&unit, "ExecStart=");
    let words: Vec<&str> = start[0].split_whitespace().collect();
    assert_eq!(words[..2], [INSTALLED, "serve"]);
    are_known(words);
    are_known(lines(&unit, "Environment="));
    let kept = lines(&unit, "StateDirectory=")[0];
    assert!(start[0].contains(&format!("--data-dir /var/lib/{kept}")));
    let readme = text("docs/operations/README.md");
    let user = lines(&unit, "User=")[0];
    assert!(readme.contains(&format!("useradd --system {user}")));
}

#[test]
fn systemd_knows_every_setting_of_the_unit() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("devteam.service");
    let program = place::server().display().to_string();
    fs::write(&file, text(UNIT).replace(INSTALLED, &program)).unwrap();
    let mut verify = Command::new("systemd-analyze");
    verify.arg("verify").arg(&file).stdin(Stdio::null());
    // It is part of systemd, which not every machine has.
    let Ok(Output { status, stderr, .. }) = verify.output() else {
        return;
    };
    let said = String::from_utf8_lossy(&stderr);
    let of_ours: Vec<&str> = said
        .lines()
        .filter(|line| line.contains("devteam.service"))
        .collect();
    assert!(status.success() && of_ours.is_empty(), "{said}");
}

#[tokio::test]
async fn the_recipe_copies_what_there_is_and_starts_and_asks_the_server_as_it_can_be() {
    let recipe = text(RECIPE);
    let copied = lines(&recipe, "COPY ");
    for copy in &copied {
        let words: Vec<&str> = copy.split_whitespace().collect();
        match words[0] {
            // What the stage before has built in its working directory, where cargo puts it.
            "--from=build" => assert_eq!(words[1], "/devteam/target/release/devteam"),
            source => assert!(place::root().join(source).exists(), "there is no {source}"),
        }
    }
    assert_eq!(copied.len(), 2);
    assert_eq!(lines(&recipe, "WORKDIR "), ["/devteam"]);
    let workspace = text("Cargo.toml");
    let rust = lines(&workspace, "rust-version = ")[0].trim_matches('"');
    assert!(recipe.contains(&format!("/rust:{rust}-")));

    let started = lines(&recipe, "CMD ")[0];
    let arguments: Vec<String> = serde_json::from_str(started).unwrap();
    assert_eq!(arguments[0], "serve");
    are_known(arguments.iter().map(String::as_str));
    let port = lines(&recipe, "EXPOSE ")[0];
    assert!(arguments.contains(&format!("0.0.0.0:{port}")));
    let volume = lines(&recipe, "VOLUME ")[0];
    assert!(arguments.contains(&volume.to_owned()));

    let asked = lines(&recipe, "HEALTHCHECK CMD ")[0];
    let (_, path) = asked
        .split_once(&format!("http://127.0.0.1:{port}/"))
        .unwrap();
    let server = Server::spawn();
    server.api().get(&format!("//{path}")).await.expect(200);
}

#[test]
fn nothing_goes_into_the_image_that_a_clone_does_not_have_and_all_that_it_is_built_from() {
    let ignored = text(".dockerignore");
    let left_out: Vec<&str> = ignored
        .lines()
        .filter(|line| !line.starts_with('#'))
        .collect();
    for line in text(".gitignore").lines() {
        let is_left_out = |other: &&str| *other == line || other.strip_prefix("**/") == Some(line);
        let is_left_out = left_out.iter().any(is_left_out);
        assert!(is_left_out, "{line} goes into the image");
    }
    let workspace = [
        "backend",
        "frontend",
        "shared-types",
        "xtask",
        "tests",
        "Cargo.lock",
        ".cargo",
    ];
    for needed in workspace {
        assert!(place::root().join(needed).exists(), "{needed}");
        let is_needed =
            |other: &&str| other.trim_start_matches("**").trim_start_matches('/') == needed;
        assert!(!left_out.iter().any(is_needed), "{needed} is left out");
    }
}
