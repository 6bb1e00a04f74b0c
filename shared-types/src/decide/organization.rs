use super::{
    Subject,
    draft::{Draft, changed, check_version},
};
use crate::{
    command::{Expected, OrganizationPatch},
    error::Rejection,
    event::EventBody,
    model::OrganizationProfile,
};

impl Draft<'_> {
    pub(super) fn update_organization(
        &mut self,
        patch: &OrganizationPatch,
        expected: Expected,
    ) -> Result<Subject, Rejection> {
        let before = self.model.profile.clone();
        check_version(&*before, expected, Subject::Organization)?;
        let mut organization = OrganizationProfile::clone(&before);
        if let Some(name) = patch.name.as_ref() {
            organization.name = name.clone();
        }
        if let Some(slug) = patch.slug.as_ref() {
            organization.slug = slug.clone();
        }
        let changed = changed!(before, organization, slug, name);
        if !changed.is_empty() {
            organization.stamp.touch(self.context.at);
            self.emit(EventBody::OrganizationUpdated {
                organization,
                changed,
            });
        }
        Ok(Subject::Organization)
    }
}
