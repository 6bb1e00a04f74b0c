//! As somebody would try who has no business here.

use serde_json::json;
use tests::{Socket, api::id, raw::exchange};

use super::{PASSWORD, Place, account_id, cookie, secret, sign_in};

#[tokio::test]
async fn another_organization_is_not_there_by_any_of_its_ids() {
    let mut place = Place::new().await;
    let project = place.owner.project("Ours").await;
    let team = place.owner.team(&project, "Team").await;
    let task = place.owner.task(&project, "Ours").await;
    let member = place.owner.member("Grace").await;
    let token = place.token("admin", "organization").await;
    let invite = json!({ "email": "new@example.org", "role": "member" });
    let invitation = place.owner.create("/invitations", invite).await;
    let account = account_id(&place.owner).await;
    let sessions = place.owner.get("/account/sessions").await.expect(200);
    let session = id(&sessions["items"][0]).to_owned();
    place.server.ask_to_end();
    place.server.ended();
    let made = place.server.account(
        &[
            "create",
            "--email",
            "eve@example.com",
            "--organization",
            "theirs",
        ],
        &format!("{PASSWORD}\n"),
    );
    assert!(made.status.success(), "{made:?}");
    place.server.restart();
    let eve = sign_in(&place.server, "eve@example.com", PASSWORD).await;
    let eve = place.server.api().browser(&cookie(&eve));
    assert_eq!(eve.get("/organization").await.expect(200)["slug"], "theirs");

    let (p, t, i, m) = (id(&project), id(&team), id(&task), id(&member));
    let mine = eve.project("Theirs").await;
    for path in [
        format!("/projects/{p}"),
        format!("/projects/{p}/teams"),
        format!("/projects/{p}/teams/{t}"),
        format!("/items/{i}"),
        format!("/items/{i}/comments"),
        format!("/items?project={p}"),
        format!("/items?assignee={m}"),
        format!("/members/{m}"),
        format!("/activity?topic=project:{p}"),
        format!("/snapshot?topic=item:{i}"),
        format!("/events?topics=team:{t}"),
        format!("/sse?topics=member:{m}"),
    ] {
        eve.get(&path).await.problem(404, "not_found");
    }
    for (path, body) in [
        (
            "/items",
            json!({ "kind": "task", "title": "X", "project": p }),
        ),
        (
            "/items",
            json!({ "kind": "task", "title": "X", "project": mine["id"], "parent": i }),
        ),
        (
            "/items",
            json!({ "kind": "task", "title": "X", "project": mine["id"], "assignees": [m] }),
        ),
        (
            "/items",
            json!({ "kind": "task", "title": "X", "project": mine["id"], "depends_on": [i] }),
        ),
        (
            "/account/tokens",
            json!({ "name": "X", "access": "read", "scope": format!("project:{p}") }),
        ),
        (
            "/invitations",
            json!({ "email": "x@example.org", "role": "member", "member": m }),
        ),
    ] {
        eve.post(path, body.clone())
            .await
            .problem(422, "validation");
    }
    for path in [
        format!("/items/{i}"),
        format!("/projects/{p}"),
        format!("/members/{m}"),
        format!("/accounts/{account}"),
        format!("/invitations/{}", id(&invitation)),
        format!("/tokens/{}", id(&token)),
        format!("/account/tokens/{}", id(&token)),
        format!("/account/sessions/{session}"),
    ] {
        eve.delete(&path).await.problem(404, "not_found");
    }
    for path in [
        "/projects",
        "/items",
        "/members",
        "/accounts",
        "/tokens",
        "/invitations",
        "/audit",
        "/activity",
    ] {
        let text = eve.get(path).await.text();
        for foreign in [p, t, i, m, &account, id(&token), "owner@example.org"] {
            assert!(!text.contains(foreign), "{path} tells of {foreign}");
        }
    }
    let taken = json!({ "email": "owner@example.org", "role": "member" });
    assert_eq!(
        eve.post("/invitations", taken).await.status,
        201,
        "no telling"
    );
    place.owner.get(&format!("/projects/{p}")).await.expect(200);
}

#[tokio::test]
async fn a_forged_token_a_token_in_an_address_and_no_token_are_refused() {
    let place = Place::new().await;
    let token = place.token("read", "organization").await;
    let secret = secret(&token);
    let forged = format!("{}x", &secret[..secret.len() - 1]);
    for wrong in [&*forged, "devteam_t_", "x", id(&token)] {
        let api = place.server.api().bearer(wrong);
        api.get("/projects").await.problem(401, "not_authenticated");
        let header = format!("Bearer {wrong}");
        let (mut socket, _) =
            Socket::with_header(place.server.address(), Some(("authorization", &header))).await;
        assert_eq!(socket.closed().await, 4401);
    }
    for scheme in ["Basic", "Token", ""] {
        let api = place
            .server
            .api()
            .always("authorization", &format!("{scheme} {secret}"));
        api.get("/projects").await.problem(401, "not_authenticated");
    }
    for name in ["token", "access_token", "Authorization"] {
        let path = format!("/projects?{name}={secret}");
        let answer = place.server.api().get(&path).await;
        answer.problem(401, "not_authenticated");
        let answer = place.owner.get(&path).await;
        answer.problem(401, "not_authenticated");
    }
    let upgrade = format!(
        "GET /api/v1/ws?token={secret} HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
         sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    );
    let refused = exchange(place.server.address(), upgrade.as_bytes()).await;
    refused.problem(401, "not_authenticated");
    assert!(!place.server.log().contains(secret));
}

#[tokio::test]
async fn a_page_of_another_site_can_do_nothing_with_somebodys_cookie() {
    let place = Place::new().await;
    let answer = sign_in(&place.server, "owner@example.org", PASSWORD).await;
    let shown = cookie(&answer);
    let new = json!({ "name": "Theirs" });
    let with_cookie = place.server.api().always("cookie", &shown);
    with_cookie.get("/projects").await.expect(200);
    with_cookie
        .post("/projects", new.clone())
        .await
        .problem(403, "forbidden");
    for origin in ["http://evil.example", "null", "http://127.0.0.1:1"] {
        let foreign = with_cookie.always("origin", origin);
        let refused = foreign.post("/projects", new.clone()).await;
        refused.problem(403, "forbidden");
        assert_eq!(refused.header("access-control-allow-origin"), "");
        let sign_in = json!({ "email": "owner@example.org", "password": PASSWORD });
        foreign
            .post("/session", sign_in)
            .await
            .problem(403, "forbidden");
        let headers = [("cookie", &*shown), ("origin", origin)];
        let (mut socket, _) = Socket::with_headers(place.server.address(), &headers).await;
        assert!(socket.within(300, "welcome").await.is_none(), "{origin}");
    }
    // A form can't send JSON without asking first, and what it can send is not taken.
    let form = place
        .owner
        .request("POST", "/projects")
        .body("text/plain", r#"{"name":"Theirs"}"#);
    form.await.problem(415, "unsupported_media_type");
}

#[tokio::test]
async fn who_guesses_passwords_waits_and_locks_out_nobody() {
    let place = Place::new().await;
    let mut waiting = 0;
    for n in 0..12 {
        let answer = sign_in(
            &place.server,
            "owner@example.org",
            &format!("guess number {n}"),
        )
        .await;
        match answer.status {
            401 => {}
            429 => {
                let wait: u64 = answer.header("retry-after").parse().unwrap();
                assert!((1..=900).contains(&wait));
                waiting += 1;
            }
            _ => panic!("{}", answer.text()),
        }
    }
    assert!(waiting >= 5, "{waiting}");
    // Who is signed in is not touched, and another person from there can sign in.
    place.owner.get("/account").await.expect(200);
    place.person("viewer").await;
    let answer = sign_in(&place.server, "the-viewer@example.org", PASSWORD).await;
    assert_eq!(answer.status, 201);
}

#[tokio::test]
async fn header_and_json_bombs_are_refused_and_the_server_goes_on() {
    let place = Place::new().await;
    let many = "x".repeat(200_000);
    let _ = place
        .server
        .api()
        .always("x-bomb", &many)
        .get("/account")
        .send()
        .await;
    let nested = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let answer = place
        .server
        .api()
        .request("POST", "/session")
        .body("application/json", nested.clone())
        .await;
    assert!((400..500).contains(&answer.status), "{}", answer.status);
    let deep = place
        .owner
        .request("POST", "/projects")
        .body("application/json", format!(r#"{{"name":{nested}}}"#))
        .await;
    assert!((400..500).contains(&deep.status), "{}", deep.status);
    let large = json!({ "email": "a@b.c", "password": "x".repeat(2_000_000) });
    place
        .server
        .api()
        .post("/session", large)
        .await
        .problem(413, "too_large");
    let long = json!({ "email": "owner@example.org", "password": "x".repeat(900_000) });
    place
        .server
        .api()
        .post("/session", long)
        .await
        .problem(401, "not_authenticated");
    let twice = r#"{"name":"Shown","description":"","name":"Meant"}"#;
    let twice = place
        .owner
        .request("POST", "/projects")
        .body("application/json", twice);
    let twice = twice.await.problem(400, "malformed");
    assert!(
        twice["detail"]
            .as_str()
            .unwrap()
            .contains("name is given twice"),
        "{twice}"
    );
    let mebibyte = format!(r#"{{"name":"{}"}}"#, "x".repeat(1024 * 1024));
    place
        .owner
        .request("POST", "/projects")
        .body("application/json", mebibyte)
        .await
        .problem(413, "too_large");
    // 200 MiB, packed into 200 KiB.
    let bomb = std::process::Command::new("sh")
        .args(["-c", "head -c 209715200 /dev/zero | gzip"])
        .output();
    let bomb = bomb.expect("gzip is there").stdout;
    assert!((10_000..1_000_000).contains(&bomb.len()));
    place
        .owner
        .request("POST", "/projects")
        .header("content-encoding", "gzip")
        .body("application/json", bomb)
        .await
        .problem(415, "unsupported_media_type");
    place.owner.get("/account").await.expect(200);
}
