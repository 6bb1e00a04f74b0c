use std::{convert::Infallible, path::Path, rc::Rc, sync::Arc};

use actix_web::{
    App,
    http::{Method, header::HeaderMap},
    middleware::from_fn,
    test::{TestRequest, call_service, init_service, read_body},
    web::Data,
};
use futures_util::future::{BoxFuture, FutureExt, LocalBoxFuture, ready};
use serde_json::Value;
use shared_types::{
    Directory,
    value::{OrganizationId, Timestamp},
};

use crate::{
    agents::{Office, Setup},
    api,
    auth::{self, Auth, Closed, DirectoryWatch, Host, Hosted, Organizations, Policy},
    engine::{Engine, Model, Published, Publisher},
    founding::{self, Founding},
    journal::{Journal, SqliteJournal},
    live::Hub,
};

type Call = dyn Fn(TestRequest) -> LocalBoxFuture<'static, Answered>;

/// The API of an organization with one person in it.
pub(super) struct Server {
    call: Box<Call>,
    _directory: tempfile::TempDir,
}

/// Nobody follows.
struct Unheard;

impl Publisher for Unheard {
    fn reset(&self, _: &Arc<Model>) {}
    fn publish(&self, _: &Arc<Model>, _: &[Published]) {}
}

/// There is no other organization.
struct NoOthers;

impl Host for NoOthers {
    fn open(&self, _: OrganizationId) -> BoxFuture<'_, Result<Hosted, Closed>> {
        ready(Err("there is none".into())).boxed()
    }

    fn close(&self, _: Arc<api::State>, _: u64) -> BoxFuture<'_, ()> {
        ready(()).boxed()
    }

    fn has_moved(&self, _: OrganizationId) -> BoxFuture<'_, bool> {
        ready(false).boxed()
    }
}

/// Nobody has to sign in.
async fn local_auth(home: Arc<api::State>, data_dir: &Path) -> Auth {
    let journal: Arc<dyn Journal> =
        Arc::new(SqliteJournal::open(&data_dir.join("directory")).unwrap());
    let founding = || {
        Ok::<_, Infallible>(Founding::<Directory> {
            origin: (),
            steps: Vec::new(),
        })
    };
    let watch = Arc::new(DirectoryWatch::default());
    let directory = Engine::<Directory>::start(Arc::clone(&journal), watch, auth::render, founding)
        .await
        .unwrap();
    let policy = Policy {
        local: true,
        ..Policy::default()
    };
    Auth::new(
        directory,
        journal,
        Organizations::new(home, NoOthers),
        policy,
    )
}

impl Server {
    pub(super) async fn start() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let journal: Arc<dyn Journal> = Arc::new(SqliteJournal::open(directory.path()).unwrap());
        let now = Timestamp::from_millis(1_700_000_000_000);
        let founding = || founding::empty(now, 7);
        let hub = Hub::new(Arc::clone(&journal));
        let engine = Engine::start(
            Arc::clone(&journal),
            Arc::new(Unheard),
            api::render,
            founding,
        )
        .await
        .unwrap();
        let office = Office::open(directory.path(), None, &Setup::default())
            .await
            .unwrap();
        let home = Arc::new(api::State::new(engine, journal, hub, Arc::new(office)));
        let app = App::new()
            .app_data(Data::new(local_auth(home, directory.path()).await))
            .configure(api::configure)
            .wrap(from_fn(api::boundary));
        let app = Rc::new(init_service(app).await);
        let call = move |request: TestRequest| {
            let app = Rc::clone(&app);
            async move {
                let response = call_service(&*app, request.to_request()).await;
                let (status, headers) = (response.status().as_u16(), response.headers().clone());
                let body = read_body(response).await;
                let json = serde_json::from_slice(&body).unwrap_or(Value::Null);
                Answered {
                    status,
                    headers,
                    json,
                    length: body.len(),
                }
            }
            .boxed_local()
        };
        Self {
            call: Box::new(call),
            _directory: directory,
        }
    }

    /// Any request; `path` goes on from `/api/v1`.
    pub(super) async fn send(&self, request: TestRequest, path: &str) -> Answered {
        let here = ([127, 0, 0, 1], 1).into();
        let request = request.peer_addr(here).insert_header(("host", "localhost"));
        (self.call)(request.uri(&format!("/api/v1{path}"))).await
    }

    pub(super) async fn get(&self, path: &str) -> Answered {
        self.send(TestRequest::get(), path).await
    }

    pub(super) async fn post(&self, path: &str, body: Value) -> Answered {
        self.send(TestRequest::post().set_json(body), path).await
    }

    pub(super) async fn patch(&self, path: &str, body: Value) -> Answered {
        self.send(TestRequest::patch().set_json(body), path).await
    }

    pub(super) async fn put(&self, path: &str) -> Answered {
        self.send(TestRequest::put(), path).await
    }

    pub(super) async fn delete(&self, path: &str) -> Answered {
        self.send(TestRequest::delete(), path).await
    }

    /// Makes an entity that must be taken.
    pub(super) async fn make(&self, path: &str, body: Value) -> Answered {
        let answered = self.post(path, body).await;
        assert_eq!(answered.status, 201, "{:?}", answered.json);
        answered
    }

    /// Makes a task and answers its key.
    pub(super) async fn task(&self, project: &str, title: &str) -> String {
        let body = serde_json::json!({ "kind": "task", "project": project, "title": title });
        self.make("/items", body).await.text("key")
    }

    pub(super) fn request(method: &str) -> TestRequest {
        TestRequest::default().method(Method::from_bytes(method.as_bytes()).unwrap())
    }
}

pub(super) struct Answered {
    pub status: u16,
    pub headers: HeaderMap,
    pub json: Value,
    pub length: usize,
}

impl Answered {
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    pub(super) fn text(&self, field: &str) -> String {
        self.json[field]
            .as_str()
            .unwrap_or_else(|| panic!("no {field} in {}", self.json))
            .to_owned()
    }

    /// Status and code of a problem.
    pub(super) fn problem(&self) -> (u16, &str) {
        assert_eq!(
            self.header("content-type"),
            "application/problem+json",
            "{}",
            self.json
        );
        assert_eq!(self.json["status"], self.status);
        (self.status, self.json["code"].as_str().unwrap())
    }

    /// Pointer and code of each wrong field.
    pub(super) fn wrong_fields(&self) -> Vec<(&str, &str)> {
        let errors = self.json["errors"].as_array().unwrap();
        errors
            .iter()
            .map(|e| (e["pointer"].as_str().unwrap(), e["code"].as_str().unwrap()))
            .collect()
    }

    /// One field of each entry of a list.
    pub(super) fn listed(&self, field: &str) -> Vec<&str> {
        let items = self.json["items"]
            .as_array()
            .unwrap_or_else(|| panic!("no list: {}", self.json));
        items
            .iter()
            .map(|item| item[field].as_str().unwrap())
            .collect()
    }
}
