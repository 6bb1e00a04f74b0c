//! `devteam worker`: works runs of a server elsewhere as the server's own worker does, with what the REST API has for every
//! worker.

mod board;
mod there;

use std::{
    collections::BTreeMap,
    future::Future,
    path::PathBuf,
    sync::{Arc, Mutex},
    time::Duration,
};

use serde::{Deserialize, Serialize};
use shared_types::{
    model::{Entity, Run},
    sync::Backoff,
    topic::MemberRef,
    value::Name,
};
use tokio::{sync::Semaphore, time::timeout};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    job::Job,
    provider::{Provider, SCRIPTED, ServerProvider, ServersError},
};
use crate::{config::Worker, remote::ShownToken};
use board::Board;
use there::There;

/// Seconds that the server holds a claim back until there is something to do.
const WAIT: u64 = 20;
/// How long a claim whose answer was not heard is asked for again, before another is made.
const PATIENCE: Duration = Duration::from_secs(60);
/// What runs under way may take to let go when the worker is told to stop.
const LET_GO: Duration = Duration::from_secs(8);

/// Why the worker ends.
#[derive(Debug, thiserror::Error)]
pub enum ElsewhereError {
    #[error("the token can't be read from {}: {source}. Name another file with --token-file", .path.display())]
    Token {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error(transparent)]
    Providers(#[from] ServersError),
    #[error(
        "there is no provider {0} here: set it in --providers-file or by its key, or name another with --provider"
    )]
    NoProvider(Name),
    #[error(
        "there is no provider: set one in --providers-file or by its key, or say --provider scripted"
    )]
    NoProviders,
    #[error("connections can't be made: {0}")]
    Client(reqwest::Error),
    #[error("the server refuses the worker: {0}")]
    Refused(String),
}

/// What the worker offers.
#[derive(Debug, Clone, Serialize)]
struct Offer {
    member: Option<MemberRef>,
    wait: u64,
    provider: Option<Name>,
    model: Option<Name>,
    providers: Vec<Offered>,
}

#[derive(Debug, Clone, Serialize)]
struct Offered {
    name: Name,
    model: Option<Name>,
}

/// What it gets.
#[derive(Debug, Deserialize)]
struct Claimed {
    run: Run,
    fence: u64,
}

type ByName = BTreeMap<Name, Arc<Provider>>;

/// Works until it is told to stop; then it lets go of what it has.
pub async fn work_elsewhere(
    config: &Worker,
    stop: impl Future<Output = ()>,
) -> Result<(), ElsewhereError> {
    let token = config.token_file.as_ref().map(|path| {
        ShownToken::read(path).map_err(|source| ElsewhereError::Token {
            path: path.clone(),
            source,
        })
    });
    let providers = providers(config)?;
    let board = Board::new(config.server.clone(), token.transpose()?);
    let crew = Crew {
        offer: offer(config, &providers),
        board: Arc::new(board.map_err(ElsewhereError::Client)?),
        providers,
        stall: Duration::from_secs(config.stall_seconds.get().into()),
        stop: CancellationToken::new(),
        jobs: TaskTracker::new(),
    };
    let names: Vec<&str> = crew.providers.keys().map(|name| &**name).collect();
    tracing::info!(server = %config.server, providers = names.join(", "), "working");
    let ended = tokio::select! {
        ended = crew.claim_without_end(usize::from(config.runs_at_once.get())) => Err(ended),
        () = stop => Ok(()),
    };
    crew.stop.cancel();
    crew.jobs.close();
    if timeout(LET_GO, crew.jobs.wait()).await.is_err() {
        tracing::warn!(
            "some runs could not be let go of: the server gives them to others in a minute"
        );
    }
    ended
}

fn providers(config: &Worker) -> Result<ByName, ElsewhereError> {
    let set = config.providers.read()?;
    let mut providers: ByName = set
        .iter()
        .map(ServerProvider::provider)
        .map(|provider| (provider.name.clone(), Arc::new(provider)))
        .collect();
    match &config.provider {
        Some(name) if **name == *SCRIPTED => {
            let scripted = Provider::scripted(name.clone(), config.scripted_words_per_second);
            providers.insert(name.clone(), Arc::new(scripted));
        }
        Some(name) if !providers.contains_key(name) => {
            return Err(ElsewhereError::NoProvider(name.clone()));
        }
        _ => {}
    }
    match providers.is_empty() {
        true => Err(ElsewhereError::NoProviders),
        false => Ok(providers),
    }
}

fn offer(config: &Worker, providers: &ByName) -> Offer {
    let usual = config
        .provider
        .as_ref()
        .and_then(|name| providers.get(name));
    let offered = providers.values().map(|provider| Offered {
        name: provider.name.clone(),
        model: provider.model.clone(),
    });
    Offer {
        member: config.member.clone(),
        wait: WAIT,
        provider: config.provider.clone(),
        model: usual.and_then(|provider| provider.model.clone()),
        providers: offered.collect(),
    }
}

/// All that works for one server.
struct Crew {
    offer: Offer,
    board: Arc<Board>,
    providers: ByName,
    stall: Duration,
    stop: CancellationToken,
    jobs: TaskTracker,
}

impl Crew {
    /// Claims and works, so many at once. Ends where the server does not want this worker.
    async fn claim_without_end(&self, at_once: usize) -> ElsewhereError {
        let places = Arc::new(Semaphore::new(at_once));
        let mut pause = Backoff::default();
        loop {
            let Ok(place) = Arc::clone(&places).acquire_owned().await else {
                return ElsewhereError::Refused("there is no place to work at".into());
            };
            let claim = self
                .board
                .insist::<Claimed>("/runs/claim", &self.offer, PATIENCE);
            match claim.await {
                Ok(claimed) => {
                    pause.reset();
                    let Some(job) = claimed.and_then(|claimed| self.job(claimed)) else {
                        continue;
                    };
                    self.jobs.spawn(async move {
                        job.carry_out().await;
                        drop(place);
                    });
                }
                Err(refusal) if refusal.is_passing() => {
                    let wait = Duration::from_millis(pause.next_ms(1.0));
                    tracing::warn!(%refusal, wait_seconds = wait.as_secs_f32(), "nothing can be claimed");
                    tokio::time::sleep(wait).await;
                }
                Err(refusal) => return ElsewhereError::Refused(refusal.to_string()),
            }
        }
    }

    fn job(&self, claimed: Claimed) -> Option<Job> {
        let Claimed { run, fence } = claimed;
        // It was offered, so it is there.
        let provider = self.providers.get(run.provider.as_ref()?)?;
        tracing::info!(run = %run.id(), provider = %provider.name, "a run is claimed");
        Some(Job {
            desk: Arc::new(There::new(&self.board, run.id(), fence)),
            run: run.id(),
            provider: Arc::clone(provider),
            model: run.model,
            stall: self.stall,
            stop: self.stop.clone(),
            unpaid: Mutex::default(),
            said: Mutex::default(),
        })
    }
}
