use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Arc, PoisonError, RwLock},
};

use shared_types::{ErrorCode, Rejection, model::AgentProfile, value::Name};
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::{
    BookError, Owner, Provider, ProviderChange, Reach, SCRIPTED, ServerProvider,
    book::{Entry, ProviderBook},
};

/// Providers that an organization may set.
const MOST: usize = 50;

type ByName = BTreeMap<Name, Arc<Provider>>;

/// Whose models an organization's members can work with.
pub struct Providers {
    servers: ByName,
    /// Those that the organization's admins have set. Where the server has one of the same name, theirs counts.
    own: RwLock<ByName>,
    /// Where those are kept; held while they are changed.
    book: Arc<Mutex<ProviderBook>>,
    /// That of members who name none.
    usual: Option<Name>,
    /// What those may be asked at.
    reach: Reach,
}

impl Providers {
    /// The server's, and those of the organization whose directory this is.
    pub fn open(
        directory: &Path,
        servers: &[ServerProvider],
        words_per_second: u32,
        usual: Option<Name>,
        reach: Reach,
    ) -> Result<Self, BookError> {
        let book = ProviderBook::open(directory)?;
        let scripted = SCRIPTED.parse().ok();
        let scripted = scripted.map(|name| Provider::scripted(name, words_per_second));
        let others = servers.iter().map(ServerProvider::provider);
        let servers = others.chain(scripted).map(by_name).collect();
        let own = book.entries().map(|(name, entry)| {
            let Entry { settings, key } = entry;
            let key = key.unwrap_or_else(|error| {
                tracing::warn!(%name, %error, "the key of a provider can't be opened: set it again");
                None
            });
            let owner = Owner::Organization;
            by_name(Provider::new(name.clone(), settings, key, owner, reach))
        });
        let own = own.collect();
        Ok(Self {
            servers,
            own: RwLock::new(own),
            book: Arc::new(Mutex::new(book)),
            usual,
            reach,
        })
    }

    /// The one that a member works with, if there is one here. For others, somebody else has to claim their runs.
    pub fn of(&self, profile: &AgentProfile) -> Option<Arc<Provider>> {
        self.find(profile.provider.as_ref().or(self.usual.as_ref())?)
    }

    /// The one of this name.
    pub fn find(&self, name: &Name) -> Option<Arc<Provider>> {
        let own = self.own.read().unwrap_or_else(PoisonError::into_inner);
        own.get(name).or_else(|| self.servers.get(name)).cloned()
    }

    /// All that members can work with, by name.
    pub fn list(&self) -> Vec<Arc<Provider>> {
        let own = self.own.read().unwrap_or_else(PoisonError::into_inner);
        let mut all = self.servers.clone();
        all.extend(own.clone());
        all.into_values().collect()
    }

    /// That of members who name none.
    pub fn usual(&self) -> Option<&Name> {
        self.usual.as_ref()
    }

    /// Sets one: it, and whether it is new. Runs that are at work go on with what they have.
    pub async fn put(
        &self,
        name: &Name,
        change: ProviderChange,
    ) -> Result<(Arc<Provider>, bool), Rejection> {
        if **name == *SCRIPTED {
            let detail = "This one is the server's and no model: choose another name.";
            return Err(Rejection::new(ErrorCode::Forbidden, detail));
        }
        let book = Arc::clone(&self.book).lock_owned().await;
        let before = book.get(name);
        let is_new = before.is_none();
        if is_new && book.entries().count() >= MOST {
            let detail = format!("There are {MOST} providers already: remove one.");
            return Err(Rejection::new(ErrorCode::LimitReached, detail));
        }
        let (settings, key) = change.over(before)?;
        settings.check(key.as_ref(), self.reach)?;
        let provider = Provider::new(
            name.clone(),
            settings.clone(),
            key.clone(),
            Owner::Organization,
            self.reach,
        );
        let written = name.clone();
        let put = move |book: &mut ProviderBook| book.put(&written, &settings, key.as_ref());
        let _book = write_down(book, put).await?;
        let provider = Arc::new(provider);
        let mut own = self.own.write().unwrap_or_else(PoisonError::into_inner);
        own.insert(name.clone(), Arc::clone(&provider));
        Ok((provider, is_new))
    }

    /// Takes one away that the organization has set.
    pub async fn remove(&self, name: &Name) -> Result<(), Rejection> {
        let book = Arc::clone(&self.book).lock_owned().await;
        if book.get(name).is_none() {
            return Err(match self.servers.contains_key(name) {
                true => Rejection::new(
                    ErrorCode::Forbidden,
                    "This one is the server's: its operator sets it.",
                ),
                false => Rejection::not_found("provider", name),
            });
        }
        let written = name.clone();
        let _book = write_down(book, move |book| book.remove(&written)).await?;
        let mut own = self.own.write().unwrap_or_else(PoisonError::into_inner);
        own.remove(name);
        Ok(())
    }
}

fn by_name(provider: Provider) -> (Name, Arc<Provider>) {
    (provider.name.clone(), Arc::new(provider))
}

/// Waits for the disk on a thread that may. The book stays held until what it has is what counts.
async fn write_down(
    mut book: OwnedMutexGuard<ProviderBook>,
    write: impl FnOnce(&mut ProviderBook) -> Result<(), BookError> + Send + 'static,
) -> Result<OwnedMutexGuard<ProviderBook>, Rejection> {
    let written = tokio::task::spawn_blocking(move || write(&mut book).map(|()| book));
    let why = match written.await {
        Ok(Ok(book)) => return Ok(book),
        Ok(Err(error)) => error.to_string(),
        Err(_) => "the server is stopping".to_owned(),
    };
    tracing::error!(why, "a provider can't be written down");
    let detail = "Nothing was written: the server's log says why.";
    Err(Rejection::new(ErrorCode::Unavailable, detail))
}
