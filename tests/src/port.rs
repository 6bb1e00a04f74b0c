//! Ports for servers that can't say which one they got.

use std::{
    net::{Ipv4Addr, TcpListener},
    ops::Range,
    process,
    sync::atomic::{AtomicU16, Ordering},
};

/// Below those that the system gives to whoever asks for any, from 32,768 on: none of these can be taken by a
/// connection or a listener of another test before its server listens. Redis Cluster's servers talk to each other
/// 10,000 ports above, which are free for the same reason.
const PORTS: Range<u16> = 12_000..22_000;

/// A port that nobody has, and that is given to nobody else here.
///
/// # Panics
/// There is none.
pub fn free() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let count = u32::from(PORTS.end - PORTS.start);
    // Two processes begin at different places.
    let begin = process::id().wrapping_mul(97) % count;
    (0..count)
        .map(|_| u32::from(NEXT.fetch_add(1, Ordering::Relaxed)))
        .map(|next| PORTS.start + u16::try_from((begin + next) % count).expect("it is less"))
        .find(|port| is_free(*port) && is_free(port + 10_000))
        .expect("a free port")
}

fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}
