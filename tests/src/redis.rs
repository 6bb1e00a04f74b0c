//! Redis as a real process, with its data in a folder of its own.

use std::{
    fs::File,
    net::{Ipv4Addr, SocketAddr},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use tempfile::TempDir;

use crate::{place, port, wait::PATIENCE};

/// A running Redis, which by default keeps everything before it answers. It is killed when it is dropped.
#[derive(Debug)]
pub struct Redis {
    child: Child,
    port: u16,
    args: Vec<String>,
    folder: TempDir,
}

impl Redis {
    /// One that keeps everything: an append-only file, synced before each answer.
    pub fn spawn() -> Self {
        Self::with(&["--appendonly", "yes", "--appendfsync", "always"])
    }

    /// One with these settings.
    ///
    /// # Panics
    /// It does not come up.
    pub fn with(args: &[&str]) -> Self {
        Self::at(port::free(), args)
    }

    /// The same on this port.
    ///
    /// # Panics
    /// It does not come up.
    pub fn at(port: u16, args: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let args: Vec<String> = args.iter().map(|arg| (*arg).to_owned()).collect();
        let child = start(port, &args, &folder);
        let mut redis = Self {
            child,
            port,
            args,
            folder,
        };
        redis.await_ready();
        redis
    }

    /// One that speaks TLS too, with a certificate for `localhost` that an authority of its own has signed.
    ///
    /// # Panics
    /// It does not come up.
    pub fn with_tls() -> (Self, Tls) {
        let tls = Tls::new();
        let file = |name: &str| tls.folder.path().join(name).display().to_string();
        let (port, authority) = (tls.port.to_string(), file("authority.pem"));
        let (certificate, key) = (file("certificate.pem"), file("key.pem"));
        let redis = Self::with(&[
            "--tls-port",
            &port,
            "--tls-cert-file",
            &certificate,
            "--tls-key-file",
            &key,
            "--tls-ca-cert-file",
            &authority,
            "--tls-auth-clients",
            "no",
        ]);
        (redis, tls)
    }

    /// Its address.
    pub fn address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.port).into()
    }

    /// Its address, as `--journal` takes it.
    pub fn url(&self) -> String {
        format!("redis://{}", self.address())
    }

    /// What it answers to a command.
    ///
    /// # Panics
    /// It refuses.
    pub fn ask(&self, command: &[&str]) -> String {
        let answer = self.try_ask(command);
        answer.unwrap_or_else(|refusal| panic!("{command:?}: {refusal}"))
    }

    fn try_ask(&self, command: &[&str]) -> Result<String, String> {
        let output = Command::new(place::redis_cli())
            .args(["-e", "-p", &self.port.to_string()])
            .args(command)
            .output()
            .expect("redis-cli can be run");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end().to_owned();
        match output.status.success() {
            true => Ok(text(&output.stdout)),
            false => Err(text(&output.stdout) + text(&output.stderr).as_str()),
        }
    }

    /// Ends it at once, as `kill -9` does.
    pub fn kill(&mut self) {
        self.child.kill().expect("it was started here");
        self.child.wait().expect("it was started here");
    }

    /// Starts it again after it has ended, with what it has kept.
    ///
    /// # Panics
    /// It does not come up.
    pub fn restart(&mut self) {
        self.child = start(self.port, &self.args, &self.folder);
        self.await_ready();
    }

    /// From here on it does nothing, and its connections stay.
    pub fn pause(&self) {
        self.signal(Signal::SIGSTOP);
    }

    /// It goes on where it was.
    pub fn resume(&self) {
        self.signal(Signal::SIGCONT);
    }

    fn signal(&self, signal: Signal) {
        let pid = Pid::from_raw(self.child.id().try_into().expect("process ids are small"));
        kill(pid, signal).expect("it was started here");
    }

    fn await_ready(&mut self) {
        let deadline = Instant::now() + PATIENCE;
        while self.try_ask(&["PING"]).as_deref() != Ok("PONG") {
            let ended = self.child.try_wait().expect("it was started here");
            assert!(
                ended.is_none() && Instant::now() < deadline,
                "Redis did not come up: {}",
                std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
            );
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        // Nothing to do about either; the process goes with this one's group at the latest.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// How a Redis is reached over TLS.
#[derive(Debug)]
pub struct Tls {
    port: u16,
    folder: TempDir,
}

impl Tls {
    fn new() -> Self {
        let authority_key = KeyPair::generate().expect("a key");
        let mut authority = CertificateParams::default();
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let signed = authority.self_signed(&authority_key);
        let authority_pem = signed.expect("a certificate").pem();
        let issuer = Issuer::new(authority, authority_key);
        let key = KeyPair::generate().expect("a key");
        let own = CertificateParams::new(["localhost".to_owned()]).expect("a name");
        let own = own.signed_by(&key, &issuer).expect("a certificate");
        let folder = tempfile::tempdir().expect("a temporary folder");
        for (name, pem) in [
            ("authority.pem", authority_pem),
            ("certificate.pem", own.pem()),
            ("key.pem", key.serialize_pem()),
        ] {
            std::fs::write(folder.path().join(name), pem).expect("a file");
        }
        let port = port::free();
        Self { port, folder }
    }

    /// The address, as `--journal` takes it, by this name of the machine.
    pub fn url(&self, host: &str) -> String {
        format!("rediss://{host}:{}", self.port)
    }

    /// The environment of a program that trusts the authority, and no other.
    pub fn trusting(&self) -> Vec<(String, String)> {
        let authority = self.folder.path().join("authority.pem");
        vec![("SSL_CERT_FILE".into(), authority.display().to_string())]
    }
}

fn start(port: u16, args: &[String], folder: &TempDir) -> Child {
    let log = File::options()
        .create(true)
        .append(true)
        .open(folder.path().join("log"))
        .expect("a log in the folder");
    let mut command = Command::new(place::redis_server());
    command
        .args(["--port", &port.to_string(), "--bind", "127.0.0.1"])
        .args(["--save", "", "--dir"])
        .arg(folder.path())
        .args(args)
        .stdin(Stdio::null())
        .stdout(log)
        .stderr(Stdio::null());
    command.spawn().expect("redis-server can be run")
}
