//! What others write to the same line: read, applied and told, and what happens when the line is not the one it was.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Instant,
};

use super::{
    LoadError, Model,
    aggregate::Aggregate,
    load::load,
    replay::replay,
    standing::{Standing, begin_epoch, standing},
    start::read_origin,
    task::Task,
    write::RETRY_EVERY,
};
use crate::journal::{Head, ReadError, Record};

/// Records read at a time.
const PAGE: usize = 1_000;

impl<A: Aggregate> Task<A> {
    /// Acts on what was heard of others.
    pub(super) async fn look(&mut self) {
        let Some(others) = &mut self.others else {
            return;
        };
        let heard = *others.borrow_and_update();
        let is_round = std::mem::replace(&mut self.round, heard.round) != heard.round;
        if is_round {
            return self.repair().await;
        }
        if heard.seq > self.state.head.seq {
            match self.read_on().await {
                Ok(true) => {}
                Ok(false) => self.repair().await,
                Err(error) => tracing::debug!(%error, "what others have written can't be read"),
            }
        }
    }

    /// Compares the model with the line, and makes it the same.
    pub(super) async fn repair(&mut self) {
        let asked_at = Instant::now();
        let journal = Arc::clone(&self.shared.journal);
        let standing = match standing(&*journal, &self.state.head).await {
            Ok(standing) => standing,
            // Whoever reads the model is told how old it is.
            Err(error) => return tracing::debug!(%error, "the journal can't be compared with"),
        };
        match standing {
            Standing::Same => {}
            Standing::Behind => match self.read_on().await {
                Ok(true) => {}
                Ok(false) => return self.reload().await,
                Err(error) => {
                    return tracing::debug!(%error, "what others have written can't be read");
                }
            },
            Standing::Elsewhere => self.reload().await,
            Standing::TailLost => {
                if let Err(error) = begin_epoch(&*journal, &self.state.head).await {
                    // The next round tries again.
                    return tracing::error!(%error, "a new epoch can't be set");
                }
                self.reload().await;
            }
        }
        self.shared.freshness.renew(asked_at);
    }

    /// Takes in all that follows on the model. False if the line does not go on from there.
    async fn read_on(&mut self) -> Result<bool, ReadError> {
        loop {
            let Head { seq, id, .. } = self.state.head;
            // From the last event applied on, to see that it is still the one at its place.
            let records = self
                .shared
                .journal
                .read(seq.saturating_sub(1), PAGE)
                .await?;
            let following = match (id, records.split_first()) {
                (None, _) => &records[..],
                (Some(id), Some((last, following))) if last.seq == seq && last.id == id => {
                    following
                }
                _ => return Ok(false),
            };
            if let Err(reason) = self.follow(following).await {
                tracing::error!(reason, "what others have written does not fit");
                return Ok(false);
            }
            if records.len() < PAGE {
                return Ok(true);
            }
        }
    }

    /// Applies what others have written.
    pub(super) async fn follow(&mut self, records: &[Record]) -> Result<(), String> {
        let Some(last) = records.last() else {
            return Ok(());
        };
        let mut aggregate = self.shared.model.load().aggregate.clone();
        let mut events = Vec::with_capacity(records.len());
        for record in records {
            let (at, published) = replay(&mut aggregate, record)?;
            self.state.clock.seen(at);
            self.state.kept.learn(record);
            events.push(published);
        }
        if A::HAS_PROOFS {
            let proofs = self.shared.journal.proofs().await;
            aggregate.take_proofs(proofs.map_err(|error| error.to_string())?);
        }
        self.state.head = Head {
            seq: last.seq,
            id: Some(last.id),
            ..self.state.head.clone()
        };
        self.publish(aggregate, &events);
        Ok(())
    }

    /// Makes the model again from the journal, however long that can't be read.
    pub(super) async fn reload(&mut self) {
        let journal = Arc::clone(&self.shared.journal);
        while self.stopping.is_none() {
            let loaded = match journal.founded().await {
                Ok(Some(origin)) => match read_origin::<A>(origin) {
                    Ok(origin) => load(&*journal, origin).await,
                    Err(error) => Err(error),
                },
                Ok(None) => Err(LoadError::Damaged("it has no beginning".into())),
                Err(error) => Err(error.into()),
            };
            match loaded {
                Ok(loaded) => {
                    self.state.head = loaded.head;
                    self.state.kept = loaded.kept;
                    self.state.clock.seen(loaded.head_at);
                    let cursor = self.state.head.cursor();
                    let model = Arc::new(Model {
                        aggregate: loaded.aggregate,
                        cursor,
                    });
                    self.shared.model.store(Arc::clone(&model));
                    self.publisher.reset(&model);
                    self.shared.moved.send_replace(());
                    return;
                }
                Err(error) => tracing::error!(%error, "the model can't be loaded again"),
            }
            self.shared.writable.store(false, Ordering::Relaxed);
            self.refuse_everyone(RETRY_EVERY).await;
        }
    }
}
