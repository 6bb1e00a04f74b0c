use std::{
    collections::{BTreeMap, HashMap},
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use shared_types::{
    state::Organization,
    topic::{Topic, TopicRef},
    value::MemberId,
    wire::{PresentMember, ServerMessage},
};

use super::{frame::Frame, hub::lock};

/// Who looks at what on this node. Kept in memory only.
#[derive(Debug, Default)]
pub struct Presence {
    connections: AtomicU64,
    looks: Mutex<HashMap<Topic, Looks>>,
}

/// Who looks, by connection, and at which page.
type Looks = HashMap<u64, (MemberId, String)>;

impl Presence {
    /// A number for a connection, to tell its looks by.
    pub fn next_connection(&self) -> u64 {
        self.connections.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// A connection looks at a page that a topic shows.
    pub fn enter(&self, connection: u64, topic: Topic, member: MemberId, path: String) {
        lock(&self.looks)
            .entry(topic)
            .or_default()
            .insert(connection, (member, path));
    }

    /// It looks there no longer.
    pub fn leave(&self, connection: u64, topic: Topic) {
        let mut looks = lock(&self.looks);
        if let Some(there) = looks.get_mut(&topic) {
            there.remove(&connection);
            if there.is_empty() {
                looks.remove(&topic);
            }
        }
    }

    /// Whether anybody looks at what a topic shows.
    pub fn is_anyone_at(&self, topic: Topic) -> bool {
        lock(&self.looks).contains_key(&topic)
    }

    /// Who looks at what a topic shows: a member once for each page, and from how many connections.
    pub fn message(&self, topic: Topic) -> Frame {
        let looks = lock(&self.looks);
        let mut there: BTreeMap<(MemberId, &str), u32> = BTreeMap::new();
        for (id, path) in looks.get(&topic).into_iter().flat_map(HashMap::values) {
            *there.entry((*id, path)).or_default() += 1;
        }
        let members = there
            .into_iter()
            .map(|((id, path), count)| PresentMember {
                id,
                path: path.to_owned(),
                connections: (count > 1).then_some(count),
            })
            .collect();
        Frame::message(&ServerMessage::Presence { topic, members })
    }
}

/// The topic that shows the page at a path of the app: that of its project, team, member or item, else `org`.
pub fn topic_of(organization: &Organization, path: &str) -> Topic {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let mut parts = path.split('/').filter(|part| !part.is_empty());
    let name = match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some("projects"), Some(project), Some("teams"), Some(team)) => {
            format!("team:{project}/{team}")
        }
        (Some("projects"), Some(project), ..) => format!("project:{project}"),
        (Some("members"), Some(member), ..) => format!("member:{member}"),
        (Some("items"), Some(item), ..) => format!("item:{item}"),
        _ => return Topic::Org,
    };
    let named: Option<TopicRef> = name.parse().ok();
    named
        .and_then(|name| organization.find_topic(&name))
        .unwrap_or(Topic::Org)
}
