//! The limits as they stand by default, with real sockets, and who they are counted for.

use std::{
    net::{IpAddr, Ipv4Addr},
    time::{Duration, Instant},
};

use futures_util::{StreamExt, stream};
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use serde_json::json;
use tests::{Answer, Api, Socket};

use super::{PASSWORD, Place, secret, sign_in};

const ELSEWHERE: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2));

#[tokio::test]
async fn one_principal_may_write_a_thousand_times_at_once_and_more() {
    let place = Place::new().await;
    let program = place.program("write", "organization").await;
    let project = program.project("Busy").await;
    let write = &|n: usize| {
        let task =
            json!({ "kind": "task", "title": format!("Task {n}"), "project": project["id"] });
        program.post("/items", task)
    };
    let answers = stream::iter(0..1_500).map(|n| async move { write(n).await.status });
    let refused = answers.buffer_unordered(32);
    let refused = refused.filter(|status| std::future::ready(*status != 201));
    assert_eq!(refused.count().await, 0);
}

#[tokio::test]
async fn one_address_may_hold_five_thousand_connections_and_no_more() {
    let (_, most) = getrlimit(Resource::RLIMIT_NOFILE).expect("a limit");
    setrlimit(Resource::RLIMIT_NOFILE, most, most).expect("may be raised as far as allowed");
    assert!(
        most > 6_000,
        "{most} open files are allowed: raise `ulimit -Hn`"
    );
    let place = Place::new().await;
    let address = place.server.address();
    let mut held = Vec::with_capacity(5_000);
    // Two principals, so that it is the address that has as many.
    for _ in 0..2 {
        let token = place.token("read", "organization").await;
        let open = stream::iter(0..2_500).map(|_| Socket::bearer(address, secret(&token)));
        held.extend(open.buffer_unordered(16).collect::<Vec<_>>().await);
    }
    assert_eq!(held.len(), 5_000);
    let token = place.token("read", "organization").await;
    let one_more = place.server.api().bearer(secret(&token));
    let refused = one_more.get("/events?topics=org").await;
    refused.problem(429, "too_many_requests");
    assert_ne!(refused.header("retry-after"), "");
    // Asking is not holding, and another address is another.
    one_more.get("/projects").await.expect(200);
    let elsewhere = Api::from_address(address, Some(ELSEWHERE)).bearer(secret(&token));
    elsewhere.get("/events?topics=org").await.expect(200);
}

/// From where the newest session was started, as the server sees it.
async fn seen_from(place: &Place, api: &Api) -> String {
    let body = json!({ "email": "owner@example.org", "password": PASSWORD });
    api.post("/session", body).await.expect(201);
    let audit = place.owner.get("/audit?limit=1").await.expect(200);
    assert_eq!(audit["items"][0]["action"], "session.started");
    audit["items"][0]["from"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn only_trusted_proxies_say_where_somebody_comes_from() {
    let place = Place::with(&["--trusted-proxies", "127.0.0.1/32,10.0.0.0/8"]).await;
    let address = place.server.address();
    let (proxy, stranger) = (
        place.server.api(),
        Api::from_address(address, Some(ELSEWHERE)),
    );
    for (said, seen) in [
        ("198.51.100.1", "198.51.100.1"),
        // What a client writes itself stands before what the proxy adds.
        ("127.0.0.1, 198.51.100.1", "198.51.100.1"),
        ("203.0.113.9, 198.51.100.1, 10.1.2.3", "198.51.100.1"),
        ("2001:db8::7", "2001:db8::7"),
        ("198.51.100.1, nonsense", "127.0.0.1"),
        ("", "127.0.0.1"),
    ] {
        let by_proxy = proxy.always("x-forwarded-for", said);
        assert_eq!(seen_from(&place, &by_proxy).await, seen, "{said}");
    }
    for said in ["198.51.100.1", "10.0.0.1", "127.0.0.1"] {
        let by_stranger = stranger.always("x-forwarded-for", said);
        assert_eq!(seen_from(&place, &by_stranger).await, "127.0.0.2", "{said}");
    }
    let others = ["x-real-ip", "forwarded", "x-client-ip"];
    for name in others {
        let by_proxy = proxy.always(name, "198.51.100.1");
        assert_eq!(seen_from(&place, &by_proxy).await, "127.0.0.1", "{name}");
    }
}

#[tokio::test]
async fn ten_thousand_guesses_cost_little_and_keep_nobody_out() {
    let place = Place::new().await;
    let hashed = async || {
        let metrics = place.server.api().get("//metrics").await;
        metrics.metric("devteam_passwords_hashed_total")
    };
    let before = hashed().await;
    let begun = Instant::now();
    let anybody = place.server.api();
    let guess = |n: usize| {
        // Half of them at one account, half at whoever there may be.
        let email = match n % 2 {
            0 => "owner@example.org".to_owned(),
            _ => format!("somebody-{n}@example.org"),
        };
        let body = json!({ "email": email, "password": format!("guess number {n}") });
        anybody.post("/session", body)
    };
    let answers: Vec<Answer> = stream::iter(0..10_000)
        .map(|n| guess(n).into_future())
        .buffer_unordered(32)
        .collect()
        .await;
    let took = begun.elapsed();
    let (mut wrong, mut waiting) = (0, 0);
    for answer in &answers {
        match answer.status {
            401 => wrong += 1,
            429 => {
                let wait: u64 = answer.header("retry-after").parse().unwrap();
                assert!((1..=900).contains(&wait), "{wait}");
                waiting += 1;
            }
            _ => panic!("{}", answer.text()),
        }
    }
    // 50 from an address cost no time; each one more has to wait twice as long.
    let most = 50 + took.as_secs().max(1).ilog2() + 2;
    assert!(wrong <= most, "{wrong} of {most} in {took:?}");
    assert_eq!(wrong + waiting, 10_000);
    assert_eq!(
        hashed().await - before,
        f64::from(wrong),
        "no guess that waits costs a hash"
    );
    assert!(took < Duration::from_secs(120), "{took:?}");
    // The one they were at comes from elsewhere.
    let elsewhere = Api::from_address(place.server.address(), Some(ELSEWHERE));
    let body = json!({ "email": "owner@example.org", "password": PASSWORD });
    elsewhere.post("/session", body).await.expect(201);
    place.owner.get("/account").await.expect(200);
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_cost_the_same() {
    let place = Place::new().await;
    let gone = place.person("viewer").await;
    let member = gone.get("/account").await.expect(200)["member"].clone();
    let member = format!("/members/{}", tests::api::id(&member));
    place.owner.delete(&member).await.expect(204);
    let hashed = async || {
        let metrics = place.server.api().get("//metrics").await;
        metrics.metric("devteam_passwords_hashed_total")
    };
    let mut said = Vec::new();
    for (email, password) in [
        ("owner@example.org", "not the password"),
        ("nobody@example.org", "not the password"),
        ("nobody@example.org", "x"),
        // The right one, of somebody who is deleted.
        ("the-viewer@example.org", PASSWORD),
    ] {
        let before = hashed().await;
        let refused = sign_in(&place.server, email, password).await;
        let mut problem = refused.problem(401, "not_authenticated");
        assert_eq!(hashed().await - before, 1.0, "{email}");
        problem["request_id"].take();
        said.push(problem);
    }
    assert!(said.iter().all(|one| *one == said[0]), "{said:?}");
}
