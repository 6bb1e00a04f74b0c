//! What has happened, as sentences.

use std::{collections::BTreeSet, sync::Arc};

use shared_types::{
    event::{ActorKind, Event, EventBody},
    model::{Run, RunKind, RunState, Team},
    value::ProjectId,
};
use yew::prelude::*;
use yew_router::prelude::*;

use super::{
    avatar::Avatar,
    empty::{nothing, notice},
    icon::{Icon, icon},
    skeleton::skeleton_rows,
    status::status_label,
    time::RelativeTime,
};
use crate::{
    routes::Route,
    store::{subject, use_activity, use_item, use_select, use_store},
};

/// Properties of [`ActivityFeed`].
#[derive(Properties, PartialEq)]
pub struct ActivityFeedProps {
    /// The topic, which the page follows.
    pub topic: AttrValue,
    /// No more than so many, without a way to more.
    #[prop_or(usize::MAX)]
    pub most: usize,
}

/// The latest first, and as far back as one wants.
#[component]
pub fn ActivityFeed(props: &ActivityFeedProps) -> Html {
    let activity = use_activity(&props.topic);
    if activity.is_loading && activity.events.is_empty() {
        return skeleton_rows(6);
    }
    let failed = activity.retry.map(|retry| {
        let next = html! {
            <button type="button" class="button button-small" onclick={retry.reform(|_: MouseEvent| ())}>{ "Try again now" }</button>
        };
        notice(false, "What happened before can’t be loaded: the server can’t be reached. It is tried again when it can.".into(), next)
    });
    if activity.events.is_empty() {
        return failed.unwrap_or_else(|| nothing("Nothing has happened yet."));
    }
    let mut later = BTreeSet::new();
    let events = activity.events.iter().filter(|event| is_news(&event.body));
    let rows = events.take(props.most).map(|event| {
        // Whatever became of it later is above: only the last deletion of something can be taken back.
        let subject = subject(&event.body);
        let is_last = subject.is_none_or(|subject| later.insert(subject));
        html! { <ActivityRow key={event.seq.to_string()} event={event.clone()} {is_last} /> }
    });
    let more = activity.more.filter(|_| props.most == usize::MAX);
    html! {
        <>
            <ul class="panel">{ for rows }</ul>
            { for failed }
            if let Some(more) = more {
                <div class="row">
                    <button type="button" class="button button-quiet" onclick={more.reform(|_: MouseEvent| ())}>
                        { "Show earlier" }
                    </button>
                </div>
            }
        </>
    }
}

/// Whether an event is worth a line: what a run spends on its way is not.
fn is_news(body: &EventBody) -> bool {
    match body {
        EventBody::RunUpdated { changed, .. } => has(changed, "state"),
        _ => true,
    }
}

#[derive(Properties, PartialEq)]
struct ActivityRowProps {
    event: Arc<Event>,
    /// Whether nothing later is known of what it is about.
    is_last: bool,
}

#[component]
fn ActivityRow(props: &ActivityRowProps) -> Html {
    let store = use_store();
    let restore = {
        let (event, is_last) = (props.event.clone(), props.is_last);
        let may_restore = *use_select(move |state| is_last && state.may_restore(&event));
        let event = props.event.clone();
        may_restore.then(|| Callback::from(move |_: MouseEvent| store.restore_deleted(&event)))
    };
    let event = props.event.clone();
    let actor = use_select(move |state| match event.actor.kind {
        ActorKind::Member | ActorKind::Agent => event
            .actor
            .id
            .parse()
            .ok()
            .and_then(|id| state.member(id).cloned()),
        ActorKind::Token | ActorKind::System => None,
    });
    let name = match (&*actor, props.event.actor.kind) {
        (Some(member), _) => member.name.to_string(),
        (None, ActorKind::Token) => "A script".into(),
        (None, ActorKind::System) => "The system".into(),
        (None, _) => "Someone".into(),
    };
    html! {
        <li class="activity-row">
            if let Some(member) = &*actor {
                <Avatar member={member.clone()} />
            } else {
                { icon(Icon::Activity) }
            }
            <span class="activity-text"><strong>{ name }</strong>{ " " }{ sentence(&props.event.body) }</span>
            if let Some(restore) = restore {
                <button type="button" class="button button-small button-quiet" onclick={restore}>
                    { icon(Icon::Restore) }{ "Restore" }
                </button>
            }
            <RelativeTime at={props.event.at} />
        </li>
    }
}

/// What an event says was done, without who did it.
pub fn sentence(body: &EventBody) -> Html {
    let to = |route: Route, name: String| html! { <Link<Route> to={route}>{ name }</Link<Route>> };
    match body {
        EventBody::OrganizationUpdated { .. } => {
            html! { <>{ "changed " }{ to(Route::Account, "the organization".into()) }</> }
        }
        EventBody::ProjectCreated { project } => {
            html! { <>{ "created project " }{ to(Route::project(&project.slug), project.name.to_string()) }</> }
        }
        EventBody::ProjectUpdated { project, changed } => {
            let (what, then) = match has(changed, "archived") {
                true if project.archived => ("archived".to_owned(), ""),
                true => ("took".to_owned(), " out of the archive"),
                false => (format!("changed the {} of", list(changed)), ""),
            };
            html! { <>{ what }{ " " }{ to(Route::project(&project.slug), project.name.to_string()) }{ then }</> }
        }
        EventBody::ProjectDeleted { project } => {
            html! { <>{ "deleted project " }<s>{ project.name.to_string() }</s></> }
        }
        EventBody::ProjectRestored { project } => {
            html! { <>{ "restored " }{ to(Route::project(&project.slug), project.name.to_string()) }</> }
        }
        EventBody::TeamCreated { team } => {
            html! { <>{ "created team " }{ of_team(team) }</> }
        }
        EventBody::TeamUpdated { team, changed } => {
            html! { <>{ format!("changed the {} of team ", list(changed)) }{ of_team(team) }</> }
        }
        EventBody::TeamDeleted { team } => {
            html! { <>{ "deleted team " }<s>{ team.name.to_string() }</s></> }
        }
        EventBody::TeamRestored { team } => {
            html! { <>{ "restored team " }{ of_team(team) }</> }
        }
        EventBody::MemberCreated { member } => {
            html! { <>{ "added " }{ to(Route::member(&member.slug), member.name.to_string()) }</> }
        }
        EventBody::MemberUpdated { member, changed } => {
            let member = to(Route::member(&member.slug), member.name.to_string());
            html! { <>{ format!("changed the {} of ", list(changed)) }{ member }</> }
        }
        EventBody::MemberDeleted { member } => {
            html! { <>{ "removed " }<s>{ member.name.to_string() }</s></> }
        }
        EventBody::MemberRestored { member } => {
            html! { <>{ "restored " }{ to(Route::member(&member.slug), member.name.to_string()) }</> }
        }
        EventBody::ItemCreated { item } => html! { <>{ "created " }{ of_item(item) }</> },
        EventBody::ItemUpdated { item, changed } if has(changed, "project") => {
            html! { <>{ "moved " }{ of_item(item) }{ " to " }<OfProject id={item.project} /></> }
        }
        EventBody::ItemUpdated { item, changed } => {
            let status = has(changed, "status");
            let what = match changed.as_slice() {
                _ if status => format!(" to {}", status_label(item.status)),
                _ => String::new(),
            };
            let verb = match changed.first().map(String::as_str) {
                _ if status => "moved".to_owned(),
                Some("rank") if changed.len() == 1 => "reordered".to_owned(),
                _ => format!("changed the {} of", list(changed)),
            };
            html! { <>{ verb }{ " " }{ of_item(item) }{ what }</> }
        }
        EventBody::ItemDeleted { item } => {
            html! { <>{ "deleted " }<s>{ format!("{} {}", item.key, item.title) }</s></> }
        }
        EventBody::ItemRestored { item } => html! { <>{ "restored " }{ of_item(item) }</> },
        EventBody::CommentCreated { comment, .. } => {
            html! { <>{ "commented on " }<OfItem id={comment.item} /></> }
        }
        EventBody::CommentUpdated { comment, .. } => {
            html! { <>{ "changed a comment on " }<OfItem id={comment.item} /></> }
        }
        EventBody::CommentDeleted { comment, .. } => {
            html! { <>{ "deleted a comment on " }<OfItem id={comment.item} /></> }
        }
        EventBody::CommentRestored { comment, .. } => {
            html! { <>{ "restored a comment on " }<OfItem id={comment.item} /></> }
        }
        EventBody::RunCreated { run } => {
            let what = match run.kind {
                RunKind::Work => "asked for work on ",
                RunKind::Plan => "asked for a plan of ",
            };
            html! { <>{ what }<OfItem id={run.item} /></> }
        }
        EventBody::RunUpdated { run, .. } => {
            let run_link = to(Route::run(&run.stamp.id), of_run(run).to_owned());
            html! { <>{ run_link }{ " " }<OfItem id={run.item} /></> }
        }
        EventBody::BudgetUpdated { .. } => html! { "changed a budget" },
    }
}

/// What an event says was given to some people, or taken from them, by their names.
pub fn handing(body: &EventBody, is_given: bool, people: &str) -> Html {
    match body {
        EventBody::ItemUpdated { item, .. } if is_given => {
            html! { <>{ format!("gave {people} ") }{ of_item(item) }</> }
        }
        EventBody::ItemUpdated { item, .. } => {
            html! { <>{ "took " }{ of_item(item) }{ format!(" from {people}") }</> }
        }
        EventBody::TeamUpdated { team, .. } => {
            let what = match is_given {
                true => format!("took {people} into team "),
                false => format!("took {people} out of team "),
            };
            html! { <>{ what }{ of_team(team) }</> }
        }
        _ => sentence(body),
    }
}

/// What has become of a run, as the page's link to it.
fn of_run(run: &Run) -> &'static str {
    match run.state {
        RunState::Queued => "queued a run on",
        RunState::Running => "works on",
        RunState::AwaitingInput => "asks something about",
        RunState::AwaitingReview if run.kind == RunKind::Plan => "proposes a plan of",
        RunState::AwaitingReview => "handed in its work on",
        RunState::Accepted => "accepted the work on",
        RunState::Rejected => "rejected the work on",
        RunState::Failed => "gave up on",
        RunState::Cancelled => "stopped the work on",
    }
}

/// The address takes the project by its id as well.
fn of_team(team: &Team) -> Html {
    html! { <Link<Route> to={Route::team(&team.project, &team.slug)}>{ team.name.to_string() }</Link<Route>> }
}

fn of_item(item: &shared_types::model::Item) -> Html {
    html! {
        <>
            <span class="item-key">{ item.key.to_string() }</span>
            { " " }
            <super::name::ItemLink item={Arc::new(item.clone())}>{ item.title.to_string() }</super::name::ItemLink>
        </>
    }
}

#[derive(Properties, PartialEq)]
struct OfItemProps {
    id: shared_types::value::ItemId,
}

/// An item that an event only names by its id.
#[component]
fn OfItem(props: &OfItemProps) -> Html {
    let id = props.id;
    match &use_item(id) {
        Some(item) => of_item(item),
        None => html! { <Link<Route> to={Route::item(&id)}>{ "an item" }</Link<Route>> },
    }
}

#[derive(Properties, PartialEq)]
struct OfProjectProps {
    id: Option<ProjectId>,
}

/// A project that an event only names by its id.
#[component]
fn OfProject(props: &OfProjectProps) -> Html {
    let id = props.id;
    let name = use_select(move |state| Some(state.project(id?)?.name.to_string()));
    match id {
        Some(id) => {
            let name = (*name).clone().unwrap_or_else(|| "another project".into());
            html! { <Link<Route> to={Route::project(&id)}>{ name }</Link<Route>> }
        }
        None => html! { "the organization’s own backlog" },
    }
}

fn has(changed: &[String], field: &str) -> bool {
    changed.iter().any(|changed| changed == field)
}

fn list(changed: &[String]) -> String {
    let words: Vec<String> = changed
        .iter()
        .filter(|field| *field != "rank")
        .map(|field| match field.as_str() {
            "agent" => "profile".to_owned(),
            field => field.replace('_', " "),
        })
        .collect();
    match words.split_last() {
        None => "place".into(),
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}
