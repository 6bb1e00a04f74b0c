//! The clients against a hub of a few lines, which forgets nothing: what they count must be exactly what was sent.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Mutex,
    task::JoinSet,
    time::timeout,
};

use super::{
    lane::{LanePlan, filled},
    publisher::Publisher,
};
use crate::{
    client::{dialect::Dialect, http::request, subscribers::Subscribers},
    stamp::Clock,
};

const SWITCH: &str = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
                      Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

type Members = Arc<Mutex<Vec<TcpStream>>>;

/// A hub: whoever GETs is subscribed, what is POSTed goes to all of them. It ends with the set that it is given.
async fn hub(tasks: &mut JoinSet<()>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tasks.spawn(async move {
        let (members, mut connections) = (Members::default(), JoinSet::new());
        while let Ok((stream, _)) = listener.accept().await {
            connections.spawn(serve(stream, Arc::clone(&members)));
        }
    });
    address
}

async fn serve(mut stream: TcpStream, members: Members) {
    loop {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let Ok(byte) = stream.read_u8().await else {
                return;
            };
            head.push(byte);
        }
        let head = String::from_utf8(head).unwrap();
        if head.starts_with("GET") {
            let mut members = members.lock().await;
            stream.write_all(SWITCH.as_bytes()).await.unwrap();
            members.push(stream);
            return;
        }
        let length = head
            .split("Content-Length: ")
            .nth(1)
            .unwrap()
            .lines()
            .next()
            .unwrap();
        let mut frame = vec![
            0x81,
            u8::try_from(length.parse::<usize>().unwrap()).unwrap(),
        ];
        let mut body = vec![0; usize::from(frame[1])];
        stream.read_exact(&mut body).await.unwrap();
        frame.extend(body);
        for member in members.lock().await.iter_mut() {
            // One that left is none of our business.
            member.write_all(&frame).await.ok();
        }
        stream
            .write_all(b"HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\nok")
            .await
            .unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn every_message_is_counted_once_by_every_subscriber() {
    let mut tasks = JoinSet::new();
    let address = hub(&mut tasks).await;
    let clock = Clock::start();
    let dialect = Dialect::Nchan { path: "/".into() };
    let mut subscribers = Subscribers::start(address, dialect, clock).await.unwrap();
    subscribers.grow_to(5).await.unwrap();
    subscribers.grow_to(20).await.unwrap();

    let message = request("POST", "/", "text/plain", &filled(100));
    let lanes = vec![LanePlan::http(address, message).unwrap(); 3];
    let length = Duration::from_millis(500);
    let publisher = Publisher::start(lanes, 100, length, clock).await.unwrap();
    let outcome = publisher.finish().await.unwrap();
    assert!((1..=50).contains(&outcome.published), "{outcome:?}");
    assert_eq!(
        (outcome.refused, outcome.acknowledged.len()),
        (0, outcome.published)
    );

    let expected = outcome.published * 20;
    let all = async {
        while subscribers.deliveries() < expected {
            tokio::task::yield_now().await;
        }
    };
    timeout(Duration::from_secs(10), all).await.unwrap();
    let tally = subscribers.take();
    assert_eq!((tally.deliveries, tally.lost), (expected, 0));
    assert_eq!(
        (tally.message_bytes, tally.wire_bytes),
        (expected * 100, expected * 102)
    );
    assert_eq!(tally.latency.len(), expected);
    assert!(tally.latency.max() < 10_000_000);
    assert_eq!(subscribers.deliveries(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_publisher_that_is_dropped_stops() {
    let mut tasks = JoinSet::new();
    let address = hub(&mut tasks).await;
    let lane = LanePlan::http(address, request("POST", "/", "text/plain", &filled(40))).unwrap();
    let hour = Duration::from_secs(3_600);
    let publisher = Publisher::start(vec![lane], 10, hour, Clock::start())
        .await
        .unwrap();
    let dropped = tokio::task::spawn_blocking(|| drop(publisher));
    timeout(Duration::from_secs(10), dropped)
        .await
        .unwrap()
        .unwrap();
}
