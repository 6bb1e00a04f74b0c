//! How quick the page is with many tasks, measured in Chromium on the released app: `cargo xtask bench page`.
//!
//! A project with 10,000 tasks in 20 epics and 200 features; for its board, its backlog and its timeline how long the
//! page's thread is busy with a frame while somebody scrolls, drags, and while others change fifty tasks in two seconds.

mod project;

use std::time::Duration;

use serde_json::{Value, json};
use tests::{Browser, Options, Server, place};
use tokio::time::{Instant, MissedTickBehavior, interval};

/// Tasks in the project, unless another number is the first argument.
const TASKS: usize = 10_000;
/// Frames of one measurement: two seconds.
const FRAMES: usize = 120;
/// What there is for a frame, at 60 of them a second.
const FRAME_MS: f64 = 1_000.0 / 60.0;
/// Changes by others while those frames go by.
const CHANGES: usize = 50;

const VIEWS: [(&str, &str); 3] = [
    ("board", "/projects/large"),
    ("backlog tree", "/projects/large?tab=backlog"),
    ("timeline", "/projects/large?tab=timeline"),
];

#[tokio::main]
async fn main() {
    let tasks = match std::env::args().nth(1) {
        None => TASKS,
        Some(text) => match text.parse() {
            Ok(tasks) => tasks,
            Err(error) => {
                eprintln!("error: how many tasks: `{text}`: {error}");
                std::process::exit(2);
            }
        },
    };
    let dist = place::dist().expect("the app is built by `cargo xtask build`");
    let server = Server::with(Options {
        args: vec!["--assets-dir".into(), dist.display().to_string()],
        ..Options::default()
    });
    let begun = Instant::now();
    let ids = project::make(&server.api(), tasks).await;
    eprintln!(
        "{tasks} tasks made in {:.1} s",
        begun.elapsed().as_secs_f64()
    );
    println!("busy ms of {FRAMES} frames: median, 95 % below, most; a frame has {FRAME_MS:.1}\n");
    println!("| | first rows | scrolling | dragging | {CHANGES} changes by others |");
    println!("|---|---|---|---|---|");
    for (name, path) in VIEWS {
        let browser = Browser::open_at(server.address(), path).await;
        let first = first_rows(&browser).await;
        // What comes with the first look, such as parts of the app that are loaded when idle, is over.
        frames(&browser, "nothing").await;
        let scrolling = frames(&browser, "scroll").await;
        let dragging = match name {
            "timeline" => "–".to_owned(),
            _ => told(&frames(&browser, "drag").await),
        };
        let api = server.api();
        let (changing, ()) = tokio::join!(frames(&browser, "nothing"), async {
            let mut pace = interval(Duration::from_secs(2) / CHANGES as u32);
            pace.set_missed_tick_behavior(MissedTickBehavior::Burst);
            // Each is another task, from all over the project.
            for (n, id) in ids
                .iter()
                .step_by(ids.len() / CHANGES)
                .take(CHANGES)
                .enumerate()
            {
                pace.tick().await;
                let title = json!({ "title": format!("Changed {n} while {name} was looked at") });
                api.patch(&format!("/items/{id}"), title).await.expect(200);
            }
        });
        println!(
            "| {name} | {first:.0} | {} | {dragging} | {} |",
            told(&scrolling),
            told(&changing)
        );
    }
}

/// Waits for the first rows; how long after the page was asked for they were there, in milliseconds.
async fn first_rows(browser: &Browser) -> f64 {
    let script = "const done = arguments[0];
        (function look() {
            if (document.querySelector('.virtual-item')) done(performance.now()); else requestAnimationFrame(look);
        })();";
    run(browser, script, vec![])
        .await
        .as_f64()
        .expect("milliseconds")
}

/// How long the page was busy with each frame, in milliseconds, sorted.
async fn frames(browser: &Browser, act: &str) -> Vec<f64> {
    let script = include_str!("frames.js");
    let answer = run(browser, script, vec![json!(act), json!(FRAMES)]).await;
    let mut busy: Vec<f64> = answer
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(Value::as_f64)
        .collect();
    busy.sort_by(f64::total_cmp);
    busy
}

async fn run(browser: &Browser, script: &str, args: Vec<Value>) -> Value {
    let answer = browser.driver().execute_async(script, args).await;
    answer
        .unwrap_or_else(|error| panic!("the page's script: {error}"))
        .json()
        .clone()
}

fn told(busy: &[f64]) -> String {
    let at = |part: usize| busy[(busy.len() - 1) * part / 100];
    let verdict = if at(95) > FRAME_MS { " SHORT" } else { "" };
    format!("{:.1}, {:.1}, {:.1}{verdict}", at(50), at(95), at(100))
}
