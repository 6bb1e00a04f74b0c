//! Single-row inserts into PostgreSQL, by its own load generator.

use std::fs;

use anyhow::{Context, Result};

use super::{Creates, Store, meter::Meter};
use crate::{
    args::Scale,
    servers::{output, postgres::Postgres},
};

/// One insert, one transaction: less of a row than an event of the product has, which favours PostgreSQL.
const INSERT: &str = "insert into item (project, title, status) \
                      values (1, 'A task of the usual length, as people write them', 'backlog');\n";

/// Measures at every number of clients.
///
/// # Errors
/// PostgreSQL or pgbench isn't there or doesn't work.
pub async fn measure(scale: &Scale) -> Result<Store> {
    eprintln!("PostgreSQL: starting");
    let mut cluster = Postgres::start(&scale.place()).await?;
    let name = format!(
        "{} (fsync {}, synchronous_commit {})",
        cluster.name,
        cluster.setting("fsync").await?,
        cluster.setting("synchronous_commit").await?
    );
    let mut creates = Vec::with_capacity(scale.clients.len());
    for &clients in &scale.clients {
        eprintln!("PostgreSQL: inserts by {clients} clients");
        creates.push(at(&mut cluster, clients, scale.window().as_secs().max(1)).await?);
    }
    Ok(Store { name, creates })
}

async fn at(cluster: &mut Postgres, clients: usize, seconds: u64) -> Result<Creates> {
    let script = cluster.directory().join("insert.sql");
    fs::write(&script, INSERT)?;
    let mut pgbench = cluster.client("pgbench");
    // Prepared statements and two threads are how it does best.
    pgbench
        .args(["--no-vacuum", "--protocol=prepared", "--file"])
        .arg(&script);
    pgbench.args([
        "--jobs".into(),
        clients.min(2).to_string(),
        "--client".into(),
        clients.to_string(),
    ]);
    pgbench
        .args(["--time".into(), seconds.to_string()])
        .arg("postgres");
    let meter = Meter::start(cluster.usage()?.cpu)?;
    let said = output(&mut pgbench).await.context("pgbench")?;
    let metered = meter.stop(cluster.usage()?.cpu)?;
    let number = |label: &str| {
        after(&said, label).with_context(|| format!("no {label:?} in what pgbench said: {said}"))
    };
    let transactions = number("number of transactions actually processed: ")?;
    Ok(Creates {
        clients,
        per_second: number("tps = ")?,
        range: (0.0, 0.0),
        mean: number("latency average = ")?,
        p99: None,
        server_micros: metered.server_seconds * 1e6 / transactions,
        client_cores: metered.client_cores,
        other_cores: metered.other_cores,
        trouble: None,
    })
}

/// The number that follows a label.
fn after(text: &str, label: &str) -> Option<f64> {
    let rest = &text[text.find(label)? + label.len()..];
    let end = rest
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(rest.len());
    rest[..end].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_of_pgbench_are_read() {
        let said = "number of transactions actually processed: 19071\nlatency average = 0.836 ms\n\
                    tps = 1195.871332 (without initial connection time)\n";
        assert_eq!(
            after(said, "number of transactions actually processed: "),
            Some(19_071.0)
        );
        assert_eq!(after(said, "latency average = "), Some(0.836));
        assert_eq!(after(said, "tps = "), Some(1_195.871_332));
        assert_eq!(after(said, "p99 = "), None);
    }
}
