//! The organizations of a server and the directory of who may use them, opened and put together.

use std::{path::Path, sync::Arc};

use shared_types::{
    Directory,
    directory::DirectoryCommand,
    value::{OrganizationId, Slug, Timestamp},
};

use super::StartupError;
use crate::{
    agents::{Office, Setup},
    api::{self, State},
    auth::{self, AccessWatch, Asking, Auth, Policy, Secret},
    engine::Engine,
    founding::{self, Founding},
    journal::{Journal, SqliteJournal, fresh_epoch},
    live::Hub,
};

/// In the data directory. The organization that was there first lies in the data directory itself.
const DIRECTORY: &str = "directory";
const ORGANIZATIONS: &str = "organizations";

/// What an organization is founded with.
pub(super) type Found = Box<dyn std::error::Error + Send + Sync>;

/// Everything that is known and who may know it.
pub(super) async fn open(
    data_dir: &Path,
    home: Arc<State>,
    policy: Policy,
    setup: &Setup,
    new_epoch: bool,
) -> Result<Auth, StartupError> {
    let journal: Arc<dyn Journal> = Arc::new(SqliteJournal::open(&data_dir.join(DIRECTORY))?);
    let watch = Arc::new(AccessWatch::default());
    let nothing = || {
        Ok::<_, Found>(Founding::<Directory> {
            origin: (),
            steps: Vec::new(),
        })
    };
    let directory =
        Engine::<Directory>::start(Arc::clone(&journal), watch.clone(), auth::render, nothing)
            .await?;
    let organization = home.organization();
    let known = DirectoryCommand::AddOrganization { organization };
    auth::execute(&directory, known, Asking::system("start"))
        .await
        .map_err(StartupError::Directory)?;
    let mut others = Vec::new();
    for id in directory.model().aggregate.organizations() {
        if id != organization {
            let folder = folder(data_dir, id);
            let journal: Arc<dyn Journal> = Arc::new(SqliteJournal::open(&folder)?);
            if new_epoch {
                begin_epoch(&*journal).await?;
            }
            let missing = format!("it is missing: restore {} from a backup", folder.display());
            others.push(over(journal, &folder, setup, || Err(missing.into())).await?);
        }
    }
    let auth = Auth::new(directory, journal, home, others, policy);
    watch.watch(
        auth.organizations()
            .map(|state| Arc::clone(&state.hub))
            .collect(),
    );
    Ok(auth)
}

/// Begins another life of an organization's line.
pub(super) async fn begin_epoch(journal: &dyn Journal) -> Result<(), StartupError> {
    let set = journal.set_epoch(fresh_epoch()).await;
    set.map_err(StartupError::NewEpoch)
}

/// An organization in a folder, founded if there is none.
pub(super) async fn organization(
    folder: &Path,
    found: impl FnOnce() -> Result<Founding, Found>,
) -> Result<Arc<State>, StartupError> {
    let journal = Arc::new(SqliteJournal::open(folder)?);
    over(journal, folder, &Setup::default(), found).await
}

/// An organization over its journal, with a directory for what is beside that.
pub(super) async fn over(
    journal: Arc<dyn Journal>,
    folder: &Path,
    setup: &Setup,
    found: impl FnOnce() -> Result<Founding, Found>,
) -> Result<Arc<State>, StartupError> {
    let office = Arc::new(Office::open(folder, setup)?);
    let hub = Hub::new(Arc::clone(&journal));
    let engine = Engine::start(Arc::clone(&journal), hub.clone(), api::render, found).await?;
    Ok(Arc::new(State::new(engine, journal, hub, office)))
}

/// One more organization, with one person in it, under this slug.
pub(super) async fn add(
    data_dir: &Path,
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
    let state = organization(&folder(data_dir, id), || Ok(founding)).await?;
    state.engine.stop().await;
    let command = DirectoryCommand::AddOrganization { organization: id };
    auth::execute(directory, command, Asking::system("operator"))
        .await
        .map_err(StartupError::Directory)?;
    Ok(())
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

fn folder(data_dir: &Path, id: OrganizationId) -> std::path::PathBuf {
    data_dir.join(ORGANIZATIONS).join(id.to_string())
}

/// An organization with one person in it.
pub(super) fn founding_empty() -> Result<Founding, Found> {
    let now: Timestamp = auth::now();
    Ok(founding::empty(now, uuid::Uuid::new_v4().as_u128())?)
}
