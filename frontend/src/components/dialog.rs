//! Dialogs: they take the focus, keep it, and give it back.

use web_sys::{Element, KeyboardEvent};
use yew::prelude::*;

use super::{
    focus::{keep_inside, use_focus_inside},
    icon::{Icon, icon},
};

/// Properties of [`Dialog`].
#[derive(Properties, PartialEq)]
pub struct DialogProps {
    pub title: AttrValue,
    #[prop_or_default]
    pub narrow: bool,
    pub on_close: Callback<()>,
    /// Body and footer.
    pub children: Html,
}

/// A modal dialog over the page. Esc and a press beside it close it.
#[component]
pub fn Dialog(props: &DialogProps) -> Html {
    let root = use_node_ref();
    use_focus_inside(root.clone());
    let onkeydown = {
        let (root, on_close) = (root.clone(), props.on_close.clone());
        Callback::from(move |event: KeyboardEvent| {
            // The page behind must not take what is typed here for a shortcut.
            event.stop_propagation();
            if event.key() == "Escape" {
                event.prevent_default();
                on_close.emit(());
            } else if let Some(root) = root.cast::<Element>() {
                keep_inside(&root, &event);
            }
        })
    };
    let beside = {
        let (root, on_close) = (root.clone(), props.on_close.clone());
        Callback::from(move |event: PointerEvent| {
            event.stop_propagation();
            let target = event.target_dyn_into::<Element>();
            let inside = root
                .cast::<Element>()
                .is_some_and(|root| root.contains(target.as_ref().map(AsRef::as_ref)));
            if !inside {
                on_close.emit(());
            }
        })
    };
    let quiet = Callback::from(|event: MouseEvent| event.stop_propagation());
    let close = props.on_close.reform(|_: MouseEvent| ());
    let dialog = html! {
        <div class="scrim" onpointerdown={beside} onclick={quiet} {onkeydown}>
            <div class={classes!("dialog", props.narrow.then_some("dialog-narrow"))} ref={root} role="dialog"
                aria-modal="true" aria-label={props.title.clone()} tabindex="-1">
                <div class="dialog-header">
                    <h2>{ props.title.clone() }</h2>
                    <button type="button" class="button button-quiet button-icon" aria-label="Close" onclick={close}>
                        { icon(Icon::Close) }
                    </button>
                </div>
                { props.children.clone() }
            </div>
        </div>
    };
    create_portal(dialog, gloo::utils::body().into())
}

/// Properties of [`Confirm`].
#[derive(Properties, PartialEq)]
pub struct ConfirmProps {
    pub title: AttrValue,
    /// What will happen, and how to take it back.
    pub text: AttrValue,
    /// The verb on the button.
    pub action: AttrValue,
    pub on_confirm: Callback<()>,
    pub on_close: Callback<()>,
}

/// Asks before something large is deleted.
#[component]
pub fn Confirm(props: &ConfirmProps) -> Html {
    let confirm = {
        let (on_confirm, on_close) = (props.on_confirm.clone(), props.on_close.clone());
        Callback::from(move |_: MouseEvent| {
            on_close.emit(());
            on_confirm.emit(());
        })
    };
    html! {
        <Dialog title={props.title.clone()} narrow={true} on_close={props.on_close.clone()}>
            <div class="dialog-body"><p>{ props.text.clone() }</p></div>
            <div class="dialog-footer">
                <button type="button" class="button" data-autofocus=""
                    onclick={props.on_close.reform(|_: MouseEvent| ())}>{ "Cancel" }</button>
                <button type="button" class="button button-danger" onclick={confirm}>{ props.action.clone() }</button>
            </div>
        </Dialog>
    }
}
