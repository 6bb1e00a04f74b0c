use std::io::{self, IsTerminal};

use tracing_subscriber::{EnvFilter, fmt};

use crate::config::LogFormat;

/// Targets that are never heard, whatever `RUST_LOG` says: they repeat what others send, or headers with keys in them.
const SILENT: [&str; 2] = ["genai=off", "h2=warn"];

/// Logs to standard error from here on; standard output is for what the user asked for.
pub fn start(format: LogFormat) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| {
        EnvFilter::new("info,actix_server=warn,sqlx=warn,sea_orm_migration=warn")
    });
    let silent = SILENT.iter().filter_map(|target| target.parse().ok());
    let filter = silent.fold(filter, EnvFilter::add_directive);
    let logs = fmt()
        .with_env_filter(filter)
        .with_ansi(io::stderr().is_terminal())
        .with_writer(io::stderr);
    match format {
        LogFormat::Text => logs.init(),
        LogFormat::Json => logs.json().init(),
    }
}
