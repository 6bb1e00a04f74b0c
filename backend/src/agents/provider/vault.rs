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

/// What seals and opens. The key is made when there is first something to seal.
pub struct Vault {
    path: PathBuf,
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
    #[error("{} holds no key: restore it, or take it away and set the providers' keys again", .path.display())]
    NoKey { path: PathBuf },
    #[error("{} is missing: restore it, or set the providers' keys again", .path.display())]
    Missing { path: PathBuf },
    #[error("it was sealed with another key file")]
    Foreign,
    #[error("the system has no random numbers: {0}")]
    Randomness(#[from] getrandom::Error),
}

impl Vault {
    /// The vault of an organization whose directory this is.
    pub fn new(directory: &Path) -> Self {
        Self {
            path: directory.join(FILE),
        }
    }

    /// Seals a key for one purpose: for another it can't be opened.
    pub fn seal(&self, secret: &ApiKey, purpose: &str) -> Result<Sealed, VaultError> {
        let mut sealed = vec![0; NONCE_LEN];
        getrandom::fill(&mut sealed)?;
        let nonce = nonce(&sealed)?;
        let mut text = secret.reveal().as_bytes().to_vec();
        let key = match self.read()? {
            Some(bytes) => self.key(&bytes)?,
            None => self.key(&self.draw()?)?,
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
        let missing = || VaultError::Missing {
            path: self.path.clone(),
        };
        let key = self.key(&self.read()?.ok_or_else(missing)?)?;
        let opened = key
            .open_in_place(nonce, Aad::from(purpose), rest)
            .map_err(|_| VaultError::Foreign)?;
        let text = std::str::from_utf8(opened).ok();
        text.and_then(|text| text.parse().ok())
            .ok_or(VaultError::Foreign)
    }

    fn key(&self, bytes: &[u8]) -> Result<LessSafeKey, VaultError> {
        let key = UnboundKey::new(&CHACHA20_POLY1305, bytes);
        let key = key.map_err(|_| VaultError::NoKey {
            path: self.path.clone(),
        })?;
        Ok(LessSafeKey::new(key))
    }

    /// What the key file has, if there is one.
    fn read(&self) -> Result<Option<Vec<u8>>, VaultError> {
        match fs::read(&self.path) {
            Ok(bytes) => self.check_closed().map(|()| Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(self.unusable(source)),
        }
    }

    fn draw(&self) -> Result<Vec<u8>, VaultError> {
        let mut bytes = vec![0; BYTES];
        getrandom::fill(&mut bytes)?;
        let write = || {
            let mut file = fs::OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(&self.path)?;
            file.write_all(&bytes)?;
            file.sync_all()
        };
        write().map_err(|source| self.unusable(source))?;
        Ok(bytes)
    }

    fn check_closed(&self) -> Result<(), VaultError> {
        let about = fs::metadata(&self.path).map_err(|source| self.unusable(source))?;
        match about.permissions().mode() & 0o077 {
            0 => Ok(()),
            _ => Err(VaultError::Open {
                path: self.path.clone(),
            }),
        }
    }

    fn unusable(&self, source: io::Error) -> VaultError {
        VaultError::File {
            path: self.path.clone(),
            source,
        }
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
        let vault = Vault::new(here.path());
        let sealed = vault.seal(&key(), "openai").expect("sealed");
        assert!(!format!("{sealed:?}").contains("0123"));
        assert_ne!(sealed, vault.seal(&key(), "openai").expect("sealed"));
        assert_eq!(vault.open(&sealed, "openai").expect("opened"), key());
        let refused = vault
            .open(&sealed, "anthropic")
            .expect_err("another purpose");
        assert!(matches!(refused, VaultError::Foreign));
        let other = Vault::new(elsewhere.path());
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
        let vault = Vault::new(folder.path());
        let sealed = vault.seal(&key(), "openai").expect("sealed");
        let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
        assert_eq!(mode(&vault.path), 0o600);
        fs::set_permissions(&vault.path, fs::Permissions::from_mode(0o640)).expect("changed");
        let refused = vault
            .open(&sealed, "openai")
            .expect_err("others can read it");
        assert!(refused.to_string().contains("chmod 600"), "{refused}");
        fs::remove_file(&vault.path).expect("gone");
        let refused = vault.open(&sealed, "openai").expect_err("no key file");
        assert!(matches!(refused, VaultError::Missing { .. }));
        assert!(!vault.path.exists(), "looking makes none");
    }
}
