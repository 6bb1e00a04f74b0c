//! Small charts of how a project went, drawn as inline SVG. What they show is also said in words.

use serde::Deserialize;
use shared_types::model::TaskCounts;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::{
    components::skeleton::skeleton_rows,
    net::rest::{self, encode},
};

const WIDTH: f64 = 300.0;
const HEIGHT: f64 = 88.0;

/// How a project went, day by day.
#[derive(Debug, Clone, Default, PartialEq)]
struct Histories {
    burnup: Vec<BurnupDay>,
    throughput: Vec<ThroughputDay>,
    cycle: CycleTimes,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
struct BurnupDay {
    date: String,
    tasks: TaskCounts,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
struct ThroughputDay {
    date: String,
    done: u32,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
struct CycleTimes {
    median_seconds: Option<i64>,
    p85_seconds: Option<i64>,
    tasks: Vec<CycleTime>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
struct CycleTime {
    seconds: i64,
}

#[derive(Deserialize)]
struct Days<T> {
    days: Vec<T>,
}

/// Properties of [`Charts`].
#[derive(Properties, PartialEq)]
pub struct ChartsProps {
    /// The project's id or slug.
    pub project: AttrValue,
    /// How many of its tasks are done: when that changes, the charts do too.
    pub done: u32,
}

/// The charts of a project of which so many tasks are done.
pub fn charts(project: AttrValue, done: u32) -> Html {
    html! { <Charts {project} {done} /> }
}

/// Burn-up, throughput and cycle time of the last 30 days.
#[component]
fn Charts(props: &ChartsProps) -> Html {
    let histories = use_state(|| None::<Result<Histories, String>>);
    {
        let setter = histories.setter();
        use_effect_with((props.project.clone(), props.done), move |(project, _)| {
            let project = project.clone();
            spawn_local(async move {
                setter.set(Some(
                    fetch(&project).await.map_err(|failure| failure.message()),
                ))
            });
        });
    }
    match &*histories {
        None => skeleton_rows(3),
        Some(Err(message)) => {
            html! { <p class="muted" role="status">{ format!("No charts for now: {message}") }</p> }
        }
        Some(Ok(histories)) => html! {
            <div class="charts">
                { burnup(&histories.burnup) }
                { throughput(&histories.throughput) }
                { cycle_time(&histories.cycle) }
            </div>
        },
    }
}

async fn fetch(project: &str) -> Result<Histories, rest::Failure> {
    let path = |measure: &str| format!("/projects/{}/history?measure={measure}", encode(project));
    Ok(Histories {
        burnup: rest::get::<Days<_>>(&path("burnup")).await?.days,
        throughput: rest::get::<Days<_>>(&path("throughput")).await?.days,
        cycle: rest::get(&path("cycle_time")).await?,
    })
}

fn chart(
    title: &str,
    figure: String,
    words: String,
    shapes: Html,
    scale: (String, String),
) -> Html {
    html! {
        <figure class="chart">
            <figcaption>{ title }<span>{ figure }</span></figcaption>
            <svg viewBox={format!("0 0 {WIDTH} {HEIGHT}")} preserveAspectRatio="none" role="img" aria-label={words}>
                <line class="chart-axis" x1="0" x2={WIDTH.to_string()} y1={HEIGHT.to_string()} y2={HEIGHT.to_string()} />
                { shapes }
            </svg>
            <div class="chart-scale" aria-hidden="true"><span>{ scale.0 }</span><span>{ scale.1 }</span></div>
        </figure>
    }
}

/// Points of a line over the whole width, the highest value at the top.
fn points(values: &[f64], most: f64) -> Vec<(f64, f64)> {
    let step = WIDTH / (values.len().max(2) - 1) as f64;
    let place = |(index, value): (usize, &f64)| {
        (
            index as f64 * step,
            HEIGHT - 4.0 - (HEIGHT - 8.0) * value / most.max(1.0),
        )
    };
    values.iter().enumerate().map(place).collect()
}

fn path(points: &[(f64, f64)]) -> String {
    let command = |(index, (x, y)): (usize, &(f64, f64))| {
        format!("{}{x:.1} {y:.1}", if index == 0 { 'M' } else { 'L' })
    };
    points.iter().enumerate().map(command).collect()
}

fn burnup(days: &[BurnupDay]) -> Html {
    let total: Vec<f64> = days
        .iter()
        .map(|day| f64::from(day.tasks.total()))
        .collect();
    let done: Vec<f64> = days.iter().map(|day| f64::from(day.tasks.done)).collect();
    let most = total.iter().copied().fold(1.0, f64::max);
    let line = path(&points(&done, most));
    let now = (
        done.last().copied().unwrap_or(0.0),
        total.last().copied().unwrap_or(0.0),
    );
    let shapes = html! {
        <>
            <path class="chart-area" d={format!("{line}L{WIDTH} {HEIGHT}L0 {HEIGHT}Z")} />
            <path class="chart-line-2" d={path(&points(&total, most))} />
            <path class="chart-line" d={line} />
        </>
    };
    let figure = format!("{} of {} done", now.0, now.1);
    let words = format!("Burn-up of the last {} days: {figure}", days.len());
    chart(
        "Burn-up",
        figure,
        words,
        shapes,
        span(
            days.first().map(|day| &*day.date),
            days.last().map(|day| &*day.date),
        ),
    )
}

fn throughput(days: &[ThroughputDay]) -> Html {
    let most = days.iter().map(|day| day.done).max().unwrap_or(0).max(1);
    let width = WIDTH / days.len().max(1) as f64;
    let bars = days.iter().enumerate().filter(|(_, day)| day.done > 0).map(|(index, day)| {
        let height = (HEIGHT - 8.0) * f64::from(day.done) / f64::from(most);
        html! {
            <rect class="chart-bar" x={format!("{:.1}", index as f64 * width + 1.0)} y={format!("{:.1}", HEIGHT - height)}
                width={format!("{:.1}", (width - 2.0).max(1.0))} height={format!("{height:.1}")} />
        }
    });
    let sum: u32 = days.iter().map(|day| day.done).sum();
    let figure = format!("{sum} in {} days", days.len());
    let words = format!(
        "Throughput: {sum} tasks done in {} days, at most {most} a day",
        days.len()
    );
    let scale = span(
        days.first().map(|day| &*day.date),
        days.last().map(|day| &*day.date),
    );
    chart("Throughput", figure, words, bars.collect(), scale)
}

/// How many tasks took how long, in steps that people think in.
fn cycle_time(cycle: &CycleTimes) -> Html {
    const STEPS: [(i64, &str); 7] = [
        (3_600, "1 h"),
        (4 * 3_600, "4 h"),
        (86_400, "1 d"),
        (3 * 86_400, "3 d"),
        (7 * 86_400, "1 w"),
        (14 * 86_400, "2 w"),
        (i64::MAX, "longer"),
    ];
    let mut counts = [0_u32; STEPS.len()];
    for task in &cycle.tasks {
        if let Some(step) = STEPS.iter().position(|(limit, _)| task.seconds <= *limit) {
            counts[step] += 1;
        }
    }
    let most = f64::from(counts.iter().copied().max().unwrap_or(0).max(1));
    let width = WIDTH / STEPS.len() as f64;
    let bars = counts.iter().enumerate().filter(|(_, count)| **count > 0).map(|(index, count)| {
        let height = (HEIGHT - 8.0) * f64::from(*count) / most;
        html! {
            <rect class="chart-bar" x={format!("{:.1}", index as f64 * width + 3.0)} y={format!("{:.1}", HEIGHT - height)}
                width={format!("{:.1}", width - 6.0)} height={format!("{height:.1}")} />
        }
    });
    let figure = cycle.median_seconds.map_or_else(
        || "none done yet".into(),
        |median| format!("median {}", duration(median)),
    );
    let late = cycle
        .p85_seconds
        .map(|seconds| format!(", 85 % within {}", duration(seconds)))
        .unwrap_or_default();
    let tasks = match cycle.tasks.len() {
        1 => "one task".into(),
        many => format!("{many} tasks"),
    };
    let words = format!("Cycle time of {tasks}: {figure}{late}");
    chart(
        "Cycle time",
        figure,
        words,
        bars.collect(),
        ("≤ 1 h".into(), "> 2 weeks".into()),
    )
}

fn duration(seconds: i64) -> String {
    match seconds {
        ..3_600 => format!("{} min", (seconds / 60).max(1)),
        3_600..172_800 => format!("{} h", seconds / 3_600),
        _ => format!("{} d", seconds / 86_400),
    }
}

fn span(first: Option<&str>, last: Option<&str>) -> (String, String) {
    let short = |date: Option<&str>| {
        date.and_then(|date| date.parse().ok())
            .map(super::time::day)
            .unwrap_or_default()
    };
    (short(first), short(last))
}
