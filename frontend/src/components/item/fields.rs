//! The fields of an item: each shows its value and is changed where it stands.

use std::sync::Arc;

use shared_types::model::{Entity, Item, ItemKind, Member, Project, Team};
use yew::prelude::*;
use yew_router::prelude::*;

use super::typed_fields::{DueField, EstimateField};
use crate::{
    components::{
        avatar::{Avatar, ai_badge},
        icon::{Icon, icon},
        kind::{kind_icon, kind_label},
        label::label_chip,
        name::ItemLink,
        priority::{priority_icon, priority_label},
        status::{status_icon, status_label},
        time::RelativeTime,
        work::{field::Field, field_menu::FieldPicker},
    },
    routes::Route,
    store::{Action, use_may, use_select, use_store},
};

/// Properties of [`Fields`].
#[derive(Properties, PartialEq)]
pub struct FieldsProps {
    pub item: Arc<Item>,
    pub on_deleted: Callback<()>,
}

#[derive(PartialEq)]
struct Known {
    assignees: Vec<Arc<Member>>,
    project: Option<Arc<Project>>,
    team: Option<Arc<Team>>,
    parent: Option<Arc<Item>>,
    pending: bool,
}

/// See the module.
#[component]
pub fn Fields(props: &FieldsProps) -> Html {
    let store = use_store();
    let may = use_may(Action::Work);
    let item = props.item.clone();
    let id = item.id();
    let known = {
        let item = item.clone();
        use_select(move |state| Known {
            assignees: item
                .assignees
                .iter()
                .filter_map(|id| state.member(*id))
                .cloned()
                .collect(),
            project: item.project.and_then(|id| state.project(id)).cloned(),
            team: item.team.and_then(|id| state.team(id)).cloned(),
            parent: item.parent.and_then(|id| state.item(id)).cloned(),
            pending: state.is_pending(id.uuid()),
        })
    };
    let delete = {
        let (store, on_deleted, key) = (store.clone(), props.on_deleted.clone(), item.key.clone());
        Callback::from(move |_: MouseEvent| {
            store.delete_item(id);
            store.offer_undo(&format!("{key} deleted."));
            on_deleted.emit(());
        })
    };
    let pick = |field: Field, shown: Html| {
        html! {
            <span class="grow" data-field={field.name()}>
                <FieldPicker {field} items={vec![id]}>
                    <span class="sr-only">{ format!("{}: ", field.name()) }</span>
                    { shown }
                </FieldPicker>
            </span>
        }
    };
    let quiet = |text: &'static str| html! { <span class="muted">{ text }</span> };
    let typed_label = |id: &'static str, name: &'static str| match may {
        true => html! { <label for={id}>{ name }</label> },
        false => Html::from(name),
    };
    let status = html! { <>{ status_icon(item.status) }{ status_label(item.status) }</> };
    let priority = html! { <>{ priority_icon(item.priority) }{ priority_label(item.priority) }</> };
    let assignees = match known.assignees.as_slice() {
        [] => quiet("Nobody"),
        members => members
            .iter()
            .map(|member| html! { <span class="member-name"><Avatar member={member.clone()} />{ member.name.to_string() }{ ai_badge(member) }</span> })
            .collect(),
    };
    let labels = if item.labels.is_empty() {
        quiet("None")
    } else {
        item.labels.iter().map(label_chip).collect()
    };
    let project_name = known
        .project
        .as_ref()
        .map_or("Organization", |project| &project.name)
        .to_owned();
    html! {
        <>
            <dl class="item-fields">
                <dt>{ "Kind" }</dt>
                <dd><span class="row">{ kind_icon(item.kind) }{ kind_label(item.kind) }</span></dd>
                <dt>{ "Status" }</dt>
                <dd>{ pick(Field::Status, status) }</dd>
                <dt>{ "Priority" }</dt>
                <dd>{ pick(Field::Priority, priority) }</dd>
                <dt>{ "Assignees" }</dt>
                <dd>{ pick(Field::Assignees, html! { <span class="row row-wrap">{ assignees }</span> }) }</dd>
                <dt>{ "Labels" }</dt>
                <dd>{ pick(Field::Labels, html! { <span class="row row-wrap">{ labels }</span> }) }</dd>
                if item.kind == ItemKind::Task {
                    <dt>{ typed_label("item-estimate", "Estimate") }</dt>
                    <dd><EstimateField item={item.clone()} {may} /></dd>
                }
                <dt>{ typed_label("item-due", "Due") }</dt>
                <dd><DueField item={item.clone()} {may} /></dd>
                if item.kind != ItemKind::Epic {
                    <dt>{ "Part of" }</dt>
                    <dd>
                        { pick(Field::Parent, match &known.parent {
                                Some(parent) => html! { <span class="truncate" title={parent.title.to_string()}>{ parent.title.to_string() }</span> },
                                None => quiet("Nothing"),
                            }) }
                        if let Some(parent) = &known.parent {
                            <ItemLink item={parent.clone()} class="item-key">{ parent.key.to_string() }</ItemLink>
                        }
                    </dd>
                }
                <dt>{ "Project" }</dt>
                <dd>
                    { pick(Field::Project, html! { <span class="truncate" title={project_name.clone()}>{ project_name }</span> }) }
                    if let Some(project) = &known.project {
                        <Link<Route> classes="item-key" to={Route::project(&project.slug)}>{ project.key.to_string() }</Link<Route>>
                    }
                </dd>
                if item.project.is_some() {
                    <dt>{ "Team" }</dt>
                    <dd>
                        { pick(Field::Team, match &known.team {
                                Some(team) => html! { <span class="truncate" title={team.name.to_string()}>{ team.name.to_string() }</span> },
                                None => quiet("None"),
                            }) }
                    </dd>
                }
            </dl>
            <div class="stamp stack">
                <span>{ "Created " }<RelativeTime at={item.stamp.created_at} /></span>
                <span>{ "Changed " }<RelativeTime at={item.stamp.updated_at} /></span>
                if known.pending {
                    <span role="status">{ "Saving…" }</span>
                }
            </div>
            if may {
                <div class="row">
                    <button type="button" class="button button-small button-quiet" onclick={delete}>
                        { icon(Icon::Trash) }{ format!("Delete {}", item.kind) }
                    </button>
                </div>
            }
        </>
    }
}
