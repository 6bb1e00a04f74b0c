use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use shared_types::{Directory, Organization, value::OrganizationId, wire::EventMessage};

use super::{
    TransferError,
    format::{Beginning, End, Line, RecordLine},
    reader::Lines,
    replayed::state_hash,
};
use crate::{
    agents::log::{LogError, RunLogs, SqliteLogs},
    app::{make_known, places},
    config::Import,
    engine::{Aggregate, load_and_save},
    journal::{Journal, Record, SqliteJournal},
};

/// Records written in one transaction.
const AT_ONCE: usize = 2_000;

/// `devteam import`: makes a data directory of an export. It is made beside its place and moved there when it is whole.
pub async fn import(config: &Import) -> Result<(), TransferError> {
    let place = Place::take(&config.data_dir)?;
    let imported = fill(config, &place.unfinished).await;
    match imported {
        Ok(()) => place.finish(),
        Err(error) => {
            place.give_up();
            Err(error)
        }
    }
}

async fn fill(config: &Import, folder: &Path) -> Result<(), TransferError> {
    let mut lines = Lines::open(&config.input)?;
    let Line::Export(header) = lines.next()? else {
        return Err(lines.error("an export begins with a line \"export\""));
    };
    let mut found: Vec<OrganizationId> = Vec::new();
    let mut has_accounts = false;
    loop {
        match lines.next()? {
            Line::Organization(beginning) if beginning.home == found.is_empty() => {
                found.push(organization(&mut lines, folder, beginning).await?);
            }
            Line::Directory(_) if !has_accounts && !found.is_empty() => {
                has_accounts = true;
                directory(&mut lines, folder).await?;
            }
            Line::Complete(complete) => {
                lines.check(&complete)?;
                break;
            }
            _ => return Err(lines.error("this line has no place here")),
        }
    }
    if found.len() != header.organizations || has_accounts != header.accounts {
        return Err(lines.error("there is less in the file than its first line says"));
    }
    if !has_accounts {
        // Else nobody would know of any but the first.
        make_known(folder, &found).await?;
    }
    Ok(())
}

/// One organization. Answers which.
async fn organization(
    lines: &mut Lines,
    folder: &Path,
    beginning: Beginning,
) -> Result<OrganizationId, TransferError> {
    let origin =
        serde_json::from_value::<<Organization as Aggregate>::Origin>(beginning.origin.clone());
    let origin =
        origin.map_err(|error| lines.error(&format!("the organization can't be read: {error}")))?;
    let id = origin.stamp.id;
    let folder = match beginning.home {
        true => folder.to_owned(),
        false => places::organization(folder, id),
    };
    let journal: Arc<dyn Journal> = Arc::new(SqliteJournal::open(&folder)?);
    journal.found(beginning.origin).await?;
    let logs = SqliteLogs::open(&folder).map_err(LogError::from)?;
    let end = records(lines, &*journal, Some(&logs), frame_of_organization).await?;
    let loaded = load_and_save::<Organization>(journal, origin).await;
    let model = loaded.map_err(|error| lines.error(&error.to_string()))?;
    same_state(
        &format!("the organization {}", model.profile.slug),
        &model,
        &end,
    )?;
    Ok(id)
}

async fn directory(lines: &mut Lines, folder: &Path) -> Result<(), TransferError> {
    let journal: Arc<dyn Journal> = Arc::new(SqliteJournal::open(&places::directory(folder))?);
    let nothing = serde_json::Value::Null;
    journal.found(nothing).await?;
    let end = records(lines, &*journal, None, frame_of_directory).await?;
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

/// Reads records, logs and proofs up to their end, and writes them.
async fn records(
    lines: &mut Lines,
    journal: &dyn Journal,
    logs: Option<&SqliteLogs>,
    read: impl Fn(&RecordLine) -> Result<Record, String>,
) -> Result<End, TransferError> {
    let mut head = journal.head().await?;
    let mut waiting: Vec<Record> = Vec::new();
    loop {
        match lines.next()? {
            Line::Record(line) => {
                let expected = waiting.last().map_or(head.seq, |last| last.seq) + 1;
                if line.seq != expected {
                    return Err(lines.error(&format!(
                        "event {expected} is missing, here is {}",
                        line.seq
                    )));
                }
                let record = read(&line).map_err(|why| lines.error(&why))?;
                if waiting.len() >= AT_ONCE {
                    let full = std::mem::take(&mut waiting);
                    head = journal.append(head, full.into()).await?;
                }
                waiting.push(record);
            }
            Line::Log(line) => {
                let Some(logs) = logs else {
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
                    head = journal.append(head, waiting.into()).await?;
                }
                return match head.seq == end.records {
                    true => Ok(end),
                    false => Err(lines.error(&format!(
                        "there were {} records and not {}",
                        head.seq, end.records
                    ))),
                };
            }
            _ => {
                return Err(lines
                    .error("the line before was not the last of its kind: something is missing"));
            }
        }
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

/// Where the data directory is to be, and where it is made.
struct Place {
    data_dir: PathBuf,
    unfinished: PathBuf,
}

impl Place {
    /// Both must not be there, save that the place itself may be an empty directory.
    fn take(data_dir: &Path) -> Result<Self, TransferError> {
        let is_empty = match fs::read_dir(data_dir) {
            Ok(mut entries) => entries.next().is_none(),
            Err(error) => error.kind() == io::ErrorKind::NotFound,
        };
        if !is_empty {
            return Err(TransferError::NotEmpty(data_dir.into()));
        }
        let mut name = data_dir.as_os_str().to_owned();
        name.push(".importing");
        let unfinished = PathBuf::from(name);
        let failed = |source| TransferError::Output {
            path: unfinished.clone(),
            source,
        };
        // What an import has left behind that was cut short.
        if unfinished.exists() {
            fs::remove_dir_all(&unfinished).map_err(failed)?;
        }
        fs::create_dir_all(&unfinished).map_err(failed)?;
        Ok(Self {
            data_dir: data_dir.into(),
            unfinished,
        })
    }

    /// In one step, from nothing to all.
    fn finish(self) -> Result<(), TransferError> {
        let moved = fs::rename(&self.unfinished, &self.data_dir);
        let parent = self
            .data_dir
            .parent()
            .filter(|parent| !parent.as_os_str().is_empty());
        let synced =
            moved.and_then(|()| fs::File::open(parent.unwrap_or(Path::new(".")))?.sync_all());
        synced.map_err(|source| TransferError::Output {
            path: self.data_dir,
            source,
        })
    }

    fn give_up(self) {
        if let Err(error) = fs::remove_dir_all(&self.unfinished) {
            tracing::warn!(%error, folder = %self.unfinished.display(), "what was imported so far is left behind");
        }
    }
}
