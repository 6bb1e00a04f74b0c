//! Nchan: the pub/sub module of nginx, with WebSocket subscribers and publishers that POST.

use std::{fs, path::PathBuf, process::Stdio};

use anyhow::{Context, Result};
use nix::sys::signal::Signal;
use tokio::process::Command;

use super::{Place, Running, find, free_port, listening, local, process::Process};
use crate::{
    client::{dialect::Dialect, http::request},
    fanout::lane::{LanePlan, filled},
};

/// How to get it.
const REMEDY: &str =
    "install nginx with its Nchan module (Debian: apt-get install nginx libnginx-mod-nchan)";

/// The file of the module where distributions build it as one.
const MODULE: &str = "ngx_nchan_module.so";

/// Messages under way. It acknowledges from memory, so two keep it busy; more would only queue in front of it and be
/// held against its latency.
const LANES: usize = 2;

/// Starts nginx with one channel.
///
/// # Errors
/// nginx or the module isn't there, or doesn't start.
pub async fn start(place: &Place, payload: usize) -> Result<Running> {
    let nginx = find::program("NGINX", "nginx", REMEDY)?;
    let directory = place.directory("nchan")?;
    let port = free_port()?;
    let root = directory.path().display();
    let load = module()
        .map(|path| format!("load_module {};", path.display()))
        .unwrap_or_default();
    // One worker: with both cores to itself and the clients it does best with the one that it can fill, and a channel
    // on several would be passed between them. The buffer is Nchan's default.
    let configuration = format!(
        "{load}
daemon off;
user root;
worker_processes 1;
worker_rlimit_nofile 16384;
pid {root}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 16000; }}
http {{
  access_log off;
  client_body_temp_path {root}/body;
  proxy_temp_path {root}/proxy;
  fastcgi_temp_path {root}/fastcgi;
  uwsgi_temp_path {root}/uwsgi;
  scgi_temp_path {root}/scgi;
  keepalive_requests 1000000000;
  keepalive_timeout 600s;
  nchan_message_buffer_length 10;
  server {{
    listen 127.0.0.1:{port};
    location = /publish {{ nchan_publisher http; nchan_channel_id bench; }}
    location = /subscribe {{
      nchan_subscriber websocket;
      nchan_subscriber_first_message newest;
      nchan_channel_id bench;
    }}
  }}
}}
"
    );
    let file = directory.path().join("nginx.conf");
    fs::write(&file, configuration)?;
    let mut command = Command::new(&nginx);
    command
        .arg("-p")
        .arg(directory.path())
        .arg("-c")
        .arg(&file)
        .arg("-e")
        .arg("stderr")
        .stdout(Stdio::null());
    let mut process = Process::start(&mut command, directory.path(), Signal::SIGTERM)?;
    let address = local(port);
    listening(address, &mut process)
        .await
        .with_context(|| format!("nginx does not start; is Nchan there? {REMEDY}"))?;
    let message = request("POST", "/publish", "text/plain", &filled(payload));
    let lanes = (0..LANES)
        .map(|_| LanePlan::http(address, message.clone()))
        .collect::<Result<_>>()?;
    let name = format!(
        "Nchan (nginx {})",
        find::number(&find::version(&nginx, "-v").await)
    );
    let dialect = Dialect::Nchan {
        path: "/subscribe".into(),
    };
    Ok(Running {
        name,
        address,
        dialect,
        lanes,
        process,
        _directory: directory,
    })
}

/// The module's file. None where it is compiled in, or where nginx will say that it doesn't know Nchan.
fn module() -> Option<PathBuf> {
    if let Some(path) = std::env::var_os("NCHAN_MODULE") {
        return Some(path.into());
    }
    let places = [
        "/usr/lib/nginx/modules",
        "/usr/lib64/nginx/modules",
        "/usr/share/nginx/modules",
        "/etc/nginx/modules",
    ];
    find::directory_with(places.map(PathBuf::from), MODULE).map(|directory| directory.join(MODULE))
}
