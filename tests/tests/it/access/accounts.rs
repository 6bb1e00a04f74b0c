//! Getting in and out.

use serde_json::json;
use tests::{Server, wait::until};

use super::{PASSWORD, Place, account_id, cookie, secret_of, sign_in};

#[tokio::test]
async fn a_server_is_set_up_once_and_by_its_link_only() {
    let mut server = Server::strict();
    let api = server.api();
    let secret = server.set_up_secret();
    let set_up = |secret: &str| {
        let body = json!({ "secret": secret, "email": "ada@example.org", "password": PASSWORD });
        api.post("/set-up", body)
    };
    api.get("/projects").await.problem(401, "not_authenticated");
    set_up("devteam_u_made-up").await.problem(404, "not_found");
    assert_eq!(set_up(&secret).await.status, 201);
    set_up(&secret).await.problem(404, "not_found");
    assert!(!server.log().contains(&secret));
    // There is no second line any more, and what there is survives a restart.
    server.ask_to_end();
    server.ended();
    server.restart();
    let answer = sign_in(&server, " Ada@Example.ORG", PASSWORD).await;
    assert_eq!(answer.expect(201)["account"]["role"], "owner");
    server.ask_to_end();
    server.ended();
    assert_eq!(server.rest_of_output(), "");
}

#[tokio::test]
async fn a_link_of_an_earlier_start_is_of_no_use() {
    let mut server = Server::strict();
    let first = server.set_up_secret();
    server.kill();
    server.restart();
    let second = server.set_up_secret();
    for (secret, status) in [(first, 404), (second, 201)] {
        let body = json!({ "secret": secret, "email": "ada@example.org", "password": PASSWORD });
        assert_eq!(server.api().post("/set-up", body).await.status, status);
    }
}

#[tokio::test]
async fn one_signs_in_and_out_and_sees_where_one_is_signed_in() {
    let place = Place::new().await;
    let answer = sign_in(&place.server, "owner@example.org", PASSWORD).await;
    let second = place.server.api().browser(&cookie(&answer));
    let sessions = second.get("/account/sessions").await.expect(200);
    let sessions = sessions["items"].as_array().unwrap();
    assert_eq!(sessions.len(), 2);
    assert_eq!(sessions.iter().filter(|s| s["current"] == true).count(), 1);
    assert!(sessions.iter().all(|s| s["address"] == "127.0.0.1"));
    second.delete("/session").await.expect(204);
    second
        .get("/account")
        .await
        .problem(401, "not_authenticated");
    place.owner.get("/account").await.expect(200);
    for (email, password) in [
        ("owner@example.org", "not the password"),
        ("nobody@example.org", PASSWORD),
    ] {
        let refused = sign_in(&place.server, email, password).await;
        let problem = refused.problem(401, "not_authenticated");
        assert_eq!(problem["detail"], "The address or the password is wrong.");
    }
}

#[tokio::test]
async fn another_password_ends_the_other_sessions() {
    let place = Place::new().await;
    let other = sign_in(&place.server, "owner@example.org", PASSWORD).await;
    let other = place.server.api().browser(&cookie(&other));
    let change = |current: &str, new: &str| {
        let body = json!({ "password": { "current": current, "new": new } });
        place.owner.patch("/account", body)
    };
    change("wrong", "a new kind of staple")
        .await
        .wrong_field("/password/current");
    change(PASSWORD, "short").await.wrong_field("/password/new");
    change(PASSWORD, "a new kind of staple").await.expect(200);
    place.owner.get("/account").await.expect(200);
    other
        .get("/account")
        .await
        .problem(401, "not_authenticated");
    let server = &place.server;
    assert_eq!(
        sign_in(server, "owner@example.org", PASSWORD).await.status,
        401
    );
    let again = sign_in(server, "owner@example.org", "a new kind of staple").await;
    assert_eq!(again.status, 201);
}

#[tokio::test]
async fn an_invitation_is_for_one_person_once() {
    let place = Place::new().await;
    let anybody = place.server.api();
    let invite = |email: &str| json!({ "email": email, "role": "member" });
    let made = place
        .owner
        .create("/invitations", invite("grace@example.org"))
        .await;
    let link = json!({ "secret": secret_of(&made) });
    let invited = anybody.post("/invitations/look", link).await.expect(200);
    assert_eq!(invited["email"], "grace@example.org");
    let accept =
        json!({ "secret": secret_of(&made), "password": PASSWORD, "name": "Grace Hopper" });
    let signed_in = anybody
        .post("/invitations/accept", accept.clone())
        .await
        .expect(201);
    assert_eq!(signed_in["principal"]["role"], "member");
    let member = place
        .owner
        .get(&format!(
            "/members/{}",
            signed_in["principal"]["member"].as_str().unwrap()
        ))
        .await
        .expect(200);
    assert_eq!(
        (&member["name"], &member["account"]),
        (&json!("Grace Hopper"), &signed_in["account"]["id"])
    );
    let again = anybody.post("/invitations/accept", accept).await;
    let used = again.problem(404, "not_found");
    // One for an address that has an account is made like any other, and can't be told from a used one.
    let taken = place
        .owner
        .create("/invitations", invite("owner@example.org"))
        .await;
    let link = json!({ "secret": secret_of(&taken) });
    anybody
        .post("/invitations/look", link.clone())
        .await
        .expect(200);
    let accept = json!({ "secret": secret_of(&taken), "password": PASSWORD });
    let refused = anybody.post("/invitations/accept", accept).await;
    assert_eq!(refused.problem(404, "not_found")["detail"], used["detail"]);
    // It is used up by that, as one is that somebody else has used before.
    let looked = anybody.post("/invitations/look", link).await;
    assert_eq!(looked.problem(404, "not_found")["detail"], used["detail"]);
    let open = place.owner.get("/invitations").await.expect(200);
    assert_eq!(open["items"], json!([]));
}

#[tokio::test]
async fn nobody_makes_anybody_more_than_they_are_and_an_owner_is_left() {
    let place = Place::new().await;
    let admin = place.person("admin").await;
    let viewer = place.person("viewer").await;
    let owner = account_id(&place.owner).await;
    let (me, other) = (account_id(&admin).await, account_id(&viewer).await);
    let role = |api: &tests::Api, id: &str, role: &str| {
        api.patch(&format!("/accounts/{id}"), json!({ "role": role }))
    };
    role(&admin, &me, "owner").await.problem(403, "forbidden");
    role(&admin, &owner, "viewer")
        .await
        .problem(403, "forbidden");
    let remove = format!("/accounts/{owner}");
    admin.delete(&remove).await.problem(403, "forbidden");
    let invite = json!({ "email": "x@example.org", "role": "owner" });
    admin
        .post("/invitations", invite)
        .await
        .problem(403, "forbidden");
    role(&place.owner, &owner, "admin")
        .await
        .problem(409, "last_owner");
    assert_eq!(
        role(&admin, &other, "member").await.expect(200)["role"],
        "member"
    );
    viewer.project("Allowed at once").await;
    place
        .owner
        .delete(&format!("/accounts/{other}"))
        .await
        .expect(204);
    viewer
        .get("/projects")
        .await
        .problem(401, "not_authenticated");
}

#[tokio::test]
async fn an_organization_that_is_lost_is_not_made_up_anew() {
    let mut place = Place::new().await;
    place.server.ask_to_end();
    place.server.ended();
    let other = [
        "create",
        "--email",
        "eve@example.com",
        "--organization",
        "theirs",
    ];
    let made = place.server.account(&other, &format!("{PASSWORD}\n"));
    assert!(made.status.success(), "{made:?}");
    let data = place.server.data_dir();
    std::fs::remove_dir_all(data.join("organizations")).unwrap();
    place.server.restart();
    until("the log to say what to do", async || {
        let log = place.server.log();
        log.contains("it is missing: restore").then_some(())
    })
    .await;
    let eve = sign_in(&place.server, "eve@example.com", PASSWORD).await;
    eve.problem(503, "unavailable");
    place.owner.get("/projects").await.expect(200);
}
