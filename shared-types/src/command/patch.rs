use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A field of a JSON merge patch: absent, it is kept. A field that can be without a value is a `Patch<Option<T>>`; one that
/// can be empty is read by `or_cleared`; on any other one null is refused like every value of a wrong type.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Patch<T> {
    /// Leave it as it is.
    #[default]
    Keep,
    /// Make it this.
    Set(T),
}

impl<T> Patch<T> {
    /// Whether the field is absent.
    pub fn is_keep(&self) -> bool {
        matches!(self, Patch::Keep)
    }

    /// The value to set, if any.
    pub fn set(self) -> Option<T> {
        match self {
            Patch::Keep => None,
            Patch::Set(value) => Some(value),
        }
    }

    /// The value to set, if any.
    pub fn as_ref(&self) -> Option<&T> {
        match self {
            Patch::Keep => None,
            Patch::Set(value) => Some(value),
        }
    }
}

impl<T: Clone> Patch<T> {
    /// Puts the value in its place, if there is one.
    pub fn put(&self, place: &mut T) {
        if let Patch::Set(value) = self {
            *place = value.clone();
        }
    }
}

impl<T: Serialize> Serialize for Patch<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.as_ref().serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Patch<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Patch::Set)
    }
}

/// What null says of a field that can be empty, where something is made: nothing.
pub(super) fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// What null says of a field that can be empty, in a patch: empty it.
pub(super) fn or_cleared<'de, D, T>(deserializer: D) -> Result<Patch<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    or_default(deserializer).map(Patch::Set)
}
