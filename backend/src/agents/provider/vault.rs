//! Keeps keys so that a copy of the file they are in is worth nothing without the key file beside it.

use std::{
    fs,
    io::{self, Write},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use base64::{Engine, prelude::BASE64_STANDARD};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use serde::{Deserialize, Serialize};

use super::ApiKey;

/// Its key file.
const FILE: &str = "providers.key";
const BYTES: usize = 32;

/// What seals and opens.
pub struct Vault(KeyFile);

/// The file with the key that keys are sealed with.
enum KeyFile {
    /// The organization's own. It is made when there is first something to seal.
    Own(PathBuf),
    /// The operator's, for all organizations and, where there are several, nodes.
    Named(PathBuf),
    /// What one node sealed with a key of its own no other could open.
    Missing,
}

/// A sealed key: a random number used once, and what it was sealed to, in base64.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed(String);

/// Why something can't be sealed or opened.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    #[error("{} can't be used: {source}", .path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("others can read {}: take that from them with chmod 600", .path.display())]
    Open { path: PathBuf },
    #[error("{} holds no key of 32 bytes: restore it, or take it away and set the providers' keys again", .path.display())]
    NoKey { path: PathBuf },
    #[error("{} is missing: restore it, or set the providers' keys again", .path.display())]
    Missing { path: PathBuf },
    #[error("it was sealed with another key file")]
    Foreign,
    #[error("there is no key that all nodes have: start each with the same --sealing-key-file")]
    Unnamed,
    #[error("the system has no random numbers: {0}")]
    Randomness(#[from] getrandom::Error),
}

impl Vault {
    /// The vault of an organization whose directory this is, and no other node's.
    pub fn own(directory: &Path) -> Self {
        Self(KeyFile::Own(directory.join(FILE)))
    }

    /// One whose key file the operator has named.
    pub fn named(path: &Path) -> Self {
        Self(KeyFile::Named(path.into()))
    }

    /// One that neither seals nor opens anything.
    pub fn unnamed() -> Self {
        Self(KeyFile::Missing)
    }

    /// Whether there is a key, or will be.
    pub fn check(&self) -> Result<(), VaultError> {
        match &self.0 {
            KeyFile::Own(_) => Ok(()),
            KeyFile::Named(path) => existing(path).map(drop),
            KeyFile::Missing => Err(VaultError::Unnamed),
        }
    }

    /// Seals a key for one purpose: for another it can't be opened.
    pub fn seal(&self, secret: &ApiKey, purpose: &str) -> Result<Sealed, VaultError> {
        let mut sealed = vec![0; NONCE_LEN];
        getrandom::fill(&mut sealed)?;
        let nonce = nonce(&sealed)?;
        let mut text = secret.reveal().as_bytes().to_vec();
        let key = match &self.0 {
            KeyFile::Own(path) => match read(path)? {
                Some(bytes) => key(path, &bytes)?,
                None => key(path, &draw(path)?)?,
            },
            KeyFile::Named(path) => existing(path)?,
            KeyFile::Missing => return Err(VaultError::Unnamed),
        };
        key.seal_in_place_append_tag(nonce, Aad::from(purpose), &mut text)
            .map_err(|_| VaultError::Foreign)?;
        sealed.extend(text);
        Ok(Sealed(BASE64_STANDARD.encode(sealed)))
    }

    /// Opens what was sealed for this purpose.
    pub fn open(&self, sealed: &Sealed, purpose: &str) -> Result<ApiKey, VaultError> {
        let mut bytes = BASE64_STANDARD.decode(&sealed.0).unwrap_or_default();
        let Some((first, rest)) = bytes.split_at_mut_checked(NONCE_LEN) else {
            return Err(VaultError::Foreign);
        };
        let nonce = nonce(first)?;
        let key = match &self.0 {
            KeyFile::Own(path) | KeyFile::Named(path) => existing(path)?,
            KeyFile::Missing => return Err(VaultError::Unnamed),
        };
        let opened = key
            .open_in_place(nonce, Aad::from(purpose), rest)
            .map_err(|_| VaultError::Foreign)?;
        let text = std::str::from_utf8(opened).ok();
        text.and_then(|text| text.parse().ok())
            .ok_or(VaultError::Foreign)
    }
}

/// The key in a file that has to be there.
fn existing(path: &Path) -> Result<LessSafeKey, VaultError> {
    let missing = || VaultError::Missing { path: path.into() };
    key(path, &read(path)?.ok_or_else(missing)?)
}

fn key(path: &Path, bytes: &[u8]) -> Result<LessSafeKey, VaultError> {
    let key = UnboundKey::new(&CHACHA20_POLY1305, bytes);
    let key = key.map_err(|_| VaultError::NoKey { path: path.into() })?;
    Ok(LessSafeKey::new(key))
}

/// What a key file has, if there is one.
fn read(path: &Path) -> Result<Option<Vec<u8>>, VaultError> {
    match fs::read(path) {
        Ok(bytes) => check_closed(path).map(|()| Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(unusable(path, source)),
    }
}

fn draw(path: &Path) -> Result<Vec<u8>, VaultError> {
    let mut bytes = vec![0; BYTES];
    getrandom::fill(&mut bytes)?;
    let write = || {
        let mut file = fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)?;
        file.write_all(&bytes)?;
        file.sync_all()
    };
    write().map_err(|source| unusable(path, source))?;
    Ok(bytes)
}

fn check_closed(path: &Path) -> Result<(), VaultError> {
    let about = fs::metadata(path).map_err(|source| unusable(path, source))?;
    match about.permissions().mode() & 0o077 {
        0 => Ok(()),
        _ => Err(VaultError::Open { path: path.into() }),
    }
}

fn unusable(path: &Path, source: io::Error) -> VaultError {
    VaultError::File {
        path: path.into(),
        source,
    }
}

fn nonce(bytes: &[u8]) -> Result<Nonce, VaultError> {
    // Random: one key seals a few keys of providers, far from the number at which two would be the same.
    Nonce::try_assume_unique_for_key(bytes).map_err(|_| VaultError::Foreign)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> ApiKey {
        "sk-0123456789abcdef".parse().expect("a key")
    }

    #[test]
    fn what_is_sealed_opens_for_its_purpose_and_with_its_key_file_alone() {
        let (here, elsewhere) = (tempfile::tempdir(), tempfile::tempdir());
        let (here, elsewhere) = (here.expect("a folder"), elsewhere.expect("a folder"));
        let vault = Vault::own(here.path());
        let sealed = vault.seal(&key(), "openai").expect("sealed");
        assert!(!format!("{sealed:?}").contains("0123"));
        assert_ne!(sealed, vault.seal(&key(), "openai").expect("sealed"));
        assert_eq!(vault.open(&sealed, "openai").expect("opened"), key());
        let refused = vault
            .open(&sealed, "anthropic")
            .expect_err("another purpose");
        assert!(matches!(refused, VaultError::Foreign));
        let other = Vault::own(elsewhere.path());
        other.seal(&key(), "openai").expect("it has a key file now");
        let refused = other.open(&sealed, "openai");
        assert!(matches!(refused, Err(VaultError::Foreign)));
        for damaged in ["", "AAAA", "no base64!"] {
            let damaged = Sealed(damaged.into());
            assert!(vault.open(&damaged, "openai").is_err());
        }
    }

    #[test]
    fn a_key_file_is_for_its_owner_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let vault = Vault::own(folder.path());
        let sealed = vault.seal(&key(), "openai").expect("sealed");
        let path = folder.path().join(FILE);
        let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o600);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("changed");
        let refused = vault
            .open(&sealed, "openai")
            .expect_err("others can read it");
        assert!(refused.to_string().contains("chmod 600"), "{refused}");
        fs::remove_file(&path).expect("gone");
        let refused = vault.open(&sealed, "openai").expect_err("no key file");
        assert!(matches!(refused, VaultError::Missing { .. }));
        assert!(!path.exists(), "looking makes none");
    }

    #[test]
    fn a_key_file_that_is_named_is_not_made() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("sealing.key");
        let vault = Vault::named(&path);
        assert!(matches!(vault.check(), Err(VaultError::Missing { .. })));
        let refused = vault.seal(&key(), "openai");
        assert!(matches!(refused, Err(VaultError::Missing { .. })));
        draw(&path).expect("a key");
        vault.check().expect("it is there");
        let sealed = vault.seal(&key(), "openai").expect("sealed");
        let other = Vault::named(&path);
        assert_eq!(other.open(&sealed, "openai").expect("opened"), key());
        fs::write(&path, "too short").expect("written");
        assert!(matches!(vault.check(), Err(VaultError::NoKey { .. })));
        let none = Vault::unnamed();
        assert!(matches!(none.check(), Err(VaultError::Unnamed)));
        let refused = none.open(&sealed, "openai");
        assert!(matches!(refused, Err(VaultError::Unnamed)));
    }
}
