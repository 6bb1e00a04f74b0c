//! A button that shows a value and opens a menu to choose another one.

use web_sys::{Element, KeyboardEvent};
use yew::prelude::*;

use super::{
    focus::focus,
    menu::{Choice, Menu},
};

/// Properties of [`Picker`].
#[derive(Properties, PartialEq)]
pub struct PickerProps {
    /// What the button shows.
    pub children: Html,
    /// What it is for and what is chosen now: `Status: Todo`. The menu's name.
    pub label: AttrValue,
    /// What the button shows has no words: the label is its name too.
    #[prop_or_default]
    pub icon_only: bool,
    #[prop_or_default]
    pub class: Classes,
    pub choices: Vec<Choice>,
    #[prop_or_default]
    pub many: bool,
    #[prop_or_default]
    pub create: Option<AttrValue>,
    pub on_choose: Callback<AttrValue>,
    /// Told when it opens and closes.
    #[prop_or_default]
    pub on_open: Callback<bool>,
}

/// See the module.
#[component]
pub fn Picker(props: &PickerProps) -> Html {
    let button = use_node_ref();
    let anchor = use_state(|| None::<Element>);
    let onclick = {
        let (anchor, on_open) = (anchor.clone(), props.on_open.clone());
        let button = button.clone();
        Callback::from(move |event: MouseEvent| {
            event.stop_propagation();
            event.prevent_default();
            on_open.emit(true);
            anchor.set(button.cast());
        })
    };
    let on_close = {
        let (anchor, on_open) = (anchor.clone(), props.on_open.clone());
        Callback::from(move |()| {
            on_open.emit(false);
            if let Some(button) = &*anchor {
                focus(button);
            }
            anchor.set(None);
        })
    };
    // A card under it would take these for a drag or a shortcut.
    let onpointerdown = Callback::from(|event: PointerEvent| event.stop_propagation());
    let onkeydown = Callback::from(|event: KeyboardEvent| {
        if matches!(event.key().as_str(), "Enter" | " ") {
            event.stop_propagation();
        }
    });
    html! {
        <>
            <button type="button" ref={button} class={classes!("picker-button", props.class.clone())} aria-haspopup="listbox"
                aria-expanded={anchor.is_some().to_string()} aria-label={props.icon_only.then(|| props.label.clone())}
                title={props.label.clone()} {onclick} {onpointerdown} {onkeydown}>
                { props.children.clone() }
            </button>
            if let Some(anchor) = &*anchor {
                <Menu label={props.label.clone()} anchor={anchor.clone()} choices={props.choices.clone()}
                    many={props.many} create={props.create.clone()} on_choose={props.on_choose.clone()} {on_close} />
            }
        </>
    }
}
