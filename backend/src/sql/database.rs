//! Where the copy is.

use std::{
    fmt, io,
    path::PathBuf,
    str::FromStr,
    time::{Duration, Instant},
};

use sea_orm::{
    ConnectOptions, ConnectionTrait, DatabaseConnection, DbErr, RuntimeErr, Statement,
    TransactionTrait,
    sqlx::{
        self, Connection as _,
        postgres::{PgConnectOptions, PgConnection},
        sqlite::{SqliteError, SqliteJournalMode, SqliteSynchronous},
    },
};
use sea_orm_migration::MigratorTrait;

use tokio::time::{sleep, timeout};

use super::{SqlError, migration::Migrator};

/// How long connecting may take, and waiting for a connection.
const CONNECT: Duration = Duration::from_secs(10);
/// How often one looks for tables that are being made.
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// How long SQLite waits for who reads or writes at the same time.
const BUSY: Duration = Duration::from_secs(30);
const SHAPE: &str = "must be sqlite://<file> or postgres://<user>:<password>@<host>/<database>";
/// PostgreSQL's connections: one organization writes at a time over each.
const CONNECTIONS: u32 = 4;

/// The address of a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A file; made if missing.
    Sqlite(PathBuf),
    /// A server, as PostgreSQL's own programs take it.
    Postgres(String),
}

impl FromStr for DatabaseUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return match PgConnectOptions::from_str(text) {
                Ok(_) => Ok(Self::Postgres(text.into())),
                // What it says has parts of the address in it, and of a password with signs that are not escaped.
                Err(_) => Err(format!(
                    "{SHAPE}: signs in the password are written as %40 for @, %2F for /"
                )),
            };
        }
        let path = text
            .strip_prefix("sqlite://")
            .or_else(|| text.strip_prefix("sqlite:"));
        match path {
            Some(path) if !path.is_empty() && !path.contains([':', '?']) => {
                Ok(Self::Sqlite(path.into()))
            }
            Some(_) => {
                Err("must name a file: sqlite://copy.db, or sqlite:///var/lib/copy.db".into())
            }
            None => Err(SHAPE.into()),
        }
    }
}

/// Without the password.
impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite://{}", path.display()),
            Self::Postgres(url) => {
                let (scheme, rest) = url.split_once("://").unwrap_or(("postgres", url));
                let rest = rest.split('?').next().unwrap_or_default();
                match rest.rsplit_once('@') {
                    Some((user, place)) => {
                        let user = user.split(':').next().unwrap_or_default();
                        write!(f, "{scheme}://{user}@{place}")
                    }
                    None => write!(f, "{scheme}://{rest}"),
                }
            }
        }
    }
}

/// A database with the tables in it.
#[derive(Debug, Clone)]
pub struct Database {
    pub(super) url: DatabaseUrl,
    pub(super) pool: DatabaseConnection,
}

impl Database {
    /// Connects. Whether the tables are there is not looked at: see [`Database::prepare`].
    pub async fn connect(url: &DatabaseUrl) -> Result<Self, SqlError> {
        Ok(Self {
            url: url.clone(),
            pool: pool(url, CONNECTIONS).await?,
        })
    }

    /// Makes the tables, or brings them up to date.
    pub async fn prepare(&self) -> Result<(), SqlError> {
        let tables = |source| SqlError::Tables {
            url: self.url.to_string(),
            source,
        };
        Migrator::install(&self.pool).await.map_err(tables)?;
        self.check_version(&self.applied().await.map_err(tables)?)?;
        // All or nothing: an agent that is killed while it makes them leaves none behind.
        let making = self.pool.begin().await.map_err(tables)?;
        Migrator::up(&making, None).await.map_err(tables)?;
        making.commit().await.map_err(tables)
    }

    /// Waits a little for an agent that has just begun to make the tables, and refuses those of a later version.
    pub async fn find_tables(&self) -> Result<(), SqlError> {
        let deadline = Instant::now() + CONNECT;
        loop {
            let missing = match self.applied().await {
                Ok(applied) => {
                    self.check_version(&applied)?;
                    if known().all(|name| applied.contains(&name)) {
                        return Ok(());
                    }
                    DbErr::Custom("some of its tables are not there".into())
                }
                Err(source) => source,
            };
            if Instant::now() >= deadline {
                return Err(SqlError::Empty {
                    url: self.url.to_string(),
                    source: missing,
                });
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Refuses tables of a later version.
    fn check_version(&self, applied: &[String]) -> Result<(), SqlError> {
        let is_unknown = |name: &&String| known().all(|known| known != **name);
        match applied.iter().find(is_unknown) {
            Some(unknown) => Err(SqlError::Newer {
                url: self.url.to_string(),
                migration: unknown.clone(),
            }),
            None => Ok(()),
        }
    }

    /// The migrations that were made here. SeaORM's own way to ask makes its table first, which is an agent's to do.
    async fn applied(&self) -> Result<Vec<String>, DbErr> {
        let query = "SELECT version FROM seaql_migrations";
        let query = Statement::from_string(self.pool.get_database_backend(), query);
        let rows = self.pool.query_all_raw(query).await?;
        rows.iter().map(|row| row.try_get_by_index(0)).collect()
    }
}

/// The migrations that this version knows.
fn known() -> impl Iterator<Item = String> {
    let migrations = Migrator::migrations().into_iter();
    migrations.map(|migration| migration.name().to_owned())
}

/// Connections to a database, at most so many.
pub(super) async fn pool(
    url: &DatabaseUrl,
    connections: u32,
) -> Result<DatabaseConnection, SqlError> {
    let text = match url {
        DatabaseUrl::Sqlite(path) => format!("sqlite://{}", path.display()),
        DatabaseUrl::Postgres(url) => url.clone(),
    };
    let most = match url {
        // One writes at a time, and who waits for the file waits in vain while the other waits for it.
        DatabaseUrl::Sqlite(_) => 1,
        DatabaseUrl::Postgres(_) => connections,
    };
    if let DatabaseUrl::Postgres(text) = url {
        see(text).await.map_err(|error| SqlError::Unreachable {
            url: url.to_string(),
            source: DbErr::Conn(RuntimeErr::SqlxError(error.into())),
        })?;
    }
    let mut options = ConnectOptions::new(text);
    options
        .max_connections(most)
        .min_connections(1)
        .connect_timeout(CONNECT)
        .acquire_timeout(CONNECT)
        .idle_timeout(None)
        .max_lifetime(None)
        .sqlx_logging(false)
        .set_application_name("devteam database-agent")
        .map_sqlx_sqlite_opts(|sqlite| {
            sqlite
                .create_if_missing(true)
                // Others can read while the agent writes; a commit that a power failure takes back is followed again.
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Normal)
                .busy_timeout(BUSY)
        });
    let begun = Instant::now();
    loop {
        match sea_orm::Database::connect(options.clone()).await {
            // SQLite does not wait by itself while another process turns the file to its write-ahead log.
            Err(error) if is_busy(&error) && begun.elapsed() < BUSY => sleep(LOOK_EVERY).await,
            connected => {
                return connected.map_err(|source| SqlError::Unreachable {
                    url: url.to_string(),
                    source,
                });
            }
        }
    }
}

/// Connects once. A pool tries for as long as it may, and then says no more than that it did not succeed.
async fn see(url: &str) -> Result<(), sqlx::Error> {
    let options = PgConnectOptions::from_str(url)?;
    let connecting = PgConnection::connect_with(&options);
    let connection = timeout(CONNECT, connecting).await.map_err(|_| {
        let seconds = CONNECT.as_secs();
        io::Error::new(
            io::ErrorKind::TimedOut,
            format!("nothing has answered within {seconds} seconds"),
        )
    })??;
    connection.close().await
}

/// Whether another process has the file to itself at this moment.
fn is_busy(error: &DbErr) -> bool {
    const SQLITE_BUSY: &str = "5";
    let DbErr::Conn(RuntimeErr::SqlxError(error)) = error else {
        return false;
    };
    let database = error.as_database_error();
    database.is_some_and(|error| {
        error.try_downcast_ref::<SqliteError>().is_some()
            && error.code().as_deref() == Some(SQLITE_BUSY)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_without_its_password() {
        let shown = |text: &str| text.parse::<DatabaseUrl>().map(|url| url.to_string());
        assert_eq!(
            shown("postgres://copy:secret@db.example.org:5432/board?sslmode=require"),
            Ok("postgres://copy@db.example.org:5432/board".into())
        );
        assert_eq!(
            shown("postgres://localhost/board"),
            Ok("postgres://localhost/board".into())
        );
        assert_eq!(
            shown("sqlite:///tmp/copy.db"),
            Ok("sqlite:///tmp/copy.db".into())
        );
    }

    #[test]
    fn another_scheme_is_refused_naming_those_there_are() {
        for text in ["mysql://localhost/board", "copy.db", "redis://localhost"] {
            let refusal = text.parse::<DatabaseUrl>().expect_err(text);
            assert!(
                refusal.contains("sqlite://") && refusal.contains("postgres://"),
                "{refusal}"
            );
        }
        assert!(
            "postgres://copy:sec/ret@localhost:x/board"
                .parse::<DatabaseUrl>()
                .is_err_and(|why| !why.contains("ret"))
        );
        assert!(
            "sqlite::memory:".parse::<DatabaseUrl>().is_err(),
            "a copy in memory is none"
        );
    }
}
