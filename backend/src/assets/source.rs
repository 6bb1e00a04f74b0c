//! Where the app's files come from.

use std::{collections::HashMap, fs, io, path::Path};

use super::Files;

pub(super) fn directory(root: &Path) -> io::Result<Files> {
    let mut files = HashMap::new();
    let mut waiting = vec![root.to_owned()];
    while let Some(directory) = waiting.pop() {
        for entry in fs::read_dir(&directory)? {
            let path = entry?.path();
            if path.is_dir() {
                waiting.push(path);
            } else if let Some(name) = path.strip_prefix(root).ok().and_then(Path::to_str) {
                files.insert(
                    name.replace(std::path::MAIN_SEPARATOR, "/"),
                    fs::read(&path)?,
                );
            }
        }
    }
    Ok(files)
}
