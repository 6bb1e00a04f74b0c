//! HTTP by hand: what breaks off or stalls in the middle is nothing that a good server does.

use std::{
    io::{self, ErrorKind},
    sync::{Arc, Mutex},
    time::Duration,
};

use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinSet,
    time::sleep,
};

use super::{
    Asked, Protocol, Shared, lock,
    turn::{Fault, Said},
};

/// Each connection is for one call.
pub(super) async fn serve(listener: TcpListener, shared: Arc<Mutex<Shared>>) {
    let mut connections = JoinSet::new();
    while let Ok((line, _)) = listener.accept().await {
        let shared = Arc::clone(&shared);
        connections.spawn(async move {
            // Whoever hangs up has a reason.
            if let Err(error) = answer(line, &shared).await
                && error.kind() != ErrorKind::InvalidData
            {
                lock(&shared).hung_up += 1;
            }
        });
        while connections.try_join_next().is_some() {}
    }
}

async fn answer(line: TcpStream, shared: &Mutex<Shared>) -> io::Result<()> {
    line.set_nodelay(true)?;
    let mut line = BufReader::new(line);
    let asked = read(&mut line).await?;
    let Some(protocol) = Protocol::of_path(&asked.path) else {
        return refuse(
            &mut line,
            404,
            None,
            r#"{"error":{"message":"There is no such path"}}"#,
        )
        .await;
    };
    let (name, before) = protocol.key_header();
    let key = asked.header(name).trim_start_matches(before).to_owned();
    let said = {
        let mut shared = lock(shared);
        shared.asked.push(asked);
        let next = shared.next.pop_front();
        next.unwrap_or_else(|| shared.always.clone())
    };
    say(&mut line, protocol, &said, &key).await
}

async fn say(
    line: &mut BufReader<TcpStream>,
    protocol: Protocol,
    said: &Said,
    key: &str,
) -> io::Result<()> {
    match &said.fault {
        Fault::Refused {
            status,
            retry_after,
            body,
        } => return refuse(line, *status, *retry_after, &body.replace("{key}", key)).await,
        Fault::SentOn(address) => {
            let head = format!(
                "HTTP/1.1 307 Sent on\r\nlocation: {address}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
            );
            return line.write_all(head.as_bytes()).await;
        }
        Fault::RefusedWithoutEnd(status) => {
            let head = format!(
                "HTTP/1.1 {status} Refused\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n"
            );
            line.write_all(head.as_bytes()).await?;
            loop {
                chunk(line, b"and so on ").await?;
                sleep(Duration::from_millis(1)).await;
            }
        }
        _ => {}
    }
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n";
    line.write_all(head.as_bytes()).await?;
    let frames = protocol.frames(said);
    let first = &frames[..frames.len() / 2];
    match &said.fault {
        Fault::Stalls => {
            send(line, first).await?;
            hung_up(line).await
        }
        // Without the end of the last chunk.
        Fault::BreaksOff => send(line, first).await,
        Fault::EndsEarly => {
            send(line, first).await?;
            end(line).await
        }
        Fault::Slowly(pause) => {
            for byte in frames.concat().as_bytes() {
                chunk(line, &[*byte]).await?;
                sleep(*pause).await;
            }
            end(line).await
        }
        Fault::Endless => {
            send(line, first).await?;
            loop {
                chunk(line, protocol.word("and so on ").as_bytes()).await?;
            }
        }
        Fault::Nonsense => {
            chunk(
                line,
                b"event: message_start\ndata: {nonsense\n\ndata: [1,2\n\n{nonsense\n",
            )
            .await?;
            end(line).await
        }
        Fault::None | Fault::Refused { .. } | Fault::RefusedWithoutEnd(_) | Fault::SentOn(_) => {
            send(line, &frames).await?;
            end(line).await
        }
    }
}

async fn send(line: &mut BufReader<TcpStream>, frames: &[String]) -> io::Result<()> {
    for frame in frames {
        chunk(line, frame.as_bytes()).await?;
    }
    Ok(())
}

async fn chunk(line: &mut BufReader<TcpStream>, bytes: &[u8]) -> io::Result<()> {
    let mut whole = format!("{:x}\r\n", bytes.len()).into_bytes();
    whole.extend(bytes);
    whole.extend(b"\r\n");
    line.write_all(&whole).await
}

async fn end(line: &mut BufReader<TcpStream>) -> io::Result<()> {
    line.write_all(b"0\r\n\r\n").await
}

/// Waits for the caller to hang up, which is told as an error.
async fn hung_up(line: &mut BufReader<TcpStream>) -> io::Result<()> {
    while line.read_u8().await.is_ok() {}
    Err(ErrorKind::BrokenPipe.into())
}

async fn refuse(
    line: &mut BufReader<TcpStream>,
    status: u16,
    retry_after: Option<&str>,
    body: &str,
) -> io::Result<()> {
    let retry_after = retry_after.map_or(String::new(), |wait| format!("retry-after: {wait}\r\n"));
    let length = body.len();
    let whole = format!(
        "HTTP/1.1 {status} Refused\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n{retry_after}\
         connection: close\r\n\r\n{body}"
    );
    line.write_all(whole.as_bytes()).await
}

async fn read(line: &mut BufReader<TcpStream>) -> io::Result<Asked> {
    let invalid = || io::Error::from(ErrorKind::InvalidData);
    let mut first = String::new();
    line.read_line(&mut first).await?;
    let path = first.split(' ').nth(1).ok_or_else(invalid)?.to_owned();
    let mut headers = Vec::new();
    loop {
        let mut text = String::new();
        line.read_line(&mut text).await?;
        if text.trim().is_empty() {
            break;
        }
        let (name, value) = text.split_once(':').ok_or_else(invalid)?;
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let asked = Asked {
        path,
        headers,
        body: Value::Null,
    };
    let length = asked.header("content-length").parse().unwrap_or(0);
    let mut body = vec![0; length];
    line.read_exact(&mut body).await?;
    Ok(Asked {
        body: serde_json::from_slice(&body).map_err(|_| invalid())?,
        ..asked
    })
}
