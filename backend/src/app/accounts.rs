//! What the operator does about accounts, while the server is stopped.

use std::{
    io::{BufRead, IsTerminal, Write},
    sync::Arc,
};

use shared_types::value::{Password, Slug};

use super::{
    StartupError,
    host::Beside,
    organizations::{self, Opening},
    store::Store,
};
use crate::{
    agents::Setup,
    api::{ApiError, State},
    auth::{Asking, Auth, Policy, Secret},
    config::{AccountCommand, CreateAccount, ResetPassword, WhereAccounts},
};

/// Why it can't be done.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    #[error(transparent)]
    Startup(#[from] StartupError),
    #[error("{0}")]
    Refused(ApiError),
    #[error("there is no account with the address {0}: see `devteam account list`")]
    NoAccount(String),
    #[error("the password {0}")]
    Password(shared_types::value::Invalid),
    #[error("no password can be made: {0}")]
    Randomness(#[from] getrandom::Error),
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

impl From<ApiError> for AccountError {
    fn from(error: ApiError) -> Self {
        Self::Refused(error)
    }
}

/// Does it, and says on standard output what came of it.
pub async fn manage_accounts(command: &AccountCommand) -> Result<(), AccountError> {
    match command {
        AccountCommand::Create(create) => create_account(create).await,
        AccountCommand::ResetPassword(reset) => reset_password(reset).await,
        AccountCommand::List(place) => {
            let auth = open(&store(place).await?).await?;
            let listed = list(&auth);
            stop(&auth).await;
            Ok(listed?)
        }
    }
}

async fn store(place: &WhereAccounts) -> Result<Arc<Store>, StartupError> {
    let store = Store::new(&place.journal, &place.data_dir).await?;
    Ok(Arc::new(store))
}

async fn open(store: &Arc<Store>) -> Result<Auth, StartupError> {
    let setup = Setup::default();
    let home = store.home().await?;
    let home = organizations::over(home, &setup, organizations::founding_empty).await?;
    let opening = Opening {
        policy: Policy::default(),
        setup,
        new_epoch: false,
        beside: Beside::Nothing,
    };
    organizations::open(store, home, opening).await
}

async fn stop(auth: &Auth) {
    auth.organizations.close_all().await;
    auth.directory.stop().await;
}

async fn create_account(create: &CreateAccount) -> Result<(), AccountError> {
    let store = store(&create.place).await?;
    let mut auth = open(&store).await?;
    if let Some(slug) = &create.organization
        && find(&auth, slug).is_none()
    {
        let added = organizations::add(&store, &auth.directory, slug).await;
        stop(&auth).await;
        added?;
        drop(auth);
        auth = open(&store).await?;
    }
    let created = create_in(&auth, create).await;
    stop(&auth).await;
    created
}

async fn create_in(auth: &Auth, create: &CreateAccount) -> Result<(), AccountError> {
    let state = match &create.organization {
        Some(slug) => find(auth, slug),
        None => Some(Arc::clone(auth.home())),
    };
    let state = state.ok_or_else(|| {
        ApiError::new(
            shared_types::ErrorCode::NotFound,
            "There is no such organization.",
        )
    })?;
    let (password, made) = password()?;
    auth.create_account(
        &state,
        create.email.clone(),
        create.role.into(),
        password,
        create.name.clone(),
    )
    .await?;
    say(&format!("account {} created", create.email), made)
}

async fn reset_password(reset: &ResetPassword) -> Result<(), AccountError> {
    let auth = open(&store(&reset.place).await?).await?;
    let done = reset_in(&auth, reset).await;
    stop(&auth).await;
    done
}

async fn reset_in(auth: &Auth, reset: &ResetPassword) -> Result<(), AccountError> {
    let account = auth
        .directory
        .model()
        .aggregate
        .account_of(&reset.email)
        .cloned();
    let account = account.ok_or_else(|| AccountError::NoAccount(reset.email.to_string()))?;
    let (password, made) = password()?;
    auth.reset_password(account.id, password, Asking::system("operator"))
        .await?;
    say(&format!("password of {} changed", reset.email), made)
}

fn list(auth: &Auth) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    for account in auth.directory.model().aggregate.accounts() {
        let state = auth.organizations.get(account.organization);
        let slug = state.map(|state| state.engine.model().aggregate.profile.slug.to_string());
        writeln!(
            out,
            "{}\t{}\t{}\t{}",
            account.email,
            account.role.as_str(),
            slug.unwrap_or_default(),
            account.created_at
        )?;
    }
    Ok(())
}

fn find(auth: &Auth, slug: &Slug) -> Option<Arc<State>> {
    let is_it = |state: &Arc<State>| state.engine.model().aggregate.profile.slug == *slug;
    auth.organizations.all().into_iter().find(is_it)
}

/// The password on standard input, or one that was made and has to be shown.
fn password() -> Result<(Password, Option<Secret>), AccountError> {
    let mut line = String::new();
    let stdin = std::io::stdin();
    if !stdin.is_terminal() {
        stdin.lock().read_line(&mut line)?;
    }
    match line.trim_end_matches(['\r', '\n']) {
        "" => {
            let made = Secret::draw("devteam_p")?;
            let password = made.reveal().parse().map_err(AccountError::Password)?;
            Ok((password, Some(made)))
        }
        text => Ok((text.parse().map_err(AccountError::Password)?, None)),
    }
}

fn say(done: &str, made: Option<Secret>) -> Result<(), AccountError> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{done}")?;
    if let Some(made) = made {
        writeln!(out, "password: {}", made.reveal())?;
    }
    Ok(())
}
