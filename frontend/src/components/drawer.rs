//! The drawer: one thing opened beside the page, which stays in sight and in use.

use web_sys::{Element, KeyboardEvent};
use yew::prelude::*;

use super::{
    focus::{keep_inside, use_focus_inside},
    icon::{Icon, icon},
};
use crate::keys::{Key, use_keys};

/// Properties of [`Drawer`].
#[derive(Properties, PartialEq)]
pub struct DrawerProps {
    pub label: AttrValue,
    /// What stands in its top line, besides the button that closes it.
    #[prop_or_default]
    pub header: Html,
    pub on_close: Callback<()>,
    pub children: Html,
}

/// See the module.
#[component]
pub fn Drawer(props: &DrawerProps) -> Html {
    let root = use_node_ref();
    use_focus_inside(root.clone());
    let onkeydown = {
        let (root, on_close) = (root.clone(), props.on_close.clone());
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                event.stop_propagation();
                event.prevent_default();
                on_close.emit(());
            } else if let Some(root) = root.cast::<Element>() {
                keep_inside(&root, &event);
            }
        })
    };
    // The focus may be nowhere: what had it is gone, or a press on the page took it away.
    {
        let on_close = props.on_close.clone();
        use_keys(&[Key::Close], move |_| {
            on_close.emit(());
            true
        });
    }
    let close = props.on_close.reform(|_: MouseEvent| ());
    let drawer = html! {
        <div class="drawer" ref={root} role="dialog" aria-label={props.label.clone()} tabindex="-1" data-autofocus="" {onkeydown}>
            <div class="drawer-header">
                <div class="row grow">{ props.header.clone() }</div>
                <button type="button" class="button button-quiet button-icon" aria-label="Close" title="Close (Esc)"
                    onclick={close}>
                    { icon(Icon::Close) }
                </button>
            </div>
            <div class="drawer-body">{ props.children.clone() }</div>
        </div>
    };
    create_portal(drawer, gloo::utils::body().into())
}
