//! Accounts, roles and tokens: every door has a lock.

mod accounts;
mod attacks;
mod burden;
mod foreign;
mod hidden;
mod limits;
mod local;
mod membership;
mod operator;
mod records;
mod revocation;
mod roles;
mod scopes;
mod secrets;
mod unparsed;
mod unreadable;
mod unused;

use serde_json::{Value, json};
use tests::{Answer, Api, Options, Server, api::id};

pub(crate) use unused::{until_open, until_opened};

pub(crate) const PASSWORD: &str = "correct horse battery";

/// A server in which everybody has to sign in, and its owner.
pub(crate) struct Place {
    pub(crate) server: Server,
    pub(crate) owner: Api,
}

impl Place {
    pub(crate) async fn new() -> Self {
        Self::with(&[]).await
    }

    /// One that was started with more arguments.
    pub(crate) async fn with(args: &[&str]) -> Self {
        let mut server = Server::with(Options {
            strict: true,
            args: args.iter().map(|arg| (*arg).to_owned()).collect(),
            ..Options::default()
        });
        let secret = server.set_up_secret();
        let answer = server
            .api()
            .post(
                "/set-up",
                json!({ "secret": secret, "email": "owner@example.org", "password": PASSWORD, "name": "Ada" }),
            )
            .await;
        answer.expect(201);
        let owner = server.api().browser(&cookie(&answer));
        Self { server, owner }
    }

    /// Somebody with this role, signed in with a browser.
    pub(crate) async fn person(&self, role: &str) -> Api {
        let email = format!("the-{role}@example.org");
        let invitation = self
            .owner
            .create("/invitations", json!({ "email": email, "role": role }))
            .await;
        let accept = json!({ "secret": secret_of(&invitation), "password": PASSWORD });
        let answer = self.server.api().post("/invitations/accept", accept).await;
        answer.expect(201);
        self.server.api().browser(&cookie(&answer))
    }

    /// A token of the owner's.
    async fn token(&self, access: &str, scope: &str) -> Value {
        token(&self.owner, access, scope).await
    }

    /// A client with such a token.
    async fn program(&self, access: &str, scope: &str) -> Api {
        self.server
            .api()
            .bearer(secret(&self.token(access, scope).await))
    }
}

pub(crate) async fn token(of: &Api, access: &str, scope: &str) -> Value {
    let new = json!({ "name": "A program", "access": access, "scope": scope });
    of.create("/account/tokens", new).await
}

pub(crate) async fn sign_in(server: &Server, email: &str, password: &str) -> Answer {
    let body = json!({ "email": email, "password": password });
    server.api().post("/session", body).await
}

/// The cookie that an answer sets, as a browser sends it back.
pub(crate) fn cookie(answer: &Answer) -> String {
    let cookie = answer.header("set-cookie");
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"),
        "{cookie}"
    );
    cookie.split(';').next().unwrap().to_owned()
}

pub(crate) fn secret(made: &Value) -> &str {
    made["secret"].as_str().unwrap()
}

/// What stands behind `#` in an invitation's link.
pub(crate) fn secret_of(invitation: &Value) -> String {
    let path = invitation["path"].as_str().unwrap();
    path.split_once('#').unwrap().1.to_owned()
}

/// The id of whoever an API acts as.
pub(crate) async fn account_id(api: &Api) -> String {
    id(&api.get("/account").await.expect(200)["account"]).to_owned()
}
