use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError, RwLock, RwLockReadGuard},
    time::Duration,
};

use shared_types::{ErrorCode, Rejection, model::AgentProfile, value::Name};
use tokio::{
    sync::{Mutex, watch},
    time::timeout,
};
use tokio_util::sync::CancellationToken;

use super::{
    BookError, Owner, Provider, ProviderChange, Reach, SCRIPTED, ServerProvider,
    book::{Entry, ProviderBook},
    vault::VaultError,
};

/// Providers that an organization may set.
const MOST: usize = 50;

/// When it is looked what other nodes have set, if nothing is heard of it: one may have gone before it told.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// When it is tried again.
const AGAIN: Duration = Duration::from_secs(2);

type ByName = BTreeMap<Name, Arc<Provider>>;

/// Whose models an organization's members can work with.
pub struct Providers {
    servers: ByName,
    own: Arc<Own>,
    /// That of members who name none.
    usual: Option<Name>,
}

/// Those that the organization's admins have set. Where the server has one of the same name, theirs counts.
struct Own {
    by_name: RwLock<ByName>,
    /// Where they are kept; held while they are changed or read anew.
    book: Mutex<ProviderBook>,
    /// What they may be asked at.
    reach: Reach,
}

impl Providers {
    /// The server's, and those in the organization's book.
    pub fn new(
        book: ProviderBook,
        servers: &[ServerProvider],
        words_per_second: u32,
        usual: Option<Name>,
        reach: Reach,
    ) -> Self {
        let scripted = SCRIPTED.parse().ok();
        let scripted = scripted.map(|name| Provider::scripted(name, words_per_second));
        let others = servers.iter().map(ServerProvider::provider);
        Self {
            servers: others.chain(scripted).map(by_name).collect(),
            own: Arc::new(Own {
                by_name: RwLock::new(read(&book, reach)),
                book: Mutex::new(book),
                reach,
            }),
            usual,
        }
    }

    /// The one that a member works with, if it can be asked here. For others, somebody else has to claim their runs.
    pub fn of(&self, profile: &AgentProfile) -> Option<Arc<Provider>> {
        let provider = self.find(profile.provider.as_ref().or(self.usual.as_ref())?)?;
        (!provider.is_locked).then_some(provider)
    }

    /// The one of this name.
    pub fn find(&self, name: &Name) -> Option<Arc<Provider>> {
        let own = self.own.by_name();
        own.get(name).or_else(|| self.servers.get(name)).cloned()
    }

    /// All that members can work with, by name.
    pub fn list(&self) -> Vec<Arc<Provider>> {
        let mut all = self.servers.clone();
        all.extend(self.own.by_name().clone());
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
        let (own, name) = (Arc::clone(&self.own), name.clone());
        to_its_end(async move { own.put(name, change).await }).await
    }

    /// Takes one away that the organization has set.
    pub async fn remove(&self, name: &Name) -> Result<(), Rejection> {
        let is_servers = self.servers.contains_key(name);
        let (own, name) = (Arc::clone(&self.own), name.clone());
        to_its_end(async move { own.remove(&name, is_servers).await }).await
    }

    /// Keeps to what other nodes set, until cancelled. `told` changes when one has.
    pub async fn follow(&self, mut told: watch::Receiver<u64>, cancelled: CancellationToken) {
        let follow = async {
            // Whoever would tell it goes with the server.
            while !matches!(timeout(LOOK_EVERY, told.changed()).await, Ok(Err(_))) {
                while let Err(error) = self.own.look_again().await {
                    tracing::debug!(%error, "what other nodes set can't be read");
                    tokio::time::sleep(AGAIN).await;
                }
            }
        };
        cancelled.run_until_cancelled(follow).await;
    }
}

impl Own {
    fn by_name(&self) -> RwLockReadGuard<'_, ByName> {
        self.by_name.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut ByName)) {
        change(&mut self.by_name.write().unwrap_or_else(PoisonError::into_inner));
    }

    async fn look_again(&self) -> Result<(), BookError> {
        self.look_again_in(&mut *self.book.lock().await).await
    }

    async fn look_again_in(&self, book: &mut ProviderBook) -> Result<(), BookError> {
        if book.look_again().await? {
            self.change(|own| *own = read(book, self.reach));
        }
        Ok(())
    }

    async fn put(
        &self,
        name: Name,
        change: ProviderChange,
    ) -> Result<(Arc<Provider>, bool), Rejection> {
        let mut book = self.book.lock().await;
        self.look_again_in(&mut book).await.map_err(refused)?;
        let before = book.get(&name);
        let is_new = before.is_none();
        if is_new && book.entries().count() >= MOST {
            let detail = format!("There are {MOST} providers already: remove one.");
            return Err(Rejection::new(ErrorCode::LimitReached, detail));
        }
        let (settings, key) = change.over(before)?;
        settings.check(key.as_ref(), self.reach)?;
        let put = book.put(&name, &settings, key.as_ref()).await;
        put.map_err(refused)?;
        let provider = Provider::new(name.clone(), settings, key, Owner::Organization, self.reach);
        let provider = Arc::new(provider);
        self.change(|own| drop(own.insert(name, Arc::clone(&provider))));
        Ok((provider, is_new))
    }

    async fn remove(&self, name: &Name, is_servers: bool) -> Result<(), Rejection> {
        let mut book = self.book.lock().await;
        self.look_again_in(&mut book).await.map_err(refused)?;
        if book.get(name).is_none() {
            return Err(match is_servers {
                true => Rejection::new(
                    ErrorCode::Forbidden,
                    "This one is the server's: its operator sets it.",
                ),
                false => Rejection::not_found("provider", name),
            });
        }
        book.remove(name).await.map_err(refused)?;
        self.change(|own| drop(own.remove(name)));
        Ok(())
    }
}

/// Those in a book.
fn read(book: &ProviderBook, reach: Reach) -> ByName {
    let provider = |(name, entry): (&Name, Entry)| {
        let Entry { settings, key } = entry;
        let is_locked = key.is_err();
        let key = key.unwrap_or_else(|error| {
            tracing::warn!(%name, %error, "the key of a provider can't be opened here: nobody works with it");
            None
        });
        let provider = Provider::new(name.clone(), settings, key, Owner::Organization, reach);
        by_name(Provider {
            is_locked,
            ..provider
        })
    };
    book.entries().map(provider).collect()
}

fn by_name(provider: Provider) -> (Name, Arc<Provider>) {
    (provider.name.clone(), Arc::new(provider))
}

/// What is begun here ends, even if whoever asked for it goes: what is written is what counts.
async fn to_its_end<T: Send + 'static>(
    work: impl Future<Output = Result<T, Rejection>> + Send + 'static,
) -> Result<T, Rejection> {
    let worked = tokio::spawn(work).await;
    worked.unwrap_or_else(|_| {
        let detail = "The server is stopping: try again.";
        Err(Rejection::new(ErrorCode::Unavailable, detail))
    })
}

fn refused(error: BookError) -> Rejection {
    tracing::error!(%error, "a provider can't be written down");
    match error {
        BookError::Seal(VaultError::Unnamed) => {
            let detail = "This server shares the board with others and has no key to seal a provider's key with: \
                          its operator has to start each of them with the same --sealing-key-file.";
            Rejection::new(ErrorCode::Forbidden, detail)
        }
        _ => {
            let detail = "Nothing was written: the server's log says why.";
            Rejection::new(ErrorCode::Unavailable, detail)
        }
    }
}
