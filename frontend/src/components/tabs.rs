//! Tabs that are addresses: reload, back and forward keep the place.

use web_sys::Element;
use yew::prelude::*;

/// One of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Tab {
    /// What stands in the address.
    pub name: &'static str,
    pub label: &'static str,
    pub count: Option<usize>,
}

impl Tab {
    /// A tab without a count.
    pub fn new(name: &'static str, label: &'static str) -> Self {
        Self {
            name,
            label,
            count: None,
        }
    }

    /// With a count behind its label.
    pub fn count(self, count: usize) -> Self {
        Self {
            count: Some(count),
            ..self
        }
    }
}

/// Properties of [`Tabs`].
#[derive(Properties, PartialEq)]
pub struct TabsProps {
    /// What they are the parts of.
    pub label: AttrValue,
    pub tabs: Vec<Tab>,
    pub current: AttrValue,
    pub on_choose: Callback<&'static str>,
}

/// The row of tabs.
#[component]
pub fn Tabs(props: &TabsProps) -> Html {
    let row = use_node_ref();
    {
        let row = row.clone();
        let shown = (props.current.clone(), props.tabs.clone());
        use_effect_with(shown, move |_| {
            if let Some(row) = row.cast::<Element>() {
                show_current(&row);
            }
        });
    }
    let tabs = props.tabs.iter().map(|tab| {
        let name = tab.name;
        let onclick = props.on_choose.reform(move |event: MouseEvent| {
            event.prevent_default();
            name
        });
        let current = (props.current == name).then_some("page");
        html! {
            <a key={name} class="tab" href={format!("?tab={name}")} aria-current={current} {onclick}>
                { tab.label }
                if let Some(count) = tab.count {
                    <span class="count">{ count }</span>
                }
            </a>
        }
    });
    html! { <nav class="tabs" ref={row} aria-label={props.label.clone()}>{ for tabs }</nav> }
}

/// Where not all of them fit side by side, the current one is in sight. Only the row is moved, never the page.
fn show_current(row: &Element) {
    let Some(tab) = row.query_selector("[aria-current]").ok().flatten() else {
        return;
    };
    let (row_at, tab_at) = (
        row.get_bounding_client_rect(),
        tab.get_bounding_client_rect(),
    );
    let off_centre = (tab_at.left() + tab_at.right() - row_at.left() - row_at.right()) / 2.0;
    row.set_scroll_left(row.scroll_left() + off_centre as i32);
}
