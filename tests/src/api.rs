//! A client of the REST interface that says what it expects.

use std::{
    future::IntoFuture,
    net::{IpAddr, SocketAddr},
    pin::Pin,
};

use reqwest::{
    Client, Method,
    header::{HeaderMap, HeaderName, HeaderValue},
};
use serde_json::{Value, json};
use shared_types::wire::{Cursor, SnapshotAnswer};

use crate::{http, wait::PATIENCE};

/// A client of one server.
#[derive(Debug, Clone)]
pub struct Api {
    client: Client,
    root: String,
    /// Sent with every request.
    always: HeaderMap,
}

impl Api {
    /// A client of the server there.
    ///
    /// # Panics
    /// The client can't be made.
    pub fn new(address: SocketAddr) -> Self {
        Self::from_address(address, None)
    }

    /// A client of the server there that asks from this address of this machine.
    ///
    /// # Panics
    /// The client can't be made.
    pub fn from_address(address: SocketAddr, from: Option<IpAddr>) -> Self {
        let client = http::client()
            .timeout(PATIENCE)
            .local_address(from)
            .build()
            .expect("a plain client");
        Self {
            client,
            root: format!("http://{address}"),
            always: HeaderMap::new(),
        }
    }

    /// The same client of another server.
    pub fn at(&self, address: SocketAddr) -> Self {
        Self {
            root: format!("http://{address}"),
            ..self.clone()
        }
    }

    /// The same client, as a program with this token.
    pub fn bearer(&self, token: &str) -> Self {
        self.always("authorization", &format!("Bearer {token}"))
    }

    /// The same client, as a page of this server in a browser that has this cookie.
    pub fn browser(&self, cookie: &str) -> Self {
        let root = self.root.clone();
        self.always("cookie", cookie).always("origin", &root)
    }

    /// The same client with one more header on every request.
    ///
    /// # Panics
    /// It is none.
    pub fn always(&self, name: &'static str, value: &str) -> Self {
        let mut client = self.clone();
        let value = HeaderValue::from_str(value).expect("a header's value");
        client.always.insert(HeaderName::from_static(name), value);
        client
    }

    /// A request to a path under `/api/v1`, or, where it begins with two slashes, under `/`.
    ///
    /// # Panics
    /// The method is none.
    pub fn request(&self, method: &str, path: &str) -> Request {
        let url = match path.strip_prefix("//") {
            Some(path) => format!("{}/{path}", self.root),
            None => format!("{}/api/v1{path}", self.root),
        };
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        Request {
            client: self.client.clone(),
            method,
            url,
            headers: self.always.clone(),
            body: None,
        }
    }

    /// `GET`
    pub fn get(&self, path: &str) -> Request {
        self.request("GET", path)
    }

    /// `POST` of a JSON body
    pub fn post(&self, path: &str, body: Value) -> Request {
        self.request("POST", path).json(body)
    }

    /// `PATCH` with a JSON merge patch
    pub fn patch(&self, path: &str, body: Value) -> Request {
        self.request("PATCH", path).json(body)
    }

    /// `PUT` without a body
    pub fn put(&self, path: &str) -> Request {
        self.request("PUT", path)
    }

    /// `DELETE`
    pub fn delete(&self, path: &str) -> Request {
        self.request("DELETE", path)
    }

    /// Makes something that must be possible to make; answers the entity.
    pub async fn create(&self, path: &str, body: Value) -> Value {
        self.post(path, body).await.expect(201)
    }

    /// Makes a project of this name.
    pub async fn project(&self, name: &str) -> Value {
        self.create("/projects", json!({ "name": name })).await
    }

    /// Makes a team of this name in a project.
    pub async fn team(&self, project: &Value, name: &str) -> Value {
        self.create(
            &format!("/projects/{}/teams", id(project)),
            json!({ "name": name }),
        )
        .await
    }

    /// Makes a person of this name.
    pub async fn member(&self, name: &str) -> Value {
        self.create("/members", json!({ "name": name, "kind": "human" }))
            .await
    }

    /// Makes a task with this title in a project.
    pub async fn task(&self, project: &Value, title: &str) -> Value {
        self.create(
            "/items",
            json!({ "kind": "task", "title": title, "project": project["id"] }),
        )
        .await
    }

    /// The snapshot of a topic.
    ///
    /// # Panics
    /// There is none.
    pub async fn snapshot(&self, topic: &str) -> SnapshotAnswer {
        let answer = self.get(&format!("/snapshot?topic={topic}")).await;
        serde_json::from_value(answer.expect(200)).expect("a snapshot")
    }
}

/// An entity's id.
///
/// # Panics
/// It has none.
pub fn id(entity: &Value) -> &str {
    entity["id"].as_str().expect("every entity has an id")
}

/// A request to be awaited.
#[derive(Debug, Clone)]
pub struct Request {
    client: Client,
    method: Method,
    url: String,
    headers: HeaderMap,
    body: Option<Vec<u8>>,
}

impl Request {
    /// With a header.
    ///
    /// # Panics
    /// It is none.
    pub fn header(mut self, name: &'static str, value: impl ToString) -> Self {
        let value =
            HeaderValue::from_bytes(value.to_string().as_bytes()).expect("a header's value");
        self.headers.append(HeaderName::from_static(name), value);
        self
    }

    /// Only if the entity is at this version.
    pub fn if_match(self, version: u64) -> Self {
        self.header("if-match", format!("\"{version}\""))
    }

    /// At most once.
    pub fn key(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }

    /// With a JSON body.
    pub fn json(self, body: Value) -> Self {
        self.body("application/json", body.to_string())
    }

    /// With any body.
    pub fn body(mut self, kind: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self.header("content-type", kind)
    }

    /// The answer, or why there is none.
    ///
    /// # Errors
    /// The connection fails.
    pub async fn send(self) -> Result<Answer, reqwest::Error> {
        let mut request = self
            .client
            .request(self.method, self.url)
            .headers(self.headers);
        if let Some(body) = self.body {
            request = request.body(body);
        }
        let answer = request.send().await?;
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        Ok(Answer {
            status,
            headers,
            body: answer.bytes().await?.into(),
        })
    }
}

impl IntoFuture for Request {
    type Output = Answer;
    type IntoFuture = Pin<Box<dyn Future<Output = Answer> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        let what = format!("{} {}", self.method, self.url);
        Box::pin(async move {
            self.send()
                .await
                .unwrap_or_else(|error| panic!("{what}: {error:?}"))
        })
    }
}

/// What was answered.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// All headers.
    pub headers: HeaderMap,
    /// As it came.
    pub body: Vec<u8>,
}

impl Answer {
    /// An answer as it came over the line, with nothing behind it.
    ///
    /// # Panics
    /// It is none.
    pub fn parse(bytes: &[u8]) -> Self {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
        let end = end.unwrap_or_else(|| panic!("no answer: {:?}", String::from_utf8_lossy(bytes)));
        let head = String::from_utf8_lossy(&bytes[..end]);
        let mut lines = head.split("\r\n");
        let status = lines.next().and_then(|line| line.split(' ').nth(1));
        let headers = lines.filter_map(|line| {
            let (name, value) = line.split_once(':')?;
            Some((name.parse().ok()?, value.trim().parse().ok()?))
        });
        Self {
            status: status
                .and_then(|status| status.parse().ok())
                .unwrap_or_else(|| panic!("no status: {head}")),
            headers: headers.collect(),
            body: bytes[end + 4..].to_vec(),
        }
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header, or an empty text.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// The position that it carries.
    ///
    /// # Panics
    /// It carries none.
    pub fn cursor(&self) -> Cursor {
        self.header("devteam-cursor")
            .parse()
            .expect("every answer carries a cursor")
    }

    /// The JSON of an answer with this status; null where there is no body.
    ///
    /// # Panics
    /// It is another answer.
    #[track_caller]
    pub fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text());
        if self.body.is_empty() {
            return Value::Null;
        }
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// What a metric stands at, in what `/metrics` answers; 0 where it is not there yet.
    pub fn metric(&self, name: &str) -> f64 {
        let text = self.text();
        let lines = text
            .lines()
            .filter_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        lines.filter_map(|value| value.parse::<f64>().ok()).sum()
    }

    /// The problem with this status and code.
    ///
    /// # Panics
    /// It is no problem, or another one.
    #[track_caller]
    pub fn problem(&self, status: u16, code: &str) -> Value {
        let problem = self.expect(status);
        assert_eq!(
            self.header("content-type"),
            "application/problem+json",
            "{problem}"
        );
        assert_eq!(problem["code"], code, "{problem}");
        assert_eq!(problem["status"], status, "{problem}");
        for field in ["type", "title", "detail", "request_id"] {
            assert!(
                problem[field].as_str().is_some_and(|text| !text.is_empty()),
                "{field} in {problem}"
            );
        }
        assert!(
            problem["retryable"].is_boolean() && problem["errors"].is_array(),
            "{problem}"
        );
        problem
    }

    /// The validation problem that names this field.
    ///
    /// # Panics
    /// It is another answer.
    #[track_caller]
    pub fn wrong_field(&self, pointer: &str) -> Value {
        let problem = self.problem(422, "validation");
        let named = problem["errors"]
            .as_array()
            .into_iter()
            .flatten()
            .any(|error| error["pointer"] == pointer);
        assert!(named, "{pointer} in {problem}");
        problem
    }
}
