//! Tabs that are addresses: reload, back and forward keep the place.

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
    html! { <nav class="tabs" aria-label={props.label.clone()}>{ for tabs }</nav> }
}
