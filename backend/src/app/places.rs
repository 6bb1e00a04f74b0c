//! Where things lie in a data directory. The organization that was there first lies in the data directory itself.

use std::path::{Path, PathBuf};

use shared_types::value::OrganizationId;

/// The accounts.
pub fn directory(data_dir: &Path) -> PathBuf {
    data_dir.join("directory")
}

/// A further organization.
pub fn organization(data_dir: &Path, id: OrganizationId) -> PathBuf {
    data_dir.join("organizations").join(id.to_string())
}
