//! What the program does with the agent: as a command of its own, or in a server.

use std::{future::Future, io::Write, sync::Arc, time::Duration};

use futures_util::future::{pending, select_all};
use shared_types::sync::Backoff;
use tokio::sync::watch;

use super::{
    Agent, Database, DatabaseUrl, SqlError,
    anew::Anew,
    lock::AgentLock,
    nodes::Nodes,
    source::{JournalSource, ServerSource, Source},
    verify,
};
use crate::{
    api::State,
    auth::Auth,
    config::{AgentAction, DatabaseAgent},
    remote::{ServerUrl, ShownToken},
};

/// Differences that are named one by one.
const MOST_NAMED: usize = 100;

/// What there is to copy.
pub(super) trait Supply: Send {
    type Source: Source;

    /// A source of each organization there is by now.
    fn sources(&mut self) -> impl Future<Output = Result<Vec<Self::Source>, SqlError>> + Send;

    /// Waits until there is another one.
    fn another(&mut self) -> impl Future<Output = ()> + Send;
}

/// `devteam database-agent`: follows until `stop`, or verifies.
pub async fn run(config: &DatabaseAgent, stop: impl Future<Output = ()>) -> Result<(), SqlError> {
    match (&config.journal, &config.server) {
        (Some(address), _) => {
            let mut nodes = Nodes::open(address, config.database_url.to_string()).await?;
            let done = act(config, &mut nodes, stop).await;
            nodes.close().await;
            done
        }
        (None, Some(server)) => {
            let mut server = OneServer { config, server };
            // Whatever is wrong with it is told before anything is waited for.
            server.source()?;
            act(config, &mut server, stop).await
        }
        (None, None) => Err(SqlError::Usage(
            "name the --server to follow, or the --journal that servers share".into(),
        )),
    }
}

async fn act(
    config: &DatabaseAgent,
    supply: &mut impl Supply,
    stop: impl Future<Output = ()>,
) -> Result<(), SqlError> {
    let work = async {
        match config.action {
            AgentAction::Verify => tell(&config.database_url, supply.sources().await?).await,
            AgentAction::Follow => {
                Err(follow(&config.database_url, supply, Anew::new(config.rebuild)).await)
            }
        }
    };
    tokio::select! {
        done = work => done,
        () = stop => match config.action {
            AgentAction::Follow => Ok(()),
            // Nobody may take it for one that found nothing.
            AgentAction::Verify => Err(SqlError::Stopped),
        },
    }
}

/// The organization of a token, over a server's WebSocket.
struct OneServer<'a> {
    config: &'a DatabaseAgent,
    server: &'a ServerUrl,
}

impl OneServer<'_> {
    fn source(&self) -> Result<ServerSource, SqlError> {
        Ok(ServerSource::new(self.server.clone(), token(self.config)?))
    }
}

impl Supply for OneServer<'_> {
    type Source = ServerSource;

    async fn sources(&mut self) -> Result<Vec<ServerSource>, SqlError> {
        Ok(vec![self.source()?])
    }

    async fn another(&mut self) {
        pending().await
    }
}

/// The organizations of this server.
struct Own {
    auth: Arc<Auth>,
    opened: watch::Receiver<u64>,
    /// What their journals know the copy by.
    name: String,
}

impl Supply for Own {
    type Source = JournalSource;

    async fn sources(&mut self) -> Result<Vec<JournalSource>, SqlError> {
        self.opened.mark_unchanged();
        let all = self.auth.organizations.all().into_iter();
        let source = |state: Arc<State>| {
            let (journal, engine) = (Arc::clone(&state.journal), state.engine.clone());
            JournalSource::new(journal, engine, self.name.clone())
        };
        Ok(all.map(source).collect())
    }

    async fn another(&mut self) {
        // It ends with the server, which ends this first.
        let _ = self.opened.changed().await;
    }
}

/// In a server: every organization's copy, until it is dropped. A database that is not there does not stop the server.
pub async fn watch(url: DatabaseUrl, auth: Arc<Auth>) {
    let mut own = Own {
        opened: auth.organizations.opened(),
        auth,
        name: url.to_string(),
    };
    let error = follow(&url, &mut own, Anew::new(false)).await;
    tracing::error!(%error, "the database agent has ended; the server goes on");
}

/// Keeps copies through whatever passes: while the database is away it is tried again. Answers what does not pass.
async fn follow(url: &DatabaseUrl, supply: &mut impl Supply, anew: Anew) -> SqlError {
    let mut pause = Backoff::default();
    loop {
        let error = match Database::connect(url).await {
            Ok(database) => {
                pause.reset();
                keep(&database, supply, &anew).await
            }
            Err(error) => error,
        };
        if !error.is_passing() {
            return error;
        }
        let millis = pause.next_ms(1.0);
        tracing::warn!(%error, pause_ms = millis, "the database agent waits, to go on by itself");
        tokio::time::sleep(Duration::from_millis(millis)).await;
    }
}

/// Keeps copies for as long as this is the one agent at work, made anew first where that is due. Answers why it can't.
async fn keep(database: &Database, supply: &mut impl Supply, anew: &Anew) -> SqlError {
    loop {
        let lock = match AgentLock::take(database).await {
            Ok(lock) => lock,
            Err(error) => return error,
        };
        if let Err(error) = database.prepare().await {
            return error;
        }
        let sources = match supply.sources().await {
            Ok(sources) => sources.into_iter(),
            Err(error) => return error,
        };
        let agents =
            sources.map(|source| Box::pin(Agent::new(database, source, anew.clone()).follow()));
        tokio::select! {
            (error, _, _) = select_all(agents) => return error,
            () = supply.another() => tracing::info!("there is another organization to copy"),
            () = lock.lost() => tracing::warn!("the lock on the database is lost: waiting for it again"),
        }
    }
}

/// Says what differs.
async fn tell<S: Source>(url: &DatabaseUrl, sources: Vec<S>) -> Result<(), SqlError> {
    let database = Database::connect(url).await?;
    database.find_tables().await?;
    let mut out = std::io::stdout().lock();
    let mut say = |line: String| {
        if let Err(error) = writeln!(out, "{line}") {
            tracing::warn!(%error, "nobody reads standard output");
        }
    };
    let mut count = 0;
    for mut source in sources {
        let (cursor, rows, differences) = verify(&database, &mut source).await?;
        for difference in differences.iter().take(MOST_NAMED) {
            say(difference.to_string());
        }
        if differences.len() > MOST_NAMED {
            say(format!("and {} more", differences.len() - MOST_NAMED));
        }
        if differences.is_empty() {
            say(format!("{rows} rows are as the model is at {cursor}"));
        }
        count += differences.len();
    }
    match count {
        0 => Ok(()),
        count => Err(SqlError::Differs { count }),
    }
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
