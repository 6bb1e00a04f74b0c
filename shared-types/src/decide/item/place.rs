//! Where an item is: its project, team and parent, its rank and its key.

use std::sync::Arc;

use crate::{
    decide::{draft::Draft, limits},
    error::{ErrorCode, Rejection},
    model::{Entity, Item, ItemKind, Project, Team},
    state::Scope,
    topic::{ItemRef, ProjectRef, TeamRef},
    value::{ItemId, ItemKey, ProjectKey, Rank},
};

impl Draft<'_> {
    /// The project that a field names.
    pub(super) fn project_in_field(&self, name: &ProjectRef) -> Result<Arc<Project>, Rejection> {
        self.find_project(name).cloned().ok_or_else(|| {
            let message = format!("there is no project {name}: name one by id or slug");
            Rejection::field(ErrorCode::Validation, "/project", message)
        })
    }

    /// The team that a field names, which must be of the item's project.
    pub(super) fn team_in_field(
        &self,
        name: &TeamRef,
        scope: Scope,
    ) -> Result<Arc<Team>, Rejection> {
        let Some(project) = scope else {
            let message = "only an item of a project can be in a team: give the project too";
            return Err(Rejection::field(ErrorCode::InvalidTeam, "/team", message));
        };
        if let Some(team) = self.find_team(project, name) {
            return Ok(Arc::clone(team));
        }
        let in_sight = |team: &Arc<Team>| self.context.sight.has_project(team.project);
        let elsewhere =
            matches!(name, TeamRef::Id(id) if self.model.team(*id).is_some_and(in_sight));
        if elsewhere {
            let message =
                format!("{name} is a team of another project: name one of the item's project");
            return Err(Rejection::field(ErrorCode::InvalidTeam, "/team", message));
        }
        let message = format!("the item's project has no team {name}: name one by id or slug");
        Err(Rejection::field(ErrorCode::Validation, "/team", message))
    }

    /// The parent that a field names: an epic for a feature, a feature for a task, in the same backlog.
    pub(super) fn parent_in_field(
        &self,
        name: &ItemRef,
        kind: ItemKind,
        scope: Scope,
    ) -> Result<ItemId, Rejection> {
        let refuse =
            |message: String| Rejection::field(ErrorCode::InvalidParent, "/parent", message);
        let parent = self.find_item(name).ok_or_else(|| {
            let message = format!("there is no item {name}: name one by id or key");
            Rejection::field(ErrorCode::Validation, "/parent", message)
        })?;
        let Some(wanted) = kind.parent() else {
            return Err(refuse("an epic has none: leave it out".into()));
        };
        if parent.kind != wanted {
            let message = format!(
                "a parent of kind {wanted} is what a {kind} goes under, and {} is of kind {}",
                parent.key, parent.kind
            );
            return Err(refuse(message));
        }
        if parent.project != scope {
            return Err(refuse(format!(
                "{} is in another backlog: move one of the two first",
                parent.key
            )));
        }
        Ok(parent.id())
    }

    /// The next key in a project, or in the organization's own backlog.
    pub(super) fn next_key(&self, scope: Scope) -> Result<ItemKey, Rejection> {
        let project = match scope {
            None => ProjectKey::organization(),
            Some(id) => match self.model.project(id) {
                Some(project) => project.key.clone(),
                None => return Err(Rejection::not_found("project", id)),
            },
        };
        let number = self.model.last_number(scope).checked_add(1);
        let number = number
            .ok_or_else(|| Rejection::new(ErrorCode::LimitReached, "No number is left here."))?;
        Ok(ItemKey { project, number })
    }

    /// Refuses an item where there are as many as there may be.
    pub(super) fn check_room(&self, scope: Scope) -> Result<(), Rejection> {
        limits::check_count(
            "items here",
            self.model.item_count(scope),
            limits::ITEMS_OF_A_PROJECT,
        )
    }

    /// The rank behind all others.
    pub(super) fn last_rank(&self, scope: Scope) -> Rank {
        Rank::between(self.model.last_rank(scope), None)
    }

    /// A rank right after one item or right before another; where both are named, the first counts.
    pub(super) fn rank_beside(
        &self,
        item: &Item,
        after: Option<&ItemRef>,
        before: Option<&ItemRef>,
    ) -> Result<Option<Rank>, Rejection> {
        let (field, name) = match (after, before) {
            (Some(name), _) => ("/after", name),
            (None, Some(name)) => ("/before", name),
            (None, None) => return Ok(None),
        };
        let refuse = |message: String| Rejection::field(ErrorCode::Validation, field, message);
        let anchor = self.find_item(name);
        let anchor = anchor
            .ok_or_else(|| refuse(format!("there is no item {name}: name one by id or key")))?;
        if anchor.project != item.project {
            return Err(refuse(format!(
                "{} is in another backlog: name one of the same",
                anchor.key
            )));
        }
        if anchor.id() == item.id() {
            return Ok(None);
        }
        let place = (anchor.rank.clone(), anchor.id());
        let (low, high) = if after.is_some() {
            (
                Some(anchor.rank.clone()),
                self.model.rank_above(item.project, &place, item.id()),
            )
        } else {
            (
                self.model.rank_below(item.project, &place, item.id()),
                Some(anchor.rank.clone()),
            )
        };
        // It is there already.
        let above = low.as_ref().is_none_or(|low| *low < item.rank);
        let below = high.as_ref().is_none_or(|high| item.rank < *high);
        if above && below {
            return Ok(None);
        }
        Ok(Some(Rank::between(low.as_ref(), high.as_ref())))
    }
}
