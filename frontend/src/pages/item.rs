//! One item: as a page, and as a drawer over any other page.

use shared_types::topic::Topic;
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
    let back = use_back(&topic);
    let TopicState::Ready(Topic::Item(id)) = topic else {
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

/// Where to go from an item that is deleted: to its project.
#[hook]
fn use_back(topic: &TopicState) -> Route {
    let topic = topic.clone();
    let slug = use_select(move |state| match topic {
        TopicState::Ready(Topic::Item(id)) => state
            .item(id)
            .and_then(|item| state.project(item.project?))
            .map(|project| project.slug.clone()),
        _ => None,
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
    let key = {
        let (topic, name) = (topic.clone(), props.item.clone());
        use_select(move |state| match topic {
            TopicState::Ready(Topic::Item(id)) => state
                .item(id)
                .map_or_else(|| name.clone(), |item| item.key.to_string()),
            _ => name.clone(),
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
            if let TopicState::Ready(Topic::Item(id)) = topic {
                <ItemView key={id.to_string()} {id} on_deleted={props.onclose.clone()} />
            } else {
                <Absent state={topic} what="item" name={props.item.clone()} back={Route::Projects} back_label="See all projects" />
            }
        </Drawer>
    }
}
