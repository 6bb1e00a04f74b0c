//! The keys.

use yew::prelude::*;

use crate::{components::dialog::Dialog, keys::Key};

/// Properties of [`Help`].
#[derive(Properties, PartialEq)]
pub struct HelpProps {
    pub on_close: Callback<()>,
}

/// All keys and what they do.
#[component]
pub fn Help(props: &HelpProps) -> Html {
    let rows = Key::HELP.iter().map(|(keys, what)| {
        let keys = keys
            .iter()
            .map(|key| html! { <kbd class="key">{ *key }</kbd> });
        html! { <><dt>{ *what }</dt><dd>{ for keys }</dd></> }
    });
    html! {
        <Dialog title="Keyboard" on_close={props.on_close.clone()}>
            <div class="dialog-body">
                <dl class="help-keys">{ for rows }</dl>
                <p class="field-hint">{ "On a Mac, Ctrl is ⌘. The arrow keys do what H, J, K and L do." }</p>
            </div>
        </Dialog>
    }
}
