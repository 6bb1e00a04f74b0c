//! The organization's own backlog: what belongs to no project.

use shared_types::value::ItemId;
use yew::prelude::*;

use crate::{
    components::{
        backlog::Backlog,
        work::filter::{FilterBar, use_filter},
    },
    store::use_topic,
};

/// Properties of [`OwnBacklog`].
#[derive(Properties, PartialEq)]
pub struct OwnBacklogProps {
    /// Asks for a new item, under another one.
    pub on_create: Callback<Option<ItemId>>,
}

/// The tree with its filter. The topic `org`, which has these items, is always there; here the page is about it.
#[component]
pub fn OwnBacklog(props: &OwnBacklogProps) -> Html {
    use_topic("org");
    let filter = use_filter();
    html! {
        <>
            <div class="toolbar" role="search" aria-label="Filter"><FilterBar project={None} /></div>
            <div class="page-panel">
                <Backlog project={None} {filter} on_create={props.on_create.clone()} />
            </div>
        </>
    }
}
