use std::{collections::BTreeMap, sync::Arc};

use bytes::Bytes;
use shared_types::{
    Organization, Rejection,
    command::Command,
    decide::{self, Context, Decision, Subject},
    directory::ProofChange,
    model::{Entity, OrganizationProfile},
    state::SavedOrganization,
    value::Timestamp,
    wire::{EventMessage, ServerMessage},
};

use super::{Aggregate, Decided, NewEvent, Refused, Replayed};

impl Aggregate for Organization {
    const HAS_PROOFS: bool = false;
    type Command = Command;
    type Subject = Subject;
    type Origin = OrganizationProfile;
    type Saved = SavedOrganization;

    fn begin(origin: OrganizationProfile) -> Self {
        Self::new(origin)
    }

    fn begun_at(origin: &OrganizationProfile) -> Timestamp {
        origin.stamp.created_at
    }

    fn seq(&self) -> u64 {
        self.seq
    }

    fn decide(&self, command: &Command, context: &Context) -> Result<Decided<Self>, Refused> {
        let Decision {
            events,
            organization,
            reaches,
            subject,
        } = decide::decide(self, command, context)?;
        let encode = |(event, reach): (shared_types::Event, shared_types::state::Reach)| {
            let (seq, id, at) = (event.seq, event.id, event.at);
            let prev: BTreeMap<_, _> = reach.topics.iter().copied().collect();
            let message = ServerMessage::Event(EventMessage {
                prev,
                event: Arc::new(event),
            });
            Ok(NewEvent {
                seq,
                id,
                at,
                frame: Bytes::from(serde_json::to_vec(&message)?),
                reach,
                proofs: Vec::new(),
            })
        };
        Ok(Decided {
            events: events
                .into_iter()
                .zip(reaches)
                .map(encode)
                .collect::<Result<_, serde_json::Error>>()?,
            aggregate: organization,
            subject,
        })
    }

    fn replay(&mut self, frame: &[u8]) -> Result<Replayed, String> {
        let message: EventMessage =
            serde_json::from_slice(frame).map_err(|error| error.to_string())?;
        let reach = self.apply(&message.event);
        Ok(Replayed {
            at: message.event.at,
            rollups: reach.rollups,
        })
    }

    fn version(&self, subject: Subject) -> u64 {
        let version = match subject {
            Subject::Organization => Some(self.profile.version()),
            Subject::Project(id) => self.project(id).map(|project| project.version()),
            Subject::Team(id) => self.team(id).map(|team| team.version()),
            Subject::Member(id) => self.member(id).map(|member| member.version()),
            Subject::Item(id) => self.item(id).map(|item| item.version()),
            Subject::Comment(id) => self.comment(id).map(|comment| comment.version()),
            Subject::Run(id) => self.run(id).map(|run| run.version()),
            // Whoever sets it says all there is to it.
            Subject::Budget(_) => None,
        };
        version.unwrap_or(0)
    }

    fn at_issue(rejection: &Rejection) -> Option<Subject> {
        rejection.subject
    }

    fn save(&self) -> SavedOrganization {
        Organization::save(self)
    }

    fn load(saved: SavedOrganization) -> Self {
        Organization::load(saved)
    }

    /// Nobody proves anything to an organization.
    fn take_proofs(&mut self, _: Vec<ProofChange>) {}
}
