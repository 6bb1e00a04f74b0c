//! How an organization begins: what it starts from, and the first things that happen in it.

use shared_types::{
    Context, Organization,
    command::{Command, NewMember},
    event::{Actor, ActorKind},
    model::{MemberKind, OrganizationProfile, Stamp},
    state::Sight,
    value::{IdSource, Invalid, Timestamp},
};

use crate::engine::Aggregate;

/// An organization before its first event, and its first commands in order.
#[derive(Debug)]
pub struct Founding<A: Aggregate = Organization> {
    pub origin: A::Origin,
    pub steps: Vec<Step<A>>,
}

/// One command with the time and the member it is told of.
#[derive(Debug)]
pub struct Step<A: Aggregate = Organization> {
    pub context: Context,
    pub command: A::Command,
}

/// An organization with one person in it, who owns it. `entropy` is random.
pub fn empty(now: Timestamp, entropy: u128) -> Result<Founding, Invalid> {
    let mut ids = IdSource::new(now, entropy);
    let organization = OrganizationProfile {
        stamp: Stamp::new(ids.fresh(), now),
        slug: "my-organization".parse()?,
        name: "My organization".parse()?,
        agents_stopped: false,
    };
    let new = NewMember {
        id: Some(ids.fresh()),
        name: "Owner".parse()?,
        slug: None,
        title: None,
        kind: MemberKind::Human,
        agent: None,
    };
    let context = Context {
        at: now,
        // Apart from the ids given out above.
        entropy: entropy ^ (1 << 72),
        actor: Actor {
            kind: ActorKind::System,
            id: "founding".into(),
            run: None,
        },
        member: None,
        cause: "founding".into(),
        sight: Sight::Organization,
        from: None,
    };
    Ok(Founding {
        origin: organization,
        steps: vec![Step {
            context,
            command: Command::CreateMember { new },
        }],
    })
}
