//! nginx as a real process, in front of servers.

use std::{
    env, fs,
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use tempfile::TempDir;
use tokio::net::TcpStream;

use crate::{port, wait::until};

/// A running nginx. It is killed when it is dropped.
#[derive(Debug)]
pub struct Nginx {
    child: Child,
    address: SocketAddr,
    _folder: TempDir,
}

impl Nginx {
    /// One with this in its `http` block, in which `PORT` stands for where it listens.
    ///
    /// # Panics
    /// It is not installed, or does not come up.
    pub async fn with(http: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let port = port::free();
        let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|name| format!("{name}_temp_path {}/{name};\n", folder.path().display()))
            .concat();
        // One process, which is whoever runs the test.
        let whole = format!(
            "daemon off; master_process off; pid {0}/pid; events {{}}\nhttp {{ access_log off;\n{temporary}{1}}}\n",
            folder.path().display(),
            http.replace("PORT", &port.to_string()),
        );
        let config = folder.path().join("nginx.conf");
        fs::write(&config, whole).expect("a file");
        let log = folder.path().join("error.log");
        let mut command = Command::new(program());
        command.arg("-c").arg(&config).arg("-e").arg(&log);
        command.arg("-p").arg(folder.path());
        let child = command.stdin(Stdio::null()).stderr(Stdio::null()).spawn();
        let mut nginx = Self {
            child: child.expect("nginx can be run"),
            address: (Ipv4Addr::LOCALHOST, port).into(),
            _folder: folder,
        };
        until("nginx", async || {
            let ended = nginx.child.try_wait().expect("it was started here");
            let said = fs::read_to_string(&log).unwrap_or_default();
            assert!(ended.is_none(), "nginx has ended: {said}");
            TcpStream::connect(nginx.address).await.ok()
        })
        .await;
        nginx
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // Nothing to do about either.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// `NGINX`, or else where Debian puts it, outside of most people's path, or what is on the path.
fn program() -> PathBuf {
    let debian = PathBuf::from("/usr/sbin/nginx");
    match env::var_os("NGINX") {
        Some(named) => PathBuf::from(named),
        None if debian.is_file() => debian,
        None => "nginx".into(),
    }
}
