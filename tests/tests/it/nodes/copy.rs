//! The database agent in a node.

use serde_json::Value;
use tests::{Database, Nodes, Options, Redis, wait::until};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redis_is_told_how_far_the_copy_is_so_that_nothing_is_dropped_before_it() {
    let database = Database::sqlite();
    let url = &database.url;
    // Both have it: one copies, the other waits for its turn.
    let nodes = Nodes::with(Redis::spawn(), 2, |_, plain| Options {
        args: vec!["--database-url".into(), url.clone()],
        ..plain
    })
    .await;
    let [one, other] = [&nodes.servers[0], &nodes.servers[1]];
    for number in 0..20 {
        let api = if number % 2 == 0 {
            one.api()
        } else {
            other.api()
        };
        api.project(&format!("Project {number}")).await;
    }
    database.is_right(one).await;
    let answer = one.api().get("/organization").await;
    let head = answer.cursor().seq;
    let organization = answer.expect(200);
    let key = format!(
        "devteam:{{{}}}:agents",
        organization["id"].as_str().unwrap()
    );
    until("the copy to be noted", async || {
        let noted = nodes.redis.ask(&["HVALS", &key]);
        let noted: Vec<Value> = noted
            .lines()
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect();
        (noted.len() == 1 && noted[0]["seq"] == head).then_some(())
    })
    .await;
}
