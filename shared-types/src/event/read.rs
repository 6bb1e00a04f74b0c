//! Reading events from the wire.

use serde::de::Error as _;
use serde_json::{Error, Value};

use super::{Event, EventBody};
use crate::json::{read_from_value, take};

read_from_value!(Event, event);

fn event(mut value: Value) -> Result<Event, Error> {
    Ok(Event {
        id: take(&mut value, "id")?,
        seq: take(&mut value, "seq")?,
        at: take(&mut value, "at")?,
        actor: take(&mut value, "actor")?,
        cause: take(&mut value, "cause")?,
        body: body(value)?,
    })
}

fn body(mut event: Value) -> Result<EventBody, Error> {
    let kind: String = take(&mut event, "type")?;
    let mut data: Value = take(&mut event, "data")?;
    let data = &mut data;
    Ok(match kind.as_str() {
        "organization.updated" => EventBody::OrganizationUpdated {
            organization: take(data, "organization")?,
            changed: take(data, "changed")?,
        },
        "project.created" => EventBody::ProjectCreated {
            project: take(data, "project")?,
        },
        "project.updated" => EventBody::ProjectUpdated {
            project: take(data, "project")?,
            changed: take(data, "changed")?,
        },
        "project.deleted" => EventBody::ProjectDeleted {
            project: take(data, "project")?,
        },
        "project.restored" => EventBody::ProjectRestored {
            project: take(data, "project")?,
        },
        "team.created" => EventBody::TeamCreated {
            team: take(data, "team")?,
        },
        "team.updated" => EventBody::TeamUpdated {
            team: take(data, "team")?,
            changed: take(data, "changed")?,
        },
        "team.deleted" => EventBody::TeamDeleted {
            team: take(data, "team")?,
        },
        "team.restored" => EventBody::TeamRestored {
            team: take(data, "team")?,
        },
        "member.created" => EventBody::MemberCreated {
            member: take(data, "member")?,
        },
        "member.updated" => EventBody::MemberUpdated {
            member: take(data, "member")?,
            changed: take(data, "changed")?,
        },
        "member.deleted" => EventBody::MemberDeleted {
            member: take(data, "member")?,
        },
        "member.restored" => EventBody::MemberRestored {
            member: take(data, "member")?,
        },
        "item.created" => EventBody::ItemCreated {
            item: take(data, "item")?,
        },
        "item.updated" => EventBody::ItemUpdated {
            item: take(data, "item")?,
            changed: take(data, "changed")?,
        },
        "item.deleted" => EventBody::ItemDeleted {
            item: take(data, "item")?,
        },
        "item.restored" => EventBody::ItemRestored {
            item: take(data, "item")?,
        },
        "comment.created" => EventBody::CommentCreated {
            comment: take(data, "comment")?,
            comments: take(data, "comments")?,
        },
        "comment.updated" => EventBody::CommentUpdated {
            comment: take(data, "comment")?,
            changed: take(data, "changed")?,
        },
        "comment.deleted" => EventBody::CommentDeleted {
            comment: take(data, "comment")?,
            comments: take(data, "comments")?,
        },
        "comment.restored" => EventBody::CommentRestored {
            comment: take(data, "comment")?,
            comments: take(data, "comments")?,
        },
        "run.created" => EventBody::RunCreated {
            run: take(data, "run")?,
        },
        "run.updated" => EventBody::RunUpdated {
            run: take(data, "run")?,
            changed: take(data, "changed")?,
        },
        "budget.updated" => EventBody::BudgetUpdated {
            budget: take(data, "budget")?,
            changed: take(data, "changed")?,
        },
        other => {
            return Err(Error::custom(format_args!(
                "type: {other} is no type of event"
            )));
        }
    })
}
