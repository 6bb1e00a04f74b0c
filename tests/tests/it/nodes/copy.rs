//! The database agent in a node, and beside the nodes.

use serde_json::Value;
use tests::{Database, Nodes, Options, Redis, wait::until};

use super::{organizations::add, sessions::signed_in};
use crate::access::{PASSWORD, cookie, sign_in};

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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_beside_the_nodes_copies_every_organization_and_goes_on_after_kill_9() {
    let (nodes, owner) = signed_in(&[]).await;
    let database = Database::postgres();
    let mut agent = database.follow_redis(&nodes.redis, &[]);
    let project = owner.project("Ours").await;
    owner.task(&project, "Ours").await;
    until("the first organization to be copied", async || {
        let output = database.verify_redis(&nodes.redis);
        output.status.success().then_some(())
    })
    .await;

    // One that is added meanwhile is copied too.
    add(&nodes);
    let eve = until("the account to be known", async || {
        let eve = sign_in(&nodes.servers[1], "eve@example.com", PASSWORD).await;
        (eve.status == 201).then_some(eve)
    })
    .await;
    let eve = nodes.servers[1].api().browser(&cookie(&eve));
    let theirs = eve.project("Theirs").await;
    until("the second organization to be copied", async || {
        (database.number("SELECT count(*) FROM organizations").await == 2).then_some(())
    })
    .await;

    for number in 0..5 {
        agent.kill();
        owner.task(&project, &format!("Ours {number}")).await;
        eve.task(&theirs, &format!("Theirs {number}")).await;
        agent = database.follow_redis(&nodes.redis, &[]);
    }
    database.expect_right(&database.verify_redis(&nodes.redis));
    assert_eq!(database.number("SELECT count(*) FROM items").await, 11);
}

#[tokio::test]
async fn an_agent_on_a_redis_where_nothing_is_kept_says_so() {
    let redis = Redis::spawn();
    let database = Database::sqlite();
    let output = database.verify_redis(&redis);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("no server keeps anything in"), "{said}");
    assert_eq!(output.status.code(), Some(1));
}
