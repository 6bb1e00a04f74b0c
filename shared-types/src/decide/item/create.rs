use super::{check_status, lists};
use crate::{
    command::NewItem,
    decide::{Subject, draft::Draft},
    error::Rejection,
    event::EventBody,
    model::{Entity, Item, ItemKind, Status},
};

impl Draft<'_> {
    pub(in crate::decide) fn create_item(&mut self, new: &NewItem) -> Result<Subject, Rejection> {
        let scope = new
            .project
            .as_ref()
            .map(|name| self.project_in_field(name))
            .transpose()?;
        let scope = scope.map(|project| project.id());
        self.check_room(scope)?;
        let team = new
            .team
            .as_ref()
            .map(|name| self.team_in_field(name, scope))
            .transpose()?;
        let team = team.map(|team| team.id());
        let parent = new
            .parent
            .as_ref()
            .map(|name| self.parent_in_field(name, new.kind, scope))
            .transpose()?;
        let status = new.status.unwrap_or(match new.kind {
            ItemKind::Task => Status::Backlog,
            ItemKind::Epic | ItemKind::Feature => Status::Open,
        });
        check_status(new.kind, status)?;
        let item = Item {
            stamp: self.stamp(new.id, |model, id| model.any_item(*id).is_some())?,
            key: self.next_key(scope)?,
            kind: new.kind,
            project: scope,
            team,
            parent,
            title: new.title.clone(),
            status,
            priority: new.priority,
            rank: self.last_rank(scope),
            assignees: self.assignees(&new.assignees, team)?,
            labels: lists::labels(&new.labels)?,
            estimate: new.estimate,
            due: new.due,
            depends_on: self.depends_on(&new.depends_on, None)?,
            run: None,
            comments: 0,
            description: Some(new.description.clone()),
            acceptance: Some(lists::acceptance(&new.acceptance)?),
        };
        let id = item.id();
        let above = parent.filter(|_| !status.is_over());
        self.emit(EventBody::ItemCreated { item });
        self.reopen(above);
        self.follow(None, id);
        Ok(Subject::Item(id))
    }
}
