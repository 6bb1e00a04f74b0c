//! What was deleted, and how it comes back.

use std::{sync::Arc, time::Duration};

use shared_types::{
    event::{Event, EventBody},
    model::{Entity, Project},
    value::ProjectId,
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

/// What stands in an address that leads to nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct Sought {
    /// What it is, such as `project`.
    pub what: &'static str,
    /// Its slug, key or id.
    pub name: AttrValue,
    /// The project that a team is sought in: another one may have one of that name.
    pub within: Option<ProjectId>,
}

/// The event that deleted it, while `is_wanted`: from what the page has seen, or else from the server.
#[hook]
pub fn use_deletion(sought: Sought, is_wanted: bool) -> Option<Arc<Event>> {
    let seen = {
        let sought = sought.clone();
        use_select(move |state| {
            let mut search = Search::new(&sought);
            state
                .recent()
                .find_map(|event| search.look(event))
                .flatten()
        })
    };
    let found = use_state(|| None::<Arc<Event>>);
    let asks = (sought, is_wanted && seen.is_none());
    use_effect_with(asks, {
        let found = found.clone();
        move |(sought, is_wanted)| {
            found.set(None);
            if *is_wanted {
                let sought = sought.clone();
                spawn_local(async move { found.set(find(&sought).await) });
            }
        }
    });
    (*seen).clone().or_else(|| (*found).clone())
}

/// Looks through what has happened, as far as it was not in vain for too long.
async fn find(sought: &Sought) -> Option<Arc<Event>> {
    const RETRY: Duration = Duration::from_secs(3);
    let mut search = Search::new(sought);
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
        if let Some(found) = events.find_map(|event| search.look(event)) {
            return found;
        }
        page.next?;
        before = Some(page.items.last()?.seq);
    }
    None
}

/// A search through events, the newest first.
struct Search<'a> {
    sought: &'a Sought,
    /// What contained it was deleted and is there again: the deletion took it along, and the restoring brought it back.
    is_container_back: bool,
}

impl<'a> Search<'a> {
    fn new(sought: &'a Sought) -> Self {
        Self {
            sought,
            is_container_back: false,
        }
    }

    /// What an event says of it, if anything: that it deleted it, or (none) that it is there again.
    fn look(&mut self, event: &Arc<Event>) -> Option<Option<Arc<Event>>> {
        match &event.body {
            EventBody::ProjectRestored { project } if self.may_be_in(project) => {
                self.is_container_back = true;
                None
            }
            EventBody::ProjectDeleted { project } if self.may_be_in(project) => {
                (!self.is_container_back).then(|| Some(event.clone()))
            }
            body if self.is_about_it(body) => {
                let is_deleted = body.name().ends_with(".deleted");
                Some(is_deleted.then(|| event.clone()))
            }
            _ => None,
        }
    }

    /// Whether an item's key says that it is in this project.
    fn may_be_in(&self, project: &Project) -> bool {
        let key = self.sought.name.split_once('-').map(|(key, _)| key);
        self.sought.what == "item"
            && key.is_some_and(|key| project.key.to_string().eq_ignore_ascii_case(key))
    }

    fn is_about_it(&self, body: &EventBody) -> bool {
        let is = |kind: &str, names: &[&str]| {
            let is_named = |name: &&str| name.eq_ignore_ascii_case(&self.sought.name);
            kind == self.sought.what && names.iter().any(is_named)
        };
        match body {
            EventBody::ProjectDeleted { project } | EventBody::ProjectRestored { project } => {
                is("project", &[&project.slug, &project.id().to_string()])
            }
            EventBody::TeamDeleted { team } | EventBody::TeamRestored { team } => {
                self.sought
                    .within
                    .is_none_or(|project| project == team.project)
                    && is("team", &[&team.slug, &team.id().to_string()])
            }
            EventBody::MemberDeleted { member } | EventBody::MemberRestored { member } => {
                is("member", &[&member.slug, &member.id().to_string()])
            }
            EventBody::ItemDeleted { item } | EventBody::ItemRestored { item } => {
                is("item", &[&item.key.to_string(), &item.id().to_string()])
            }
            _ => false,
        }
    }
}
