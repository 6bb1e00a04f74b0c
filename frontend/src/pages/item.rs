//! One item: as a page, and as a drawer over any other page.

use shared_types::{model::Entity, topic::Topic, value::ItemId};
use yew::prelude::*;
use yew_router::prelude::*;

use super::gone::Absent;
use crate::{
    components::{
        drawer::Drawer,
        icon::{Icon, icon},
        item::view::ItemView,
    },
    routes::Route,
    store::{TopicState, use_select, use_topic},
};

/// Properties of [`Item`].
#[derive(Properties, PartialEq)]
pub struct ItemProps {
    /// By key or id.
    pub item: String,
}

/// The page.
#[component]
pub fn Item(props: &ItemProps) -> Html {
    let topic = use_topic(&format!("item:{}", props.item));
    let navigator = use_navigator();
    let id = use_shown(&topic, &props.item);
    let back = use_back(id);
    let Some(id) = id else {
        return html! {
            <Absent state={topic} what="item" name={props.item.clone()} back={Route::Projects} back_label="See all projects" />
        };
    };
    let on_deleted = Callback::from(move |()| {
        if let Some(navigator) = &navigator {
            navigator.push(&back);
        }
    });
    html! { <div class="page"><ItemView key={id.to_string()} {id} {on_deleted} /></div> }
}

/// The item to show: as soon as any followed topic has it, though what only its own has (its texts, its comments) may be
/// on its way still.
#[hook]
fn use_shown(topic: &TopicState, name: &str) -> Option<ItemId> {
    let (topic, name) = (topic.clone(), name.to_owned());
    *use_select(move |state| match topic {
        TopicState::Ready(Topic::Item(id)) => Some(id),
        TopicState::Loading | TopicState::Failed(_) => state.find_item(&name).map(|item| item.id()),
        _ => None,
    })
}

/// Where to go from an item that is deleted: to its project.
#[hook]
fn use_back(item: Option<ItemId>) -> Route {
    let slug = use_select(move |state| {
        let item = state.item(item?)?;
        Some(state.project(item.project?)?.slug.clone())
    });
    slug.as_ref()
        .as_ref()
        .map_or(Route::Projects, Route::project)
}

/// Properties of [`ItemDrawer`].
#[derive(Properties, PartialEq)]
pub struct ItemDrawerProps {
    /// By key or id.
    pub item: String,
    pub onclose: Callback<()>,
}

/// The drawer.
#[component]
pub fn ItemDrawer(props: &ItemDrawerProps) -> Html {
    let topic = use_topic(&format!("item:{}", props.item));
    let id = use_shown(&topic, &props.item);
    let key = {
        let name = props.item.clone();
        use_select(move |state| {
            let item = id.and_then(|id| state.item(id));
            item.map_or_else(|| name.clone(), |item| item.key.to_string())
        })
    };
    let header = html! {
        <>
            <span class="item-key">{ (*key).clone() }</span>
            <span class="grow"></span>
            <Link<Route> classes="button button-quiet button-small" to={Route::Item { item: (*key).clone() }}>
                { icon(Icon::Expand) }{ "Open as page" }
            </Link<Route>>
        </>
    };
    html! {
        <Drawer label={format!("Item {key}")} {header} on_close={props.onclose.clone()}>
            if let Some(id) = id {
                <ItemView key={id.to_string()} {id} on_deleted={props.onclose.clone()} />
            } else {
                <Absent state={topic} what="item" name={props.item.clone()} back={Route::Projects} back_label="See all projects" />
            }
        </Drawer>
    }
}
