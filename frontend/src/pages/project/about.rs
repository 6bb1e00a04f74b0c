//! What a project is about, and its address.

use shared_types::{
    command::{Patch, ProjectPatch},
    state::Sight,
    value::{Body, ProjectId, Slug},
};
use yew::prelude::*;

use crate::{
    components::{inline_text::InlineText, runs_part::runs, text_block::TextBlock},
    runs::Panel,
    store::{use_select, use_store},
};

/// Properties of [`About`].
#[derive(Properties, PartialEq)]
pub struct AboutProps {
    pub id: ProjectId,
}

/// Description, slug and key, edited where they stand.
#[component]
pub fn About(props: &AboutProps) -> Html {
    let id = props.id;
    let store = use_store();
    let project = use_select(move |state| state.project(id).cloned());
    let Some(project) = &*project else {
        return Html::default();
    };
    let check = Callback::from(|text: String| {
        text.parse::<Slug>()
            .err()
            .map(|invalid| invalid.to_string())
    });
    let set_slug = {
        let store = store.clone();
        Callback::from(move |text: String| {
            if let Ok(slug) = text.parse::<Slug>() {
                store.update_project(
                    id,
                    ProjectPatch {
                        slug: Patch::Set(slug),
                        ..ProjectPatch::default()
                    },
                );
            }
        })
    };
    let on_save = Callback::from(move |description: Body| {
        let description = Patch::Set(description);
        store.update_project(
            id,
            ProjectPatch {
                description,
                ..ProjectPatch::default()
            },
        );
    });
    html! {
        <div class="account">
            <div class="section">
                <div class="section-header"><h2>{ "Description" }</h2></div>
                <TextBlock place={format!("description {id}")} label="Description" value={project.description.to_string()} add="Add a description"
                    placeholder="What is it for? Markdown." {on_save} />
            </div>
            <section class="section" aria-label="Address">
                <div class="section-header"><h2>{ "Address" }</h2></div>
                <dl class="facts">
                    <dt>{ "Slug" }</dt>
                    <dd><InlineText label="Slug" value={project.slug.to_string()} {check} on_change={set_slug} /></dd>
                    <dt>{ "Key" }</dt>
                    <dd>{ project.key.to_string() }</dd>
                </dl>
                <p class="field-hint">{ "After a change the old address keeps leading here. The key is fixed." }</p>
            </section>
            { runs(Panel::Budget(Sight::Project(id))) }
        </div>
    }
}
