//! What an organization's admins have said about providers, beside its line of events. It is no part of the events: those
//! are kept for ever and told to everybody.

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
};

use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};
use shared_types::value::{Name, OrganizationId};

use super::{
    ApiKey, ProviderSettings,
    file::FileShelf,
    vault::{Sealed, Vault, VaultError},
};
use crate::journal::RedisFailure;

/// Where the book is: the pages of an organization, each about one provider.
pub trait Shelf: Send + Sync {
    /// All that were written.
    fn read(&self) -> BoxFuture<'_, Result<Pages, BookError>>;
    /// Writes the page of this provider, or takes it away where these have none. The others are as they were read.
    fn write<'a>(
        &'a self,
        pages: &'a Pages,
        provider: &'a Name,
    ) -> BoxFuture<'a, Result<(), BookError>>;
}

/// What is written about providers, by name.
pub type Pages = BTreeMap<Name, Page>;

/// What is written about one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    #[serde(flatten)]
    settings: ProviderSettings,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    key: Option<Sealed>,
}

/// The book.
pub struct ProviderBook {
    shelf: Box<dyn Shelf>,
    vault: Vault,
    /// Whose it is, where organizations share the key that keys are sealed with.
    owner: Option<OrganizationId>,
    pages: Pages,
}

/// What the book has of one provider.
#[derive(Debug)]
pub struct Entry {
    pub settings: ProviderSettings,
    pub key: Result<Option<ApiKey>, VaultError>,
}

/// Why the book can't be used.
#[derive(Debug, thiserror::Error)]
pub enum BookError {
    #[error("{} can't be used: {source}", .path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("{} can't be read: {why}. Restore it, or take it away and set the providers again", .path.display())]
    Unreadable { path: PathBuf, why: String },
    #[error("what nodes share of providers can't be had: {0}")]
    Shared(#[from] RedisFailure),
    #[error("{0} in Redis can't be read: {1}. Take that field away, and set the provider again")]
    Damaged(Name, serde_json::Error),
    #[error("the key can't be sealed: {0}")]
    Seal(VaultError),
}

impl ProviderBook {
    /// The book of an organization whose directory this is, and no other node's. Keys are sealed with a key of its own, or
    /// with that of the file that is named.
    pub async fn here(directory: &Path, sealing_key: Option<&Path>) -> Result<Self, BookError> {
        let vault = sealing_key.map_or_else(|| Vault::own(directory), Vault::named);
        Self::open(Box::new(FileShelf::new(directory)), vault, None).await
    }

    /// The book of an organization that several nodes read and write.
    pub async fn shared(
        shelf: Box<dyn Shelf>,
        owner: OrganizationId,
        sealing_key: Option<&Path>,
    ) -> Result<Self, BookError> {
        let vault = sealing_key.map_or_else(Vault::unnamed, Vault::named);
        Self::open(shelf, vault, Some(owner)).await
    }

    async fn open(
        shelf: Box<dyn Shelf>,
        vault: Vault,
        owner: Option<OrganizationId>,
    ) -> Result<Self, BookError> {
        let pages = shelf.read().await?;
        Ok(Self {
            shelf,
            vault,
            owner,
            pages,
        })
    }

    /// Reads what other nodes have written: whether there was anything.
    pub async fn look_again(&mut self) -> Result<bool, BookError> {
        if self.owner.is_none() {
            return Ok(false);
        }
        let pages = self.shelf.read().await?;
        let is_new = pages != self.pages;
        self.pages = pages;
        Ok(is_new)
    }

    /// All providers in it.
    pub fn entries(&self) -> impl Iterator<Item = (&Name, Entry)> {
        let pages = self.pages.iter();
        pages.map(|(name, page)| (name, self.entry(name, page)))
    }

    /// One of them.
    pub fn get(&self, name: &Name) -> Option<Entry> {
        let page = self.pages.get(name)?;
        Some(self.entry(name, page))
    }

    fn entry(&self, name: &Name, page: &Page) -> Entry {
        let open = |sealed: &Sealed| self.vault.open(sealed, &self.purpose(name));
        Entry {
            settings: page.settings.clone(),
            key: page.key.as_ref().map(open).transpose(),
        }
    }

    /// Writes what is said about one; of what is not written nothing counts.
    pub async fn put(
        &mut self,
        name: &Name,
        settings: &ProviderSettings,
        key: Option<&ApiKey>,
    ) -> Result<(), BookError> {
        let seal = |key: &ApiKey| self.vault.seal(key, &self.purpose(name));
        let page = Page {
            settings: settings.clone(),
            key: key.map(seal).transpose().map_err(BookError::Seal)?,
        };
        let mut pages = self.pages.clone();
        pages.insert(name.clone(), page);
        self.write(pages, name).await
    }

    /// Takes one out.
    pub async fn remove(&mut self, name: &Name) -> Result<(), BookError> {
        let mut pages = self.pages.clone();
        pages.remove(name);
        self.write(pages, name).await
    }

    async fn write(&mut self, pages: Pages, name: &Name) -> Result<(), BookError> {
        self.shelf.write(&pages, name).await?;
        self.pages = pages;
        Ok(())
    }

    /// What a key is sealed for: nobody can have it opened as another's.
    fn purpose(&self, name: &Name) -> String {
        match self.owner {
            None => name.to_string(),
            Some(owner) => format!("{owner}/{name}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt};

    use super::*;
    use crate::agents::provider::ProviderKind;

    async fn book(folder: &tempfile::TempDir) -> Result<ProviderBook, BookError> {
        ProviderBook::here(folder.path(), None).await
    }

    #[tokio::test]
    async fn what_is_written_is_there_again_and_no_key_is_in_the_files() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut empty = book(&folder).await.expect("an empty book");
        let name: Name = "openai".parse().expect("a name");
        let settings = ProviderSettings {
            kind: ProviderKind::Openai,
            base_url: Some("https://api.example.com/v1".parse().expect("an address")),
            model: None,
            prices: Default::default(),
        };
        let key: ApiKey = "sk-planted-0123456789".parse().expect("a key");
        let put = empty.put(&name, &settings, Some(&key)).await;
        put.expect("written");
        let mut again = book(&folder).await.expect("the same book");
        let entry = again.get(&name).expect("it is in there");
        assert_eq!(entry.settings, settings);
        assert_eq!(entry.key.expect("it opens"), Some(key));
        for entry in fs::read_dir(folder.path()).expect("the folder") {
            let path = entry.expect("a file").path();
            let bytes = fs::read(&path).expect("read");
            assert!(
                !String::from_utf8_lossy(&bytes).contains("planted"),
                "{path:?}"
            );
            let mode = fs::metadata(&path).expect("there").permissions().mode();
            assert_eq!(mode & 0o077, 0, "{path:?}");
        }
        again.remove(&name).await.expect("written");
        let empty = book(&folder).await.expect("a book");
        assert_eq!(empty.entries().count(), 0);
    }

    #[tokio::test]
    async fn a_file_that_is_damaged_is_not_taken_for_an_empty_one() {
        let folder = tempfile::tempdir().expect("a folder");
        for damaged in ["", "{}", r#"{"version":2,"providers":{}}"#] {
            fs::write(folder.path().join("providers.json"), damaged).expect("written");
            assert!(book(&folder).await.is_err(), "{damaged}");
        }
    }
}
