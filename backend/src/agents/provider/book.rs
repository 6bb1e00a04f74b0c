//! What an organization's admins have said about providers, in a file beside its line of events. It is no part of the
//! events: those are kept for ever and told to everybody.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use shared_types::value::Name;

use super::{
    ApiKey, ProviderSettings,
    vault::{Sealed, Vault, VaultError},
};

const FILE: &str = "providers.json";
const VERSION: u32 = 1;

/// The file.
pub struct ProviderBook {
    path: PathBuf,
    vault: Vault,
    pages: Pages,
}

#[derive(Clone, Serialize, Deserialize)]
struct Pages {
    version: u32,
    providers: BTreeMap<Name, Page>,
}

#[derive(Clone, Serialize, Deserialize)]
struct Page {
    #[serde(flatten)]
    settings: ProviderSettings,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    key: Option<Sealed>,
}

/// What the book has of one provider.
#[derive(Debug)]
pub struct Entry {
    pub settings: ProviderSettings,
    pub key: Result<Option<ApiKey>, VaultError>,
}

/// Why the file can't be used.
#[derive(Debug, thiserror::Error)]
pub enum BookError {
    #[error("{} can't be used: {source}", .path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("{} can't be read: {why}. Restore it, or take it away and set the providers again", .path.display())]
    Unreadable { path: PathBuf, why: String },
    #[error("the key can't be sealed: {0}")]
    Seal(VaultError),
}

impl ProviderBook {
    /// The book of an organization whose directory this is; empty where nothing was said yet.
    pub fn open(directory: &Path) -> Result<Self, BookError> {
        let path = directory.join(FILE);
        let pages = match fs::read(&path) {
            Ok(bytes) => read(&bytes).map_err(|why| BookError::Unreadable {
                path: path.clone(),
                why,
            })?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Pages {
                version: VERSION,
                providers: BTreeMap::new(),
            },
            Err(source) => return Err(BookError::File { path, source }),
        };
        Ok(Self {
            path,
            vault: Vault::new(directory),
            pages,
        })
    }

    /// All providers in it.
    pub fn entries(&self) -> impl Iterator<Item = (&Name, Entry)> {
        let pages = self.pages.providers.iter();
        pages.map(|(name, page)| (name, self.entry(name, page)))
    }

    /// One of them.
    pub fn get(&self, name: &Name) -> Option<Entry> {
        let page = self.pages.providers.get(name)?;
        Some(self.entry(name, page))
    }

    fn entry(&self, name: &Name, page: &Page) -> Entry {
        let open = |sealed: &Sealed| self.vault.open(sealed, name);
        Entry {
            settings: page.settings.clone(),
            key: page.key.as_ref().map(open).transpose(),
        }
    }

    /// Writes what is said about one; of what is not written nothing counts.
    pub fn put(
        &mut self,
        name: &Name,
        settings: &ProviderSettings,
        key: Option<&ApiKey>,
    ) -> Result<(), BookError> {
        let seal = |key: &ApiKey| self.vault.seal(key, name).map_err(BookError::Seal);
        let page = Page {
            settings: settings.clone(),
            key: key.map(seal).transpose()?,
        };
        let mut pages = self.pages.clone();
        pages.providers.insert(name.clone(), page);
        self.write(pages)
    }

    /// Takes one out.
    pub fn remove(&mut self, name: &Name) -> Result<(), BookError> {
        let mut pages = self.pages.clone();
        pages.providers.remove(name);
        self.write(pages)
    }

    /// The file has either what it had or all of this, whenever the machine stops.
    fn write(&mut self, pages: Pages) -> Result<(), BookError> {
        let draft = self.path.with_extension("json.new");
        let write = || {
            let mut file = fs::OpenOptions::new()
                .write(true)
                .create(true)
                .truncate(true)
                .mode(0o600)
                .open(&draft)?;
            file.write_all(&serde_json::to_vec_pretty(&pages)?)?;
            file.sync_all()?;
            fs::rename(&draft, &self.path)?;
            match self.path.parent() {
                Some(directory) => fs::File::open(directory)?.sync_all(),
                None => Ok(()),
            }
        };
        write().map_err(|source| BookError::File {
            path: self.path.clone(),
            source,
        })?;
        self.pages = pages;
        Ok(())
    }
}

fn read(bytes: &[u8]) -> Result<Pages, String> {
    let pages: Pages = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    match pages.version {
        VERSION => Ok(pages),
        other => Err(format!(
            "it is of version {other}, this program knows {VERSION}"
        )),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::agents::provider::ProviderKind;

    #[test]
    fn what_is_written_is_there_again_and_no_key_is_in_the_files() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut book = ProviderBook::open(folder.path()).expect("an empty book");
        let name: Name = "openai".parse().expect("a name");
        let settings = ProviderSettings {
            kind: ProviderKind::Openai,
            base_url: Some("https://api.example.com/v1".parse().expect("an address")),
            model: None,
            prices: Default::default(),
        };
        let key: ApiKey = "sk-planted-0123456789".parse().expect("a key");
        book.put(&name, &settings, Some(&key)).expect("written");
        let again = ProviderBook::open(folder.path()).expect("the same book");
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
        book.remove(&name).expect("written");
        let empty = ProviderBook::open(folder.path()).expect("a book");
        assert_eq!(empty.entries().count(), 0);
    }

    #[test]
    fn a_file_that_is_damaged_is_not_taken_for_an_empty_one() {
        let folder = tempfile::tempdir().expect("a folder");
        for damaged in ["", "{}", r#"{"version":2,"providers":{}}"#] {
            fs::write(folder.path().join(FILE), damaged).expect("written");
            assert!(ProviderBook::open(folder.path()).is_err(), "{damaged}");
        }
    }
}
