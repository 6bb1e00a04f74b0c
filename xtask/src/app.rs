//! The browser app: built by Trunk into dist/, taken apart and compressed there.

use std::env;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{Failure, Result, while_doing};
use crate::profile::Profile;
use crate::step::step;
use crate::tools::{Toolbox, WASM_TARGET};
use crate::{place, precompress, shell, split};

/// What shapes the app besides the packages it is made of.
const SETTINGS: [&str; 5] = [
    "Cargo.toml",
    "Cargo.lock",
    "Trunk.toml",
    ".cargo/config.toml",
    "xtask/npm/package-lock.json",
];

/// Where the app is put.
pub fn folder(profile: Profile) -> Result<PathBuf> {
    match profile {
        Profile::Release => Ok(place::dist()),
        Profile::Quick => Ok(place::target()?.join("quick-app")),
    }
}

/// Builds the app, unless its folder is what the same sources gave before.
pub fn build(tools: &Toolbox, profile: Profile) -> Result {
    let dist = folder(profile)?;
    let sources = sources_hash()?;
    if is_up_to_date(sources, profile) {
        eprintln!("==> the app in {} is up to date", dist.display());
        return Ok(());
    }
    step(
        &format!("the app: compiling and packing it into {}", dist.display()),
        "6 min",
        "look at what Trunk says above",
        || trunk(tools, profile, &dist),
    )?;
    step(
        "the app: taking it apart",
        "3 min",
        "look at what the tools say above",
        || {
            let target = place::target()?;
            let app = target
                .join(WASM_TARGET)
                .join(profile.app())
                .join("frontend.wasm");
            split::split(tools, profile, &app, &dist, &target.join("parts"))
        },
    )?;
    if profile == Profile::Release {
        let advice = "look at what Node says above";
        step(
            "the app: compressing it for the wire",
            "20 s",
            advice,
            || precompress::precompress(&dist),
        )?;
    }
    remember(sources, profile)
}

/// How the standard library is built along with the app, a sixth smaller than it comes: no words for panics (the page has
/// its own for what broke, and stops), no text for `{:?}`.
const LEAN: &str =
    "-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none -Zfmt-debug=none";

/// What lets the app be taken apart: which code refers to what.
const WITH_REFERENCES: &str = "-Clink-args=--emit-relocs";

fn trunk(tools: &Toolbox, profile: Profile, dist: &Path) -> Result {
    // Trunk offline (it would look for its tools in a place of its own) makes cargo offline too.
    shell::run(tools.equip(&mut shell::cargo(&[
        "fetch",
        "--quiet",
        "--target",
        WASM_TARGET,
    ]))?)?;
    let mut trunk = Command::new("trunk");
    trunk
        .args(["build", "--offline", "--dist"])
        .arg(dist)
        .current_dir(place::root());
    if profile == Profile::Release {
        trunk.arg("--release");
    }
    // Trunk takes only these two values, where the world says 1.
    let colourless = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    trunk.env("NO_COLOR", if colourless { "true" } else { "false" });
    let mut flags = WITH_REFERENCES.to_owned();
    if tools.builds_std() {
        flags = format!("{flags} {LEAN}");
        trunk.env("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size");
    }
    trunk.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", flags);
    shell::run(tools.equip(&mut trunk)?)
}

/// Both what went in and what came out: an app built or edited by other means is not ours.
fn remember(sources: u64, profile: Profile) -> Result {
    let file = stamp_file(profile);
    let doing = format!("writing {}", file.display());
    let stamp = stamp(sources, profile)?;
    file.parent()
        .map_or(Ok(()), fs::create_dir_all)
        .map_err(while_doing(&doing))?;
    fs::write(&file, stamp).map_err(while_doing(&doing))
}

fn is_up_to_date(sources: u64, profile: Profile) -> bool {
    let Ok(remembered) = fs::read_to_string(stamp_file(profile)) else {
        return false;
    };
    stamp(sources, profile).is_ok_and(|stamp| stamp == remembered)
}

fn stamp(sources: u64, profile: Profile) -> Result<String> {
    let mut dist = DefaultHasher::new();
    hash_folder(&folder(profile)?, &mut dist)?;
    Ok(format!("{sources:016x} {:016x}\n", dist.finish()))
}

fn stamp_file(profile: Profile) -> PathBuf {
    let name = format!("{}.stamp", profile.app());
    place::root().join(".cache").join(name)
}

fn sources_hash() -> Result<u64> {
    let mut hasher = DefaultHasher::new();
    shell::output(Command::new("rustc").arg("--version"))?.hash(&mut hasher);
    for setting in SETTINGS {
        hash_file(&place::root().join(setting), &mut hasher)?;
    }
    for package in packages()? {
        hash_folder(&package, &mut hasher)?;
    }
    Ok(hasher.finish())
}

/// The folders of the frontend and of all packages of this workspace it is made of.
fn packages() -> Result<Vec<PathBuf>> {
    let args = [
        "tree",
        "--package",
        "frontend",
        "--edges",
        "normal,build",
        "--target",
        WASM_TARGET,
    ];
    let tree = shell::output(shell::cargo(&args).args(["--prefix", "none", "--format", "{p}"]))?;
    let mut packages: Vec<_> = tree.lines().filter_map(folder_in).collect();
    packages.sort();
    packages.dedup();
    if packages.is_empty() {
        return Err(Failure::new(
            "cargo tree does not say where the frontend is",
        ));
    }
    Ok(packages)
}

/// Of "frontend v0.1.0 (/home/me/devteam/frontend)", what is in brackets.
fn folder_in(line: &str) -> Option<PathBuf> {
    let (_, folder) = line.split_once(" (/")?;
    let (folder, _) = folder.split_once(')')?;
    Some(Path::new("/").join(folder))
}

fn hash_folder(folder: &Path, hasher: &mut DefaultHasher) -> Result {
    let doing = format!("reading {}", folder.display());
    let entries = fs::read_dir(folder).map_err(while_doing(&doing))?;
    let mut paths = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<io::Result<Vec<_>>>()
        .map_err(while_doing(&doing))?;
    paths.sort();
    for path in paths {
        // Tests are no part of the app.
        if path.is_dir() && !path.ends_with("tests") {
            hash_folder(&path, hasher)?;
        } else if path.is_file() {
            hash_file(&path, hasher)?;
        }
    }
    Ok(())
}

fn hash_file(file: &Path, hasher: &mut DefaultHasher) -> Result {
    file.strip_prefix(place::root())
        .unwrap_or(file)
        .hash(hasher);
    fs::read(file)
        .map_err(while_doing(format!("reading {}", file.display())))?
        .hash(hasher);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::folder_in;
    use std::path::PathBuf;

    #[test]
    fn a_line_of_the_tree_names_a_folder_only_for_packages_of_the_workspace() {
        let here = Some(PathBuf::from("/home/me/devteam/shared-types"));
        assert_eq!(
            folder_in("shared-types v0.1.0 (/home/me/devteam/shared-types)"),
            here
        );
        assert_eq!(
            folder_in("shared-types v0.1.0 (/home/me/devteam/shared-types) (*)"),
            here
        );
        assert_eq!(folder_in("serde_derive v1.0.228 (proc-macro)"), None);
        assert_eq!(folder_in("serde v1.0.228 (*)"), None);
    }
}
