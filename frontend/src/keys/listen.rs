//! From the browser's keyboard events to [`Key`]s.

use std::cell::Cell;

use gloo::events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};
use yew::prelude::*;

use super::{Key, Keys};
use crate::letters::lower;

/// How long after `G` the second letter may come.
const CHORD_MS: f64 = 1_200.0;

/// Properties of [`KeyProvider`].
#[derive(Properties, PartialEq)]
pub struct KeyProviderProps {
    pub children: Html,
}

/// Listens to the keyboard for all that is inside.
#[component]
pub fn KeyProvider(props: &KeyProviderProps) -> Html {
    let keys = use_memo((), |()| Keys::default());
    use_effect_with((*keys).clone(), |keys| {
        let keys = keys.clone();
        let chord = Cell::new(f64::NEG_INFINITY);
        let options = EventListenerOptions::enable_prevent_default();
        let listen = move |event: &web_sys::Event| {
            let Some(event) = event.dyn_ref::<KeyboardEvent>() else {
                return;
            };
            // Whoever has handled it has said so.
            if event.default_prevented() {
                return;
            }
            if let Some(key) = meaning(event, &chord)
                && keys.press(key)
            {
                event.prevent_default();
            }
        };
        let listener =
            EventListener::new_with_options(&gloo::utils::document(), "keydown", options, listen);
        move || drop(listener)
    });
    html! { <ContextProvider<Keys> context={(*keys).clone()}>{ props.children.clone() }</ContextProvider<Keys>> }
}

fn meaning(event: &KeyboardEvent, chord: &Cell<f64>) -> Option<Key> {
    let name = event.key();
    let letter = lower(&name);
    let with_command = event.ctrl_key() || event.meta_key();
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    let is_typing = target.as_ref().is_some_and(takes_text);
    if event.is_composing() || event.alt_key() {
        return None;
    }
    if with_command {
        return match letter.as_str() {
            "k" => Some(Key::Commands),
            // In a text field they are the field's own.
            "z" if !is_typing => Some(if event.shift_key() {
                Key::Redo
            } else {
                Key::Undo
            }),
            "y" if !is_typing => Some(Key::Redo),
            _ => None,
        };
    }
    if name == "Escape" {
        return Some(Key::Close);
    }
    if is_typing {
        return None;
    }
    if js_sys::Date::now() - chord.replace(f64::NEG_INFINITY) < CHORD_MS {
        match letter.as_str() {
            "d" => return Some(Key::GoDashboard),
            "p" => return Some(Key::GoProjects),
            "m" => return Some(Key::GoMembers),
            "a" => return Some(Key::GoAccount),
            _ => {}
        }
    }
    let is_on_control = target.is_some_and(|target| acts(&target));
    Some(match letter.as_str() {
        "g" => {
            chord.set(js_sys::Date::now());
            return None;
        }
        "?" => Key::Help,
        "/" => Key::Search,
        "c" => Key::Create,
        "j" => Key::Next,
        "k" => Key::Previous,
        "h" => Key::Left,
        "l" => Key::Right,
        "x" => Key::Select,
        "e" => Key::Edit,
        "a" => Key::Assign,
        "s" => Key::Status,
        // These are the control's own while one has the focus.
        "arrowdown" if !is_on_control => Key::Next,
        "arrowup" if !is_on_control => Key::Previous,
        "arrowleft" if !is_on_control => Key::Left,
        "arrowright" if !is_on_control => Key::Right,
        "enter" if !is_on_control => Key::Open,
        _ => return None,
    })
}

fn takes_text(element: &Element) -> bool {
    let fields = "textarea, select, [contenteditable=''], [contenteditable='true'], \
                  input:not([type=checkbox]):not([type=radio]):not([type=button]):not([type=submit])";
    element.matches(fields).unwrap_or(false)
}

fn acts(element: &Element) -> bool {
    let controls = "a[href], button, input, summary, [role=menuitem], [role=menuitemradio], [role=option], [role=tab]";
    element.closest(controls).ok().flatten().is_some()
}
