//! What was deleted, and how it comes back.

use std::{sync::Arc, time::Duration};

use shared_types::{
    event::{Event, EventBody},
    model::Entity,
};
use uuid::Uuid;
use wasm_bindgen_futures::spawn_local;
use yew::{platform::time::sleep, prelude::*};

use super::{Action, State, Store, activity::page, ids::now, use_select};

/// For how long something deleted can be restored.
const RESTORABLE_MS: i64 = 30 * 24 * 60 * 60 * 1_000;

/// How many events are asked for at a time, and how often at most: it is somewhere among the latest.
const PAGE: usize = 200;
const PAGES: usize = 25;

/// What an event that makes something appear or go is about.
pub fn subject(body: &EventBody) -> Option<Uuid> {
    Some(match body {
        EventBody::ProjectDeleted { project } | EventBody::ProjectRestored { project } => {
            project.id().uuid()
        }
        EventBody::TeamDeleted { team } | EventBody::TeamRestored { team } => team.id().uuid(),
        EventBody::MemberDeleted { member } | EventBody::MemberRestored { member } => {
            member.id().uuid()
        }
        EventBody::ItemDeleted { item } | EventBody::ItemRestored { item } => item.id().uuid(),
        _ => return None,
    })
}

/// What one must be allowed to do to take a deletion back; none for any other event.
fn restoring(body: &EventBody) -> Option<Action> {
    Some(match body {
        EventBody::ProjectDeleted { .. } => Action::DeleteProjects,
        EventBody::MemberDeleted { .. } => Action::ManageMembers,
        EventBody::TeamDeleted { .. } | EventBody::ItemDeleted { .. } => Action::Work,
        _ => return None,
    })
}

impl State {
    /// Whether what an event deleted can be restored by this browser's user, as far as that event tells.
    pub fn may_restore(&self, event: &Event) -> bool {
        let is_recent = now().as_millis() - event.at.as_millis() < RESTORABLE_MS;
        let is_pending = subject(&event.body).is_some_and(|id| self.is_pending(id));
        is_recent && !is_pending && restoring(&event.body).is_some_and(|action| self.may(action))
    }
}

impl Store {
    /// Brings back what an event deleted.
    pub fn restore_deleted(&self, event: &Event) {
        match &event.body {
            EventBody::ProjectDeleted { project } => self.restore_project(project.id(), None),
            EventBody::TeamDeleted { team } => self.restore_team(team.project, team.id(), None),
            EventBody::MemberDeleted { member } => self.restore_member(member.id(), None),
            EventBody::ItemDeleted { item } => self.restore_item(item.id()),
            _ => {}
        }
    }
}

/// The event that deleted what stands in an address (`what`, such as `project`, and its slug, key or id), while
/// `is_wanted`: from what the page has seen, or else from the server.
#[hook]
pub fn use_deletion(what: &'static str, name: &AttrValue, is_wanted: bool) -> Option<Arc<Event>> {
    let seen = {
        let name = name.clone();
        use_select(move |state| {
            let mut events = state.recent();
            events
                .find_map(|event| concerns(event, what, &name))
                .flatten()
        })
    };
    let found = use_state(|| None::<Arc<Event>>);
    let asks = (name.clone(), is_wanted && seen.is_none());
    use_effect_with(asks, {
        let found = found.clone();
        move |(name, is_wanted)| {
            found.set(None);
            if *is_wanted {
                let name = name.clone();
                spawn_local(async move { found.set(find(what, &name).await) });
            }
        }
    });
    (*seen).clone().or_else(|| (*found).clone())
}

/// Looks through what has happened, as far as it was not in vain for too long.
async fn find(what: &str, name: &str) -> Option<Arc<Event>> {
    const RETRY: Duration = Duration::from_secs(3);
    let mut before = None;
    for _ in 0..PAGES {
        let page = loop {
            match page("all", PAGE, before).await {
                Ok(page) => break page,
                Err(failure) if failure.is_retryable() => sleep(RETRY).await,
                Err(_) => return None,
            }
        };
        let mut events = page.items.iter();
        if let Some(found) = events.find_map(|event| concerns(event, what, name)) {
            return found;
        }
        page.next?;
        before = Some(page.items.last()?.seq);
    }
    None
}

/// Whether an event tells what became of what an address speaks of: it was deleted by this one, or is there again. What is
/// in a deleted project went with it.
fn concerns(event: &Arc<Event>, what: &str, name: &str) -> Option<Option<Arc<Event>>> {
    let is = |kind: &str, names: &[&str]| {
        kind == what && names.iter().any(|one| one.eq_ignore_ascii_case(name))
    };
    let is_deleted = event.body.name().ends_with(".deleted");
    let is_it = match &event.body {
        EventBody::ProjectDeleted { project } | EventBody::ProjectRestored { project } => {
            let begins = || {
                name.split_once('-')
                    .is_some_and(|(key, _)| project.key.to_string().eq_ignore_ascii_case(key))
            };
            is("project", &[&project.slug, &project.id().to_string()]) || what == "item" && begins()
        }
        EventBody::TeamDeleted { team } | EventBody::TeamRestored { team } => {
            is("team", &[&team.slug, &team.id().to_string()])
        }
        EventBody::MemberDeleted { member } | EventBody::MemberRestored { member } => {
            is("member", &[&member.slug, &member.id().to_string()])
        }
        EventBody::ItemDeleted { item } | EventBody::ItemRestored { item } => {
            is("item", &[&item.key.to_string(), &item.id().to_string()])
        }
        _ => false,
    };
    is_it.then(|| is_deleted.then(|| event.clone()))
}
