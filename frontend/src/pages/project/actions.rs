//! What else can be done with a project.

use shared_types::{
    command::{Patch, ProjectPatch},
    value::ProjectId,
};
use yew::prelude::*;
use yew_router::prelude::*;

use crate::{
    components::{
        icon::{Icon, icon},
        menu::Choice,
        more::MoreActions,
    },
    routes::Route,
    store::{Action, use_may, use_store},
};

/// Properties of [`Actions`].
#[derive(Properties, PartialEq)]
pub struct ActionsProps {
    pub id: ProjectId,
    pub archived: bool,
    pub name: String,
}

/// Archive and delete.
#[component]
pub fn Actions(props: &ActionsProps) -> Html {
    let store = use_store();
    let navigator = use_navigator();
    let may_delete = use_may(Action::DeleteProjects);
    let (id, archived) = (props.id, props.archived);
    let label = if archived {
        "Take out of the archive"
    } else {
        "Archive"
    };
    let choices = vec![Choice::new("archive", label).icon(icon(Icon::Archive))];
    let on_choose = {
        let store = store.clone();
        Callback::from(move |_: AttrValue| {
            let archived = Patch::Set(!archived);
            store.update_project(
                id,
                ProjectPatch {
                    archived,
                    ..ProjectPatch::default()
                },
            );
        })
    };
    let on_delete = Callback::from(move |()| {
        store.delete_project(id);
        store.offer_undo("Project deleted.");
        if let Some(navigator) = &navigator {
            navigator.push(&Route::Projects);
        }
    });
    html! {
        <MoreActions {choices} {on_choose} delete="Delete project" title={format!("Delete {}?", props.name)} {on_delete}
            {may_delete}
            text="Its teams and all its items go with it, for everybody. It can be restored for 30 days, as it is now." />
    }
}
