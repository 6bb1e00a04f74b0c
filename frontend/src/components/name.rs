//! Members and items by name, leading to their pages.

use std::{rc::Rc, sync::Arc};

use shared_types::model::{Item, Member};
use yew::prelude::*;
use yew_router::prelude::*;

use super::{
    avatar::{Avatar, ai_badge},
    icon::{Icon, icon},
    kind::kind_icon,
    status::status_icon,
    work::people::People,
};
use crate::routes::{ItemDrawer, Route, use_item_drawer};
use shared_types::model::ItemKind;

/// A member with face and name.
pub fn member_link(member: &Arc<Member>) -> Html {
    html! {
        <Link<Route> classes="member-name" to={Route::member(&member.slug)}>
            <Avatar member={member.clone()} />
            <span class="truncate">{ member.name.to_string() }</span>
            { ai_badge(member) }
        </Link<Route>>
    }
}

/// Properties of [`ItemLink`].
#[derive(Properties, PartialEq)]
pub struct ItemLinkProps {
    pub item: Arc<Item>,
    #[prop_or_default]
    pub class: Classes,
    pub children: Html,
}

/// Leads to an item: a plain press opens it in the drawer, a press for a new tab or window its page.
#[component]
pub fn ItemLink(props: &ItemLinkProps) -> Html {
    let drawer = use_item_drawer();
    let key = props.item.key.to_string();
    let href = format!("/items/{key}");
    let onclick = on_plain_press(&drawer, &key);
    html! { <a class={props.class.clone()} {href} {onclick}>{ props.children.clone() }</a> }
}

/// Opens an item in the drawer, unless the press asks for a new tab or window.
pub fn on_plain_press(drawer: &ItemDrawer, key: &str) -> Callback<MouseEvent> {
    let (drawer, key) = (drawer.clone(), key.to_owned());
    Callback::from(move |event: MouseEvent| {
        let elsewhere =
            event.ctrl_key() || event.meta_key() || event.shift_key() || event.button() != 0;
        if !elsewhere {
            event.prevent_default();
            event.stop_propagation();
            drawer.open(&key);
        }
    })
}

/// Properties of [`ItemRow`].
#[derive(Properties, PartialEq)]
pub struct ItemRowProps {
    pub item: Arc<Item>,
    pub people: Rc<People>,
    /// What to say of where it is.
    #[prop_or_default]
    pub place: AttrValue,
}

/// An item as a line of a list.
#[component]
pub fn ItemRow(props: &ItemRowProps) -> Html {
    let item = &props.item;
    let state = if item.kind == ItemKind::Task {
        status_icon(item.status)
    } else {
        kind_icon(item.kind)
    };
    html! {
        <ItemLink item={item.clone()} class="item-row">
            { state }
            <span class="item-key">{ item.key.to_string() }</span>
            <span class="item-row-title" title={item.title.to_string()}>{ item.title.to_string() }</span>
            if !props.place.is_empty() {
                <span class="item-row-state wide-only" title={props.place.clone()}>{ props.place.clone() }</span>
            }
            if item.comments > 0 {
                <span class="meta wide-only">{ icon(Icon::Comment) }{ item.comments }</span>
            }
            { super::avatar::assignees(&props.people.of(item), 3) }
        </ItemLink>
    }
}
