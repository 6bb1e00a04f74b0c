use serde_json::json;
use tests::{
    Api, ModelServer,
    model_server::{Fault, Protocol, Said},
    wait::until,
};

use super::{connect, scout, server};
use crate::agents::{run_in, task};

#[tokio::test]
async fn what_a_run_has_made_is_not_made_again_when_its_worker_went_down() {
    let models = ModelServer::spawn().await;
    let mut server = server(&[]);
    let api = server.api();
    connect(&api, &models, Protocol::Openai).await;
    let scout = scout(&api, json!({})).await;
    let more = |title: &str| Said::text("").call("create_task", json!({ "title": title }));
    // Twice in one run is meant twice.
    models.next(more("Set the type")).next(more("Set the type"));
    models.next(Said::text("Let me see.").with(Fault::Stalls));
    let first = task(&api, "Sign in", &scout).await;
    let made = async |api: &Api, title: &str| {
        let tasks = api.get("/items?limit=200&kind=task").await.expect(200);
        let tasks = tasks["items"].as_array().unwrap().iter();
        tasks.filter(|task| task["title"] == title).count()
    };
    until("what it makes", async || {
        (made(&api, "Set the type").await == 2).then_some(())
    })
    .await;
    until("the third call", async || {
        (models.asked().len() == 3).then_some(())
    })
    .await;
    server.ask_to_end();
    server.ended();
    models
        .next(more("Set the type"))
        .next(more("Set the type"))
        .next(more("Mix the ink"));
    server.restart();
    let api = Api::new(server.address());
    let run = run_in(&api, &first, &["awaiting_review", "failed"]).await;
    assert_eq!(
        (&run["state"], &run["attempt"]),
        (&json!("awaiting_review"), &json!(1)),
        "{run}"
    );
    assert_eq!(made(&api, "Set the type").await, 2);
    assert_eq!(made(&api, "Mix the ink").await, 1);
}
