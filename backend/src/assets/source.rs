//! Where the app's files come from.

use std::{collections::HashMap, fs, io, path::Path};

use rust_embed::RustEmbed;

/// What `dist` had when the program was built; nothing, if there was none.
#[derive(RustEmbed)]
#[folder = "../dist"]
#[allow_missing = true]
struct Embedded;

pub(super) fn embedded() -> HashMap<String, Vec<u8>> {
    let file = |name: std::borrow::Cow<'static, str>| {
        Some((name.to_string(), Embedded::get(&name)?.data.into_owned()))
    };
    Embedded::iter().filter_map(file).collect()
}

pub(super) fn directory(root: &Path) -> io::Result<HashMap<String, Vec<u8>>> {
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
