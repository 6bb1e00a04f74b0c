//! Newtypes that parse: a value of one of these types is valid, wherever it came from.

mod email;
mod estimate;
mod id;
mod key;
mod password;
mod rank;
mod slug;
mod temperature;
mod text;
mod time;

pub use self::slug::{Slug, SlugBase};
pub use email::Email;
pub use estimate::Estimate;
pub use id::{
    AccountId, CommentId, EventId, IdSource, InvitationId, ItemId, MemberId, OrganizationId,
    ProjectId, RunId, SessionId, TeamId, TokenId,
};
pub use key::{ItemKey, ProjectKey};
pub use password::Password;
pub use rank::Rank;
pub use temperature::Temperature;
pub use text::{Body, Criterion, CriterionText, Label, Name, Title};
pub use time::{Date, Timestamp};

/// Why a value was refused, in words for the person who sent it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Invalid(pub String);

/// `Display`, `FromStr` by way of `parse`, and serde as a string.
macro_rules! string_value {
    ($name:ty) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}
pub(crate) use string_value;

/// The JSON Schema of a value that is one string or number on the wire.
macro_rules! value_schema {
    ($name:ident, $object:ident => $schema:expr) => {
        #[cfg(feature = "schema")]
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                let $object = utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String);
                utoipa::openapi::RefOr::T($schema.build().into())
            }
        }

        #[cfg(feature = "schema")]
        impl utoipa::ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
        }
    };
}
pub(crate) use value_schema;
