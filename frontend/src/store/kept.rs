//! Rows of text that outlast the page, in this tab and for whoever is here: after a reload, or after signing in again, the
//! same person finds them.

use gloo::storage::{SessionStorage, Storage};

use super::State;
use crate::json;

/// What was told.
pub(crate) const NOTICES: &str = "notices";
/// What was begun to write.
pub(crate) const DRAFTS: &str = "texts";

/// More than this is not kept: it would crowd out what others keep.
const MOST_BYTES: usize = 1_000_000;

impl State {
    /// Keeps these rows in place of those that were kept. Nobody has any.
    pub(crate) fn keep_rows(&self, what: &str, rows: &[Vec<String>]) {
        let Some(name) = self.name_of_rows(what) else {
            return;
        };
        let bytes: usize = rows.iter().flatten().map(String::len).sum();
        // Without a storage they last as long as the page.
        let _ = match rows.is_empty() || bytes > MOST_BYTES {
            true => SessionStorage::raw().remove_item(&name),
            false => json::keep(&SessionStorage::raw(), &name, &rows),
        };
    }

    /// The rows that were kept.
    pub(crate) fn rows_kept(&self, what: &str) -> Vec<Vec<String>> {
        let name = self.name_of_rows(what);
        let text = name.and_then(|name| SessionStorage::raw().get_item(&name).ok()?);
        text.and_then(|text| json::read(&text)).unwrap_or_default()
    }

    /// Keeps no rows any more of whoever is here: they go, and others may come to this browser.
    pub(crate) fn forget_rows(&self) {
        for what in [NOTICES, DRAFTS] {
            self.keep_rows(what, &[]);
        }
    }

    fn name_of_rows(&self, what: &str) -> Option<String> {
        let me = self.principal()?;
        Some(format!("devteam.{what}.{}", me.id))
    }
}
