use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;
use tokio::sync::Semaphore;

use crate::journal::ReadError;

/// As many reads at a time; further ones wait without a thread.
const CONNECTIONS: usize = 3;

/// Connections to read with, apart from the writer's.
pub(super) struct Readers {
    turns: Arc<Semaphore>,
    idle: Arc<Mutex<Vec<Connection>>>,
}

impl Readers {
    /// Opens them.
    pub fn open(connect: impl Fn() -> rusqlite::Result<Connection>) -> rusqlite::Result<Self> {
        let idle: Vec<Connection> = (0..CONNECTIONS)
            .map(|_| read_only(connect()?))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            turns: Arc::new(Semaphore::new(CONNECTIONS)),
            idle: Arc::new(Mutex::new(idle)),
        })
    }

    /// Reads on a thread where it may block.
    pub async fn read<T, F>(&self, query: F) -> Result<T, ReadError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        let failed = |error: &dyn std::fmt::Display| ReadError(error.to_string());
        let turn = Arc::clone(&self.turns)
            .acquire_owned()
            .await
            .map_err(|error| failed(&error))?;
        let idle = Arc::clone(&self.idle);
        let blocking = tokio::task::spawn_blocking(move || {
            // The turn goes along: who gives up waiting for a read does not stop it.
            let _turn = turn;
            let taken = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let connection = taken.ok_or_else(|| ReadError("a connection is missing".into()))?;
            let result = query(&connection).map_err(|error| ReadError(error.to_string()));
            idle.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(connection);
            result
        });
        blocking.await.map_err(|error| failed(&error))?
    }
}

fn read_only(connection: Connection) -> rusqlite::Result<Connection> {
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}
