use std::{
    fs::File,
    io::{self, BufRead, BufReader},
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

use super::{
    TransferError,
    format::{Complete, Line, VERSION},
    replayed::hex,
};

/// The lines of an export, counted and summed up as they are read.
pub(super) struct Lines {
    path: PathBuf,
    reader: Box<dyn BufRead>,
    number: u64,
    hash: Sha256,
    /// Of all lines before the one read last.
    before: Sha256,
}

impl Lines {
    /// Of a file, or of standard input (`-`).
    pub fn open(path: &Path) -> Result<Self, TransferError> {
        let reader: Box<dyn BufRead> = match path.as_os_str() == "-" {
            true => Box::new(BufReader::new(io::stdin())),
            false => Box::new(BufReader::with_capacity(
                1 << 20,
                File::open(path).map_err(|source| TransferError::Input {
                    path: path.into(),
                    source,
                })?,
            )),
        };
        Ok(Self {
            path: path.into(),
            reader,
            number: 0,
            hash: Sha256::new(),
            before: Sha256::new(),
        })
    }

    /// The next line; there has to be one.
    pub fn next(&mut self) -> Result<Line, TransferError> {
        let mut text = Vec::new();
        let read = self.reader.read_until(b'\n', &mut text);
        read.map_err(|source| TransferError::Input {
            path: self.path.clone(),
            source,
        })?;
        self.number += 1;
        if text.last() != Some(&b'\n') {
            return Err(self.error("the file ends in the middle: it was cut off"));
        }
        self.before = self.hash.clone();
        self.hash.update(&text);
        // The version first: of another one, the rest may be anything.
        if self.number == 1 {
            self.check_version(&text)?;
        }
        serde_json::from_slice(&text)
            .map_err(|error| self.error(&format!("it can't be read: {error}")))
    }

    fn check_version(&self, text: &[u8]) -> Result<(), TransferError> {
        let value: serde_json::Value = serde_json::from_slice(text).unwrap_or_default();
        let found = value["export"]["version"].as_u64();
        let Some(found) = found.and_then(|found| u32::try_from(found).ok()) else {
            return Err(self.error("this is no export of devteam"));
        };
        match (1..=VERSION).contains(&found) {
            true => Ok(()),
            false => Err(TransferError::Version {
                found,
                expected: VERSION,
            }),
        }
    }

    /// Whether the file is as it was written, and ends here.
    pub fn check(&mut self, complete: &Complete) -> Result<(), TransferError> {
        let is_same = complete.lines + 1 == self.number
            && complete.sha256 == hex(&self.before.clone().finalize());
        if !is_same {
            return Err(self
                .error("the lines before are not those that were written: the file was changed"));
        }
        let rest = self
            .reader
            .fill_buf()
            .map_err(|source| TransferError::Input {
                path: self.path.clone(),
                source,
            })?;
        match rest.is_empty() {
            true => Ok(()),
            false => Err(self.error("this line says that it is the last, and it is not")),
        }
    }

    /// What is wrong with the line read last.
    pub fn error(&self, why: &str) -> TransferError {
        TransferError::Line {
            line: self.number,
            why: why.into(),
        }
    }
}
