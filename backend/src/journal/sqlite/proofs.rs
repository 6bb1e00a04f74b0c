//! What proves who somebody is: in a table of its own, in which nothing is kept of what it was before.

use rusqlite::{Connection, params};
use shared_types::directory::{Proof, ProofChange};

use super::codec::malformed;

/// Databases of before there were accounts have no such table.
pub(super) const TABLE: &str = "
    CREATE TABLE IF NOT EXISTS proofs (holder TEXT PRIMARY KEY, proof TEXT NOT NULL) STRICT, WITHOUT ROWID;
";

/// Writes one over what it was before, or takes it away.
pub(super) fn put(connection: &Connection, change: &ProofChange) -> rusqlite::Result<()> {
    let holder = change.holder.to_string();
    match &change.proof {
        Some(proof) => connection
            .prepare_cached("INSERT OR REPLACE INTO proofs (holder, proof) VALUES (?, ?)")?
            .execute(params![holder, proof.as_str()]),
        None => connection
            .prepare_cached("DELETE FROM proofs WHERE holder = ?")?
            .execute([holder]),
    }
    .map(drop)
}

/// All there are.
pub(super) fn all(connection: &Connection) -> rusqlite::Result<Vec<ProofChange>> {
    let mut statement = connection.prepare_cached("SELECT holder, proof FROM proofs")?;
    let rows = statement.query_map([], |row| {
        let (holder, proof): (String, String) = (row.get(0)?, row.get(1)?);
        Ok(ProofChange {
            holder: holder.parse().map_err(malformed)?,
            proof: Some(Proof::from(proof)),
        })
    })?;
    rows.collect()
}
