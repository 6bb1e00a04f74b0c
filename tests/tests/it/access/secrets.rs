//! What proves who somebody is stands nowhere but with them.

use std::path::PathBuf;

use serde_json::{Value, json};
use tests::{Answer, Api, Options, Server, Socket, api::id};

use super::{cookie, secret, secret_of, sign_in};

/// Where something may have been kept or told, and what is planted.
struct Search {
    planted: Vec<String>,
    looked_at: usize,
}

impl Search {
    fn clean(&mut self, what: &str, text: &str) {
        for planted in &self.planted {
            assert!(!text.contains(planted), "{what} has {planted}");
        }
        self.looked_at += 1;
    }

    fn refused(&mut self, answer: &Answer) {
        assert!((400..500).contains(&answer.status), "{}", answer.text());
        self.clean("an error", &answer.text());
    }

    fn files(&mut self, folder: PathBuf) -> usize {
        let (mut open, mut seen) = (vec![folder], 0);
        while let Some(path) = open.pop() {
            if path.is_dir() {
                let inside = std::fs::read_dir(&path).unwrap();
                open.extend(inside.map(|entry| entry.unwrap().path()));
                continue;
            }
            let bytes = std::fs::read(&path).unwrap();
            self.clean(
                &path.display().to_string(),
                &String::from_utf8_lossy(&bytes),
            );
            seen += 1;
        }
        seen
    }
}

/// All of it begins like this, so that none is missed.
const PLANTED: &str = "planted-password";

#[tokio::test]
async fn secrets_are_in_no_file_no_log_no_event_and_no_error() {
    let mut server = Server::with(Options {
        strict: true,
        env: vec![("RUST_LOG".into(), "trace".into())],
        ..Options::default()
    });
    let set_up = server.set_up_secret();
    let password = format!("{PLANTED}-in-plain");
    let other = format!("{PLANTED}-of-another");
    let body = json!({ "secret": set_up, "email": "ada@example.org", "password": password });
    let answer = server.api().post("/set-up", body.clone()).await;
    answer.expect(201);
    let session = cookie(&answer);
    let owner = server.api().browser(&session);
    let token = super::token(&owner, "admin", "organization").await;
    let short = super::token(&owner, "read", "organization").await;
    let invite = json!({ "email": "grace@example.org", "role": "viewer" });
    let invitation = owner.create("/invitations", invite).await;
    let invited = secret_of(&invitation);
    let unused = json!({ "email": "joan@example.org", "role": "member" });
    let unused = secret_of(&owner.create("/invitations", unused).await);
    let mut search = Search {
        planted: [
            &*set_up,
            PLANTED,
            session.split_once('=').unwrap().1,
            secret(&token),
            secret(&short),
            &invited,
            &unused,
        ]
        .map(str::to_owned)
        .into(),
        looked_at: 0,
    };
    walk(&server, &owner, &mut search, &token, &invited, &other).await;
    misplace(&server, &owner, &mut search, &body, &unused).await;
    let gone = format!("/account/tokens/{}", id(&short));
    owner.delete(&gone).await.expect(204);
    search.refused(&server.api().bearer(secret(&short)).get("/account").await);

    for path in [
        "/account",
        "/audit?limit=200",
        "/audit?limit=200&format=ndjson",
        "/activity?limit=200",
        "/accounts",
        "/tokens",
        "/account/tokens",
        "/account/sessions",
        "/invitations",
        "/members",
        "/snapshot?topic=org",
        "/events?topics=org",
        "/openapi.json",
        "//metrics",
    ] {
        let answer = owner.get(path).await;
        assert_eq!(answer.status, 200, "{path}");
        search.clean(path, &answer.text());
    }
    let cursor = owner.get("/account").await.cursor();
    let first = format!("/events?topics=all&after={}:0", cursor.epoch);
    search.clean(&first, &owner.get(&first).await.text());

    server.ask_to_end();
    server.ended();
    let log = server.log();
    assert!(
        log.contains("TRACE") && log.contains("http.path=/api/v1/session"),
        "it is logged"
    );
    search.clean("the log", &log);
    assert!(search.files(server.data_dir()) >= 4);
    assert!(search.looked_at > 30, "{}", search.looked_at);
    server.restart();
    let program = Api::new(server.address()).bearer(secret(&token));
    let kept: Value = program.get("/account").await.expect(200);
    assert_eq!(kept["signed_in_by"], "token", "and all of it still works");
}

/// Every way in, as it is meant.
async fn walk(
    server: &Server,
    owner: &Api,
    search: &mut Search,
    token: &Value,
    invited: &str,
    other: &str,
) {
    let anybody = server.api();
    let look = json!({ "secret": invited });
    let looked = anybody.post("/invitations/look", look).await;
    search.clean("an invitation", &looked.expect(200).to_string());
    let accept = json!({ "secret": invited, "password": other });
    let accepted = anybody.post("/invitations/accept", accept.clone()).await;
    search.clean("an account", &accepted.expect(201).to_string());
    search.refused(&anybody.post("/invitations/accept", accept).await);
    let change = json!({ "password": {
        "current": format!("{PLANTED}-in-plain"), "new": format!("{PLANTED}-the-second"),
    } });
    owner.patch("/account", change).await.expect(200);
    let again = sign_in(server, "ada@example.org", &format!("{PLANTED}-the-second")).await;
    server
        .api()
        .browser(&cookie(&again))
        .delete("/session")
        .await
        .expect(204);
    let mut by_header = Socket::bearer(server.address(), secret(token)).await;
    let subscribe = json!({ "type": "subscribe", "id": 1, "topic": "org" });
    let subscribed = by_header.ask(subscribe).await;
    search.clean("a snapshot", &subscribed.to_string());
    let foreign = Some(("origin", "http://dashboard.example"));
    let (mut by_message, _) = Socket::with_header(server.address(), foreign).await;
    by_message
        .send(json!({ "type": "authenticate", "token": secret(token) }))
        .await;
    let welcome = by_message.expect("welcome").await;
    search.clean("a welcome", &welcome.to_string());
}

/// Secrets where they do not belong: in addresses, in the wrong fields, in headers, in what is no request at all.
async fn misplace(server: &Server, owner: &Api, search: &mut Search, set_up: &Value, unused: &str) {
    let anybody = server.api();
    search.refused(&anybody.post("/set-up", set_up.clone()).await);
    search.refused(&sign_in(server, "ada@example.org", "planted-password-that-is-wrong").await);
    for body in [
        json!({ "email": "ada@example.org", "password": [format!("{PLANTED}-misplaced")] }),
        json!({ "email": format!("{PLANTED}-as-address"), "password": "x" }),
        json!({ "email": { "password": format!("{PLANTED}-deep") } }),
        json!([format!("{PLANTED}-in-a-list")]),
        json!(format!("{PLANTED}-alone")),
    ] {
        search.refused(&anybody.post("/session", body).await);
    }
    for body in [
        json!({ "password": format!("{PLANTED}-bare") }),
        json!({ "password": { "current": format!("{PLANTED}-x"), "new": "short" } }),
        json!({ "password": { "current": 1, "new": [format!("{PLANTED}-y")] } }),
    ] {
        search.refused(&owner.patch("/account", body).await);
    }
    let cut = format!(r#"{{"email":"ada@example.org","password":"{PLANTED}-cut"#);
    let cut = anybody
        .request("POST", "/session")
        .body("application/json", cut);
    search.refused(&cut.await);
    for name in ["token", "secret", "access_token", "authorization"] {
        search.refused(&owner.get(&format!("/projects?{name}={unused}")).await);
    }
    for path in [
        format!("/projects?q={unused}"),
        format!("/account?password={PLANTED}-in-a-query"),
        format!("/nothing?x={PLANTED}-nowhere"),
    ] {
        // An unknown parameter is named in the refusal, its value is not.
        let answer = owner.get(&path).await;
        search.clean("an answer", &answer.text());
    }
    let socket = server.api().get(&format!("/ws?token={unused}")).await;
    search.refused(&socket);
    search.refused(
        &anybody
            .bearer(&format!("{PLANTED}-as-a-token"))
            .get("/account")
            .await,
    );
    search.refused(
        &anybody
            .always("authorization", &format!("Basic {PLANTED}"))
            .get("/account")
            .await,
    );
    let cookie = format!("devteam_session={PLANTED}-as-a-cookie");
    search.refused(&anybody.browser(&cookie).get("/account").await);
    let raw = format!(
        "GET /api/v1/account HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {unused}\r\nbad header\r\n\r\n"
    );
    search.refused(&tests::raw::exchange(server.address(), raw.as_bytes()).await);
}
