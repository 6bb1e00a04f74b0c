use std::{
    fs::{File, OpenOptions},
    io::{self, BufWriter, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::Arc,
};

use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use shared_types::{Directory, Organization, directory::ProofChange, value::OrganizationId};

use super::{
    TransferError,
    format::{
        Beginning, Complete, DirectoryBeginning, End, Header, Line, LogLine, ProofLine, RecordLine,
        VERSION,
    },
    place::{Kept, Place},
    replayed::{Start, hex, replay, start, state_hash},
};
use crate::{
    agents::log::RunLogs,
    auth,
    config::Export,
    engine::{Aggregate, read_origin},
    journal::{Head, Journal, Record},
};

/// Entries of a log in one line.
const ENTRIES: usize = 100;

/// How often a moment in which accounts stand still is looked for.
const TRIES: usize = 100;

/// `devteam export`: everything in a data directory or in Redis, whether servers run on it or not.
pub async fn export(config: &Export) -> Result<(), TransferError> {
    let mut out = Output::open(&config.output)?;
    let written = write(config, &mut out).await;
    match written {
        Ok(()) => out.finish(),
        Err(error) => {
            out.give_up();
            Err(error)
        }
    }
}

async fn write(config: &Export, out: &mut Output) -> Result<(), TransferError> {
    let place = Place::open(&config.journal, &config.data_dir).await?;
    let home = place.home().await?;
    let accounts = accounts(&place).await?;
    let home_id = id(&*home.journal).await?;
    let others = accounts.model.organizations();
    let others: Vec<OrganizationId> = others.filter(|other| *other != home_id).collect();
    out.line(&Line::Export(Header {
        version: VERSION,
        devteam: env!("CARGO_PKG_VERSION").into(),
        at: auth::now(),
        organizations: others.len() + 1,
        accounts: config.accounts,
    }))?;
    organization(out, home, true).await?;
    for other in others {
        organization(out, place.organization(other).await?, false).await?;
    }
    if config.accounts {
        let Accounts {
            journal,
            head,
            proofs,
            ..
        } = accounts;
        let start = start::<Directory>(&*journal, ()).await?;
        out.line(&Line::Directory(DirectoryBeginning {
            cursor: head.cursor(),
            after: start.after,
        }))?;
        let model = records(out, &*journal, start, &head).await?;
        for change in proofs {
            if let Some(proof) = change.proof {
                out.line(&Line::Proof(ProofLine {
                    holder: change.holder.to_string(),
                    proof: proof.as_str().into(),
                }))?;
            }
        }
        end(out, &model)?;
    }
    Ok(())
}

async fn organization(out: &mut Output, kept: Kept, is_home: bool) -> Result<(), TransferError> {
    let Kept { journal, logs } = kept;
    let origin = origin(&*journal).await?;
    let head = journal.head().await?;
    let before = read_origin::<Organization>(origin.clone()).map_err(damaged)?;
    let start = start::<Organization>(&*journal, before).await?;
    out.line(&Line::Organization(Beginning {
        home: is_home,
        origin,
        cursor: head.cursor(),
        after: start.after,
    }))?;
    let model = records(out, &*journal, start, &head).await?;
    if let Some(found) = logs {
        write_logs(out, &*found, head.seq).await?;
    }
    end(out, &model)
}

/// The records up to the head. Answers the model that they lead to.
async fn records<A: Aggregate>(
    out: &mut Output,
    journal: &dyn Journal,
    mut start: Start<A>,
    head: &Head,
) -> Result<A, TransferError> {
    if let Some(saved) = start.saved.take() {
        out.line(&Line::Saved(saved))?;
    }
    replay(journal, start, head.seq, |record| {
        out.line(&Line::Record(record_line(record)?))
    })
    .await
}

/// What runs wrote, as far as it is there now: they may be writing.
async fn write_logs(out: &mut Output, logs: &dyn RunLogs, head: u64) -> Result<(), TransferError> {
    for (run, fence) in logs.runs().await? {
        let mut offset = 0;
        loop {
            let entries = logs.read(run, offset, ENTRIES).await?.entries;
            if entries.is_empty() {
                break;
            }
            offset += entries.len() as u64;
            // A claim that comes after the records does not come along: the next one there will have a lower number.
            let fence = fence.min(head);
            out.line(&Line::Log(LogLine {
                run,
                fence,
                entries,
            }))?;
        }
    }
    Ok(())
}

fn end<A: Aggregate>(out: &mut Output, model: &A) -> Result<(), TransferError> {
    out.line(&Line::End(End {
        records: model.seq(),
        state_hash: state_hash(model)?,
    }))
}

fn record_line(record: Record) -> Result<RecordLine, TransferError> {
    let frame = String::from_utf8(record.frame.to_vec()).map_err(damaged)?;
    Ok(RecordLine {
        seq: record.seq,
        id: record.id,
        frame: RawValue::from_string(frame).map_err(damaged)?,
        barriers: record.barriers,
        private: record.private,
    })
}

/// The accounts, and what proves them.
struct Accounts {
    journal: Arc<dyn Journal>,
    head: Head,
    proofs: Vec<ProofChange>,
    model: Directory,
}

/// The accounts at a moment at which nothing happened between reading where they are and reading what proves them.
async fn accounts(place: &Place) -> Result<Accounts, TransferError> {
    for _ in 0..TRIES {
        let journal = place.directory().await?;
        let head = journal.head().await?;
        let proofs = journal.proofs().await?;
        if place.directory().await?.head().await? == head {
            let start = start::<Directory>(&*journal, ()).await?;
            let model = replay(&*journal, start, head.seq, |_| Ok(())).await?;
            return Ok(Accounts {
                journal,
                head,
                proofs,
                model,
            });
        }
    }
    Err(TransferError::Restless)
}

async fn origin(journal: &dyn Journal) -> Result<serde_json::Value, TransferError> {
    let founded = journal.founded().await?;
    founded.ok_or_else(|| TransferError::Damaged("nothing was ever founded in it".into()))
}

async fn id(journal: &dyn Journal) -> Result<OrganizationId, TransferError> {
    let origin = read_origin::<Organization>(origin(journal).await?).map_err(damaged)?;
    Ok(origin.stamp.id)
}

fn damaged(error: impl std::fmt::Display) -> TransferError {
    TransferError::Damaged(error.to_string())
}

/// The file, and what was written to it so far.
struct Output {
    path: PathBuf,
    /// None: standard output.
    file: Option<File>,
    writer: BufWriter<Box<dyn Write>>,
    hash: Sha256,
    lines: u64,
}

impl Output {
    /// A new file that only its owner can read: there may be proofs in it. `-` is standard output.
    fn open(path: &Path) -> Result<Self, TransferError> {
        let is_stdout = path.as_os_str() == "-";
        let (file, writer): (Option<File>, Box<dyn Write>) = match is_stdout {
            true => (None, Box::new(io::stdout())),
            false => {
                let mut options = OpenOptions::new();
                let opened = options.write(true).create_new(true).mode(0o600).open(path);
                let failed = |source: io::Error| match source.kind() {
                    io::ErrorKind::AlreadyExists => TransferError::Exists(path.into()),
                    _ => TransferError::Output {
                        path: path.into(),
                        source,
                    },
                };
                let file = opened.map_err(failed)?;
                let clone = file.try_clone().map_err(failed)?;
                (Some(file), Box::new(clone))
            }
        };
        Ok(Self {
            path: path.into(),
            file,
            writer: BufWriter::with_capacity(1 << 20, writer),
            hash: Sha256::new(),
            lines: 0,
        })
    }

    fn line(&mut self, line: &Line) -> Result<(), TransferError> {
        let mut bytes = serde_json::to_vec(line).map_err(damaged)?;
        bytes.push(b'\n');
        self.hash.update(&bytes);
        self.lines += 1;
        self.writer
            .write_all(&bytes)
            .map_err(|source| self.failed(source))
    }

    /// Writes the last line and sees that all of it is on the disk.
    fn finish(mut self) -> Result<(), TransferError> {
        let complete = Complete {
            lines: self.lines,
            sha256: hex(&self.hash.clone().finalize()),
        };
        self.line(&Line::Complete(complete))?;
        let flushed = self.writer.flush();
        flushed.map_err(|source| self.failed(source))?;
        let synced = self.file.as_ref().map_or(Ok(()), File::sync_all);
        synced.map_err(|source| self.failed(source))
    }

    /// Takes away what is not whole.
    fn give_up(self) {
        if let Some(Err(error)) = self
            .file
            .is_some()
            .then(|| std::fs::remove_file(&self.path))
        {
            tracing::warn!(%error, file = %self.path.display(), "what was written so far is left behind");
        }
    }

    fn failed(&self, source: io::Error) -> TransferError {
        TransferError::Output {
            path: self.path.clone(),
            source,
        }
    }
}
