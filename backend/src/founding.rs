//! How an organization begins: what it starts from, and the first things that happen in it.

use shared_types::{
    Context,
    command::{Command, NewMember},
    event::{Actor, ActorKind},
    model::{MemberKind, OrganizationProfile, Stamp},
    value::{IdSource, Invalid, Timestamp},
};

/// An organization before its first event, and its first commands in order.
#[derive(Debug)]
pub struct Founding {
    pub organization: OrganizationProfile,
    pub steps: Vec<Step>,
}

/// One command with the time and the member it is told of.
#[derive(Debug)]
pub struct Step {
    pub context: Context,
    pub command: Command,
}

/// An organization with one person in it, who owns it. `entropy` is random.
pub fn empty(now: Timestamp, entropy: u128) -> Result<Founding, Invalid> {
    let mut ids = IdSource::new(now, entropy);
    let organization = OrganizationProfile {
        stamp: Stamp::new(ids.fresh(), now),
        slug: "my-organization".parse()?,
        name: "My organization".parse()?,
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
    };
    Ok(Founding {
        organization,
        steps: vec![Step {
            context,
            command: Command::CreateMember { new },
        }],
    })
}
