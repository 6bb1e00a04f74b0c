//! Writing a batch. A row that is there already is written over: of each entity the newest state counts.

use sea_orm::{
    ActiveModelTrait,
    ActiveValue::NotSet,
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IdenStatic, IntoActiveModel, Iterable,
    ModelTrait, PrimaryKeyToColumn, QueryFilter,
    sea_query::{Expr, ExprTrait, OnConflict, Query},
};
use shared_types::{model::Item, value::OrganizationId};

use super::{Batch, Incoming, number, rows};
use crate::sql::tables::{
    assignment, comment, dependency, event, item, label, member, organization, project, run, team,
    team_member,
};

/// Values that one statement may carry: SQLite takes 32,766, PostgreSQL 65,535.
const MOST_VALUES: usize = 30_000;
/// Ids that one deletion names.
const MOST_IDS: usize = 1_000;

impl Batch {
    /// Writes all of it. To be called in a transaction that moves the position too.
    pub async fn write(self, db: &impl ConnectionTrait, of: OrganizationId) -> Result<(), DbErr> {
        let rows = self.rows(of);
        for organization in rows.organizations {
            put_organization(db, organization).await?;
        }
        put(db, rows.projects).await?;
        put(db, rows.teams).await?;
        let teams = self.teams.keys().map(ToString::to_string).collect();
        clear(db, team_member::Column::TeamId, teams).await?;
        put(db, rows.team_members).await?;
        put(db, rows.members).await?;
        // In the same order as the rows, which were made of them.
        let details = self.items.values().map(|row| Detail::of(&row.value));
        put_items(db, rows.items, details.collect()).await?;
        let items: Vec<String> = self.items.keys().map(ToString::to_string).collect();
        clear(db, assignment::Column::ItemId, items.clone()).await?;
        clear(db, label::Column::ItemId, items.clone()).await?;
        clear(db, dependency::Column::ItemId, items).await?;
        put(db, rows.assignments).await?;
        put(db, rows.labels).await?;
        put(db, rows.dependencies).await?;
        for (id, comments) in self.counts {
            item::Entity::update_many()
                .col_expr(item::Column::Comments, Expr::value(i64::from(comments)))
                .filter(item::Column::Id.eq(id.to_string()))
                .exec(db)
                .await?;
        }
        put(db, rows.comments).await?;
        put(db, rows.runs).await?;
        let events = self.events.into_iter();
        put(db, events.map(|event| event_row(of, event)).collect()).await
    }
}

/// Takes an organization out of the tables, with all that has happened in it after a position.
pub(in crate::sql) async fn forget(
    db: &impl ConnectionTrait,
    of: OrganizationId,
    after: u64,
) -> Result<(), DbErr> {
    forget_entities(db, of).await?;
    event::Entity::delete_many()
        .filter(event::Column::OrganizationId.eq(of.to_string()))
        .filter(event::Column::Seq.gt(number(after)))
        .exec(db)
        .await?;
    Ok(())
}

/// Takes everything that is in an organization out of the tables, but not what has happened.
async fn forget_entities(db: &impl ConnectionTrait, of: OrganizationId) -> Result<(), DbErr> {
    let of = of.to_string();
    let items = || {
        Query::select()
            .column(item::Column::Id)
            .from(item::Entity)
            .and_where(item::Column::OrganizationId.eq(&of))
            .take()
    };
    let teams = || {
        Query::select()
            .column(team::Column::Id)
            .from(team::Entity)
            .and_where(team::Column::OrganizationId.eq(&of))
            .take()
    };
    assignment::Entity::delete_many()
        .filter(assignment::Column::ItemId.in_subquery(items()))
        .exec(db)
        .await?;
    label::Entity::delete_many()
        .filter(label::Column::ItemId.in_subquery(items()))
        .exec(db)
        .await?;
    dependency::Entity::delete_many()
        .filter(dependency::Column::ItemId.in_subquery(items()))
        .exec(db)
        .await?;
    team_member::Entity::delete_many()
        .filter(team_member::Column::TeamId.in_subquery(teams()))
        .exec(db)
        .await?;
    run::Entity::delete_many()
        .filter(run::Column::OrganizationId.eq(&of))
        .exec(db)
        .await?;
    comment::Entity::delete_many()
        .filter(comment::Column::OrganizationId.eq(&of))
        .exec(db)
        .await?;
    item::Entity::delete_many()
        .filter(item::Column::OrganizationId.eq(&of))
        .exec(db)
        .await?;
    member::Entity::delete_many()
        .filter(member::Column::OrganizationId.eq(&of))
        .exec(db)
        .await?;
    team::Entity::delete_many()
        .filter(team::Column::OrganizationId.eq(&of))
        .exec(db)
        .await?;
    project::Entity::delete_many()
        .filter(project::Column::OrganizationId.eq(&of))
        .exec(db)
        .await?;
    organization::Entity::delete_by_id(of).exec(db).await?;
    Ok(())
}

/// The one entity whose state of now may be known before the events that led to it: an older one does not undo it.
async fn put_organization(
    db: &impl ConnectionTrait,
    row: organization::Model,
) -> Result<(), DbErr> {
    let mut newer = upsert::<organization::Entity>(organization::Column::iter());
    newer.action_and_where(
        Expr::col((organization::Entity, organization::Column::Version)).lte(row.version),
    );
    organization::Entity::insert(row.into_active_model())
        .on_conflict(newer)
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// Which parts of an item's detail are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Detail {
    description: bool,
    acceptance: bool,
}

impl Detail {
    fn of(item: &Item) -> Self {
        Self {
            description: item.description.is_some(),
            acceptance: item.acceptance.is_some(),
        }
    }
}

/// Items, of each only what is known.
async fn put_items(
    db: &impl ConnectionTrait,
    models: Vec<item::Model>,
    details: Vec<Detail>,
) -> Result<(), DbErr> {
    let mut groups: Vec<(Detail, Vec<item::ActiveModel>)> = Vec::new();
    for (model, detail) in models.into_iter().zip(details) {
        let mut model = model.into_active_model();
        if !detail.description {
            model.description = NotSet;
        }
        if !detail.acceptance {
            model.acceptance = NotSet;
        }
        match groups.iter_mut().find(|(of, _)| *of == detail) {
            Some((_, group)) => group.push(model),
            None => groups.push((detail, vec![model])),
        }
    }
    for (detail, models) in groups {
        let columns = item::Column::iter().filter(|column| match column {
            item::Column::Description => detail.description,
            item::Column::Acceptance => detail.acceptance,
            _ => true,
        });
        put_columns(db, models, columns.collect()).await?;
    }
    Ok(())
}

fn event_row(of: OrganizationId, event: Incoming) -> event::Model {
    // `item.updated` is of what stands under `item`.
    let entity = event.kind.split('.').next().unwrap_or_default();
    let entity_id = event.data.get(entity).and_then(|entity| entity.get("id"));
    event::Model {
        organization_id: of.to_string(),
        seq: number(event.seq),
        id: event.id.to_string(),
        at: rows::moment(event.at),
        actor_kind: rows::word(&event.actor.kind),
        actor_id: event.actor.id.to_string(),
        run_id: event.actor.run.map(|run| run.to_string()),
        cause: event.cause,
        entity_id: entity_id.and_then(|id| id.as_str()).map(str::to_owned),
        kind: event.kind,
        data: event.data,
    }
}

/// Inserts rows, or writes over those that are there.
async fn put<M>(db: &impl ConnectionTrait, models: Vec<M>) -> Result<(), DbErr>
where
    M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
    <M::Entity as EntityTrait>::ActiveModel: Send,
{
    let models = models.into_iter().map(IntoActiveModel::into_active_model);
    let columns = <M::Entity as EntityTrait>::Column::iter();
    put_columns(db, models.collect(), columns.collect()).await
}

/// The same, of these columns alone.
async fn put_columns<A>(
    db: &impl ConnectionTrait,
    models: Vec<A>,
    columns: Vec<<A::Entity as EntityTrait>::Column>,
) -> Result<(), DbErr>
where
    A: ActiveModelTrait + Send,
{
    let at_once = MOST_VALUES / columns.len();
    let mut models = models.into_iter().peekable();
    while models.peek().is_some() {
        let some = models.by_ref().take(at_once);
        <A::Entity as EntityTrait>::insert_many(some)
            .on_conflict(upsert::<A::Entity>(columns.iter().copied()))
            .exec_without_returning(db)
            .await?;
    }
    Ok(())
}

/// Where the row is there already, these columns of it are written over.
fn upsert<E: EntityTrait>(columns: impl Iterator<Item = E::Column>) -> OnConflict {
    let key: Vec<E::Column> = E::PrimaryKey::iter()
        .map(PrimaryKeyToColumn::into_column)
        .collect();
    let is_key = |column: &E::Column| {
        let name = column.as_str();
        key.iter().any(|key| key.as_str() == name)
    };
    let others: Vec<E::Column> = columns.filter(|column| !is_key(column)).collect();
    let mut conflict = OnConflict::columns(key.iter().copied());
    match others.is_empty() {
        true => conflict.do_nothing_on(key.iter().copied()),
        false => conflict.update_columns(others),
    };
    conflict
}

/// Takes away what hangs on these ids.
async fn clear<C: ColumnTrait>(
    db: &impl ConnectionTrait,
    column: C,
    ids: Vec<String>,
) -> Result<(), DbErr> {
    for some in ids.chunks(MOST_IDS) {
        let delete = Query::delete()
            .from_table(column.entity_name())
            .and_where(column.is_in(some))
            .to_owned();
        db.execute(&delete).await?;
    }
    Ok(())
}
