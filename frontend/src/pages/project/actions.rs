//! What else can be done with a project.

use shared_types::{
    command::{Patch, ProjectPatch},
    value::ProjectId,
};
use yew::prelude::*;
use yew_router::prelude::*;

use crate::{
    components::{
        dialog::Confirm,
        icon::{Icon, icon},
        menu::Choice,
        picker::Picker,
    },
    routes::Route,
    store::use_store,
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
    let confirming = use_state(|| false);
    let (id, archived) = (props.id, props.archived);
    let choices = vec![
        Choice::new(
            "archive",
            if archived {
                "Take out of the archive"
            } else {
                "Archive"
            },
        )
        .icon(icon(Icon::Archive)),
        Choice::new("delete", "Delete project")
            .icon(icon(Icon::Trash))
            .danger(),
    ];
    let on_choose = {
        let (store, confirming) = (store.clone(), confirming.clone());
        Callback::from(move |value: AttrValue| match value.as_str() {
            "delete" => confirming.set(true),
            _ => store.update_project(
                id,
                ProjectPatch {
                    archived: Patch::Set(!archived),
                    ..ProjectPatch::default()
                },
            ),
        })
    };
    let on_confirm = Callback::from(move |()| {
        store.delete_project(id);
        store.offer_undo("Project deleted.");
        if let Some(navigator) = &navigator {
            navigator.push(&Route::Projects);
        }
    });
    let on_close = {
        let confirming = confirming.clone();
        Callback::from(move |()| confirming.set(false))
    };
    html! {
        <>
            <Picker label="More actions" icon_only={true} class="button button-icon" {choices} {on_choose}>{ icon(Icon::More) }</Picker>
            if *confirming {
                <Confirm title={format!("Delete {}?", props.name)} action="Delete project" {on_confirm} {on_close}
                    text="Its teams and all its items go with it, for everybody. It can be restored for 30 days, as it is now." />
            }
        </>
    }
}
