use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use shared_types::{
    state::Organization,
    topic::{Topic, TopicRef},
    value::MemberId,
    wire::{PresentMember, ServerMessage},
};
use tokio::sync::Notify;

use super::{elsewhere::Look, frame::Frame, hub::lock};

/// Who looks at what, on this node and as others tell. Kept in memory only.
#[derive(Debug, Default)]
pub struct Presence {
    connections: AtomicU64,
    looks: Mutex<HashMap<Topic, Looks>>,
    /// By node, with the time at which it was told.
    elsewhere: Mutex<HashMap<String, (Instant, Vec<Look>)>>,
    changed: Notify,
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
        self.wake();
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
        drop(looks);
        self.wake();
    }

    /// When somebody has come or gone on this node.
    pub(super) async fn changed(&self) {
        self.changed.notified().await;
    }

    /// As if somebody had.
    pub(super) fn wake(&self) {
        self.changed.notify_one();
    }

    /// Who looks at what on this node, and from how many connections.
    pub(super) fn here(&self) -> Vec<Look> {
        let looks = lock(&self.looks);
        let mut each: BTreeMap<(Topic, MemberId, &str), u32> = BTreeMap::new();
        for (topic, there) in &*looks {
            for (member, path) in there.values() {
                *each.entry((*topic, *member, path)).or_default() += 1;
            }
        }
        let look = |((topic, member, path), count): (_, u32)| {
            let path: &str = path;
            (topic, member, path.to_owned(), count)
        };
        each.into_iter().map(look).collect()
    }

    /// Who looks at what on another node now. Answers the topics where that is something else than before.
    pub(super) fn set_elsewhere(&self, node: String, looks: Vec<Look>) -> BTreeSet<Topic> {
        let now: BTreeSet<Look> = looks.iter().cloned().collect();
        let mut elsewhere = lock(&self.elsewhere);
        let before = match looks.is_empty() {
            true => elsewhere.remove(&node),
            false => elsewhere.insert(node, (Instant::now(), looks)),
        };
        let before: BTreeSet<Look> = before.into_iter().flat_map(|(_, looks)| looks).collect();
        before
            .symmetric_difference(&now)
            .map(|(topic, ..)| *topic)
            .collect()
    }

    /// Forgets nodes that have told nothing for so long. Answers the topics where somebody is gone with them.
    pub(super) fn forget_elsewhere(&self, after: Duration) -> BTreeSet<Topic> {
        let mut gone = BTreeSet::new();
        lock(&self.elsewhere).retain(|_, (told_at, looks)| {
            let is_there = told_at.elapsed() < after;
            if !is_there {
                gone.extend(looks.iter().map(|(topic, ..)| *topic));
            }
            is_there
        });
        gone
    }

    /// Whether anybody looks at what a topic shows.
    pub fn is_anyone_at(&self, topic: Topic) -> bool {
        let is_at = |(_, looks): &(Instant, Vec<Look>)| looks.iter().any(|look| look.0 == topic);
        lock(&self.looks).contains_key(&topic) || lock(&self.elsewhere).values().any(is_at)
    }

    /// Who looks at what a topic shows: a member once for each page, and from how many connections.
    pub fn message(&self, topic: Topic) -> Frame {
        let (looks, elsewhere) = (lock(&self.looks), lock(&self.elsewhere));
        let mut there: BTreeMap<(MemberId, &str), u32> = BTreeMap::new();
        for (id, path) in looks.get(&topic).into_iter().flat_map(HashMap::values) {
            *there.entry((*id, path)).or_default() += 1;
        }
        for (on, id, path, count) in elsewhere.values().flat_map(|(_, looks)| looks) {
            if *on == topic {
                *there.entry((*id, path)).or_default() += count;
            }
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
