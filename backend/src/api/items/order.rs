//! In which order items are listed.

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};
use shared_types::{
    model::{Entity, Item},
    state::Scope,
    value::{ItemId, ItemKey, Rank, Timestamp},
};
use utoipa::ToSchema;

use crate::api::ApiError;

/// The orders there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Sort {
    #[default]
    Rank,
    UpdatedAt,
    Key,
}

/// Where an item is in a list of one order; a page's token is one of these.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Place {
    /// The organization's own come first, then project after project.
    Rank(Scope, Rank, ItemId),
    /// The latest first; of those made in one millisecond the last one.
    UpdatedAt(Reverse<Timestamp>, Reverse<ItemId>),
    Key(ItemKey),
}

impl Sort {
    pub(super) fn place(self, item: &Item) -> Place {
        match self {
            Sort::Rank => Place::Rank(item.project, item.rank.clone(), item.id()),
            Sort::UpdatedAt => Place::UpdatedAt(Reverse(item.stamp.updated_at), Reverse(item.id())),
            Sort::Key => Place::Key(item.key.clone()),
        }
    }

    /// Refuses a page of a list in another order.
    pub(super) fn check(self, place: &Place) -> Result<(), ApiError> {
        let fits = matches!(
            (self, place),
            (Sort::Rank, Place::Rank(..))
                | (Sort::UpdatedAt, Place::UpdatedAt(..))
                | (Sort::Key, Place::Key(_))
        );
        let message =
            "is of a list in another order: keep sort as it was, or leave page out to begin anew";
        if fits {
            Ok(())
        } else {
            Err(ApiError::parameter("page", message))
        }
    }
}
