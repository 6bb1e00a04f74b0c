//! Coming back, and over which transport.

use super::{following, snapshot, tell, welcome};
use crate::sync::{Closed, Pace, Preference, Reconnect, SyncClient, Transport, TransportChoice};
use serde_json::json;

#[test]
fn waits_grow_to_fifteen_seconds_and_shrink_when_it_works() {
    let mut client = following();
    let mut waits = Vec::new();
    for _ in 0..9 {
        waits.push(client.closed(Closed::Lost, 0.999));
    }
    assert_eq!(waits[0], Reconnect::After(249));
    assert_eq!(waits[3], Reconnect::After(1998));
    assert_eq!(waits[8], Reconnect::After(14_985));
    client.opened(Transport::WebSocket);
    tell(&mut client, welcome());
    tell(&mut client, snapshot(2, "org", "k3:100"));
    assert_eq!(client.closed(Closed::Lost, 0.999), Reconnect::After(249));
}

#[test]
fn a_close_is_final_only_where_coming_back_would_not_help() {
    for (code, comes_back) in [
        (1001, true),
        (1006, true),
        (1011, true),
        (4408, true),
        (4429, true),
        (4400, false),
        (4401, false),
        (4413, false),
    ] {
        let back = matches!(
            SyncClient::new().closed(Closed::Code(code), 0.5),
            Reconnect::After(_)
        );
        assert_eq!(back, comes_back, "{code}");
    }
    for (status, comes_back) in [
        (401, false),
        (400, false),
        (429, true),
        (502, true),
        (503, true),
        (408, true),
    ] {
        let back = matches!(
            SyncClient::new().closed(Closed::Status(status), 0.5),
            Reconnect::After(_)
        );
        assert_eq!(back, comes_back, "{status}");
    }
}

#[test]
fn a_server_that_closes_says_when_to_come_back() {
    let mut client = following();
    tell(
        &mut client,
        json!({ "type": "closing", "reason": "shutdown", "retry_after_ms": 1200 }),
    );
    assert_eq!(
        client.closed(Closed::Code(1001), 0.5),
        Reconnect::After(1200)
    );
    assert_eq!(client.closed(Closed::Lost, 0.999), Reconnect::After(499));
}

#[test]
fn the_pace_stays_below_the_limit() {
    let mut pace = Pace::default();
    let delays: Vec<u64> = (0..80).map(|_| pace.delay_ms(1_000.0)).collect();
    assert_eq!(delays[39], 0);
    assert_eq!(delays[79], 1_000);
    assert_eq!(pace.delay_ms(10_000.0), 0);
}

#[test]
fn a_transport_that_does_not_work_gives_way_and_a_better_one_is_tried_again() {
    let mut choice = TransportChoice::new(Preference::Automatic);
    assert_eq!(choice.next(), Transport::WebSocket);
    choice.ended(Transport::WebSocket, 0.0);
    choice.ended(Transport::WebSocket, 1.0);
    assert_eq!(choice.next(), Transport::Sse);
    choice.proven(Transport::Sse, 10.0);
    assert_eq!(choice.better(20_000.0), None);
    assert_eq!(choice.better(30_010.0), Some(Transport::WebSocket));
    choice.ended(Transport::WebSocket, 31_000.0);
    assert_eq!(
        (choice.next(), choice.better(60_000.0)),
        (Transport::Sse, None)
    );
    assert_eq!(choice.better(91_000.0), Some(Transport::WebSocket));
    choice.proven(Transport::WebSocket, 91_100.0);
    assert_eq!(
        (choice.next(), choice.better(500_000.0)),
        (Transport::WebSocket, None)
    );
    // Losing one that has worked for long says nothing against it; two short lives do.
    choice.ended(Transport::WebSocket, 600_000.0);
    assert_eq!(choice.next(), Transport::WebSocket);
    for at in [600_100.0, 600_200.0] {
        choice.proven(Transport::WebSocket, at);
        choice.ended(Transport::WebSocket, at + 50.0);
    }
    assert_eq!(choice.next(), Transport::Sse);
}

#[test]
fn when_nothing_works_all_are_tried_in_turn_and_a_chosen_one_stays() {
    let mut choice = TransportChoice::new(Preference::Automatic);
    let mut tried = Vec::new();
    for at in 0..8 {
        tried.push(choice.next());
        choice.ended(choice.next(), f64::from(at));
    }
    let round = [
        Transport::WebSocket,
        Transport::Sse,
        Transport::Polling,
        Transport::WebSocket,
    ];
    assert_eq!(
        tried,
        round
            .iter()
            .flat_map(|transport| [*transport; 2])
            .collect::<Vec<_>>()
    );
    let mut choice = TransportChoice::new(Preference::Only(Transport::Sse));
    for at in 0..8 {
        choice.ended(Transport::Sse, f64::from(at));
        assert_eq!(choice.next(), Transport::Sse);
    }
}
