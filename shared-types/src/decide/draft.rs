//! A decision in the making: the model with the events so far applied.

use super::{Context, Decision, Subject, limits::RESTORE_MILLIS};
use crate::{
    command::Expected,
    error::{ErrorCode, Rejection},
    event::{Event, EventBody},
    model::{Entity, Stamp},
    state::{Organization, Reach},
    value::{IdSource, RunId, Timestamp},
};

pub(super) struct Draft<'a> {
    /// With the events so far applied: each rule sees what those before it have done.
    pub(super) model: Organization,
    pub(super) context: &'a Context,
    /// The run in which an agent does this, if it is done in one.
    pub(super) acting: Option<RunId>,
    /// Whether runs follow what is done to items.
    pub(super) quiet: bool,
    ids: IdSource,
    events: Vec<Event>,
    reaches: Vec<Reach>,
}

impl<'a> Draft<'a> {
    pub(super) fn new(organization: &Organization, context: &'a Context) -> Self {
        Self {
            model: organization.clone(),
            context,
            acting: None,
            quiet: false,
            ids: IdSource::new(context.at, context.entropy),
            events: Vec::new(),
            reaches: Vec::new(),
        }
    }

    pub(super) fn finish(self, subject: Subject) -> Decision {
        Decision {
            events: self.events,
            organization: self.model,
            reaches: self.reaches,
            subject,
        }
    }

    /// Makes something happen.
    pub(super) fn emit(&mut self, body: EventBody) {
        let mut actor = self.context.actor.clone();
        actor.run = actor.run.or(self.acting);
        let event = Event {
            id: self.ids.fresh(),
            seq: self.model.seq + 1,
            at: self.context.at,
            actor,
            cause: self.context.cause.as_str().into(),
            body,
        };
        self.reaches.push(self.model.apply(&event));
        self.events.push(event);
    }

    /// The stamp of a new entity: with the id asked for, if it is free, else with a fresh one.
    pub(super) fn stamp<Id: From<uuid::Uuid> + std::fmt::Display>(
        &mut self,
        asked: Option<Id>,
        taken: impl FnOnce(&Organization, &Id) -> bool,
    ) -> Result<Stamp<Id>, Rejection> {
        let id = match asked {
            Some(id) if taken(&self.model, &id) => {
                let message =
                    format!("{id} is the id of something else: choose another, or leave it out");
                return Err(Rejection::field(ErrorCode::IdTaken, "/id", message));
            }
            Some(id) => id,
            None => self.ids.fresh(),
        };
        Ok(Stamp::new(id, self.context.at))
    }
}

/// Refuses a command that was meant for another version.
pub(super) fn check_version(
    entity: &impl Entity,
    expected: Expected,
    subject: Subject,
) -> Result<(), Rejection> {
    match expected {
        Some(expected) if expected != entity.version() => {
            let detail = format!(
                "It is at version {}, and If-Match names {expected}: read it again and repeat the change.",
                entity.version()
            );
            let mut rejection = Rejection::new(ErrorCode::VersionMismatch, detail);
            rejection.subject = Some(subject);
            Err(rejection)
        }
        _ => Ok(()),
    }
}

/// Refuses restoring what is not deleted, or was deleted too long ago.
pub(super) fn check_restorable(
    what: &str,
    name: impl std::fmt::Display,
    deleted: Option<Timestamp>,
    now: Timestamp,
) -> Result<(), Rejection> {
    let Some(deleted) = deleted else {
        return Err(Rejection::new(
            ErrorCode::NotDeleted,
            format!("The {what} {name} is not deleted."),
        ));
    };
    if now.as_millis() - deleted.as_millis() > RESTORE_MILLIS {
        let detail =
            format!("The {what} {name} was deleted at {deleted}, and can be restored for 30 days.");
        return Err(Rejection::new(ErrorCode::RestoreExpired, detail));
    }
    Ok(())
}

/// The names of the fields in which two entities differ.
macro_rules! changed {
    ($before:expr, $after:expr, $($field:ident),+ $(,)?) => {{
        let mut changed: Vec<String> = Vec::new();
        $(if $before.$field != $after.$field { changed.push(stringify!($field).to_owned()); })+
        changed
    }};
}
pub(super) use changed;
