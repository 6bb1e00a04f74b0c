use serde::Serialize;

use super::{Stamp, entity};
use crate::json::read_fields;
use crate::value::{Body, CommentId, ItemId, MemberId};

/// A comment on an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Comment {
    #[serde(flatten)]
    pub stamp: Stamp<CommentId>,
    pub item: ItemId,
    /// The member who wrote it; none when what wrote it is no member.
    pub author: Option<MemberId>,
    /// Markdown.
    pub body: Body,
}

entity!(Comment, CommentId);
read_fields!(stamped Comment { item, author, body });
