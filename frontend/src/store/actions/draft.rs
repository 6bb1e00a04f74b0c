//! The writes that the actions have in common.

use serde::Serialize;
use serde_json::{Map, Value};
use shared_types::{
    model::{Entity, Item, Member, Project, Stamp, Team},
    value::{ItemId, Slug},
};
use uuid::Uuid;

use crate::json::to_value;
use crate::letters::lower;
use crate::store::{
    ids::now,
    outbox::{Draft, Method},
    overlay::{Change, Effect, Kind},
};

impl Draft {
    pub(super) fn new(method: Method, path: String, what: String, effects: Vec<Effect>) -> Self {
        Self {
            method,
            path,
            body: None,
            checks_version: false,
            effects,
            what,
        }
    }

    /// Creates an entity by its new fields; `entity` is what it will look like.
    pub(super) fn create(
        kind: Kind,
        id: Uuid,
        path: String,
        what: String,
        new: &impl Serialize,
        entity: &impl Serialize,
    ) -> Self {
        let effect = Effect::new(kind, id, Change::Create(to_value(entity)));
        Self {
            body: Some(to_value(new)),
            ..Self::new(Method::Post, path, what, vec![effect])
        }
    }

    /// Changes fields of an entity.
    pub(super) fn patch(
        kind: Kind,
        id: Uuid,
        path: String,
        what: String,
        fields: Map<String, Value>,
    ) -> Self {
        let effect = Effect::new(kind, id, Change::Merge(fields.clone()));
        let body = Some(Value::Object(fields));
        Self {
            body,
            ..Self::new(Method::Patch, path, what, vec![effect])
        }
    }

    /// Deletes an entity; what is hidden with it comes after it in `hidden`.
    pub(super) fn delete(
        kind: Kind,
        id: Uuid,
        path: String,
        what: String,
        hidden: Vec<(Kind, Uuid)>,
    ) -> Self {
        let all = std::iter::once((kind, id)).chain(hidden);
        let effects = all
            .map(|(kind, id)| Effect::new(kind, id, Change::Delete))
            .collect();
        Self::new(Method::Delete, path, what, effects)
    }

    /// Brings back an entity that looked like this, where that is known.
    pub(super) fn restore<T: Entity + Serialize>(
        kind: Kind,
        id: Uuid,
        path: String,
        what: String,
        slug: Option<Slug>,
        was: Option<&T>,
    ) -> Self {
        let body = match slug {
            Some(slug) => serde_json::json!({ "slug": slug.to_string() }),
            None => Value::Object(Map::new()),
        };
        // What the write is about is known by its first effect, even where there is nothing to show.
        let change = was.map_or_else(
            || Change::Merge(Map::new()),
            |was| Change::Create(to_value(was)),
        );
        let effects = vec![Effect::new(kind, id, change)];
        Self {
            body: Some(body),
            ..Self::new(Method::Post, format!("{path}/restore"), what, effects)
        }
    }
}

/// An entity that has a page and a path of its own.
pub trait Addressed: Entity + Serialize {
    /// What it is.
    const KIND: Kind;

    /// Its path under `/api/v1`.
    fn path(&self) -> String;

    /// Its id as a UUID.
    fn uuid(&self) -> Uuid;
}

macro_rules! addressed {
    ($type:ident, |$it:ident| $path:expr) => {
        impl Addressed for $type {
            const KIND: Kind = Kind::$type;

            fn path(&self) -> String {
                let $it = self;
                $path
            }

            fn uuid(&self) -> Uuid {
                self.id().uuid()
            }
        }
    };
}

addressed!(Project, |it| format!("/projects/{}", it.id()));
addressed!(Team, |it| format!(
    "/projects/{}/teams/{}",
    it.project,
    it.id()
));
addressed!(Member, |it| format!("/members/{}", it.id()));
addressed!(Item, |it| format!("/items/{}", it.id()));

impl Draft {
    /// Brings back what was deleted while it looked like this.
    pub fn restore_of<T: Addressed>(was: &T, what: String) -> Self {
        Self::restore(T::KIND, was.uuid(), was.path(), what, None, Some(was))
    }

    /// Sets fields of an item back.
    pub fn set_back(item: ItemId, what: String, fields: Map<String, Value>) -> Self {
        Self::patch(
            Kind::Item,
            item.uuid(),
            format!("/items/{item}"),
            what,
            fields,
        )
    }
}

/// The stamp of what is made now.
pub(super) fn stamp<Id>(id: Id) -> Stamp<Id> {
    Stamp::new(id, now())
}

/// The fields of a patch, as they are sent.
pub(super) fn fields(patch: &impl Serialize) -> Map<String, Value> {
    match to_value(patch) {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

/// What the fields of a patch are now, to set them back.
pub(super) fn before(entity: &impl Serialize, changed: &Map<String, Value>) -> Map<String, Value> {
    let was = fields(entity);
    changed
        .keys()
        .filter_map(|name| Some((name.clone(), was.get(name)?.clone())))
        .collect()
}

/// A guess at the slug that the server will make of a name, to show until it has.
pub(super) fn guess_slug(name: &str, id: Uuid) -> Option<Slug> {
    let letters: String = lower(name)
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' })
        .take(60)
        .collect();
    let slug = letters.split_whitespace().collect::<Vec<_>>().join("-");
    slug.parse()
        .or_else(|_| format!("new-{}", &id.simple().to_string()[24..]).parse())
        .ok()
}
