//! Splits the app into the files that are loaded one by one: the parts that the source marks with `#[wasm_split]`.
//!
//! Trunk knows nothing of this. What it has put into dist/ is the app as one file, under the names that the page has; here
//! those files are made anew from what the compiler made, with the other parts beside them.

mod import_names;

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use self::import_names::ImportNames;
use crate::failure::{Failure, Result, while_doing};
use crate::profile::Profile;
use crate::shell;
use crate::tools::Toolbox;

/// What the parts are optimised for, and what the compiler's output makes use of.
const OPTIMISE: [&str; 13] = [
    "--flatten",
    "--rereloop",
    "-Oz",
    "-Oz",
    // A long function stays one, even if it is called once: that is as large, and compresses better by a hundredth.
    "--one-caller-inline-max-function-size",
    "40",
    // The stack is below all data: nothing of ours is in the first kilobyte.
    "--low-memory-unused",
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// The file in which the parts are linked, as the splitter calls it.
const LINKS: &str = "__wasm_split.js";

/// Puts the parts of `app`, as the compiler made it, into `dist`; `work` is for what comes between.
pub fn split(tools: &Toolbox, profile: Profile, app: &Path, dist: &Path, work: &Path) -> Result {
    let doing = format!("making room in {}", work.display());
    if work.exists() {
        fs::remove_dir_all(work).map_err(while_doing(&doing))?;
    }
    fs::create_dir_all(work).map_err(while_doing(&doing))?;
    let name = name_in(dist)?;
    let mut split = Command::new("wasm-split-cli");
    split.args(["--out-name", &name]).arg(app).arg(work);
    shell::run(tools.equip(&mut split)?)?;

    let first = work.join(format!("{name}.wasm"));
    let mut bind = Command::new("wasm-bindgen");
    bind.args(["--target", "web", "--no-typescript", "--keep-lld-exports"])
        .arg("--out-dir")
        .arg(work)
        .arg(&first);
    shell::run(tools.equip(&mut bind)?)?;
    fs::remove_file(&first).map_err(while_doing("removing what is bound now"))?;

    let mut links = read(&work.join(LINKS))?;
    let mut names = ImportNames::default();
    let parts = files(work, "wasm")?;
    if profile == Profile::Release {
        optimise(tools, &parts)?;
    }
    for part in parts {
        let stem = stem(&part);
        let bound = stem == format!("{name}_bg");
        let content =
            fs::read(&part).map_err(while_doing(format!("reading {}", part.display())))?;
        let content = names.shorten(content);
        let file = if bound {
            format!("{stem}.wasm")
        } else {
            format!("{stem}-{}.wasm", hash(&content))
        };
        links = links.replace(&format!("\"./{stem}.wasm\""), &format!("\"./{file}\""));
        write(&dist.join(file), &content)?;
    }
    let links_file = format!("parts-{}.js", hash(links.as_bytes()));
    let script = format!("{name}.js");
    // Only where it is loaded from: the modules go on knowing it by the name they were linked with.
    let bound = read(&work.join(&script))?.replace(
        &format!("from \"./{LINKS}\""),
        &format!("from \"./{links_file}\""),
    );
    let bound = names.shorten(bound.into_bytes());
    for (file, content) in [(links_file, links.into_bytes()), (script, bound)] {
        if profile == Profile::Quick {
            write(&dist.join(file), &content)?;
            continue;
        }
        let long = work.join(&file);
        write(&long, &content)?;
        let mut shorten = Command::new("terser");
        shorten
            .arg(&long)
            .args(["--module", "--compress", "--mangle", "--output"])
            .arg(dist.join(&file));
        shell::run(tools.equip(&mut shorten)?)?;
    }
    Ok(())
}

/// Optimises each part in its place, as many at a time as there are cores.
fn optimise(tools: &Toolbox, parts: &[PathBuf]) -> Result {
    let next = AtomicUsize::new(0);
    let work = || -> Result {
        while let Some(part) = parts.get(next.fetch_add(1, Ordering::Relaxed)) {
            let mut optimise = Command::new("wasm-opt");
            optimise.args(OPTIMISE).arg(part).arg("-o").arg(part);
            shell::run(tools.equip(&mut optimise)?)?;
        }
        Ok(())
    };
    let cores = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        let ended = workers.into_iter().map(|worker| {
            let panicked = |_| Err(Failure::new("optimising has panicked"));
            worker.join().unwrap_or_else(panicked)
        });
        ended.collect()
    })
}

/// What Trunk has called the app: `frontend-` and a hash.
fn name_in(dist: &Path) -> Result<String> {
    let mut scripts = files(dist, "js")?.into_iter().map(|script| stem(&script));
    scripts
        .find(|stem| stem.starts_with("frontend-"))
        .ok_or_else(|| Failure::new(format!("there is no app in {}", dist.display())))
}

fn files(folder: &Path, extension: &str) -> Result<Vec<PathBuf>> {
    let doing = format!("reading {}", folder.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(while_doing(&doing))? {
        let path = entry.map_err(while_doing(&doing))?.path();
        if path.extension().is_some_and(|end| end == extension) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn stem(file: &Path) -> String {
    file.file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

/// As long as those that Trunk puts in names.
fn hash(content: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    content.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

fn read(file: &Path) -> Result<String> {
    fs::read_to_string(file).map_err(while_doing(format!("reading {}", file.display())))
}

fn write(file: &Path, content: &[u8]) -> Result {
    fs::write(file, content).map_err(while_doing(format!("writing {}", file.display())))
}
