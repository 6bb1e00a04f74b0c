//! A secret that is shown now and never again, and how to take it along.

use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::icon::{Icon, icon};

/// Properties of [`ShownOnce`].
#[derive(Properties, PartialEq)]
pub struct ShownOnceProps {
    /// What it is: `Link for grace@example.org`.
    pub label: AttrValue,
    pub value: AttrValue,
    /// How to use it.
    #[prop_or_default]
    pub children: Html,
    pub on_close: Callback<()>,
}

/// See the module.
#[component]
pub fn ShownOnce(props: &ShownOnceProps) -> Html {
    let input = use_node_ref();
    let said = use_state(|| "");
    let copy = {
        let (input, said) = (input.clone(), said.clone());
        Callback::from(move |_: MouseEvent| {
            let Some(input) = input.cast::<HtmlInputElement>() else {
                return;
            };
            input.select();
            let navigator = gloo::utils::window().navigator();
            // Only on a secure origin; elsewhere it is selected.
            let clipboard = js_sys::Reflect::get(&navigator, &"clipboard".into());
            let is_there = clipboard.is_ok_and(|clipboard| !clipboard.is_undefined());
            let written = is_there.then(|| navigator.clipboard().write_text(&input.value()));
            let said = said.clone();
            spawn_local(async move {
                // The browser may refuse.
                let is_copied = match written {
                    Some(written) => JsFuture::from(written).await.is_ok(),
                    None => false,
                };
                said.set(match is_copied {
                    true => "Copied",
                    false => "Selected: copy it with Ctrl C",
                });
            });
        })
    };
    html! {
        <section class="section shown-once" aria-label={props.label.clone()}>
            <strong>{ props.label.clone() }</strong>
            <p class="field-hint">{ "It is shown this once: copy it now." }</p>
            <div class="row">
                <input class="input grow" readonly=true ref={input} value={props.value.clone()} aria-label={props.label.clone()} />
                <button type="button" class="button" onclick={copy}>{ icon(Icon::Link) }{ "Copy" }</button>
                <button type="button" class="button button-quiet" onclick={props.on_close.reform(|_: MouseEvent| ())}>{ "Done" }</button>
            </div>
            <p class="field-hint" role="status">{ *said }</p>
            { props.children.clone() }
        </section>
    }
}
