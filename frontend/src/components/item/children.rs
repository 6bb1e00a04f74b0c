//! What an item is made of, what it waits for, and what waits for it.

use std::{rc::Rc, sync::Arc};

use shared_types::{
    command::NewItem,
    model::{Entity, Item, ItemKind, Priority, Rollup},
    topic::{Ref, Topic},
    value::Title,
};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::{
    components::{
        icon::{Icon, icon},
        name::ItemRow,
        progress::progress_bar,
        work::{
            field::Field,
            field_menu::FieldPicker,
            people::{People, use_people},
        },
    },
    store::{use_select, use_store},
};

/// Properties of [`Related`].
#[derive(Properties, PartialEq)]
pub struct RelatedProps {
    pub item: Arc<Item>,
}

#[derive(PartialEq)]
struct Known {
    children: Vec<Arc<Item>>,
    depends_on: Vec<Arc<Item>>,
    needed_by: Vec<Arc<Item>>,
    rollup: Rollup,
}

/// Children with their roll-up, and dependencies.
#[component]
pub fn Related(props: &RelatedProps) -> Html {
    let people = use_people();
    let item = props.item.clone();
    let id = item.id();
    let known = {
        let item = item.clone();
        use_select(move |state| Known {
            children: state.children_of(id).cloned().collect(),
            depends_on: item
                .depends_on
                .iter()
                .filter_map(|id| state.item(*id))
                .cloned()
                .collect(),
            needed_by: state
                .items_in(item.project)
                .filter(|other| other.depends_on.contains(&id))
                .cloned()
                .collect(),
            rollup: state.rollup(Topic::Item(id)),
        })
    };
    let below = match item.kind {
        ItemKind::Epic => Some((ItemKind::Feature, "Features")),
        ItemKind::Feature => Some((ItemKind::Task, "Tasks")),
        ItemKind::Task => None,
    };
    html! {
        <>
            if let Some((kind, title)) = below {
                <section class="section" aria-label={title}>
                    <div class="section-header">
                        <h2>{ title }</h2>
                        <span class="count">{ known.children.len() }</span>
                        <span class="grow">{ progress_bar(&known.rollup) }</span>
                    </div>
                    { rows(&known.children, &people) }
                    <AddChild parent={item.clone()} {kind} />
                </section>
            }
            if item.kind == ItemKind::Task || !known.depends_on.is_empty() {
                <section class="section" aria-label="Depends on">
                    <div class="section-header">
                        <h2>{ "Depends on" }</h2>
                        <FieldPicker field={Field::DependsOn} items={vec![id]} class="button button-small button-quiet">
                            { icon(Icon::Plus) }{ "Choose" }
                        </FieldPicker>
                    </div>
                    { rows(&known.depends_on, &people) }
                    if known.depends_on.is_empty() {
                        <p class="muted">{ "It waits for nothing." }</p>
                    }
                </section>
            }
            if !known.needed_by.is_empty() {
                <section class="section" aria-label="Needed by">
                    <div class="section-header"><h2>{ "Needed by" }</h2></div>
                    { rows(&known.needed_by, &people) }
                </section>
            }
        </>
    }
}

fn rows(items: &[Arc<Item>], people: &Rc<People>) -> Html {
    if items.is_empty() {
        return Html::default();
    }
    let rows = items.iter().map(|item| {
        html! { <li key={item.id().to_string()}><ItemRow item={item.clone()} people={people.clone()} /></li> }
    });
    html! { <ul class="item-list">{ for rows }</ul> }
}

#[derive(Properties, PartialEq)]
struct AddChildProps {
    parent: Arc<Item>,
    kind: ItemKind,
}

/// A line to type the next child's title in.
#[component]
fn AddChild(props: &AddChildProps) -> Html {
    let store = use_store();
    let title = use_state(String::new);
    let oninput = {
        let title = title.clone();
        Callback::from(move |event: InputEvent| {
            title.set(
                event
                    .target_dyn_into::<HtmlInputElement>()
                    .map(|input| input.value())
                    .unwrap_or_default(),
            );
        })
    };
    let onsubmit = {
        let (title, parent, kind) = (title.clone(), props.parent.clone(), props.kind);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Ok(parsed) = title.parse::<Title>() else {
                return;
            };
            title.set(String::new());
            store.create_item(NewItem {
                id: None,
                kind,
                title: parsed,
                project: parent.project.map(Ref::Id),
                team: parent.team.map(Ref::Id),
                parent: Some(Ref::Id(parent.id())),
                description: Default::default(),
                status: None,
                priority: Priority::None,
                assignees: Vec::new(),
                labels: Vec::new(),
                estimate: None,
                due: None,
                depends_on: Vec::new(),
                acceptance: Vec::new(),
            });
        })
    };
    html! {
        <form class="row" {onsubmit}>
            <input class="input input-compact grow" aria-label={format!("New {}", props.kind)} maxlength="200"
                placeholder={format!("Add a {}", props.kind)} value={(*title).clone()} {oninput} />
            <button type="submit" class="button button-small" disabled={title.trim().is_empty()}>{ "Add" }</button>
        </form>
    }
}
