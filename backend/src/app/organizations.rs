//! The organizations of a server and the directory of who may use them, opened and put together.

use std::sync::Arc;

use shared_types::{
    Directory,
    directory::DirectoryCommand,
    value::{OrganizationId, Slug, Timestamp},
};

use super::{
    StartupError,
    host::{Beside, StoreHost},
    store::{Line, Store},
};
use crate::{
    agents::{Office, Setup},
    api::{self, State},
    auth::{self, Asking, Auth, DirectoryWatch, Hosted, Organizations, Policy, Secret},
    engine::Engine,
    founding::{self, Founding},
    journal::{Journal, fresh_epoch},
    live::Hub,
};

/// What an organization is founded with.
pub(super) type Found = Box<dyn std::error::Error + Send + Sync>;

/// How a server's organizations are to be opened.
pub(super) struct Opening {
    pub policy: Policy,
    pub setup: Setup,
    /// Begin another life of each line.
    pub new_epoch: bool,
    pub beside: Beside,
}

/// Everything that is known and who may know it.
pub(super) async fn open(
    store: &Arc<Store>,
    home: Arc<State>,
    opening: Opening,
) -> Result<Auth, StartupError> {
    let journal = store.directory().await?;
    let watch = Arc::new(DirectoryWatch::default());
    let directory = start_directory(Arc::clone(&journal), watch.clone()).await?;
    let organization = home.organization();
    add_to_directory(&directory, organization, "start").await?;
    let host = StoreHost::new(store, &opening.setup, &watch, opening.beside);
    // What works beside the first one goes with the server.
    let Hosted { state: home, .. } = host.tend(home);
    let organizations = Organizations::new(home, host);
    let known: Vec<OrganizationId> = directory.model().aggregate.organizations().collect();
    for id in known {
        if opening.new_epoch && id != organization {
            begin_epoch(&*store.organization(id).await?.journal).await?;
        }
        // A server opens them while it serves those that it has, and serves the others where one can't be opened.
        if opening.beside == Beside::Nothing {
            let opened = organizations.open(id).await;
            opened.map_err(StartupError::Organization)?;
        }
    }
    Ok(Auth::new(directory, journal, organizations, opening.policy))
}

/// The directory over its journal.
async fn start_directory(
    journal: Arc<dyn Journal>,
    watch: Arc<DirectoryWatch>,
) -> Result<Engine<Directory>, StartupError> {
    let nothing = || {
        Ok::<_, Found>(Founding::<Directory> {
            origin: (),
            steps: Vec::new(),
        })
    };
    Ok(Engine::start(journal, watch, auth::render, nothing).await?)
}

/// Makes organizations known, where there are no accounts yet.
pub async fn make_known(
    journal: Arc<dyn Journal>,
    organizations: &[OrganizationId],
) -> Result<(), StartupError> {
    let directory = start_directory(journal, Arc::default()).await?;
    for id in organizations {
        add_to_directory(&directory, *id, "import").await?;
    }
    directory.stop().await;
    Ok(())
}

async fn add_to_directory(
    directory: &Engine<Directory>,
    organization: OrganizationId,
    who: &str,
) -> Result<(), StartupError> {
    let known = DirectoryCommand::AddOrganization { organization };
    let added = auth::execute(directory, known, Asking::system(who)).await;
    added.map(drop).map_err(StartupError::Directory)
}

/// Begins another life of an organization's line.
pub(super) async fn begin_epoch(journal: &dyn Journal) -> Result<(), StartupError> {
    let before = journal
        .head()
        .await
        .map_err(crate::engine::StartError::from)?;
    let set = journal.set_epoch(before.epoch, fresh_epoch()).await;
    set.map_err(StartupError::NewEpoch)
}

/// An organization over its line, founded if there is none.
pub(super) async fn over(
    line: Line,
    setup: &Setup,
    found: impl FnOnce() -> Result<Founding, Found>,
) -> Result<Arc<State>, StartupError> {
    let found = || {
        let mut founding = found()?;
        if let Some(id) = line.id {
            founding.origin.stamp.id = id;
        }
        Ok::<_, Found>(founding)
    };
    let journal = line.journal;
    let office = Arc::new(Office::open(&line.folder, line.shared, setup).await?);
    let hub = Hub::new(Arc::clone(&journal));
    let engine = Engine::start(Arc::clone(&journal), hub.clone(), api::render, found).await?;
    Ok(Arc::new(State::new(engine, journal, hub, office)))
}

/// One more organization, with one person in it, under this slug.
pub(super) async fn add(
    store: &Store,
    directory: &Engine<Directory>,
    slug: &Slug,
) -> Result<(), StartupError> {
    let mut founding = founding_empty().map_err(crate::engine::StartError::Content)?;
    founding.origin.slug = slug.clone();
    founding.origin.name =
        slug.to_string()
            .parse()
            .map_err(|invalid: shared_types::value::Invalid| {
                crate::engine::StartError::Content(invalid.into())
            })?;
    let id = founding.origin.stamp.id;
    let line = store.organization(id).await?;
    let state = over(line, &Setup::default(), || Ok(founding)).await?;
    state.engine.stop().await;
    add_to_directory(directory, id, "operator").await
}

/// The link with which the first account is made, where there is none yet. The one of the last start is of no use
/// any more.
pub(super) async fn set_up_link(auth: &Auth) -> Result<Option<Secret>, StartupError> {
    if auth.policy.local || auth.directory.model().aggregate.has_accounts() {
        return Ok(None);
    }
    let secret = Secret::draw("devteam_u").map_err(StartupError::Randomness)?;
    let command = DirectoryCommand::OfferSetUp {
        proof: secret.proof(),
    };
    auth.execute(command, Asking::system("start"))
        .await
        .map_err(StartupError::Directory)?;
    Ok(Some(secret))
}

/// An organization with one person in it.
pub(super) fn founding_empty() -> Result<Founding, Found> {
    let now: Timestamp = auth::now();
    Ok(founding::empty(now, uuid::Uuid::new_v4().as_u128())?)
}
