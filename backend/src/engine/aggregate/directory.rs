use bytes::Bytes;
use shared_types::{
    Directory, Rejection,
    decide::Context,
    directory::{
        DirectoryCommand, DirectoryDecision, DirectoryEvent, DirectorySubject, ProofChange,
        SavedDirectory, decide,
    },
    state::Reach,
    value::Timestamp,
};

use super::{Aggregate, Decided, NewEvent, Refused, Replayed};

impl Aggregate for Directory {
    const HAS_PROOFS: bool = true;
    type Command = DirectoryCommand;
    type Subject = DirectorySubject;
    type Origin = ();
    type Saved = SavedDirectory;

    fn begin((): ()) -> Self {
        Self::default()
    }

    fn begun_at((): &()) -> Timestamp {
        Timestamp::from_millis(0)
    }

    fn seq(&self) -> u64 {
        self.seq
    }

    fn decide(
        &self,
        command: &DirectoryCommand,
        context: &Context,
    ) -> Result<Decided<Self>, Refused> {
        let DirectoryDecision {
            events,
            directory,
            subject,
        } = decide(self, command, context)?;
        let encode = |(event, proofs): (DirectoryEvent, Vec<ProofChange>)| {
            Ok(NewEvent {
                seq: event.seq,
                id: event.id,
                at: event.at,
                frame: Bytes::from(serde_json::to_vec(&event)?),
                // Nobody follows the directory by topics.
                reach: Reach::default(),
                proofs,
            })
        };
        Ok(Decided {
            events: events
                .into_iter()
                .map(encode)
                .collect::<Result<_, serde_json::Error>>()?,
            aggregate: directory,
            subject,
        })
    }

    fn replay(&mut self, frame: &[u8]) -> Result<Replayed, String> {
        let event: DirectoryEvent =
            serde_json::from_slice(frame).map_err(|error| error.to_string())?;
        self.apply(&event);
        Ok(Replayed {
            at: event.at,
            rollups: Vec::new(),
        })
    }

    /// What the directory holds has no versions.
    fn version(&self, _: DirectorySubject) -> u64 {
        0
    }

    fn at_issue(_: &Rejection) -> Option<DirectorySubject> {
        None
    }

    fn save(&self) -> SavedDirectory {
        Directory::save(self)
    }

    fn load(saved: SavedDirectory) -> Self {
        Directory::load(saved)
    }

    fn take_proofs(&mut self, proofs: Vec<ProofChange>) {
        self.keep_only(&proofs);
    }
}
