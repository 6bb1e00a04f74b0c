//! Filtering a board or backlog. The filter stands in the address, so that it survives a reload and can be sent.

use std::{collections::BTreeSet, rc::Rc, sync::Arc};

use shared_types::{
    model::{Entity, Item, Member, Team},
    value::{Label, MemberId, ProjectId, TeamId},
};
use yew::prelude::*;

use crate::{
    components::{
        avatar::Avatar,
        label::label_dot,
        menu::{Choice, chosen_first},
        picker::Picker,
        search_field::{self, SearchField, sought},
    },
    letters::lower,
    routes::{UseQuery, use_query},
    store::use_select,
};

/// What to show.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filter {
    text: String,
    assignee: Option<Who>,
    label: Option<String>,
    team: Option<TeamId>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Who {
    Nobody,
    Member(MemberId),
}

const NOBODY: &str = "nobody";
const ANY: &str = "";

impl Filter {
    fn of(query: &UseQuery) -> Self {
        let assignee = query.get("assignee").and_then(|who| match who {
            NOBODY => Some(Who::Nobody),
            id => id.parse().ok().map(Who::Member),
        });
        Self {
            text: sought(query),
            assignee,
            label: query.get("label").map(Into::into),
            team: query.get("team").and_then(|id| id.parse().ok()),
        }
    }

    /// Whether it lets everything through.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether an item is to be shown.
    pub fn lets(&self, item: &Item) -> bool {
        let text = self.text.is_empty()
            || lower(&item.title).contains(&self.text)
            || lower(&item.key.to_string()).contains(&self.text);
        let assignee = self.assignee.is_none_or(|who| match who {
            Who::Nobody => item.assignees.is_empty(),
            Who::Member(id) => item.assignees.contains(&id),
        });
        let label = self
            .label
            .as_ref()
            .is_none_or(|wanted| item.labels.iter().any(|label| **label == **wanted));
        text && assignee && label && self.team.is_none_or(|team| item.team == Some(team))
    }
}

/// The filter in the page's address.
#[hook]
pub fn use_filter() -> Filter {
    Filter::of(&use_query())
}

/// Properties of [`FilterBar`].
#[derive(Properties, PartialEq)]
pub struct FilterBarProps {
    /// None: the organization's own items.
    pub project: Option<ProjectId>,
    /// A team's page has no use for a choice of teams.
    #[prop_or(true)]
    pub teams: bool,
}

struct Values {
    members: Vec<Choice>,
    labels: Vec<Choice>,
    teams: Vec<Choice>,
}

/// The controls of the filter.
#[component]
pub fn FilterBar(props: &FilterBarProps) -> Html {
    let query = use_query();
    let values = use_values(props.project);
    let is_filtered = !Filter::of(&query).is_empty();
    let clear = {
        let query = query.clone();
        Callback::from(move |_: MouseEvent| {
            query.clear(&[search_field::NAME, "assignee", "label", "team"])
        })
    };
    html! {
        <>
            <SearchField label="Filter by text" />
            { picker(&query, "assignee", "Assignee", &values.members) }
            { picker(&query, "label", "Label", &values.labels) }
            if props.teams && !values.teams.is_empty() {
                { picker(&query, "team", "Team", &values.teams) }
            }
            if is_filtered {
                <button type="button" class="button button-small button-quiet" onclick={clear}>{ "Clear" }</button>
            }
        </>
    }
}

fn picker(query: &UseQuery, name: &'static str, label: &'static str, values: &[Choice]) -> Html {
    let now = query.get(name).unwrap_or(ANY).to_owned();
    let mut choices =
        vec![Choice::new(ANY, format!("Any {}", lower(label))).chosen(now.is_empty())];
    choices.extend(
        values
            .iter()
            .map(|choice| choice.clone().chosen(choice.value == now)),
    );
    let chosen = choices
        .iter()
        .find(|choice| choice.value == now && !now.is_empty())
        .cloned();
    let on_choose = {
        let query = query.clone();
        Callback::from(move |value: AttrValue| {
            query.replace(name, Some(value.as_str()).filter(|value| *value != ANY))
        })
    };
    let spoken = match &chosen {
        Some(choice) => format!("{label}: {}", choice.label),
        None => format!("Filter by {}", lower(label)),
    };
    let class = classes!(
        "chip",
        "chip-button",
        chosen.is_some().then_some("chip-accent")
    );
    html! {
        <Picker label={spoken} {class} {choices} {on_choose}>
            <span>{ chosen.map_or_else(|| AttrValue::Static(label), |choice| choice.label) }</span>
        </Picker>
    }
}

#[hook]
fn use_values(project: Option<ProjectId>) -> Rc<Values> {
    let items = use_select(move |state| state.item_list(project));
    let labels = use_memo(items, |items| {
        let labels: BTreeSet<&Label> = items.iter().flat_map(|item| &item.labels).collect();
        labels.into_iter().cloned().collect::<Vec<Label>>()
    });
    let known = use_select(move |state| {
        let teams = project
            .into_iter()
            .flat_map(|project| state.teams_of(project));
        let members: Vec<_> = state.members().cloned().collect();
        (members, teams.cloned().collect::<Vec<_>>())
    });
    use_memo((labels, known), |(labels, known)| {
        let (members, teams) = &**known;
        let of_member = |member: &Arc<Member>| {
            let face = html! { <Avatar member={member.clone()} /> };
            Choice::new(member.id().to_string(), member.name.to_string()).icon(face)
        };
        let mut members = chosen_first(members.iter().map(of_member).collect());
        members.insert(
            0,
            Choice::new(NOBODY, "Nobody").icon(html! { <span class="avatar-none"></span> }),
        );
        let of_label = |label: &Label| {
            Choice::new(label.to_string(), label.to_string()).icon(label_dot(label))
        };
        let of_team = |team: &Arc<Team>| Choice::new(team.id().to_string(), team.name.to_string());
        Values {
            members,
            labels: labels.iter().map(of_label).collect(),
            teams: teams.iter().map(of_team).collect(),
        }
    })
}
