//! An account acts as a member, and goes with it.

use serde_json::json;
use tests::{Socket, api::id};

use super::{PASSWORD, Place, account_id, secret, sign_in};

#[tokio::test]
async fn nobody_gets_in_by_the_account_of_a_deleted_member_until_it_is_restored() {
    let place = Place::new().await;
    let grace = place.person("member").await;
    let token = super::token(&grace, "read", "organization").await;
    let program = place.server.api().bearer(secret(&token));
    let member = grace.get("/account").await.expect(200)["member"].clone();
    let own = place
        .token("read", &format!("member:{}", id(&member)))
        .await;
    let bot = place.server.api().bearer(secret(&own));
    bot.get("/account").await.expect(200);
    let mut socket = Socket::bearer(place.server.address(), secret(&token)).await;
    socket
        .ask(json!({ "type": "subscribe", "id": 1, "topic": "org" }))
        .await;
    let wrong = sign_in(&place.server, "nobody@example.org", PASSWORD).await;

    let path = format!("/members/{}", id(&member));
    place.owner.delete(&path).await.expect(204);
    assert_eq!(socket.closed().await, 4401);
    for gone in [&grace, &program, &bot] {
        gone.get("/projects")
            .await
            .problem(401, "not_authenticated");
    }
    let refused = sign_in(&place.server, "the-member@example.org", PASSWORD).await;
    let said = refused.problem(401, "not_authenticated");
    assert_eq!(
        said["detail"],
        wrong.problem(401, "not_authenticated")["detail"]
    );

    let restore = format!("{path}/restore");
    place.owner.post(&restore, json!({})).await.expect(200);
    for back in [&grace, &program, &bot] {
        back.get("/account").await.expect(200);
    }
    let again = sign_in(&place.server, "the-member@example.org", PASSWORD).await;
    assert_eq!(again.status, 201);
}

#[tokio::test]
async fn the_last_owner_who_can_get_in_stays() {
    let place = Place::new().await;
    let second = place.person("owner").await;
    let admin = place.person("admin").await;
    let member = async |api: &tests::Api| {
        let account = api.get("/account").await.expect(200);
        format!("/members/{}", id(&account["member"]))
    };
    let (first, other) = (member(&place.owner).await, member(&second).await);
    // Who may not touch an owner may not take away the member that one acts as.
    admin.delete(&other).await.problem(403, "forbidden");
    let owner = format!("/accounts/{}", account_id(&place.owner).await);
    place.owner.delete(&other).await.expect(204);
    // The other owner's account is there, and lets nobody in.
    let demote = json!({ "role": "admin" });
    place
        .owner
        .patch(&owner, demote.clone())
        .await
        .problem(409, "last_owner");
    place.owner.delete(&owner).await.problem(409, "last_owner");
    let key = place.token("admin", "organization").await;
    let program = place.server.api().bearer(secret(&key));
    // A token may do no more than an admin, so it can't take an owner away either.
    program.delete(&first).await.problem(403, "forbidden");
    let back = format!("{other}/restore");
    place.owner.post(&back, json!({})).await.expect(200);
    place.owner.patch(&owner, demote).await.expect(200);
    // Now the second is the only one, by whatever name it is asked for; and nobody deletes themselves.
    second.delete(&other).await.problem(409, "last_owner");
}
