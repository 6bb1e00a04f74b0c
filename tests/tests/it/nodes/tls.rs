//! Redis over TLS.

use tests::{Options, Redis, Server, api::id, wait::until};

#[tokio::test]
async fn nodes_share_what_is_kept_over_tls_and_hear_each_other() {
    let (_redis, tls) = Redis::with_tls();
    let node = || {
        Server::with(Options {
            journal: Some(tls.url("localhost")),
            env: tls.trusting(),
            ..Options::default()
        })
    };
    let (one, other) = (node(), node());
    for (from, to) in [(&one, &other), (&other, &one)] {
        let project = from.api().project("Web").await;
        let path = format!("/projects/{}", id(&project));
        until("the other node to have it", async || {
            (to.api().get(&path).await.status == 200).then_some(())
        })
        .await;
        assert_eq!(to.api().get("//health/writable").await.status, 200);
    }
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_or_of_another_name_is_refused() {
    let (_redis, tls) = Redis::with_tls();
    for (host, env) in [("localhost", Vec::new()), ("127.0.0.1", tls.trusting())] {
        let (status, log) = Server::refused(Options {
            journal: Some(tls.url(host)),
            env,
            ..Options::default()
        });
        assert_eq!(status.code(), Some(1));
        assert!(log.contains("ertificate"), "{host}: {log}");
    }
}
