//! How the worker asks for changes.

use shared_types::{
    command::Command,
    event::{Actor, ActorKind},
    model::{Entity, Run},
    state::Sight,
};

use crate::engine::Request;

/// A command by the member whose run it is, in the run.
pub fn request(run: &Run, command: Command) -> Request {
    Request {
        command,
        actor: Actor {
            kind: ActorKind::Agent,
            id: run.member.to_string().into(),
            run: Some(run.id()),
        },
        member: Some(run.member),
        cause: format!("run-{}", run.id()),
        sight: Sight::Organization,
        from: None,
        idempotency: None,
    }
}
