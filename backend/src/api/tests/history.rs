use serde_json::json;

use super::Server;

#[actix_web::test]
async fn history_counts_what_is_there_and_what_was_finished() {
    let server = Server::start().await;
    server
        .make("/projects", json!({ "name": "Web", "key": "WEB" }))
        .await;
    server
        .make(
            "/items",
            json!({ "kind": "epic", "project": "web", "title": "E" }),
        )
        .await;
    server
        .make(
            "/items",
            json!({ "kind": "feature", "project": "web", "title": "F", "parent": "WEB-1" }),
        )
        .await;
    for title in ["A", "B"] {
        let body = json!({ "kind": "task", "project": "web", "title": title, "parent": "WEB-2", "estimate": 1.5 });
        server.make("/items", body).await;
    }
    let today = |measure: &str| format!("/projects/web/history?measure={measure}");
    let last = |answered: &super::Answered| {
        answered.json["days"]
            .as_array()
            .unwrap()
            .last()
            .unwrap()
            .clone()
    };
    server
        .patch("/items/WEB-3", json!({ "status": "in_progress" }))
        .await;
    server
        .patch("/items/WEB-3", json!({ "status": "done" }))
        .await;

    let burnup = server.get(&today("burnup")).await;
    assert_eq!(burnup.json["days"].as_array().unwrap().len(), 30);
    assert_eq!(last(&burnup)["tasks"]["done"], 1);
    assert_eq!(
        (
            &last(&burnup)["estimate_done"],
            &last(&burnup)["estimate_total"]
        ),
        (&json!(150), &json!(300))
    );
    assert_eq!(last(&server.get(&today("throughput")).await)["done"], 1);
    let cycle_time = server.get(&today("cycle_time")).await;
    assert_eq!(cycle_time.json["tasks"][0]["key"], "WEB-3");
    assert!(cycle_time.json["median_seconds"].is_number());

    // What is hidden with its epic is not counted, and is again when it comes back.
    server.delete("/items/WEB-1").await;
    let hidden = server.get(&today("burnup")).await;
    assert_eq!(
        (
            &last(&hidden)["tasks"]["done"],
            &last(&hidden)["estimate_total"]
        ),
        (&json!(0), &json!(0))
    );
    server.post("/items/WEB-1/restore", json!({})).await;
    assert_eq!(
        last(&server.get(&today("burnup")).await)["estimate_total"],
        300
    );
    let now = server.get("/projects/web").await;
    assert_eq!(
        last(&server.get(&today("burnup")).await)["tasks"],
        now.json["rollup"]["tasks"]
    );
}

#[actix_web::test]
async fn what_can_not_be_measured_is_refused_with_what_can() {
    let server = Server::start().await;
    server.make("/projects", json!({ "name": "Web" })).await;
    let mood = server.get("/projects/web/history?measure=mood").await;
    assert_eq!(
        (mood.problem(), mood.wrong_fields()),
        ((422, "validation"), vec![("measure", "invalid_value")])
    );
    assert!(
        mood.text("detail")
            .contains("burnup, throughput, cycle_time, cost"),
        "{}",
        mood.json
    );
    for query in [
        "",
        "measure=burnup&from=2026-02-30",
        "measure=burnup&from=2026-03-02&to=2026-03-01",
        "measure=burnup&from=2020-01-01&to=2026-01-01",
    ] {
        let answered = server.get(&format!("/projects/web/history?{query}")).await;
        assert_eq!(answered.problem(), (422, "validation"), "{query}");
    }
    let days = server
        .get("/projects/web/history?measure=burnup&from=2024-02-28&to=2024-03-01")
        .await;
    let dates: Vec<_> = days.json["days"]
        .as_array()
        .unwrap()
        .iter()
        .map(|day| day["date"].clone())
        .collect();
    assert_eq!(
        json!(dates),
        json!(["2024-02-28", "2024-02-29", "2024-03-01"])
    );
}
