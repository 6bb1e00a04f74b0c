//! Where what is tested lies.

use std::{
    env,
    path::{Path, PathBuf},
};

/// The root of the workspace.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the package lies in the workspace")
}

/// The server's program: `DEVTEAM_BIN`, or else what cargo has built beside this test.
///
/// # Panics
/// There is none.
pub fn server() -> PathBuf {
    if let Some(path) = env::var_os("DEVTEAM_BIN") {
        return PathBuf::from(path);
    }
    let test = env::current_exe().expect("a running program has a path");
    // target/debug/deps/it-0123 → target/debug/devteam
    let found = test
        .ancestors()
        .skip(1)
        .map(|folder| folder.join("devteam"))
        .find(|path| path.is_file());
    found.expect("no devteam program: run `cargo build -p backend`, or name one in DEVTEAM_BIN")
}

/// Redis: `REDIS_SERVER`, or else what is on the path.
pub fn redis_server() -> PathBuf {
    env::var_os("REDIS_SERVER").map_or_else(|| "redis-server".into(), PathBuf::from)
}

/// Redis' own client, which lies beside it.
pub fn redis_cli() -> PathBuf {
    redis_server().with_file_name("redis-cli")
}

/// The library that gives a program another clock: `FAKETIME_LIBRARY`, or else where Debian puts it.
///
/// # Panics
/// There is none.
pub fn faketime() -> PathBuf {
    let debian = || {
        let architectures = std::fs::read_dir("/usr/lib")
            .into_iter()
            .flatten()
            .flatten();
        architectures
            .map(|entry| entry.path().join("faketime/libfaketime.so.1"))
            .find(|library| library.is_file())
    };
    let named = env::var_os("FAKETIME_LIBRARY").map(PathBuf::from);
    named.or_else(debian).expect(
        "libfaketime is not installed: run `cargo xtask test`, or name it in FAKETIME_LIBRARY",
    )
}

/// The built browser app, where there is one: `DEVTEAM_DIST`, or else `dist` in the workspace.
pub fn dist() -> Option<PathBuf> {
    let path = env::var_os("DEVTEAM_DIST").map_or_else(|| root().join("dist"), PathBuf::from);
    path.join("index.html").is_file().then_some(path)
}

/// Where screenshots and logs of failures are put: `DEVTEAM_TEST_OUTPUT`, or else `target/test-output`.
///
/// # Panics
/// It can't be made.
pub fn output() -> PathBuf {
    let path = env::var_os("DEVTEAM_TEST_OUTPUT")
        .map_or_else(|| root().join("target/test-output"), PathBuf::from);
    std::fs::create_dir_all(&path).expect("the folder for the output of tests can be made");
    path
}

/// The program in Python that stands in a page of the documentation, as it stands there.
///
/// # Panics
/// There is none.
pub fn documented_python(page: &str) -> String {
    let text = std::fs::read_to_string(root().join(page)).expect("a page");
    let (_, rest) = text.split_once("```python\n").expect("Python in it");
    rest.split_once("```").expect("its end").0.to_owned()
}
