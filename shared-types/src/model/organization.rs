use serde::Serialize;

use super::{Stamp, entity};
use crate::json::read_fields;
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
}

entity!(OrganizationProfile, OrganizationId);
read_fields!(stamped OrganizationProfile { slug, name });
