//! The keys.

use yew::prelude::*;

use crate::{
    components::dialog::Dialog,
    keys::{Key, Keys},
};

/// Properties of [`Help`].
#[derive(Properties, PartialEq)]
pub struct HelpProps {
    pub on_close: Callback<()>,
}

/// The keys that do something on the page it was opened over.
#[component]
pub fn Help(props: &HelpProps) -> Html {
    let keys = use_context::<Keys>().unwrap_or_default();
    // Before this is over the page itself.
    let taken = use_memo((), |()| {
        let rows = Key::HELP.iter().filter(|(key, ..)| keys.is_taken(*key));
        rows.collect::<Vec<_>>()
    });
    let rows = taken.iter().map(|(_, keys, what)| {
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
