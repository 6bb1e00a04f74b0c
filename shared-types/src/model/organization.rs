use serde::Serialize;
use serde_json::{Error, Value};

use super::{Stamp, entity};
use crate::json::{read_from_value, take};
use crate::value::{Name, OrganizationId, Slug};

/// The organization itself, without what is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = Organization))]
pub struct OrganizationProfile {
    #[serde(flatten)]
    pub stamp: Stamp<OrganizationId>,
    pub slug: Slug,
    pub name: Name,
    /// Whether the AI members are stopped, all of them.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[cfg_attr(feature = "schema", schema(required = false))]
    pub agents_stopped: bool,
}

entity!(OrganizationProfile, OrganizationId);
read_from_value!(OrganizationProfile, profile);

fn profile(mut object: Value) -> Result<OrganizationProfile, Error> {
    let object = &mut object;
    Ok(OrganizationProfile {
        stamp: Stamp::take_from(object)?,
        slug: take(object, "slug")?,
        name: take(object, "name")?,
        // What was written before there was a switch does not have it.
        agents_stopped: take::<Option<bool>>(object, "agents_stopped")?.unwrap_or_default(),
    })
}
