use std::convert::Infallible;

use sea_orm::DatabaseConnection;
use shared_types::{
    model::{Entity, OrganizationProfile},
    value::EventId,
    wire::Cursor,
};

use super::{
    Anew, Database, SqlError,
    copy::{Before, Copy, Position},
    progress::Progress,
    projection::{Batch, Incoming},
    source::{Begun, Source, SourceError, oldest},
};

/// Keeps the copy of one organization.
pub struct Agent<S> {
    pool: DatabaseConnection,
    source: S,
    anew: Anew,
}

/// Where following goes on.
struct Start {
    at: Position,
    /// The end of the line, as it was.
    head: u64,
    /// What was read already.
    pending: Vec<Incoming>,
}

impl<S: Source> Agent<S> {
    /// An agent that writes what the source tells.
    pub fn new(database: &Database, source: S, anew: Anew) -> Self {
        Self {
            pool: database.pool.clone(),
            source,
            anew,
        }
    }

    /// Follows without end, through whatever passes. What it answers does not pass.
    pub async fn follow(mut self) -> SqlError {
        loop {
            let error = match self.follow_on().await {
                Ok(never) => match never {},
                Err(error) => error,
            };
            if !error.is_passing() {
                return error;
            }
            let pause = self.source.pause();
            tracing::warn!(%error, pause_ms = pause.as_millis(), "the copy stands still, to go on by itself");
            tokio::time::sleep(pause).await;
        }
    }

    async fn follow_on(&mut self) -> Result<Infallible, SqlError> {
        let profile = self.source.organization().await?;
        let copy = Copy {
            of: profile.id(),
            pool: self.pool.clone(),
        };
        let known = copy.position().await?;
        let Start {
            mut at,
            head,
            mut pending,
        } = match known {
            Some(at) if !self.anew.is_due(copy.of) => self.go_on(&copy, at, &profile).await?,
            known => self.begin_anew(&copy, known.as_ref(), &profile).await?,
        };
        self.anew.is_done(copy.of);
        tracing::info!(organization = %profile.slug, cursor = %at.cursor, head, "the copy follows");
        self.source.copied(at.cursor.seq).await;
        let mut progress = Progress::new(at.cursor.seq, head);
        loop {
            let events = match std::mem::take(&mut pending) {
                none if none.is_empty() => self.source.next().await?,
                some => some,
            };
            at = write(&copy, events, &at).await?;
            self.source.copied(at.cursor.seq).await;
            if progress
                .as_mut()
                .is_some_and(|progress| !progress.at(at.cursor.seq))
            {
                progress = None;
            }
        }
    }

    /// Goes on behind what is there, if that is still how the line begins.
    async fn go_on(
        &mut self,
        copy: &Copy,
        at: Position,
        profile: &OrganizationProfile,
    ) -> Result<Start, SqlError> {
        let Cursor { epoch, seq } = at.cursor.clone();
        // One event before, to see that it is the one that was copied.
        let begun = self.source.begin(seq.saturating_sub(1)).await?;
        if begun.is_resumed && begun.head >= seq {
            let first = match seq {
                0 => Some((None, Vec::new())),
                _ => {
                    let mut events = self.source.next().await?;
                    let rest = events.split_off(1.min(events.len()));
                    events.pop().map(|first| (Some(first.id), rest))
                }
            };
            let same_epoch = begun.epoch == epoch;
            if let Some((id, pending)) = first
                && (id == at.event || at.event.is_none() && same_epoch)
            {
                let at = self.adopt(copy, at, id, &begun).await?;
                return Ok(Start {
                    at,
                    head: begun.head,
                    pending,
                });
            }
            tracing::warn!(copied = %at.cursor, line = %begun.epoch, "what was copied is not how the line begins: the copy is made anew");
            return self.begin_anew(copy, Some(&at), profile).await;
        }
        if begun.epoch != epoch || begun.head < seq {
            tracing::warn!(copied = %at.cursor, line = %begun.epoch, head = begun.head, "the line is another one: the copy is made anew");
            return self.begin_anew(copy, Some(&at), profile).await;
        }
        // Trimmed: perhaps only what was copied.
        let begun = self.source.begin(seq).await?;
        if begun.is_resumed && begun.epoch == epoch {
            return Ok(Start {
                at,
                head: begun.head,
                pending: Vec::new(),
            });
        }
        tracing::warn!(copied = %at.cursor, "events that were not copied are gone: the tables are made anew from the model, and `events` has a hole");
        self.begin_anew(copy, Some(&at), profile).await
    }

    /// The same line in another life: positions are counted in its epoch from here on.
    async fn adopt(
        &self,
        copy: &Copy,
        at: Position,
        event: Option<EventId>,
        begun: &Begun,
    ) -> Result<Position, SqlError> {
        let now = Position {
            cursor: Cursor {
                epoch: begun.epoch.clone(),
                seq: at.cursor.seq,
            },
            event,
        };
        if now != at {
            copy.write(Batch::default(), Before::Keep, Some(&at), &now)
                .await?;
        }
        Ok(now)
    }

    /// Begins from the oldest there is: the first event, or the model where the first ones are gone.
    async fn begin_anew(
        &mut self,
        copy: &Copy,
        known: Option<&Position>,
        profile: &OrganizationProfile,
    ) -> Result<Start, SqlError> {
        let begun = self.source.begin(0).await?;
        if !begun.is_resumed {
            return self.begin_from_the_model(copy, known).await;
        }
        let at = Position::beginning(begun.epoch);
        let batch = Batch::founded(profile.clone());
        copy.write(batch, Before::All, known, &at).await?;
        Ok(Start {
            at,
            head: begun.head,
            pending: Vec::new(),
        })
    }

    /// The rows are those of the model, and the events that the line still has are read in again. Older ones are in the
    /// copy alone by now, if anywhere: they stay.
    async fn begin_from_the_model(
        &mut self,
        copy: &Copy,
        known: Option<&Position>,
    ) -> Result<Start, SqlError> {
        let oldest = oldest(&mut self.source).await?;
        let (cursor, model) = self.source.whole().await?;
        self.tell_after(oldest, &cursor).await?;
        let mut at = Position {
            cursor: Cursor {
                epoch: cursor.epoch.clone(),
                seq: oldest,
            },
            event: None,
        };
        let mut remaking = copy.remake(oldest).await?;
        while at.cursor.seq < cursor.seq {
            let mut events = self.source.next().await?;
            events.retain(|event| event.seq <= cursor.seq);
            for event in &events {
                at = follow(&at, event)?;
            }
            remaking.add(events).await?;
        }
        remaking.finish(Batch::whole(&model), known, &at).await?;
        let head = self.tell_after(cursor.seq, &cursor).await?;
        Ok(Start {
            at,
            head,
            pending: Vec::new(),
        })
    }

    /// Begins to tell what comes after a position in the epoch of the model; answers where the line ends.
    async fn tell_after(&mut self, seq: u64, model: &Cursor) -> Result<u64, SqlError> {
        let begun = self.source.begin(seq).await?;
        if !begun.is_resumed || begun.epoch != model.epoch {
            let why = format!("what comes after {seq}, before the model at {model}, can't be had");
            return Err(SourceError::Interrupted(why).into());
        }
        Ok(begun.head)
    }
}

/// Where an event leads to, if it is the next one.
fn follow(at: &Position, event: &Incoming) -> Result<Position, SourceError> {
    let seq = at.cursor.seq + 1;
    if event.seq != seq {
        let why = format!("event {} came after {}", event.seq, at.cursor.seq);
        return Err(SourceError::Interrupted(why));
    }
    Ok(Position {
        cursor: Cursor {
            epoch: at.cursor.epoch.clone(),
            seq,
        },
        event: Some(event.id),
    })
}

/// Writes events in one transaction; answers where they lead to.
async fn write(copy: &Copy, events: Vec<Incoming>, at: &Position) -> Result<Position, SqlError> {
    let mut to = at.clone();
    let mut batch = Batch::default();
    for event in events {
        to = follow(&to, &event)?;
        batch.push(event);
    }
    copy.write(batch, Before::Keep, Some(at), &to).await?;
    Ok(to)
}
