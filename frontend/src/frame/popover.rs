//! A small panel under a button of the top bar.

use web_sys::{Element, KeyboardEvent};
use yew::prelude::*;

use crate::components::focus::use_focus_inside;

/// Properties of [`Popover`].
#[derive(Properties, PartialEq)]
pub struct PopoverProps {
    pub label: AttrValue,
    pub on_close: Callback<()>,
    pub children: Html,
}

/// The panel. Esc, a press beside it, or leaving it by Tab closes it.
#[component]
pub fn Popover(props: &PopoverProps) -> Html {
    let root = use_node_ref();
    use_focus_inside(root.clone());
    let onkeydown = {
        let on_close = props.on_close.clone();
        Callback::from(move |event: KeyboardEvent| {
            event.stop_propagation();
            if event.key() == "Escape" {
                event.prevent_default();
                on_close.emit(());
            }
        })
    };
    let onfocusout = {
        let (root, on_close) = (root.clone(), props.on_close.clone());
        Callback::from(move |event: FocusEvent| {
            let to = event
                .related_target()
                .and_then(|to| wasm_bindgen::JsCast::dyn_into::<Element>(to).ok());
            let leaves = to.is_some_and(|to| {
                root.cast::<Element>()
                    .is_some_and(|root| !root.contains(Some(&to)))
            });
            if leaves {
                on_close.emit(());
            }
        })
    };
    let beside = props
        .on_close
        .reform(|event: PointerEvent| event.stop_propagation());
    html! {
        <>
            <div class="menu-backdrop" onpointerdown={beside}></div>
            <div class="popover" ref={root} role="dialog" aria-label={props.label.clone()} tabindex="-1" {onkeydown} {onfocusout}>
                { props.children.clone() }
            </div>
        </>
    }
}
