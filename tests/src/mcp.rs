//! A client of the Model Context Protocol that is not ours: Python's.

use std::{path::PathBuf, process::Stdio};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command},
};

use crate::{Server, place, wait::in_time};

/// How a client begins to speak with a server.
#[derive(Debug, Clone, Copy)]
pub enum Begin {
    /// As the newest version of the protocol has it, if the server knows that.
    Discover,
    /// By a handshake, as in all versions before.
    Handshake,
}

/// A connected client. Its process ends when it is dropped.
#[derive(Debug)]
pub struct Mcp {
    _child: Child,
    stdin: ChildStdin,
    stdout: Lines<BufReader<ChildStdout>>,
}

impl Mcp {
    /// One that shows a token, or nothing.
    ///
    /// # Panics
    /// Python can't be started.
    pub fn connect(server: &Server, token: Option<&str>, begin: Begin) -> Self {
        let mut command = Command::new(python());
        command
            .arg(place::root().join("tests/python/mcp_client.py"))
            .env("DEVTEAM_URL", server.url(""))
            .env(
                "MCP_MODE",
                match begin {
                    Begin::Discover => "auto",
                    Begin::Handshake => "legacy",
                },
            )
            .env_remove("DEVTEAM_TOKEN")
            .envs(token.map(|token| ("DEVTEAM_TOKEN", token)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true);
        let mut child = command.spawn().expect("Python can be started");
        let stdin = child.stdin.take().expect("it is piped");
        let stdout = BufReader::new(child.stdout.take().expect("it is piped")).lines();
        Self {
            _child: child,
            stdin,
            stdout,
        }
    }

    /// What a tool says: what it was to do, or a problem.
    ///
    /// # Panics
    /// It is no tool, or what it says in words is not what it says as JSON.
    pub async fn call(&mut self, name: &str, arguments: Value) -> Result<Value, Value> {
        let step = json!({ "do": "call", "name": name, "arguments": arguments });
        let said = self.step(step).await.expect("a result of the tool");
        let content = &said["structuredContent"];
        let text = said["content"][0]["text"].as_str().expect("a text");
        assert_eq!(
            serde_json::from_str::<Value>(text).ok().as_ref(),
            Some(content)
        );
        match said["isError"] == true {
            true => Err(content.clone()),
            false => Ok(content.clone()),
        }
    }

    /// One step of `mcp_client.py`: what came of it, or the protocol's error.
    ///
    /// # Panics
    /// The client has ended, which it says why on standard error.
    pub async fn step(&mut self, step: Value) -> Result<Value, Value> {
        self.stdin
            .write_all(format!("{step}\n").as_bytes())
            .await
            .expect("the client listens");
        let line = in_time("an answer of the client", self.stdout.next_line()).await;
        let line = line.expect("text").expect("the client goes on");
        let mut said: Value = serde_json::from_str(&line).expect("JSON");
        match said.get_mut("ok") {
            Some(ok) => Ok(ok.take()),
            None => Err(said["error"].take()),
        }
    }

    /// The status that it was refused with.
    ///
    /// # Panics
    /// It was not refused.
    pub async fn refused(mut self) -> Value {
        let line = in_time("the end of the client", self.stdout.next_line()).await;
        let line = line.expect("text").expect("it says that it was refused");
        let said: Value = serde_json::from_str(&line).expect("JSON");
        said["refused"][0].clone()
    }
}

/// The Python that has the protocol's library.
///
/// # Panics
/// `MCP_PYTHON` names none.
pub fn python() -> PathBuf {
    let named = std::env::var_os("MCP_PYTHON").map(PathBuf::from);
    named.expect("no Python with MCP: run `cargo xtask test`, or name one in MCP_PYTHON")
}
