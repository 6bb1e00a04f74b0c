//! Many clients, many faults, one end: everyone sees the same.

use futures_util::future::join_all;
use serde_json::{Value, json};
use shared_types::sync::Transport;
use tests::{Api, LiveClient, Proxy, Seeded, Server, api::id, proxy::Mode};
use tokio::time::Duration;

/// A client that failed often waits up to 15 s before it tries again; a busy machine can make one more attempt fail.
const COMING_BACK: Duration = Duration::from_secs(60);

/// What there is to write to.
#[derive(Default)]
struct Board {
    projects: Vec<Value>,
    teams: Vec<(Value, Value)>,
    members: Vec<Value>,
    items: Vec<Value>,
    count: usize,
}

impl Board {
    /// One change, by dice. What the rules refuse is refused; what the server can't answer now is left.
    async fn change(&mut self, api: &Api, dice: &mut Seeded) {
        self.count += 1;
        let n = self.count;
        let (project, member) = (
            dice.pick(&self.projects).cloned(),
            dice.pick(&self.members).cloned(),
        );
        let (item, other) = (
            dice.pick(&self.items).cloned(),
            dice.pick(&self.items).cloned(),
        );
        let kind = dice.below(20);
        let request = match (kind, project, member, item, other) {
            (0, ..) => api.post("/projects", json!({ "name": format!("Project {n}") })),
            (1, ..) => api.post(
                "/members",
                json!({ "name": format!("Member {n}"), "kind": "human" }),
            ),
            (2, Some(project), ..) => api.post(
                &format!("/projects/{}/teams", id(&project)),
                json!({ "name": format!("Team {n}") }),
            ),
            (3..=7, project, ..) => {
                let task = json!({ "kind": "task", "title": format!("Task {n}"), "project": project.map(|p| p["id"].clone()) });
                api.post("/items", task)
            }
            (8 | 9, .., Some(item), _) => api.patch(
                &format!("/items/{}", id(&item)),
                json!({ "title": format!("Title {n}") }),
            ),
            (10 | 11, .., Some(item), Some(other)) => {
                let place = json!({ "status": "todo", "after": other["id"] });
                api.post(&format!("/items/{}/move", id(&item)), place)
            }
            (12, Some(project), _, Some(item), _) => api.post(
                &format!("/items/{}/move", id(&item)),
                json!({ "project": project["id"] }),
            ),
            (13 | 14, _, Some(member), Some(item), _) => {
                api.put(&format!("/items/{}/assignees/{}", id(&item), id(&member)))
            }
            (15, .., Some(item), _) => api.post(
                &format!("/items/{}/comments", id(&item)),
                json!({ "body": format!("{n}") }),
            ),
            (16, .., Some(item), _) => api.delete(&format!("/items/{}", id(&item))),
            (17, .., Some(item), _) => {
                api.post(&format!("/items/{}/restore", id(&item)), json!({}))
            }
            (18, Some(project), ..) => {
                let gone = dice.below(3) == 0;
                let path = format!("/projects/{}", id(&project));
                if gone {
                    api.delete(&path)
                } else {
                    api.post(&format!("{path}/restore"), json!({}))
                }
            }
            (19, _, Some(member), ..) => match dice.pick(&self.teams) {
                Some((project, team)) => api.put(&format!(
                    "/projects/{}/teams/{}/members/{}",
                    id(project),
                    id(team),
                    id(&member)
                )),
                None => return,
            },
            _ => return,
        };
        let Ok(answer) = request.send().await else {
            return;
        };
        assert!(
            answer.status < 500 || answer.status == 503,
            "{}",
            answer.text()
        );
        if answer.status == 201 {
            let made: Value = answer.expect(201);
            match kind {
                0 => self.projects.push(made),
                1 => self.members.push(made),
                2 => self.teams.push((json!({ "id": made["project"] }), made)),
                3..=7 => self.items.push(made),
                _ => {}
            }
        }
    }
}

/// What happens to one client.
enum Step {
    Network(Mode),
    Switch(Transport),
    Follow(String),
    Read,
}

impl Step {
    fn draw(dice: &mut Seeded, board: &Board) -> Self {
        match dice.below(12) {
            0 => Step::Network(Mode::Cut),
            1 => Step::Network(Mode::Stall),
            2 | 3 => Step::Network(Mode::Pass),
            4 => Step::Switch(Transport::ALL[dice.below(3)]),
            5 | 6 => {
                let topics = [
                    dice.pick(&board.projects)
                        .map(|project| format!("project:{}", id(project))),
                    dice.pick(&board.members)
                        .map(|member| format!("member:{}", id(member))),
                    dice.pick(&board.items)
                        .map(|item| format!("item:{}", id(item))),
                    dice.pick(&board.teams)
                        .map(|(_, team)| format!("team:{}", id(team))),
                ];
                dice.pick(&topics)
                    .cloned()
                    .flatten()
                    .map_or(Step::Read, Step::Follow)
            }
            _ => Step::Read,
        }
    }

    async fn take(self, proxy: &Proxy, client: &mut LiveClient) {
        match self {
            Step::Network(mode) => proxy.set(mode),
            Step::Switch(transport) => client.switch(transport).await,
            Step::Follow(topic) => client.ask_for(&topic).await,
            Step::Read => client.read_for(10).await,
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_breaks_everyone_ends_with_the_same_views() {
    let mut dice = Seeded::new(20_261_123);
    let mut server = Server::spawn();
    let mut board = Board::default();
    for _ in 0..60 {
        board.change(&server.api(), &mut dice).await;
    }
    let mut clients = Vec::new();
    for n in 0..9 {
        let proxy = Proxy::before(server.address()).await;
        let mut client = LiveClient::connect(proxy.address(), Transport::ALL[n % 3]).await;
        client.follow("org").await;
        clients.push((proxy, client));
    }
    for round in 0..30 {
        for _ in 0..dice.below(8) {
            board.change(&server.api(), &mut dice).await;
        }
        if round % 10 == 9 {
            server.kill();
            server.restart();
        }
        let steps: Vec<Step> = clients
            .iter()
            .map(|_| Step::draw(&mut dice, &board))
            .collect();
        let taken = clients
            .iter_mut()
            .zip(steps)
            .map(|((proxy, client), step)| step.take(proxy, client));
        join_all(taken).await;
    }
    let back = clients.iter_mut().map(|(proxy, client)| {
        proxy.set(Mode::Pass);
        client.until_within(COMING_BACK, "the end of all trouble", |client| {
            client.health().settled
        })
    });
    join_all(back).await;
    for (_, client) in &mut clients {
        client.until_equal().await;
        let events = &client.events;
        for topic in client.topics() {
            let seqs = events
                .iter()
                .filter(|(_, topics)| topics.contains(&topic))
                .map(|(event, _)| event.seq);
            assert!(seqs.is_sorted_by(|a, b| a < b), "{topic}");
        }
    }
}
