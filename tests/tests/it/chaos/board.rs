use serde_json::{Value, json};
use tests::{Api, Seeded, api::id};

/// What there is to write to.
#[derive(Default, Clone)]
pub struct Board {
    pub projects: Vec<Value>,
    pub teams: Vec<(Value, Value)>,
    pub members: Vec<Value>,
    pub items: Vec<Value>,
    count: usize,
}

impl Board {
    /// One change, by dice. What the rules refuse is refused; what the server can't answer now is left.
    pub async fn change(&mut self, api: &Api, dice: &mut Seeded) {
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
