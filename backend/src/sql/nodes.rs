//! The organizations of servers that share a Redis, followed from there and not by way of one of the servers.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use shared_types::{Directory, Organization, value::OrganizationId};

use super::{SqlError, command::Supply, source::JournalSource};
use crate::{
    api, auth,
    engine::{Aggregate, Engine, Model, Published, Publisher, Render},
    founding::Founding,
    journal::{Journal, LineName, RedisAddress, RedisJournal, RedisServer},
};

/// How often it is looked whether there is another organization.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// What servers share.
pub(super) struct Nodes {
    server: Arc<RedisServer>,
    directory: Engine<Directory>,
    lines: BTreeMap<OrganizationId, Line>,
    /// What the journals know the copy by.
    name: String,
}

/// An organization's events, and its model.
#[derive(Clone)]
struct Line {
    journal: Arc<dyn Journal>,
    engine: Engine,
}

/// Nobody is told: the sources look themselves.
struct Unheard;

impl<A: Aggregate> Publisher<A> for Unheard {
    fn reset(&self, _: &Arc<Model<A>>) {}
    fn publish(&self, _: &Arc<Model<A>>, _: &[Published]) {}
}

impl Nodes {
    /// What is kept at this address, for a copy of this name. Nothing is founded there.
    pub async fn open(address: &RedisAddress, name: String) -> Result<Self, SqlError> {
        let server = RedisServer::new(address.clone())?;
        server.check_imported().await?;
        let journal = journal(&server, LineName::Directory).await?;
        let directory = start(&server, journal, auth::render).await?;
        Ok(Self {
            server,
            directory,
            lines: BTreeMap::new(),
            name,
        })
    }

    /// Ends what follows.
    pub async fn close(&self) {
        for line in self.lines.values() {
            line.engine.stop().await;
        }
        self.directory.stop().await;
    }

    fn known(&self) -> Vec<OrganizationId> {
        let model = self.directory.model();
        model.aggregate.organizations().collect()
    }

    async fn line(&mut self, id: OrganizationId) -> Result<Line, SqlError> {
        if let Some(line) = self.lines.get(&id) {
            return Ok(line.clone());
        }
        let journal = journal(&self.server, LineName::Organization(id)).await?;
        let engine = start::<Organization>(&self.server, Arc::clone(&journal), api::render).await?;
        let line = Line { journal, engine };
        self.lines.insert(id, line.clone());
        Ok(line)
    }
}

impl Supply for Nodes {
    type Source = JournalSource;

    async fn sources(&mut self) -> Result<Vec<JournalSource>, SqlError> {
        let mut sources = Vec::new();
        for id in self.known() {
            let Line { journal, engine } = self.line(id).await?;
            sources.push(JournalSource::new(journal, engine, self.name.clone()));
        }
        Ok(sources)
    }

    async fn another(&mut self) {
        while self.known().len() <= self.lines.len() {
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }
}

async fn journal(server: &Arc<RedisServer>, line: LineName) -> Result<Arc<dyn Journal>, SqlError> {
    Ok(Arc::new(RedisJournal::open(server, line).await?))
}

/// An engine over a line that is there.
async fn start<A: Aggregate>(
    server: &RedisServer,
    journal: Arc<dyn Journal>,
    render: Render<A>,
) -> Result<Engine<A>, SqlError> {
    let missing = || -> Result<Founding<A>, String> {
        let address = server.address();
        Err(format!(
            "no server keeps anything in {address} yet: start one with this --journal first"
        ))
    };
    Ok(Engine::start(journal, Arc::new(Unheard), render, missing).await?)
}
