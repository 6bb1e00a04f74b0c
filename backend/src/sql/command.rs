//! What the program does with the agent: as a command of its own, or in a server.

use std::{future::Future, io::Write, sync::Arc};

use futures_util::future::select_all;

use super::{
    Agent, Database, DatabaseUrl, SqlError,
    lock::AgentLock,
    source::{JournalSource, ServerSource, Source},
    verify,
};
use crate::{
    auth::Auth,
    config::{AgentAction, DatabaseAgent},
    remote::ShownToken,
};

/// Differences that are named one by one.
const MOST_NAMED: usize = 100;

/// `devteam database-agent`: follows until `stop`, or verifies.
pub async fn run(config: &DatabaseAgent, stop: impl Future<Output = ()>) -> Result<(), SqlError> {
    let source = || Ok::<_, SqlError>(ServerSource::new(config.server.clone(), token(config)?));
    match config.action {
        AgentAction::Verify => tell(&config.database_url, source()?).await,
        AgentAction::Follow => {
            // Whatever is wrong with them is told before anything is waited for.
            let mut first = Some(source()?);
            let database = Database::connect(&config.database_url).await?;
            let mut rebuild = config.rebuild;
            let sources = move || {
                let source = match first.take() {
                    Some(source) => source,
                    None => source()?,
                };
                Ok(vec![(source, std::mem::take(&mut rebuild))])
            };
            tokio::select! {
                error = keep(&database, sources) => Err(error),
                () = stop => Ok(()),
            }
        }
    }
}

/// In a server: every organization's copy, until it is dropped. A database that is not there does not stop the server.
pub async fn watch(url: DatabaseUrl, auth: Arc<Auth>) {
    let sources = || {
        let organizations = auth.organizations();
        let source = |state: &Arc<crate::api::State>| {
            (
                JournalSource::new(
                    Arc::clone(&state.journal),
                    state.engine.clone(),
                    url.to_string(),
                ),
                false,
            )
        };
        Ok(organizations.map(source).collect())
    };
    let mut pause = shared_types::sync::Backoff::default();
    let error = loop {
        let error = match Database::connect(&url).await {
            Ok(database) => keep(&database, sources).await,
            Err(error) => error,
        };
        if !error.is_passing() {
            break error;
        }
        let millis = pause.next_ms(1.0);
        tracing::warn!(%error, pause_ms = millis, "the database agent waits");
        tokio::time::sleep(std::time::Duration::from_millis(millis)).await;
    };
    tracing::error!(%error, "the database agent has ended; the server goes on");
}

/// Keeps copies for as long as this is the one agent at work. Answers what does not pass.
async fn keep<S: Source>(
    database: &Database,
    mut sources: impl FnMut() -> Result<Vec<(S, bool)>, SqlError>,
) -> SqlError {
    loop {
        let lock = match AgentLock::take(database).await {
            Ok(lock) => lock,
            Err(error) => return error,
        };
        if let Err(error) = database.prepare().await {
            return error;
        }
        let agents = match sources() {
            Ok(sources) => sources
                .into_iter()
                .map(|(source, rebuild)| Box::pin(Agent::new(database, source, rebuild).follow())),
            Err(error) => return error,
        };
        tokio::select! {
            (error, _, _) = select_all(agents) => return error,
            () = lock.lost() => tracing::warn!("the lock on the database is lost: waiting for it again"),
        }
    }
}

/// Says what differs.
async fn tell<S: Source>(url: &DatabaseUrl, mut source: S) -> Result<(), SqlError> {
    let database = Database::connect(url).await?;
    database.find_tables().await?;
    let (cursor, rows, differences) = verify(&database, &mut source).await?;
    let mut out = std::io::stdout().lock();
    let mut say = |line: String| {
        if let Err(error) = writeln!(out, "{line}") {
            tracing::warn!(%error, "nobody reads standard output");
        }
    };
    for difference in differences.iter().take(MOST_NAMED) {
        say(difference.to_string());
    }
    if differences.len() > MOST_NAMED {
        say(format!("and {} more", differences.len() - MOST_NAMED));
    }
    if differences.is_empty() {
        say(format!("{rows} rows are as the model is at {cursor}"));
        return Ok(());
    }
    Err(SqlError::Differs {
        count: differences.len(),
    })
}

fn token(config: &DatabaseAgent) -> Result<ShownToken, SqlError> {
    let Some(path) = &config.token_file else {
        return Err(SqlError::Usage(
            "--token-file is missing: the server wants to know who asks".into(),
        ));
    };
    ShownToken::read(path).map_err(|source| SqlError::Token {
        path: path.display().to_string(),
        source,
    })
}
