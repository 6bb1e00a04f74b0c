//! What the app may weigh.

use std::fs;
use std::path::Path;

use crate::failure::{Failure, Result, while_doing};
use crate::place;

/// Bytes over the wire, Brotli where it helps, for all the page loads on a first visit.
const LIMIT: u64 = 300_000;

/// Fails when the app in dist/ is heavier than its limit.
pub fn check() -> Result {
    let weight = weight(&place::dist())?;
    eprintln!(
        "    {:.1} kB of {} kB",
        weight as f64 / 1000.0,
        LIMIT / 1000
    );
    if weight <= LIMIT {
        return Ok(());
    }
    Err(Failure::new(format!(
        "the app is {:.1} kB over the wire",
        weight as f64 / 1000.0
    )))
}

/// Of each file the compressed form, if there is one.
fn weight(folder: &Path) -> Result<u64> {
    let doing = format!("reading {}", folder.display());
    let mut sum = 0;
    for entry in fs::read_dir(folder).map_err(while_doing(&doing))? {
        let path = entry.map_err(while_doing(&doing))?.path();
        if path.is_dir() {
            sum += weight(&path)?;
        } else if !is_compressed_form(&path) {
            let mut compressed = path.clone().into_os_string();
            compressed.push(".br");
            let meta = fs::metadata(compressed).or_else(|_| fs::metadata(&path));
            sum += meta.map_err(while_doing(&doing))?.len();
        }
    }
    Ok(sum)
}

fn is_compressed_form(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension == "br" || extension == "gz")
}
