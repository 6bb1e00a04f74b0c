//! Identities: UUIDs, one type for each kind of entity.

use std::{fmt, str::FromStr};

use uuid::Uuid;

use super::{Invalid, Timestamp, string_value, value_schema};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// The id as a UUID.
            pub fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = Invalid;

            fn from_str(text: &str) -> Result<Self, Invalid> {
                match Uuid::try_parse(text) {
                    Ok(uuid) if !uuid.is_nil() => Ok(Self(uuid)),
                    _ => Err(Invalid("must be a UUID, such as 019380a0-7b3c-7c41-a3f2-2a1b3c4d5e6f".into())),
                }
            }
        }

        string_value!($name);
        value_schema!($name, string => string.format(Some(utoipa::openapi::SchemaFormat::Custom("uuid".into()))));
    };
}

id!(/// An organization's id.
    OrganizationId);
id!(/// A project's id.
    ProjectId);
id!(/// A team's id.
    TeamId);
id!(/// A member's id.
    MemberId);
id!(/// An item's id.
    ItemId);
id!(/// A comment's id.
    CommentId);
id!(/// A run's id.
    RunId);
id!(/// An account's id.
    AccountId);
id!(/// An event's id.
    EventId);
id!(/// A session's id.
    SessionId);
id!(/// An invitation's id.
    InvitationId);
id!(/// A token's id.
    TokenId);

/// Fresh UUIDv7s from a time and entropy drawn once per command, so that deciding the command again gives the same ids.
#[derive(Debug, Clone)]
pub struct IdSource {
    at: Timestamp,
    entropy: u128,
}

impl IdSource {
    /// Ids stamped `at`, counted up from `entropy` (80 bits are used).
    pub fn new(at: Timestamp, entropy: u128) -> Self {
        Self { at, entropy }
    }

    /// The next id.
    pub fn fresh<T: From<Uuid>>(&mut self) -> T {
        self.entropy = self.entropy.wrapping_add(1);
        let bytes = self.entropy.to_be_bytes();
        let mut random = [0; 10];
        random.copy_from_slice(&bytes[6..]);
        let millis = u64::try_from(self.at.as_millis()).unwrap_or(0);
        T::from(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }
}
