//! Sending writes: in order where one speaks of what another is about, side by side where not, and again until answered.

use std::time::Duration;

use gloo::{
    storage::{LocalStorage, Storage},
    timers::callback::Timeout,
};
use serde::Deserialize;
use shared_types::{event::EventBody, model::Entity};
use uuid::Uuid;
use wasm_bindgen_futures::spawn_local;
use yew::platform::time::sleep;

use super::{
    State, Store,
    merge::Touched,
    outbox::{Draft, Stage, Write},
    undo::Step,
};
use crate::{
    json,
    net::rest::{self, Answer, Failure},
    parts,
};

/// Until the next try after the server was not reached. That it is back is also told by the live line.
const RETRY_MS: u32 = 3_000;

impl Store {
    /// Does something that `undo` takes back and `redo` does again; it is shown at once.
    pub(super) fn perform(&self, draft: Draft, undo: Vec<Draft>, redo: Vec<Draft>) {
        let what = draft.what.clone();
        let write = self.submit(draft);
        if !undo.is_empty() {
            self.update(|state| {
                state.undo.note(Step {
                    what,
                    undo,
                    redo,
                    writes: vec![write],
                })
            });
        }
    }

    /// Shows a write at once and sends it.
    pub(super) fn submit(&self, draft: Draft) -> Uuid {
        let id = super::ids::fresh_uuid();
        self.update(|state| {
            // Nothing is offered before it is known who is here.
            let Some(by) = state.principal().map(|me| me.id.to_string()) else {
                return;
            };
            let subject = draft.effects.first().filter(|_| draft.checks_version);
            let expected =
                subject.and_then(|effect| state.version_confirmed(effect.kind, effect.id));
            let at = js_sys::Date::now();
            let write = Write {
                id,
                by,
                draft,
                expected,
                at,
                stage: Stage::Waiting,
                is_confirmed: false,
                tries: 0,
            };
            let touched = write.touched();
            state.outbox.push(write);
            state.unfinished.leave_with(id);
            state.refresh(Touched::These(touched));
        });
        if let Some(line) = self.line() {
            line.sent(id);
        }
        self.pump();
        id
    }

    /// Takes over writes that were never answered, such as those of this page before it was loaded again.
    fn adopt(&self, writes: Vec<Write>) {
        self.update(|state| {
            state.outbox.leave(writes);
            state.claim_writes();
        });
        self.pump();
    }

    /// Sends what can be sent.
    pub fn pump(&self) {
        let next = |state: &mut State| {
            let may = state.may_send();
            may.then(|| state.outbox.take_sendable()).flatten()
        };
        while let Some(write) = self.update(next) {
            let store = self.clone();
            spawn_local(async move {
                let outcome = send(&write).await;
                store.answered(&write, outcome);
                store.pump();
            });
        }
        self.save_outbox();
    }

    fn answered(&self, write: &Write, outcome: Result<Answer, Failure>) {
        match outcome {
            Ok(answer) => {
                self.update(|state| {
                    state.outbox.not_taken = None;
                    state.unfinished.arrived(write.id);
                    if let (Some(effect), Some(version)) =
                        (write.draft.effects.first(), version_in(&answer.body))
                    {
                        state.outbox.seen(effect.id, version);
                    }
                    let Some(ours) = state.outbox.get_mut(write.id) else {
                        return;
                    };
                    match answer.cursor {
                        Some(cursor) if !ours.is_confirmed => {
                            ours.stage = Stage::Written(cursor);
                            if let Some(position) = state.position.clone() {
                                state.reached(&position);
                            }
                        }
                        _ => {
                            state.outbox.remove(write.id);
                            state.refresh(Touched::These(write.touched()));
                        }
                    }
                });
                if write.draft.brings_back() {
                    // No topic that is followed need tell of it: its own was gone. Another server may tell later.
                    self.ask_again();
                    self.later(Store::ask_again);
                }
            }
            // What nobody may do its writer may do again, once signed in.
            Err(failure) if failure.is_retryable() || failure.is_nobody() => {
                if failure.is_nobody() {
                    self.ask_who();
                }
                self.update(|state| {
                    if let Some(ours) = state.outbox.get_mut(write.id) {
                        ours.stage = Stage::Waiting;
                        ours.tries += 1;
                    }
                    state.outbox.is_held = true;
                    state.not_taken(&failure);
                });
                self.later(Store::retry_writes);
            }
            Err(failure) => {
                if failure.is_refused_to_us() {
                    self.ask_who();
                }
                self.update(|state| {
                    state.outbox.remove(write.id);
                    state.undo.forget(write.id);
                    state.unfinished.come_back(write.id, &failure);
                    state.keep_texts();
                    state.refresh(Touched::These(write.touched()));
                    let why = state.why_refused(write, &failure);
                    state.toasts.refused(&write.draft.what, &why);
                })
            }
        }
    }

    /// Does something when the server may be there again, which did not answer.
    pub(super) fn later(&self, act: fn(&Store)) {
        let store = self.clone();
        Timeout::new(RETRY_MS, move || act(&store)).forget();
    }

    /// The server may be there again: sends what waits.
    pub fn retry_writes(&self) {
        self.update(|state| state.outbox.is_held = false);
        self.pump();
    }

    fn save_outbox(&self) {
        let (key, writes) = self.read(|state| {
            let writes: Vec<Write> = state.outbox.to_keep().cloned().collect();
            (state.outbox.key.clone(), writes)
        });
        if key.is_empty() {
            return;
        }
        if writes.is_empty() {
            LocalStorage::delete(key);
        } else {
            // A full or forbidden storage costs the writes that wait only if the page is closed while offline.
            let _ = json::keep(&LocalStorage::raw(), &key, &writes);
        }
    }

    /// This is that tab: it goes on with what it had not sent when it was loaded again.
    pub fn own_outbox(&self, tab: &str) {
        let key = format!("{OUTBOX}{tab}");
        let kept = key.clone();
        // Only then is it written over.
        self.take_unsent(&key, move |store| {
            store.update(|state| state.outbox.key = kept);
            store.pump();
        });
    }

    /// Takes over what is kept under a name, if anything, and then says so. What reads it is a part of the app of its own,
    /// since most visits find nothing; it is tried until it can be loaded.
    pub fn take_unsent(&self, key: &str, taken: impl FnOnce(&Store) + 'static) {
        let Some(text) = LocalStorage::raw().get_item(key).ok().flatten() else {
            return taken(self);
        };
        let store = self.clone();
        spawn_local(async move {
            let read = loop {
                match parts::unsent().await {
                    Ok(read) => break read,
                    Err(_) => sleep(Duration::from_millis(RETRY_MS.into())).await,
                }
            };
            store.adopt(read(&text).unwrap_or_default());
            taken(&store);
        });
    }

    /// Another tab has sent this write: its events are no news here.
    pub fn sent_elsewhere(&self, write: Uuid) {
        self.update(|state| state.outbox.note_sent(write));
    }
}

impl State {
    /// The server answers, but takes nothing for now: that is said once, since the live line is well.
    fn not_taken(&mut self, failure: &Failure) {
        let Failure::Refused(problem) = failure else {
            // Why it took nothing when it was reached need not be so any more.
            self.outbox.not_taken = None;
            return;
        };
        let is_news = self.outbox.not_taken.is_none() && !failure.is_nobody();
        if is_news {
            let why = &problem.detail;
            let text = format!("Changes wait: {why} They are kept here and sent by themselves.");
            self.toasts.tell(&text);
        }
        self.outbox.not_taken = Some(problem.detail.clone());
    }

    /// Why a write was refused, for a person: of what is gone, its name rather than the id it was asked for by.
    fn why_refused(&self, write: &Write, failure: &Failure) -> String {
        const GONE: u16 = 404;
        if failure.status() != Some(GONE) {
            return failure.message();
        }
        let ids = write.draft.effects.iter().map(|effect| effect.id);
        // That it is gone may be answered before it is told: then it is what was asked for.
        let asked_for = |id: &Uuid| write.draft.path.contains(&id.to_string());
        let name = ids
            .clone()
            .find_map(|id| self.name_of_deleted(id))
            .or_else(|| ids.filter(asked_for).find_map(|id| self.name_of_item(id)));
        match name {
            Some(name) => format!("{name} was deleted meanwhile."),
            // It may never have been what somebody here could see.
            None => "What it is about is not there any more.".into(),
        }
    }

    fn name_of_item(&self, id: Uuid) -> Option<String> {
        Some(self.item(id.into())?.key.to_string())
    }

    /// The name of what somebody has deleted lately.
    fn name_of_deleted(&self, id: Uuid) -> Option<String> {
        self.recent().find_map(|event| match &event.body {
            EventBody::ItemDeleted { item } if item.id().uuid() == id => Some(item.key.to_string()),
            EventBody::ProjectDeleted { project } if project.id().uuid() == id => {
                Some(project.name.to_string())
            }
            EventBody::TeamDeleted { team } if team.id().uuid() == id => {
                Some(team.name.to_string())
            }
            EventBody::MemberDeleted { member } if member.id().uuid() == id => {
                Some(member.name.to_string())
            }
            _ => None,
        })
    }
}

/// Reads what was kept of writes that wait.
pub fn read_unsent(text: &str) -> Option<Vec<Write>> {
    json::read(text)
}

/// Where the writes that wait are kept, by tab.
pub const OUTBOX: &str = "devteam.outbox.";

async fn send(write: &Write) -> Result<Answer, Failure> {
    let id = write.id.to_string();
    let expected = write.expected.map(|version| format!("\"{version}\""));
    let mut headers = vec![
        ("idempotency-key", id.as_str()),
        ("x-request-id", id.as_str()),
    ];
    headers.extend(expected.as_deref().map(|version| ("if-match", version)));
    let body = write.draft.body.as_ref().map(ToString::to_string);
    rest::request(
        write.draft.method.as_str(),
        &write.draft.path,
        &headers,
        body.as_deref(),
        None,
    )
    .await
}

fn version_in(body: &str) -> Option<u64> {
    #[derive(Deserialize)]
    struct Versioned {
        version: u64,
    }
    json::read::<Versioned>(body).map(|entity| entity.version)
}
