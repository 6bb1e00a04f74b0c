//! What an item is made of, what it waits for, and what waits for it.

use std::{rc::Rc, sync::Arc};

use shared_types::{
    command::NewItem,
    model::{Entity, Item, ItemKind, Priority, Rollup},
    topic::{Ref, Topic},
    value::{Body, Title},
};
use yew::prelude::*;

use crate::{
    components::{
        add_line::AddLine,
        icon::{Icon, icon},
        name::ItemRow,
        progress::progress_bar,
        work::{
            field::Field,
            field_menu::FieldPicker,
            people::{People, use_people},
        },
    },
    store::{Action, use_may, use_select, use_store},
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
    let store = use_store();
    let may = use_may(Action::Work);
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
    let on_add = |kind: ItemKind| {
        let (store, parent) = (store.clone(), item.clone());
        Callback::from(move |title: String| {
            if let Ok(title) = title.parse() {
                store.create_item(child(&parent, kind, title));
            }
        })
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
                    <AddLine label={format!("New {kind}")} placeholder={format!("Add a {kind}")} most={Title::MAX}
                        on_add={on_add(kind)} />
                </section>
            }
            if item.kind == ItemKind::Task || !known.depends_on.is_empty() {
                <section class="section" aria-label="Depends on">
                    <div class="section-header">
                        <h2>{ "Depends on" }</h2>
                        if may {
                            <FieldPicker field={Field::DependsOn} items={vec![id]} class="button button-small button-quiet">
                                { icon(Icon::Plus) }{ "Choose" }
                            </FieldPicker>
                        }
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

/// A new item right under another, and nothing else said of it.
fn child(parent: &Item, kind: ItemKind, title: Title) -> NewItem {
    NewItem {
        id: None,
        kind,
        title,
        project: parent.project.map(Ref::Id),
        team: parent.team.map(Ref::Id),
        parent: Some(Ref::Id(parent.id())),
        description: Body::default(),
        status: None,
        priority: Priority::None,
        assignees: Vec::new(),
        labels: Vec::new(),
        estimate: None,
        due: None,
        depends_on: Vec::new(),
        acceptance: Vec::new(),
    }
}
