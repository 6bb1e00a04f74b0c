//! Where a baseline's programs are.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

/// The program that `variable` names, or `name` on the PATH.
///
/// # Errors
/// There is none; `remedy` says how to get it.
pub fn program(variable: &str, name: &str, remedy: &str) -> Result<PathBuf> {
    if let Some(path) = std::env::var_os(variable).map(PathBuf::from) {
        if path.is_file() {
            return Ok(path);
        }
        bail!("{variable} names {}, which is not a file", path.display());
    }
    match on_path(name) {
        Some(path) => Ok(path),
        None => bail!("{name} is not on the PATH; {remedy}, or set {variable}"),
    }
}

/// A program on the PATH, or where only root's PATH leads.
pub fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(["/usr/sbin".into(), "/usr/local/sbin".into()])
        .map(|directory| directory.join(name))
        .find(|candidate| candidate.is_file())
}

/// The first of these directories that has a file of that name.
pub fn directory_with(
    directories: impl IntoIterator<Item = PathBuf>,
    name: &str,
) -> Option<PathBuf> {
    directories
        .into_iter()
        .find(|directory| directory.join(name).is_file())
}

/// What a program says to a question about its version, on either output; its first line.
pub async fn version(program: &Path, argument: &str) -> String {
    let Ok(output) = tokio::process::Command::new(program)
        .arg(argument)
        .output()
        .await
    else {
        return String::new();
    };
    let said = if output.stdout.is_empty() {
        output.stderr
    } else {
        output.stdout
    };
    String::from_utf8_lossy(&said)
        .lines()
        .next()
        .unwrap_or_default()
        .trim()
        .to_owned()
}

/// The part of a version line that is the number: the first word that begins with a digit.
pub fn number(version: &str) -> &str {
    version
        .split([' ', '/'])
        .map(|word| word.trim_start_matches("v=").trim_start_matches('v'))
        .find(|word| word.starts_with(|first: char| first.is_ascii_digit()))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_is_found_in_what_programs_say() {
        for (said, expected) in [
            ("nginx version: nginx/1.22.1", "1.22.1"),
            ("nats-server: v2.15.1", "2.15.1"),
            ("postgres (PostgreSQL) 15.14 (Debian 15.14-0)", "15.14"),
            ("Redis server v=7.0.15 sha=00000000:0", "7.0.15"),
            ("", ""),
        ] {
            assert_eq!(number(said), expected);
        }
    }
}
