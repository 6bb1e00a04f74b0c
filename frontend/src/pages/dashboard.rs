//! What happens now: who works on what, what waits for a review, how far every project is.

mod waiting;
mod work;

use std::{rc::Rc, sync::Arc};

use shared_types::{
    model::{Entity, Item, Member, MemberKind, Project, Rollup, RunLine, RunState, Status},
    topic::Topic,
};
use web_sys::HtmlSelectElement;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::{
    components::{
        activity::ActivityFeed,
        avatar::{Avatar, Size, ai_badge},
        chart::ChartsProps,
        empty::{empty, nothing},
        icon::Icon,
        name::ItemLink,
        order::{number, ordered},
        progress::{progress_bar, progress_ring},
        run_line::run_line,
        seen::use_seen,
        skeleton::{skeleton_page, skeleton_rows},
        status::{status_icon, status_label},
    },
    letters::lower,
    parts::{self, use_part},
    routes::{Route, use_query},
    store::{use_lines, use_select, use_topic},
};

use self::{
    waiting::WaitingForPeople,
    work::{Work, use_work},
};

/// So many projects are listed, the latest changed.
const LISTED: usize = 40;

/// The page.
#[component]
pub fn Dashboard() -> Html {
    use_topic("all");
    let projects = use_select(|state| {
        state.organization()?;
        let projects: Vec<Arc<Project>> = state
            .projects()
            .filter(|project| !project.archived)
            .cloned()
            .collect();
        let mut projects = ordered(projects, |project| {
            number(-project.stamp.updated_at.as_millis())
        });
        let more = projects.len().saturating_sub(LISTED);
        projects.truncate(LISTED);
        Some((ordered(projects, |project| lower(&project.name)), more))
    });
    let work = use_work();
    let lines = use_lines();
    let Some((projects, more)) = &*projects else {
        return skeleton_page();
    };
    if projects.is_empty() && lines.is_empty() {
        let next = html! { <Link<Route> classes="button button-primary" to={Route::Projects}>{ "Go to the projects" }</Link<Route>> };
        return html! {
            <div class="page">
                <header class="page-header"><div class="page-heading"><h1>{ "Dashboard" }</h1></div></header>
                { empty(Icon::Folder, "Nothing to show yet", "Create a project first: its work appears here as it happens.", next) }
            </div>
        };
    }
    html! {
        <div class="page">
            <header class="page-header"><div class="page-heading"><h1>{ "Dashboard" }</h1></div></header>
            <div class="page-body dashboard">
                <div class="stack">
                    <Figures />
                    <WaitingForPeople work={work.clone()} lines={lines.clone()} />
                    <AtWork work={work.clone()} {lines} />
                    // In its place from the beginning: what comes above it would else push it out of sight again.
                    if work.is_known {
                        <ProjectCharts projects={projects.clone()} />
                    }
                </div>
                <div class="stack">
                    <Progress projects={projects.clone()} more={*more} />
                    if *more > 0 {
                        { elsewhere(&format!("And {more} more projects, changed less lately.")) }
                    }
                    <section class="section" aria-label="Activity">
                        <div class="section-header"><h2>{ "Activity" }</h2></div>
                        <ActivityFeed topic="all" most={20} />
                    </section>
                </div>
            </div>
        </div>
    }
}

/// What is left out here, and where it is.
fn elsewhere(what: &str) -> Html {
    html! {
        <p class="field-hint">{ what }{ " " }<Link<Route> to={Route::Projects}>{ "See all projects" }</Link<Route>></p>
    }
}

#[derive(Properties, PartialEq)]
struct WorkProps {
    work: Rc<Work>,
    lines: Rc<Vec<RunLine>>,
}

#[component]
fn Figures() -> Html {
    let tasks = use_select(|state| state.rollup(Topic::Org).tasks);
    let figures = [
        Status::InProgress,
        Status::InReview,
        Status::Todo,
        Status::Done,
    ]
    .map(|status| {
        html! {
            <div class="figure">
                <dd class="figure-value">{ tasks.get(status) }</dd>
                <dt class="figure-label">{ status_icon(status) }{ status_label(status) }</dt>
            </div>
        }
    });
    html! { <dl class="figures">{ for figures }</dl> }
}

/// The tasks in progress, by who has them, with what is done right now: AI members first.
#[component]
fn AtWork(props: &WorkProps) -> Html {
    let (under_way, lines) = (props.work.clone(), props.lines.clone());
    let are_stopped =
        use_select(|state| state.organization().is_some_and(|all| all.agents_stopped));
    let work = use_select(move |state| {
        let mut work: Vec<(Arc<Member>, Vec<Arc<Item>>)> = state
            .members()
            .map(|member| (member.clone(), Vec::new()))
            .collect();
        let in_progress = under_way.with(Status::InProgress);
        for (member, items) in &mut work {
            let own = in_progress.iter();
            items.extend(
                own.filter(|item| item.assignees.contains(&member.id()))
                    .cloned(),
            );
        }
        work.retain(|(member, items)| {
            !items.is_empty()
                || lines
                    .iter()
                    .any(|line| line.member == member.id() && is_moving(line))
        });
        // AI members first, then who has most.
        ordered(work, |(member, items)| {
            let is_human = u8::from(member.kind == MemberKind::Human);
            format!("{is_human}{}", number(-(items.len() as i64)))
        })
    });
    let rows = work.iter().map(|(member, items)| {
        let own = props.lines.iter().filter(|line| line.member == member.id() && is_moving(line));
        // A plan's item is no task, and one that is queued is not in progress.
        let others = own.clone().filter(|line| !items.iter().any(|item| item.id() == line.item));
        let row = |key: String, title: Html, line: Option<&RunLine>| {
            html! {
                <li key={key.clone()}>
                    <span class="work-line"><span class="item-key">{ key }</span>{ title }</span>
                    { for line.map(run_line) }
                </li>
            }
        };
        let lines = items.iter().take(3).map(|item| {
            let title = html! { <ItemLink item={item.clone()} class="truncate"><span title={item.title.to_string()}>{ item.title.to_string() }</span></ItemLink> };
            row(item.key.to_string(), title, own.clone().find(|line| line.item == item.id()))
        });
        let others = others.take(3).map(|line| {
            let title = html! { <span class="truncate" title={line.title.to_string()}>{ line.title.to_string() }</span> };
            row(line.key.to_string(), title, Some(line))
        });
        let lines = lines.chain(others);
        html! {
            <li key={member.id().to_string()} class="work-row">
                <Avatar member={member.clone()} size={Size::Medium} working={member.kind == MemberKind::Agent} />
                <div>
                    <div class="row">
                        <Link<Route> classes="member-name truncate" to={Route::member(&member.slug)}>{ member.name.to_string() }</Link<Route>>
                        { ai_badge(member) }
                    </div>
                    <ul>{ for lines }</ul>
                </div>
                <span class="count">{ if items.len() > 3 { format!("+{}", items.len() - 3) } else { String::new() } }</span>
            </li>
        }
    });
    html! {
        <section class="section" aria-label="At work">
            <div class="section-header"><h2>{ "At work" }</h2><span class="count">{ work.len() }</span></div>
            if *are_stopped {
                <p class="notice" role="status">{ "All AI members are stopped: what they were at waits." }</p>
            }
            if !props.work.is_known {
                { skeleton_rows(3) }
            } else if work.is_empty() {
                { nothing("Nobody has a task in progress. Move one on any board, or assign one to an AI member.") }
            } else {
                <ul class="panel">{ for rows }</ul>
            }
            if props.work.is_cut {
                { elsewhere("Of all that is under way, what changed last.") }
            }
        </section>
    }
}

/// Whether a run is at work, or soon will be.
fn is_moving(line: &RunLine) -> bool {
    matches!(line.state, RunState::Running | RunState::Queued)
}

#[derive(Properties, PartialEq)]
struct ProjectsProps {
    projects: Vec<Arc<Project>>,
}

#[derive(Properties, PartialEq)]
struct ProgressProps {
    projects: Vec<Arc<Project>>,
    /// How many more there are.
    more: usize,
}

#[component]
fn Progress(props: &ProgressProps) -> Html {
    let projects = props.projects.clone();
    let rollups = use_select(move |state| {
        projects
            .iter()
            .map(|project| state.rollup(Topic::Project(project.id())))
            .collect::<Vec<Rollup>>()
    });
    let rows = props
        .projects
        .iter()
        .zip(rollups.iter())
        .map(|(project, rollup)| {
            html! {
                <li key={project.id().to_string()}>
                    <Link<Route> classes="item-row" to={Route::project(&project.slug)}>
                        { progress_ring(rollup) }
                        <span class="item-row-title" title={project.name.to_string()}>{ project.name.to_string() }</span>
                        <span style="width:120px">{ progress_bar(rollup) }</span>
                    </Link<Route>>
                </li>
            }
        });
    html! {
        <section class="section" aria-label="Projects">
            <div class="section-header"><h2>{ "Projects" }</h2><span class="count">{ props.projects.len() + props.more }</span></div>
            <ul class="item-list">{ for rows }</ul>
        </section>
    }
}

/// How one project went.
#[component]
fn ProjectCharts(props: &ProjectsProps) -> Html {
    let query = use_query();
    let chosen = query.get("chart").and_then(|id| {
        props
            .projects
            .iter()
            .find(|project| project.id().to_string() == id)
    });
    let busiest = {
        let projects = props.projects.clone();
        use_select(move |state| {
            projects
                .iter()
                .max_by_key(|project| state.rollup(Topic::Project(project.id())).tasks.total())
                .map(|project| project.id())
        })
    };
    let id = chosen.map(|project| project.id()).or(*busiest);
    let done =
        use_select(move |state| id.map_or(0, |id| state.rollup(Topic::Project(id)).tasks.done));
    let Some(id) = id else { return Html::default() };
    let onchange = Callback::from(move |event: Event| {
        let value = event
            .target_dyn_into::<HtmlSelectElement>()
            .map(|select| select.value());
        query.replace("chart", value.as_deref());
    });
    let options = props.projects.iter().map(|project| {
        html! {
            <option key={project.id().to_string()} value={project.id().to_string()} selected={project.id() == id}>
                { project.name.to_string() }
            </option>
        }
    });
    html! {
        <section class="section" aria-label="Charts">
            <div class="section-header">
                <h2 class="grow">{ "Last 30 days" }</h2>
                <select class="input input-compact" style="width:auto" aria-label="Project of the charts" {onchange}>{ for options }</select>
            </div>
            <ChartsInSight project={id.to_string()} done={*done} />
        </section>
    }
}

/// The charts, from when somebody sees their place: on most screens they are below the edge.
#[component]
fn ChartsInSight(props: &ChartsProps) -> Html {
    let place = use_node_ref();
    let is_seen = use_seen(&place);
    html! {
        <div ref={place}>
            if is_seen {
                <DrawnCharts project={props.project.clone()} done={props.done} />
            }
        </div>
    }
}

/// The charts, from a part of the app of their own.
#[component]
fn DrawnCharts(props: &ChartsProps) -> Html {
    let (project, done) = (props.project.clone(), props.done);
    use_part(parts::charts).draw(|draw| draw(project, done), || skeleton_rows(3))
}
