//! Creating a project.

use shared_types::command::NewProject;
use yew::prelude::*;

use crate::{
    components::{
        dialog::Dialog,
        form::{FormFooter, text_area, text_field, use_kept},
    },
    store::use_store,
};

/// Where what is typed in the dialog is kept.
pub const PLACE: AttrValue = AttrValue::Static("new project");

/// Properties of [`CreateProject`].
#[derive(Properties, PartialEq)]
pub struct CreateProjectProps {
    pub on_close: Callback<()>,
}

/// The dialog.
#[component]
pub fn CreateProject(props: &CreateProjectProps) -> Html {
    let store = use_store();
    let name = use_kept(&PLACE, "name", String::new());
    let key = use_kept(&PLACE, "key", String::new());
    let slug = use_kept(&PLACE, "slug", String::new());
    let description = use_kept(&PLACE, "description", String::new());
    let onsubmit = {
        let (name, key, slug, description) =
            (name.clone(), key.clone(), slug.clone(), description.clone());
        let on_close = props.on_close.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let (Some(name), Some(key), Some(slug), Some(description)) = (
                name.parse(),
                key.parse_optional(),
                slug.parse_optional(),
                description.parse(),
            ) else {
                return;
            };
            store.send_from(&PLACE, || {
                store.create_project(NewProject {
                    id: None,
                    name,
                    slug,
                    key,
                    description,
                });
            });
            on_close.emit(());
        })
    };
    html! {
        <Dialog title="New project" on_close={props.on_close.clone()}>
            <form {onsubmit}>
                <div class="dialog-body">
                    { text_field("project-name", "Name", "", &name, true) }
                    <div class="form-grid">
                        { text_field("project-key", "Key", "Begins its items’ keys, such as WEB. Made from the name if empty.", &key, false) }
                        { text_field("project-slug", "Slug", "Its address, such as website. Made from the name if empty.", &slug, false) }
                    </div>
                    { text_area("project-description", "Description", "Markdown", &description) }
                </div>
                <FormFooter place={PLACE} action="Create project" on_close={props.on_close.clone()} />
            </form>
        </Dialog>
    }
}
