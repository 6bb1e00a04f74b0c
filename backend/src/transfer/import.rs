use shared_types::{Directory, Organization, value::OrganizationId, wire::EventMessage};

use super::{
    TransferError,
    format::{Beginning, DirectoryBeginning, End, Line, RecordLine, SavedLine},
    reader::Lines,
    replayed::state_hash,
    target::Target,
};
use crate::{
    agents::log::RunLogs,
    app::make_known,
    config::Import,
    engine::{Aggregate, load_and_save},
    journal::{Journal, Record, StoredSnapshot},
};

/// Records written in one transaction.
const AT_ONCE: usize = 2_000;

/// `devteam import`: makes a data directory of an export, or fills a Redis with it.
pub async fn import(config: &Import) -> Result<(), TransferError> {
    let mut target = Target::take(&config.journal, &config.data_dir).await?;
    let filled = match fill(config, &mut target).await {
        Ok(home) => target.finish(home).await,
        Err(error) => Err(error),
    };
    if filled.is_err() {
        target.give_up().await;
    }
    filled
}

/// Answers which organization was there first.
async fn fill(config: &Import, target: &mut Target) -> Result<OrganizationId, TransferError> {
    let mut lines = Lines::open(&config.input)?;
    let Line::Export(header) = lines.next()? else {
        return Err(lines.error("an export begins with a line \"export\""));
    };
    let mut found: Vec<OrganizationId> = Vec::new();
    let mut has_accounts = false;
    loop {
        match lines.next()? {
            Line::Organization(beginning) if beginning.home == found.is_empty() => {
                found.push(organization(&mut lines, target, beginning).await?);
            }
            Line::Directory(beginning) if !has_accounts && !found.is_empty() => {
                has_accounts = true;
                directory(&mut lines, target, beginning).await?;
            }
            Line::Complete(complete) => {
                lines.check(&complete)?;
                break;
            }
            _ => return Err(lines.error("this line has no place here")),
        }
    }
    let Some(home) = found.first().copied() else {
        return Err(lines.error("there is no organization in the file"));
    };
    if found.len() != header.organizations || has_accounts != header.accounts {
        return Err(lines.error("there is less in the file than its first line says"));
    }
    if !has_accounts {
        // Else nobody would know of any but the first.
        make_known(target.directory().await?, &found).await?;
    }
    Ok(home)
}

/// One organization. Answers which.
async fn organization(
    lines: &mut Lines,
    target: &mut Target,
    beginning: Beginning,
) -> Result<OrganizationId, TransferError> {
    let origin =
        serde_json::from_value::<<Organization as Aggregate>::Origin>(beginning.origin.clone());
    let origin =
        origin.map_err(|error| lines.error(&format!("the organization can't be read: {error}")))?;
    let id = origin.stamp.id;
    let (journal, logs) = target.organization(id, beginning.home).await?;
    journal.found(beginning.origin).await?;
    let read = Reading {
        journal: &*journal,
        logs: Some(&*logs),
        after: beginning.after,
        record: frame_of_organization,
    };
    let end = read.all(lines).await?;
    let loaded = load_and_save::<Organization>(journal, origin).await;
    let model = loaded.map_err(|error| lines.error(&error.to_string()))?;
    same_state(
        &format!("the organization {}", model.profile.slug),
        &model,
        &end,
    )?;
    Ok(id)
}

async fn directory(
    lines: &mut Lines,
    target: &mut Target,
    beginning: DirectoryBeginning,
) -> Result<(), TransferError> {
    let journal = target.directory().await?;
    let nothing = serde_json::Value::Null;
    journal.found(nothing).await?;
    let read = Reading {
        journal: &*journal,
        logs: None,
        after: beginning.after,
        record: frame_of_directory,
    };
    let end = read.all(lines).await?;
    let loaded = load_and_save::<Directory>(journal, ()).await;
    let model = loaded.map_err(|error| lines.error(&error.to_string()))?;
    same_state("the accounts", &model, &end)
}

fn same_state<A: Aggregate>(what: &str, model: &A, end: &End) -> Result<(), TransferError> {
    let found = state_hash(model)?;
    match found == end.state_hash {
        true => Ok(()),
        false => Err(TransferError::OtherState {
            what: what.into(),
            found,
            expected: end.state_hash.clone(),
        }),
    }
}

/// The lines of an organization or of the accounts, up to their end.
struct Reading<'a> {
    journal: &'a dyn Journal,
    logs: Option<&'a dyn RunLogs>,
    /// The position after which there are records.
    after: u64,
    record: fn(&RecordLine) -> Result<Record, String>,
}

impl Reading<'_> {
    /// Reads all of them, and writes what they say.
    async fn all(self, lines: &mut Lines) -> Result<End, TransferError> {
        let mut head = self.journal.head().await?;
        let mut at = self.after;
        let mut saved: Option<SavedLine> = None;
        let mut waiting: Vec<Record> = Vec::new();
        loop {
            match lines.next()? {
                Line::Saved(line) if saved.is_none() && at == self.after && at > 0 => {
                    saved = Some(line);
                }
                Line::Record(line) => {
                    if line.seq != at + 1 {
                        return Err(lines.error(&format!(
                            "event {} is missing, here is {}",
                            at + 1,
                            line.seq
                        )));
                    }
                    at = line.seq;
                    let record = (self.record)(&line).map_err(|why| lines.error(&why))?;
                    if waiting.len() >= AT_ONCE {
                        let full = std::mem::take(&mut waiting);
                        head = self.journal.append(head, full.into()).await?;
                    }
                    waiting.push(record);
                }
                Line::Log(line) => {
                    let Some(logs) = self.logs else {
                        return Err(lines.error("accounts have no logs"));
                    };
                    let appended = logs.append(line.run, line.fence, line.entries).await;
                    appended.map_err(|error| lines.error(&error.to_string()))?;
                }
                Line::Proof(line) => {
                    let holder = line.holder.parse();
                    let holder =
                        holder.map_err(|_| lines.error("the holder of this proof is unknown"))?;
                    let Some(last) = waiting.last_mut() else {
                        return Err(lines.error("a proof comes after the records of the accounts"));
                    };
                    last.proofs.push(shared_types::directory::ProofChange {
                        holder,
                        proof: Some(line.proof.into()),
                    });
                }
                Line::End(end) => {
                    if !waiting.is_empty() {
                        head = self.journal.append(head, waiting.into()).await?;
                    }
                    if head.seq != end.records {
                        return Err(lines.error(&format!(
                            "the records end at {} and not at {}",
                            head.seq, end.records
                        )));
                    }
                    if let Some(saved) = saved {
                        self.save(saved).await?;
                    }
                    return Ok(end);
                }
                _ => {
                    return Err(lines.error(
                        "the line before was not the last of its kind: something is missing",
                    ));
                }
            }
        }
    }

    /// The model to begin with, where the first events are gone.
    async fn save(&self, saved: SavedLine) -> Result<(), TransferError> {
        let snapshot = StoredSnapshot {
            seq: saved.seq,
            bytes: saved.model.get().to_owned().into(),
        };
        Ok(self.journal.save_snapshot(saved.id, snapshot).await?)
    }
}

fn frame_of_organization(line: &RecordLine) -> Result<Record, String> {
    let text = line.frame.get();
    let message: EventMessage =
        serde_json::from_str(text).map_err(|error| format!("the event can't be read: {error}"))?;
    if message.event.seq != line.seq || message.event.id != line.id {
        return Err(format!(
            "the record at {} holds event {}",
            line.seq, message.event.seq
        ));
    }
    Ok(Record {
        prev: message.prev.into_iter().collect(),
        ..bare(line)
    })
}

fn frame_of_directory(line: &RecordLine) -> Result<Record, String> {
    let event: shared_types::directory::DirectoryEvent = serde_json::from_str(line.frame.get())
        .map_err(|error| format!("the event can't be read: {error}"))?;
    if event.seq != line.seq || event.id != line.id {
        return Err(format!(
            "the record at {} holds event {}",
            line.seq, event.seq
        ));
    }
    Ok(bare(line))
}

fn bare(line: &RecordLine) -> Record {
    Record {
        seq: line.seq,
        id: line.id,
        frame: line.frame.get().to_owned().into(),
        prev: Vec::new(),
        barriers: line.barriers.clone(),
        private: line.private.clone(),
        proofs: Vec::new(),
    }
}
