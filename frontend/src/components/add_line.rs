//! A line to type the next of a list in.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::store::{Action, use_may};

/// Properties of [`AddLine`].
#[derive(Properties, PartialEq)]
pub struct AddLineProps {
    /// What is added, for a screen reader.
    pub label: AttrValue,
    pub placeholder: AttrValue,
    /// The most characters it may have.
    pub most: usize,
    pub on_add: Callback<String>,
}

/// Enter adds it; the line is then empty for the next. It is not there for one who may add nothing.
#[component]
pub fn AddLine(props: &AddLineProps) -> Html {
    let may = use_may(Action::Work);
    let typed = use_state(String::new);
    let oninput = {
        let typed = typed.clone();
        Callback::from(move |event: InputEvent| {
            let input = event.target_dyn_into::<HtmlInputElement>();
            typed.set(input.map(|input| input.value()).unwrap_or_default());
        })
    };
    let onsubmit = {
        let (typed, on_add) = (typed.clone(), props.on_add.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if !typed.trim().is_empty() {
                on_add.emit((*typed).clone());
                typed.set(String::new());
            }
        })
    };
    if !may {
        return Html::default();
    }
    html! {
        <form class="row" {onsubmit}>
            <input class="input input-compact grow" aria-label={props.label.clone()} maxlength={props.most.to_string()}
                placeholder={props.placeholder.clone()} value={(*typed).clone()} {oninput} />
            <button type="submit" class="button button-small" disabled={typed.trim().is_empty()}>{ "Add" }</button>
        </form>
    }
}
