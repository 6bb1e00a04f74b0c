//! Creating an item.

use shared_types::{
    command::NewItem,
    model::{Entity, ItemKind, Priority, Status},
    topic::Ref,
    value::{ItemId, ProjectId, TeamId, Title},
};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::{
    components::{
        dialog::Dialog,
        form::{FormFooter, Typed, text_area, text_field, use_kept},
        kind::kind_label,
        priority::{PRIORITIES, priority_label},
        status::status_label,
    },
    store::{use_select, use_store},
};

/// What is known before the dialog opens.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Wanted {
    pub project: Option<ProjectId>,
    pub team: Option<TeamId>,
    pub parent: Option<ItemId>,
    pub status: Option<Status>,
}

impl Wanted {
    /// Where what is typed in the dialog is kept: one for each place that items are made in.
    pub fn place(&self) -> AttrValue {
        let [project, team] = [
            self.project.map(|id| id.to_string()),
            self.team.map(|id| id.to_string()),
        ]
        .map(Option::unwrap_or_default);
        format!("new item {project} {team}").into()
    }
}

/// Properties of [`CreateItem`].
#[derive(Properties, PartialEq)]
pub struct CreateItemProps {
    pub wanted: Wanted,
    pub on_close: Callback<()>,
}

#[derive(PartialEq)]
struct Known {
    /// The project's name, or the organization's backlog.
    place: String,
    /// Kind and name of what it will be in.
    parent: Option<(ItemKind, String)>,
    /// Whoever can be given it.
    members: Vec<(String, String)>,
    /// Epics and features it may be put in.
    parents: Vec<(String, ItemKind, String)>,
}

/// The dialog.
#[component]
pub fn CreateItem(props: &CreateItemProps) -> Html {
    let store = use_store();
    let wanted = props.wanted.clone();
    let known = {
        let wanted = wanted.clone();
        use_select(move |state| {
            let project = wanted.project.and_then(|id| state.project(id));
            let team = wanted.team.and_then(|id| state.team(id));
            let members = state
                .members()
                .filter(|member| team.is_none_or(|team| team.members.contains(&member.id())));
            let parents = state
                .items_in(wanted.project)
                .filter(|item| item.kind != ItemKind::Task && !item.status.is_over());
            Known {
                place: team
                    .map(|team| team.name.to_string())
                    .or_else(|| project.map(|project| project.name.to_string()))
                    .unwrap_or_else(|| "the organization’s backlog".into()),
                parent: wanted
                    .parent
                    .and_then(|id| state.item(id))
                    .map(|item| (item.kind, format!("{} {}", item.key, item.title))),
                members: members
                    .map(|member| (member.id().to_string(), member.name.to_string()))
                    .collect(),
                parents: parents
                    .map(|item| {
                        (
                            item.id().to_string(),
                            item.kind,
                            format!("{} {}", item.key, item.title),
                        )
                    })
                    .collect(),
            }
        })
    };
    let place = wanted.place();
    let kind = use_kept(&place, "kind", ItemKind::Task.to_string());
    let title = use_kept(&place, "title", String::new());
    let description = use_kept(&place, "description", String::new());
    let status = use_kept(&place, "status", Status::Backlog.as_str().to_owned());
    let priority = use_kept(
        &place,
        "priority",
        priority_label(Priority::None).to_owned(),
    );
    let assignee = use_kept(&place, "assignees", String::new());
    let parent = use_kept(&place, "parent", String::new());
    {
        // What was asked for now counts for more than what was begun before.
        let (kind, status, parent) = (kind.clone(), status.clone(), parent.clone());
        let (wanted, of) = (wanted.clone(), known.parent.as_ref().map(|(kind, _)| *kind));
        use_effect_with((), move |()| {
            if let Some(wanted) = wanted.status {
                status.begin_with(wanted.as_str().to_owned());
            }
            if let Some(wanted) = wanted.parent {
                parent.begin_with(wanted.to_string());
                let below = if of == Some(ItemKind::Epic) {
                    ItemKind::Feature
                } else {
                    ItemKind::Task
                };
                kind.begin_with(below.to_string());
            }
        });
    }
    let chosen_kind = KINDS
        .into_iter()
        .find(|one| one.to_string() == kind.text())
        .unwrap_or(ItemKind::Task);
    let chosen_status = Status::OF_TASK
        .into_iter()
        .find(|one| one.as_str() == status.text())
        .unwrap_or(Status::Backlog);
    let chosen_priority = PRIORITIES
        .into_iter()
        .find(|one| priority_label(*one) == priority.text())
        .unwrap_or_default();

    let onsubmit = {
        let (title, description, kind, status) = (
            title.clone(),
            description.clone(),
            kind.clone(),
            status.clone(),
        );
        let (assignee, parent, place, on_close) = (
            assignee.clone(),
            parent.clone(),
            place.clone(),
            props.on_close.clone(),
        );
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let (Some(title), Some(description)) = (title.parse::<Title>(), description.parse())
            else {
                return;
            };
            [&kind, &status, &parent].into_iter().for_each(Typed::keep);
            let new = NewItem {
                id: None,
                kind: chosen_kind,
                title,
                project: wanted.project.map(Ref::Id),
                team: wanted.team.map(Ref::Id),
                parent: parent.text().parse::<ItemId>().ok().map(Ref::Id),
                description,
                status: (chosen_kind == ItemKind::Task).then_some(chosen_status),
                priority: chosen_priority,
                assignees: assignee
                    .text()
                    .parse()
                    .ok()
                    .map(Ref::Id)
                    .into_iter()
                    .collect(),
                labels: Vec::new(),
                estimate: None,
                due: None,
                depends_on: Vec::new(),
                acceptance: Vec::new(),
            };
            store.send_from(&place, || {
                store.create_item(new);
            });
            on_close.emit(());
        })
    };
    let choose_kind = {
        let (kind, parent) = (kind.clone(), parent.clone());
        move |choice: ItemKind| {
            let (kind, parent) = (kind.clone(), parent.clone());
            Callback::from(move |_: MouseEvent| {
                kind.set(choice.to_string());
                parent.set(String::new());
            })
        }
    };
    let kinds = KINDS.map(|choice| {
        html! {
            <button type="button" role="radio" aria-checked={(chosen_kind == choice).to_string()} onclick={choose_kind(choice)}>
                { kind_label(choice) }
            </button>
        }
    });
    let parents = known
        .parents
        .iter()
        .filter(|(_, of, _)| Some(*of) == chosen_kind.parent());
    let parents: Vec<_> = parents
        .map(|(id, _, name)| (id.clone(), name.clone()))
        .collect();
    let statuses: Vec<_> = Status::OF_TASK
        .iter()
        .map(|status| (status.as_str().to_owned(), status_label(*status).to_owned()))
        .collect();
    let priorities: Vec<_> = PRIORITIES
        .iter()
        .map(|priority| {
            (
                priority_label(*priority).to_owned(),
                priority_label(*priority).to_owned(),
            )
        })
        .collect();
    let set = |typed: &Typed| {
        let typed = typed.clone();
        Callback::from(move |value: String| typed.set(value))
    };
    html! {
        <Dialog title={format!("New item in {}", known.place)} on_close={props.on_close.clone()}>
            <form {onsubmit}>
                <div class="dialog-body">
                    <div class="segmented" role="radiogroup" aria-label="Kind">{ for kinds }</div>
                    { text_field("new-title", "Title", "", &title, true) }
                    { text_area("new-description", "Description", "Markdown", &description) }
                    <div class="form-grid">
                        if chosen_kind == ItemKind::Task {
                            { select("new-status", "Status", &statuses, chosen_status.as_str(), None, set(&status)) }
                        }
                        { select("new-priority", "Priority", &priorities, priority_label(chosen_priority), None, set(&priority)) }
                        { select("new-assignee", "Assignee", &known.members, assignee.text(), Some("Nobody"), set(&assignee)) }
                        if chosen_kind.parent().is_some() {
                            { select("new-parent", "Part of", &parents, parent.text(), Some("Nothing"), set(&parent)) }
                        }
                    </div>
                </div>
                <FormFooter {place} action="Create" on_close={props.on_close.clone()} />
            </form>
        </Dialog>
    }
}

const KINDS: [ItemKind; 3] = [ItemKind::Task, ItemKind::Feature, ItemKind::Epic];

/// A list of values and names to choose one from; `none` is the name of choosing none.
fn select(
    id: &'static str,
    label: &str,
    choices: &[(String, String)],
    chosen: &str,
    none: Option<&str>,
    on_choose: Callback<String>,
) -> Html {
    let onchange = on_choose.reform(|event: Event| {
        event
            .target_dyn_into::<HtmlSelectElement>()
            .map(|select| select.value())
            .unwrap_or_default()
    });
    let options = choices.iter().map(|(value, name)| {
        html! { <option key={value.clone()} value={value.clone()} selected={value == chosen}>{ name }</option> }
    });
    html! {
        <div class="field">
            <label class="field-label" for={id}>{ label }</label>
            <select {id} class="input" {onchange}>
                if let Some(none) = none {
                    <option value="" selected={chosen.is_empty()}>{ none }</option>
                }
                { for options }
            </select>
        </div>
    }
}
