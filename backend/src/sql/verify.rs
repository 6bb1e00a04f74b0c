//! Comparing the copy with the model: row by row, at the copy's own position.

use std::{collections::BTreeMap, fmt, time::Duration};

use sea_orm::{
    AccessMode, ColumnTrait, DatabaseTransaction, DbBackend, DbErr, EntityTrait, FromQueryResult,
    IsolationLevel, PaginatorTrait, QueryFilter, QuerySelect, TransactionTrait, sea_query::Query,
};
use serde::Serialize;
use serde_json::{Map, Value};
use shared_types::{Organization, model::Entity, value::OrganizationId, wire::Cursor};
use tokio::time::Instant;

use super::{
    Database, SqlError,
    copy::{Copy, position},
    projection::{Batch, Rows},
    source::{Source, SourceError, oldest},
    tables::{
        assignment, comment, dependency, event, item, label, member, organization, project, run,
        team, team_member,
    },
};

/// How long the copy may take to come to where the model is.
const CATCH_UP: Duration = Duration::from_secs(30);
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// One thing in which the copy is not as the model is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    pub table: &'static str,
    /// The row, by its primary key.
    pub key: String,
    pub what: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.table, self.key, self.what)
    }
}

/// Compares the copy of the source's organization with its model. Answers where, how many rows there are, and what differs.
pub async fn verify<S: Source>(
    database: &Database,
    source: &mut S,
) -> Result<(Cursor, usize, Vec<Difference>), SqlError> {
    let (cursor, mut model) = source.whole().await?;
    let copy = Copy {
        of: model.profile.id(),
        pool: database.pool.clone(),
    };
    wait_for(&copy, &cursor).await?;
    let oldest = oldest(source).await?;
    // All tables as they are at one moment, whoever writes meanwhile.
    let view = match copy.pool.get_database_backend() {
        DbBackend::Postgres => {
            let (level, mode) = (IsolationLevel::RepeatableRead, AccessMode::ReadOnly);
            copy.pool.begin_with_config(Some(level), Some(mode)).await?
        }
        _ => copy.pool.begin().await?,
    };
    let at = position(&view, copy.of).await?;
    let at = at.map_or(0, |at| at.cursor.seq);
    bring(&mut model, &cursor, at, source).await?;
    let mut comparison = Comparison::default();
    comparison.tables(&view, &model).await?;
    comparison.events(&view, copy.of, (oldest, at)).await?;
    view.rollback().await?;
    let cursor = Cursor { seq: at, ..cursor };
    Ok((cursor, comparison.rows, comparison.differences))
}

async fn wait_for(copy: &Copy, cursor: &Cursor) -> Result<(), SqlError> {
    let deadline = Instant::now() + CATCH_UP;
    loop {
        let at = copy.position().await?.map(|at| at.cursor);
        let is_there = |at: &Cursor| at.epoch == cursor.epoch && at.seq >= cursor.seq;
        if at.as_ref().is_some_and(is_there) {
            return Ok(());
        }
        if Instant::now() >= deadline {
            return Err(SqlError::Behind {
                database: at.map_or("nothing at all".into(), |at| at.to_string()),
                model: cursor.to_string(),
            });
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// Brings the model to the copy's position, which is not before it.
async fn bring<S: Source>(
    model: &mut Organization,
    from: &Cursor,
    to: u64,
    source: &mut S,
) -> Result<(), SqlError> {
    if from.seq == to {
        return Ok(());
    }
    let begun = source.begin(from.seq).await?;
    if !begun.is_resumed || begun.epoch != from.epoch {
        return Err(
            SourceError::Interrupted("the line has begun anew: verify again".into()).into(),
        );
    }
    while model.seq < to {
        for incoming in source.next().await? {
            if incoming.seq > to {
                break;
            }
            match &incoming.event {
                Some(event) => drop(model.apply(event)),
                None => model.seq = incoming.seq,
            }
        }
    }
    Ok(())
}

#[derive(Default)]
struct Comparison {
    rows: usize,
    differences: Vec<Difference>,
}

impl Comparison {
    async fn tables(
        &mut self,
        view: &DatabaseTransaction,
        model: &Organization,
    ) -> Result<(), DbErr> {
        let of = model.profile.id().to_string();
        let Rows {
            organizations,
            projects,
            teams,
            team_members,
            members,
            items,
            assignments,
            labels,
            dependencies,
            comments,
            runs,
        } = Batch::whole(model).rows(model.profile.id());
        let found = organization::Entity::find_by_id(&of).all(view).await?;
        // It may be known as of later than the position.
        let found = found.into_iter().map(|row| match organizations.first() {
            Some(expected) if row.version > expected.version => expected.clone(),
            _ => row,
        });
        self.table(
            "organizations",
            &["id"],
            organizations.clone(),
            found.collect(),
        );
        let found = project::Entity::find().filter(project::Column::OrganizationId.eq(&of));
        self.table("projects", &["id"], projects, found.all(view).await?);
        let found = team::Entity::find().filter(team::Column::OrganizationId.eq(&of));
        self.table("teams", &["id"], teams, found.all(view).await?);
        let own = Query::select()
            .column(team::Column::Id)
            .from(team::Entity)
            .and_where(team::Column::OrganizationId.eq(&of))
            .take();
        let found =
            team_member::Entity::find().filter(team_member::Column::TeamId.in_subquery(own));
        self.table(
            "team_members",
            &["team_id", "member_id"],
            team_members,
            found.all(view).await?,
        );
        let found = member::Entity::find().filter(member::Column::OrganizationId.eq(&of));
        self.table("members", &["id"], members, found.all(view).await?);
        let found = item::Entity::find().filter(item::Column::OrganizationId.eq(&of));
        self.table("items", &["id"], items, found.all(view).await?);
        let own = || {
            Query::select()
                .column(item::Column::Id)
                .from(item::Entity)
                .and_where(item::Column::OrganizationId.eq(&of))
                .take()
        };
        let found =
            assignment::Entity::find().filter(assignment::Column::ItemId.in_subquery(own()));
        self.table(
            "assignments",
            &["item_id", "member_id"],
            assignments,
            found.all(view).await?,
        );
        let found = label::Entity::find().filter(label::Column::ItemId.in_subquery(own()));
        self.table(
            "labels",
            &["item_id", "label"],
            labels,
            found.all(view).await?,
        );
        let found =
            dependency::Entity::find().filter(dependency::Column::ItemId.in_subquery(own()));
        self.table(
            "dependencies",
            &["item_id", "depends_on_id"],
            dependencies,
            found.all(view).await?,
        );
        let found = comment::Entity::find().filter(comment::Column::OrganizationId.eq(&of));
        self.table("comments", &["id"], comments, found.all(view).await?);
        let found = run::Entity::find().filter(run::Column::OrganizationId.eq(&of));
        self.table("runs", &["id"], runs, found.all(view).await?);
        Ok(())
    }

    fn table<M: Serialize>(
        &mut self,
        table: &'static str,
        key: &[&str],
        expected: Vec<M>,
        found: Vec<M>,
    ) {
        self.rows += found.len();
        let expected = by_key(key, expected);
        let mut found = by_key(key, found);
        let mut differ = |key: String, what: String| {
            self.differences.push(Difference { table, key, what });
        };
        for (key, expected) in expected {
            let Some(found) = found.remove(&key) else {
                differ(key, "is missing".into());
                continue;
            };
            for (column, should) in &expected {
                let is = found.get(column).unwrap_or(&Value::Null);
                if is != should {
                    differ(
                        key.clone(),
                        format!("{column} is {is}, the model has {should}"),
                    );
                }
            }
        }
        for key in found.into_keys() {
            differ(key, "is not in the model".into());
        }
    }

    /// The events have no hole and end at the position.
    async fn events(
        &mut self,
        view: &DatabaseTransaction,
        of: OrganizationId,
        (oldest, at): (u64, u64),
    ) -> Result<(), DbErr> {
        #[derive(FromQueryResult)]
        struct Ends {
            first: Option<i64>,
            last: Option<i64>,
        }
        let own = || event::Entity::find().filter(event::Column::OrganizationId.eq(of.to_string()));
        let count = own().count(view).await?;
        let ends = own()
            .select_only()
            .column_as(event::Column::Seq.min(), "first")
            .column_as(event::Column::Seq.max(), "last")
            .into_model::<Ends>()
            .one(view)
            .await?;
        let (first, last) = ends.map_or((None, None), |ends| (ends.first, ends.last));
        let unsigned = |seq: Option<i64>| seq.and_then(|seq| u64::try_from(seq).ok()).unwrap_or(0);
        let (first, last) = (unsigned(first), unsigned(last));
        self.rows += usize::try_from(count).unwrap_or(usize::MAX);
        let mut differ = |(first, last): (u64, u64), what: String| {
            self.differences.push(Difference {
                table: "events",
                key: format!("{first} to {last}"),
                what,
            });
        };
        // What the line has, the copy has, and it may have older ones.
        let begins = if count == 0 { at + 1 } else { first };
        if begins > oldest + 1 {
            let missing = (oldest + 1, begins - 1);
            differ(missing, "are missing: --rebuild fetches them".into());
        }
        if last != at && count > 0 {
            differ((first, last), format!("the copy has come to {at}"));
        }
        if count > 0 && last + 1 - first != count {
            differ((first, last), format!("there are {count}"));
        }
        Ok(())
    }
}

type ByKey = BTreeMap<String, Map<String, Value>>;

fn by_key<M: Serialize>(key: &[&str], rows: Vec<M>) -> ByKey {
    let row = |row: M| {
        // Plain structs always serialise, as objects.
        let Ok(Value::Object(fields)) = serde_json::to_value(row) else {
            return None;
        };
        let part = |column: &&str| {
            fields
                .get(*column)
                .and_then(Value::as_str)
                .unwrap_or_default()
        };
        let key: Vec<&str> = key.iter().map(part).collect();
        Some((key.join(" "), fields))
    };
    rows.into_iter().filter_map(row).collect()
}
