//! One member: who they are, and what they work on across projects.

use std::sync::Arc;

use shared_types::{
    command::{MemberPatch, Patch},
    model::{Entity, Item, MemberKind, Status},
    topic::Topic,
    value::{MemberId, Name},
};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;
use yew_router::prelude::*;

use super::gone::Absent;
use crate::{
    components::{
        activity::ActivityFeed,
        avatar::{Avatar, Size, ai_badge},
        empty::{empty, nothing},
        icon::Icon,
        inline_text::InlineText,
        more::MoreActions,
        name::ItemRow,
        progress::progress_bar,
        run_line::run_line,
        runs_part::runs,
        status::{status_icon, status_label},
        tabs::{Tab, Tabs},
        work::people::use_people,
    },
    keys::{Key, use_page_keys},
    routes::{Route, use_query},
    runs::Panel,
    store::{Action, TopicState, use_lines, use_may, use_select, use_store, use_topic},
};

/// Properties of [`Member`].
#[derive(Properties, PartialEq)]
pub struct MemberProps {
    /// By slug or id.
    pub member: String,
}

/// The page.
#[component]
pub fn Member(props: &MemberProps) -> Html {
    match use_topic(&format!("member:{}", props.member)) {
        TopicState::Ready(Topic::Member(id)) => html! { <Found key={id.to_string()} {id} /> },
        state => html! {
            <Absent {state} what="member" name={props.member.clone()} back={Route::Members} back_label="See all members" />
        },
    }
}

#[derive(Properties, PartialEq)]
struct FoundProps {
    id: MemberId,
}

#[component]
fn Found(props: &FoundProps) -> Html {
    let id = props.id;
    let store = use_store();
    let query = use_query();
    let member = use_select(move |state| state.member(id).cloned());
    let rollup = use_select(move |state| state.rollup(Topic::Member(id)));
    let lines = use_lines();
    let edits: &[Key] = if use_may(Action::ManageMembers) {
        &[Key::Edit]
    } else {
        &[]
    };
    use_page_keys(edits, |_| {
        let name = gloo::utils::document().query_selector("h1 .inline-edit");
        let name = name
            .ok()
            .flatten()
            .and_then(|name| name.dyn_into::<HtmlElement>().ok());
        name.is_some_and(|name| {
            name.click();
            true
        })
    });
    let Some(member) = &*member else {
        return Html::default();
    };
    let is_agent = member.kind == MemberKind::Agent;
    let check = Callback::from(|text: String| {
        text.parse::<Name>()
            .err()
            .map(|invalid| invalid.to_string())
    });
    let check_title = check.clone();
    let check_title = Callback::from(move |text: String| {
        if text.is_empty() {
            None
        } else {
            check_title.emit(text)
        }
    });
    let rename = {
        let store = store.clone();
        Callback::from(move |text: String| {
            if let Ok(name) = text.parse() {
                store.update_member(
                    id,
                    MemberPatch {
                        name: Patch::Set(name),
                        ..MemberPatch::default()
                    },
                );
            }
        })
    };
    let set_title = {
        let store = store.clone();
        Callback::from(move |text: String| {
            let title = text.parse::<Name>().ok();
            store.update_member(
                id,
                MemberPatch {
                    title: Patch::Set(title),
                    ..MemberPatch::default()
                },
            );
        })
    };
    let tab = query.get("tab").unwrap_or("work").to_owned();
    let on_choose = Callback::from(move |name: &'static str| {
        query.push("tab", Some(name).filter(|name| *name != "work"))
    });
    let mut tabs = vec![Tab::new("work", "Work"), Tab::new("activity", "Activity")];
    if is_agent {
        tabs.insert(1, Tab::new("runs", "Runs"));
        tabs.push(Tab::new("profile", "Profile"));
    }
    let panel = match tab.as_str() {
        "activity" => html! { <ActivityFeed topic={Topic::Member(id).to_string()} /> },
        "runs" if is_agent => runs(Panel::OfMember(id)),
        "profile" if is_agent => runs(Panel::Profile(id)),
        _ => html! { <Work {id} /> },
    };
    html! {
        <div class="page">
            <header class="page-header">
                <div class="page-heading profile">
                    <Avatar member={member.clone()} size={Size::ExtraLarge} working={is_agent && rollup.tasks.in_progress > 0} />
                    <div class="grow">
                        <div class="row">
                            <h1><InlineText label="Name" value={member.name.to_string()} action={Action::ManageMembers} {check} on_change={rename} /></h1>
                            { ai_badge(member) }
                        </div>
                        <InlineText label="Title" placeholder="Add a title" value={member.title.clone()} check={check_title}
                            action={Action::ManageMembers} on_change={set_title} />
                        { for lines.iter().filter(|line| line.member == id).take(3).map(run_line) }
                    </div>
                </div>
                <div class="page-actions">
                    <div style="width:180px">{ progress_bar(&rollup) }</div>
                    <Actions {id} name={member.name.to_string()} />
                </div>
            </header>
            <Tabs label="Views of the member" {tabs} current={tab.clone()} {on_choose} />
            <div class="page-body">{ panel }</div>
        </div>
    }
}

/// The items assigned to them, wherever they are, the busiest status first.
#[component]
fn Work(props: &FoundProps) -> Html {
    const ORDER: [Status; 7] = [
        Status::InProgress,
        Status::InReview,
        Status::Todo,
        Status::Backlog,
        Status::Open,
        Status::Done,
        Status::Closed,
    ];
    let id = props.id;
    let people = use_people();
    let may = use_may(Action::Work);
    let items = use_select(move |state| {
        let place = |item: &Item| {
            item.project
                .and_then(|id| state.project(id))
                .map_or("Organization".into(), |project| project.name.to_string())
        };
        let mine = state.items().filter(|item| item.assignees.contains(&id));
        mine.map(|item| (item.clone(), place(item)))
            .collect::<Vec<(Arc<Item>, String)>>()
    });
    if items.is_empty() {
        if !may {
            return nothing("Nothing is assigned.");
        }
        let next = html! { <Link<Route> classes="button button-primary" to={Route::Projects}>{ "Find them something to do" }</Link<Route>> };
        return empty(
            Icon::Check,
            "Nothing assigned",
            "Open a task on any board and press A to assign it.",
            next,
        );
    }
    let sections = ORDER.into_iter().filter_map(|status| {
        let of_status: Vec<_> = items.iter().filter(|(item, _)| item.status == status).collect();
        if of_status.is_empty() {
            return None;
        }
        let rows = of_status.iter().map(|(item, place)| {
            html! { <li key={item.id().to_string()}><ItemRow item={item.clone()} people={people.clone()} place={place.clone()} /></li> }
        });
        Some(html! {
            <section key={status.as_str()} class="section" aria-label={status_label(status)}>
                <div class="section-header">
                    { status_icon(status) }<h2>{ status_label(status) }</h2><span class="count">{ of_status.len() }</span>
                </div>
                <ul class="item-list">{ for rows }</ul>
            </section>
        })
    });
    html! { <div class="stack" style="gap:var(--s5)">{ for sections }</div> }
}

#[derive(Properties, PartialEq)]
struct ActionsProps {
    id: MemberId,
    name: String,
}

#[component]
fn Actions(props: &ActionsProps) -> Html {
    let id = props.id;
    let store = use_store();
    let navigator = use_navigator();
    let is_offered =
        use_select(move |state| state.me() != Some(id) && state.may(Action::ManageMembers));
    if !*is_offered {
        return Html::default();
    }
    let on_delete = Callback::from(move |()| {
        store.delete_member(id);
        store.offer_undo("Member removed.");
        if let Some(navigator) = &navigator {
            navigator.push(&Route::Members);
        }
    });
    html! {
        <MoreActions delete="Remove member" title={format!("Remove {}?", props.name)} {on_delete}
            text="They leave all teams and are taken off all items. They can be restored for 30 days; assignments do not come back." />
    }
}
