//! One organization's copy: its position, and writing a batch together with it.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr,
    EntityTrait, QueryFilter, TransactionTrait, sea_query::Expr,
};
use shared_types::{
    value::{EventId, OrganizationId},
    wire::{Cursor, Epoch},
};

use super::{
    SqlError,
    projection::{Batch, Incoming, forget, moment, number},
    tables::position,
};
use crate::auth;

/// How far a copy has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    pub cursor: Cursor,
    /// The event there; none before the first.
    pub event: Option<EventId>,
}

impl Position {
    /// Before the first event.
    pub fn beginning(epoch: Epoch) -> Self {
        Self {
            cursor: Cursor { epoch, seq: 0 },
            event: None,
        }
    }
}

/// What is taken away before a batch is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Before {
    /// Nothing: the batch follows on what is there.
    Keep,
    /// Everything.
    All,
}

/// One organization in the database.
#[derive(Debug, Clone)]
pub struct Copy {
    pub(super) of: OrganizationId,
    pub(super) pool: DatabaseConnection,
}

impl Copy {
    /// How far it has come; none if it has not begun.
    pub async fn position(&self) -> Result<Option<Position>, SqlError> {
        Ok(position(&self.pool, self.of).await?)
    }

    /// Writes a batch and moves the position, both or neither. The position must be where this agent left it: had another
    /// one written meanwhile, nothing is written.
    pub(super) async fn write(
        &self,
        batch: Batch,
        before: Before,
        from: Option<&Position>,
        to: &Position,
    ) -> Result<(), SqlError> {
        let transaction = self.pool.begin().await?;
        if before == Before::All {
            forget(&transaction, self.of, 0).await?;
        }
        self.end(transaction, batch, from, to).await
    }

    /// Begins to make it anew in one transaction, however long that takes: of what is there the events up to a position
    /// stay.
    pub(super) async fn remake(&self, oldest: u64) -> Result<Remaking<'_>, SqlError> {
        let transaction = self.pool.begin().await?;
        forget(&transaction, self.of, oldest).await?;
        Ok(Remaking {
            copy: self,
            transaction,
        })
    }

    async fn end(
        &self,
        transaction: DatabaseTransaction,
        batch: Batch,
        from: Option<&Position>,
        to: &Position,
    ) -> Result<(), SqlError> {
        let moved = match from {
            Some(from) => moved(&transaction, self.of, from, to).await?,
            None => begun(&transaction, self.of, to).await?,
        };
        if !moved {
            transaction.rollback().await?;
            return Err(SqlError::Overtaken);
        }
        batch.write(&transaction, self.of).await?;
        Ok(transaction.commit().await?)
    }
}

/// A copy that is being made anew. Dropped before its end, it has changed nothing.
pub(super) struct Remaking<'a> {
    copy: &'a Copy,
    transaction: DatabaseTransaction,
}

impl Remaking<'_> {
    /// Adds events, and not what they have led to.
    pub async fn add(&mut self, events: Vec<Incoming>) -> Result<(), SqlError> {
        let batch = Batch::events(events);
        Ok(batch.write(&self.transaction, self.copy.of).await?)
    }

    /// Adds what all events have led to, and moves the position.
    pub async fn finish(
        self,
        batch: Batch,
        from: Option<&Position>,
        to: &Position,
    ) -> Result<(), SqlError> {
        self.copy.end(self.transaction, batch, from, to).await
    }
}

/// The position of an organization's copy.
pub(super) async fn position(
    db: &impl ConnectionTrait,
    of: OrganizationId,
) -> Result<Option<Position>, DbErr> {
    let row = position::Entity::find_by_id(of.to_string()).one(db).await?;
    let unreadable = |what: &str| DbErr::Custom(format!("the position's {what} can't be read"));
    row.map(|row| {
        Ok(Position {
            cursor: Cursor {
                epoch: row.epoch.parse().map_err(|_| unreadable("epoch"))?,
                seq: u64::try_from(row.seq).map_err(|_| unreadable("seq"))?,
            },
            event: row
                .event_id
                .map(|id| id.parse().map_err(|_| unreadable("event_id")))
                .transpose()?,
        })
    })
    .transpose()
}

async fn moved(
    db: &impl ConnectionTrait,
    of: OrganizationId,
    from: &Position,
    to: &Position,
) -> Result<bool, DbErr> {
    let row = row(of, to);
    let done = position::Entity::update_many()
        .col_expr(position::Column::Epoch, Expr::value(row.epoch))
        .col_expr(position::Column::Seq, Expr::value(row.seq))
        .col_expr(position::Column::EventId, Expr::value(row.event_id))
        .col_expr(position::Column::UpdatedAt, Expr::value(row.updated_at))
        .filter(position::Column::OrganizationId.eq(of.to_string()))
        .filter(position::Column::Epoch.eq(from.cursor.epoch.as_str()))
        .filter(position::Column::Seq.eq(number(from.cursor.seq)))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

async fn begun(
    db: &impl ConnectionTrait,
    of: OrganizationId,
    to: &Position,
) -> Result<bool, DbErr> {
    let row = row(of, to);
    let model = position::ActiveModel {
        organization_id: Set(row.organization_id),
        epoch: Set(row.epoch),
        seq: Set(row.seq),
        event_id: Set(row.event_id),
        updated_at: Set(row.updated_at),
    };
    let inserted = position::Entity::insert(model)
        .on_conflict_do_nothing()
        .exec_without_returning(db)
        .await?;
    Ok(matches!(inserted, sea_orm::TryInsertResult::Inserted(1)))
}

fn row(of: OrganizationId, to: &Position) -> position::Model {
    position::Model {
        organization_id: of.to_string(),
        epoch: to.cursor.epoch.to_string(),
        seq: number(to.cursor.seq),
        event_id: to.event.map(|id| id.to_string()),
        updated_at: moment(auth::now()),
    }
}
