//! What is no HTTP, or too much or too slow to be.

use tests::{Server, raw::exchange};

#[tokio::test]
async fn what_is_no_http_is_answered_with_a_problem_too() {
    let server = Server::demo();
    let address = server.address();
    for wrong in [
        &b"hello?\r\n\r\n"[..],
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /api/v1/projects HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: x\r\nbad header: x\r\n\r\n",
        b"POST /api/v1/projects HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n{}",
        b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    ] {
        let answer = exchange(address, wrong).await;
        let problem = answer.problem(400, "malformed");
        assert_eq!(answer.header("x-request-id"), problem["request_id"]);
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    server.api().get("/account").await.expect(200);
}

#[tokio::test]
async fn a_head_that_is_too_large_or_too_slow_is_answered_with_a_problem() {
    let server = Server::demo();
    let long = format!(
        "GET / HTTP/1.1\r\nhost: x\r\nx-long: {}",
        "x".repeat(131_072)
    );
    let many: String = (0..200).map(|n| format!("x-{n}: y\r\n")).collect();
    let many = format!("GET / HTTP/1.1\r\nhost: x\r\n{many}\r\n");
    for head in [&long, &many] {
        let answer = exchange(server.address(), head.as_bytes()).await;
        answer.problem(431, "head_too_large");
    }
    let slow = exchange(server.address(), b"GET /api/v1/proj").await;
    let problem = slow.problem(408, "request_timeout");
    assert_eq!(problem["retryable"], true);
    assert_ne!(slow.header("retry-after"), "");
}
