//! The server as a real process, with its data in a folder of its own.

use std::{
    fs::File,
    io::{BufRead, BufReader, Read, Write},
    net::{IpAddr, Ipv4Addr, SocketAddr},
    os::unix::process::ExitStatusExt,
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, ExitStatus, Output, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use tempfile::TempDir;

use crate::{Api, LiveClient, place, port, wait::PATIENCE};
use shared_types::sync::Transport;

const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// How a server is started.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// With the demo organization.
    pub demo: bool,
    /// Whoever comes has to sign in, even from this machine. Else the owner of an organization, of the demo's or of an
    /// empty one, is whoever comes from this machine.
    pub strict: bool,
    /// Where its data is; else in a folder that goes with the server.
    pub data_dir: Option<PathBuf>,
    /// Where its events are, as `--journal` takes it; else in its data.
    pub journal: Option<String>,
    /// The address to listen on; else this machine's own.
    pub host: Option<IpAddr>,
    /// The port; else one that is free, and stays so while the server is down.
    pub port: u16,
    /// Whether its AI members work; the demo's always do.
    pub works: bool,
    /// More arguments.
    pub args: Vec<String>,
    /// More of its environment.
    pub env: Vec<(String, String)>,
    /// No file may become larger than so many KiB, until [`Server::lift_file_limit`]: a disk that is full.
    pub file_limit_kib: Option<u64>,
}

/// A running server. It is killed when it is dropped; if the test fails, its log is told.
#[derive(Debug)]
pub struct Server {
    options: Options,
    child: Child,
    address: SocketAddr,
    folder: Arc<TempDir>,
    stdout: BufReader<ChildStdout>,
}

impl Options {
    /// With a clock that is so many hours ahead of the machine's.
    pub fn hours_ahead(mut self, hours: i32) -> Self {
        let library = place::faketime().display().to_string();
        let clock = [
            ("LD_PRELOAD", library),
            ("FAKETIME", format!("{hours:+}h")),
            // Only what the time of day is differs, not how it passes.
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1".into()),
        ];
        let clock = clock.map(|(name, value)| (name.to_owned(), value));
        self.env.extend(clock);
        self
    }
}

impl Server {
    /// An empty organization.
    pub fn spawn() -> Self {
        Self::with(Options::default())
    }

    /// An empty organization in which everybody has to sign in.
    pub fn strict() -> Self {
        Self::with(Options {
            strict: true,
            ..Options::default()
        })
    }

    /// The demo organization.
    pub fn demo() -> Self {
        Self::with(Options {
            demo: true,
            ..Options::default()
        })
    }

    /// A server with these options.
    ///
    /// # Panics
    /// It does not come up.
    pub fn with(options: Options) -> Self {
        let folder = Arc::new(tempfile::tempdir().expect("a temporary folder"));
        Self::start(options, folder)
            .unwrap_or_else(|failure| panic!("the server did not start: {failure}"))
    }

    /// Tries to start a server that must not come up: how it ended and what it said.
    ///
    /// # Panics
    /// It does come up.
    pub fn refused(options: Options) -> (ExitStatus, String) {
        let folder = Arc::new(tempfile::tempdir().expect("a temporary folder"));
        match Self::start(options, folder) {
            Ok(server) => panic!("the server started on {}", server.address),
            Err(Failure { status, log }) => (status, log),
        }
    }

    fn start(mut options: Options, folder: Arc<TempDir>) -> Result<Self, Failure> {
        if options.port == 0 {
            options.port = port::free();
        }
        if !options.demo && !options.strict {
            found_empty(&options, folder.path());
        }
        let mut command = command(&options, folder.path());
        let mut child = command.spawn().expect("the server's program can be run");
        let mut stdout = BufReader::new(child.stdout.take().expect("its output is a pipe"));
        let mut line = String::new();
        stdout.read_line(&mut line).expect("its output can be read");
        let Some(address) = line.trim_end().strip_prefix("listening on http://") else {
            let status = child.wait().expect("it was started here");
            return Err(Failure {
                status,
                log: format!("{line}{}", log(folder.path())),
            });
        };
        let address = address
            .parse()
            .expect("its first line ends with an address");
        Ok(Self {
            options,
            child,
            address,
            folder,
            stdout,
        })
    }

    /// Its address.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Where its data is.
    pub fn data_dir(&self) -> PathBuf {
        data_dir(&self.options, self.folder.path())
    }

    /// A client of its REST interface.
    pub fn api(&self) -> Api {
        Api::new(self.address)
    }

    /// A live client over this transport.
    pub async fn live(&self, transport: Transport) -> LiveClient {
        LiveClient::connect(self.address, transport).await
    }

    /// What stands behind `#` in the link on the second line of its output, which only a server without accounts has.
    ///
    /// # Panics
    /// There is none.
    pub fn set_up_secret(&mut self) -> String {
        let mut line = String::new();
        self.stdout
            .read_line(&mut line)
            .expect("its output can be read");
        let link = line.trim_end().strip_prefix("set up at http://");
        let (_, secret) = link
            .and_then(|link| link.split_once("/set-up#"))
            .unwrap_or_else(|| panic!("no set-up link: {line:?}"));
        secret.to_owned()
    }

    /// Runs `devteam account …` on its data, with this on its standard input. It must have ended.
    ///
    /// # Panics
    /// It can't be run.
    pub fn account(&self, args: &[&str], input: &str) -> Output {
        let mut command = Command::new(place::server());
        command
            .arg("account")
            .args(args)
            .arg("--data-dir")
            .arg(self.data_dir())
            .args(journal(&self.options))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().expect("the server's program can be run");
        let mut stdin = child.stdin.take().expect("its input is a pipe");
        stdin
            .write_all(input.as_bytes())
            .expect("its input is taken");
        drop(stdin);
        child.wait_with_output().expect("it was started here")
    }

    /// What it has logged so far.
    pub fn log(&self) -> String {
        log(self.folder.path())
    }

    /// Ends it at once, as `kill -9` does.
    pub fn kill(&mut self) {
        self.child.kill().expect("it was started here");
        self.child.wait().expect("it was started here");
    }

    /// Asks it to end, as `kill` does.
    pub fn ask_to_end(&self) {
        kill(self.nix_pid(), Signal::SIGTERM).expect("it was started here");
    }

    /// From here on it does nothing, and its connections stay.
    pub fn pause(&self) {
        kill(self.nix_pid(), Signal::SIGSTOP).expect("it was started here");
    }

    /// It goes on where it was.
    pub fn resume(&self) {
        kill(self.nix_pid(), Signal::SIGCONT).expect("it was started here");
    }

    /// How it ends, and after how long.
    ///
    /// # Panics
    /// It does not end in time.
    pub fn ended(&mut self) -> (ExitStatus, Duration) {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("it was started here") {
                return (status, begun.elapsed());
            }
            assert!(
                begun.elapsed() < PATIENCE,
                "it did not end in {PATIENCE:?}:\n{}",
                self.log()
            );
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Starts it again after it has ended, with the same data on the same port.
    ///
    /// # Panics
    /// It does not come up.
    pub fn restart(&mut self) {
        self.restart_with(|_| {});
    }

    /// Starts it again after it has ended, with the same data on the same port and other options.
    ///
    /// # Panics
    /// It does not come up.
    pub fn restart_with(&mut self, change: impl FnOnce(&mut Options)) {
        change(&mut self.options);
        let again = Self::start(self.options.clone(), self.folder.clone());
        *self = again.unwrap_or_else(|failure| panic!("the server did not start again: {failure}"));
    }

    /// There is room on its disk again.
    pub fn lift_file_limit(&self) {
        let unlimited = Command::new("prlimit")
            .args(["--fsize=unlimited", "--pid"])
            .arg(self.pid().to_string())
            .status();
        assert!(unlimited.expect("util-linux is installed").success());
    }

    /// What else it has written to its standard output: nothing, since logs go to standard error.
    ///
    /// # Panics
    /// It has not ended.
    pub fn rest_of_output(&mut self) -> String {
        assert!(
            matches!(self.child.try_wait(), Ok(Some(_))),
            "it is still running"
        );
        let mut rest = String::new();
        self.stdout
            .read_to_string(&mut rest)
            .expect("its output can be read");
        rest
    }

    fn nix_pid(&self) -> Pid {
        Pid::from_raw(self.child.id().try_into().expect("process ids are small"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            // Nothing to do about either; the process goes with this one's group at the latest.
            drop(self.child.kill());
            drop(self.child.wait());
        }
        if std::thread::panicking() {
            let log = self.log();
            let lines: Vec<&str> = log.lines().collect();
            let last = &lines[lines.len().saturating_sub(40)..];
            eprintln!("--- the server's log ends with\n{}\n---", last.join("\n"));
        }
    }
}

/// A server that did not come up.
struct Failure {
    status: ExitStatus,
    log: String,
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let signal = self
            .status
            .signal()
            .map(|signal| format!(" (signal {signal})"))
            .unwrap_or_default();
        write!(f, "{}{signal}: {}", self.status, self.log)
    }
}

fn data_dir(options: &Options, folder: &Path) -> PathBuf {
    options
        .data_dir
        .clone()
        .unwrap_or_else(|| folder.join("data"))
}

fn journal(options: &Options) -> impl Iterator<Item = &str> {
    let journal = options.journal.iter();
    journal.flat_map(|journal| ["--journal", journal])
}

fn log(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("log")).unwrap_or_default()
}

/// An organization in which there is nothing yet: `--demo` leaves it as it is.
fn found_empty(options: &Options, folder: &Path) {
    let mut command = Command::new(place::server());
    command
        .args(["account", "list", "--data-dir"])
        .arg(data_dir(options, folder))
        .args(journal(options));
    // Where it can't be done the server itself says why.
    let _ = command.output();
}

fn command(options: &Options, folder: &Path) -> Command {
    let mut command = match options.file_limit_kib {
        None => Command::new(place::server()),
        // What would end the process is ignored, so that writing fails as it does on a full disk. (Blocks of 512 bytes.)
        Some(kib) => {
            let mut shell = Command::new("sh");
            let script = format!("trap '' XFSZ; ulimit -S -f {}; exec \"$0\" \"$@\"", kib * 2);
            shell.arg("-c").arg(script).arg(place::server());
            shell
        }
    };
    // The environment of whoever runs the tests says nothing.
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("DEVTEAM_") || name == "RUST_LOG" {
            command.env_remove(name);
        }
    }
    let log = File::options()
        .create(true)
        .append(true)
        .open(folder.join("log"))
        .expect("a log in the folder");
    command
        .arg("serve")
        .arg("--listen")
        .arg(SocketAddr::new(options.host.unwrap_or(LOOPBACK), options.port).to_string());
    command
        .arg("--data-dir")
        .arg(data_dir(options, folder))
        .args(journal(options));
    if !options.strict {
        command.arg("--demo");
    }
    if !options.strict && !options.demo && !options.works {
        command.args(["--demo-agents", "off"]);
    }
    command
        .args(&options.args)
        .envs(options.env.iter().map(|(name, value)| (name, value)));
    command
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(log);
    command
}
