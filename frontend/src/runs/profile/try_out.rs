//! Trying a profile out: a task like any other, in the organization's own backlog, that this member begins at once.

use shared_types::{
    command::NewItem,
    model::{AgentProfile, ItemKind, Priority, Status},
    topic::Ref,
    value::{Body, MemberId, Title},
};
use yew::prelude::*;
use yew_router::prelude::*;

use crate::{
    components::form::{text_field, use_typed},
    routes::Route,
    store::{Action, use_may, use_store},
};

/// Properties of [`TryOut`].
#[derive(Properties, PartialEq)]
pub struct TryOutProps {
    pub id: MemberId,
    pub profile: AgentProfile,
}

/// One line to say what it should do; then one watches it.
#[component]
pub fn TryOut(props: &TryOutProps) -> Html {
    let store = use_store();
    let may = use_may(Action::Work);
    let navigator = use_navigator();
    let title = use_typed(String::new());
    if !may {
        return Html::default();
    }
    let onsubmit = {
        let (id, begins, title) = (props.id, props.profile.auto_start, title.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Some(title) = title.parse::<Title>() else {
                return;
            };
            let item = store.create_item(task(id, title));
            if !begins {
                store.start_run(item, id);
            }
            if let Some(navigator) = &navigator {
                navigator.push(&Route::item(&item));
            }
        })
    };
    html! {
        <section class="section" aria-label="Try it out">
            <div class="section-header"><h2>{ "Try it out" }</h2></div>
            <form class="stack" {onsubmit}>
                { text_field("try-out", "Task", "It becomes a task in the organization’s own backlog, and counts against the budgets like any other.", &title, false) }
                <div class="row"><button type="submit" class="button">{ "Give it this task" }</button></div>
            </form>
        </section>
    }
}

fn task(member: MemberId, title: Title) -> NewItem {
    NewItem {
        id: None,
        kind: ItemKind::Task,
        title,
        project: None,
        team: None,
        parent: None,
        description: Body::default(),
        status: Some(Status::Todo),
        priority: Priority::None,
        assignees: vec![Ref::Id(member)],
        labels: Vec::new(),
        estimate: None,
        due: None,
        depends_on: Vec::new(),
        acceptance: Vec::new(),
    }
}
