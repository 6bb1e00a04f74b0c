//! The top bar: where one is, finding things, who else is here, notifications, and how true the page is.

use std::sync::Arc;

use shared_types::model::Member;
use yew::prelude::*;

use super::{Over, breadcrumb::Breadcrumb, notifications::Notifications, pill::Pill};
use crate::{
    components::{
        avatar::avatar_stack,
        icon::{Icon, icon},
    },
    store::{State, use_select},
};

/// Properties of [`TopBar`].
#[derive(Properties, PartialEq)]
pub struct TopBarProps {
    pub on_open: Callback<Over>,
}

/// The top bar.
#[component]
pub fn TopBar(props: &TopBarProps) -> Html {
    let known = use_select(who_is_here);
    let (here, places) = (&known.0, known.1);
    let open = |over: Over| props.on_open.reform(move |_: MouseEvent| over);
    html! {
        <header class="topbar">
            <Breadcrumb />
            if !here.is_empty() {
                <span class="topbar-here wide-only" title="Also here">
                    { avatar_stack("Also here:", here, 4) }
                </span>
            }
            if places > 1 {
                <span class="topbar-places muted wide-only" title="You have this open elsewhere too">
                    { format!("You, in {places} places") }
                </span>
            }
            <button type="button" class="button button-quiet topbar-search" aria-label="Search" aria-keyshortcuts="/"
                onclick={open(Over::Search)}>
                { icon(Icon::Search) }
                <span class="wide-only">{ "Search" }</span>
                <kbd class="key wide-only" aria-hidden="true">{ "/" }</kbd>
            </button>
            <button type="button" class="button button-quiet button-icon wide-only" aria-label="Command bar"
                title="Command bar (Ctrl K)" aria-keyshortcuts="Control+K" onclick={open(Over::Commands)}>
                <svg class="icon" viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.5" aria-hidden="true">
                    <path d="M3 5l3 3-3 3M8 11.5h5" />
                </svg>
            </button>
            <Notifications />
            <Pill />
        </header>
    }
}

/// The other members who look at what this page is about, and from how many places one does oneself.
fn who_is_here(state: &State) -> (Vec<Arc<Member>>, u32) {
    let mut here = state.presence_on_page();
    let own = state.me().and_then(|me| here.remove(&me)).unwrap_or(0);
    let others = here.keys().filter_map(|id| state.member(*id).cloned());
    (others.collect(), own)
}
