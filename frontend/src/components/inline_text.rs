//! Text that is edited where it stands.

use web_sys::{HtmlTextAreaElement, KeyboardEvent};
use yew::prelude::*;

use super::focus::use_focus_back;
use crate::store::{Action, use_may};

/// Properties of [`InlineText`].
#[derive(Properties, PartialEq)]
pub struct InlineTextProps {
    pub value: AttrValue,
    /// What it is, for a screen reader: `Title`.
    pub label: AttrValue,
    #[prop_or_default]
    pub class: Classes,
    /// What stands there while it is empty.
    #[prop_or_default]
    pub placeholder: AttrValue,
    /// Why a text can't be taken, if so: the parser of the value, which the server runs too.
    #[prop_or_else(|| Callback::from(|_| None))]
    pub check: Callback<String, Option<String>>,
    pub on_change: Callback<String>,
    /// Who may not do this reads it.
    #[prop_or(Action::Work)]
    pub action: Action,
}

/// A press or Enter edits; Enter or leaving takes it, Esc does not.
#[component]
pub fn InlineText(props: &InlineTextProps) -> Html {
    let may = use_may(props.action);
    let draft = use_state(|| None::<String>);
    let error = use_state(|| None::<String>);
    let (input, button) = (use_node_ref(), use_node_ref());
    use_focus_back(button.clone(), draft.is_some());
    {
        let input = input.clone();
        use_effect_with(draft.is_some(), move |editing| {
            if let Some(input) = input.cast::<HtmlTextAreaElement>().filter(|_| *editing) {
                let _ = input.focus();
                input.select();
            }
        });
    }
    if !may {
        return html! { <span class={props.class.clone()} title={props.value.clone()}>{ props.value.clone() }</span> };
    }
    let Some(text) = &*draft else {
        let edit = {
            let (draft, value) = (draft.clone(), props.value.to_string());
            Callback::from(move |event: MouseEvent| {
                event.stop_propagation();
                draft.set(Some(value.clone()));
            })
        };
        let shown = if props.value.is_empty() {
            &props.placeholder
        } else {
            &props.value
        };
        return html! {
            <button type="button" class={classes!("inline-edit", props.class.clone())} ref={button} onclick={edit}
                data-empty={props.value.is_empty().to_string()}
                title={props.value.clone()} aria-label={format!("{}: {shown}. Edit", props.label)}>{ shown.clone() }</button>
        };
    };
    let take = {
        let (draft, error, check) = (draft.clone(), error.clone(), props.check.clone());
        let (on_change, before) = (props.on_change.clone(), props.value.clone());
        Callback::from(move |text: String| {
            let text = text.trim().to_owned();
            let wrong = if text == *before {
                None
            } else {
                check.emit(text.clone())
            };
            if wrong.is_some() {
                error.set(wrong);
                return;
            }
            error.set(None);
            draft.set(None);
            if text != *before {
                on_change.emit(text);
            }
        })
    };
    let oninput = {
        let (draft, error) = (draft.clone(), error.clone());
        Callback::from(move |event: InputEvent| {
            let typed = event.target_dyn_into::<HtmlTextAreaElement>();
            // One line, however it was pasted.
            draft.set(typed.map(|input| input.value().replace(['\n', '\r'], " ")));
            error.set(None);
        })
    };
    let onkeydown = {
        let (draft, error, take, text) = (draft.clone(), error.clone(), take.clone(), text.clone());
        Callback::from(move |event: KeyboardEvent| {
            event.stop_propagation();
            match event.key().as_str() {
                "Enter" if !event.is_composing() => {
                    event.prevent_default();
                    take.emit(text.clone());
                }
                "Escape" => {
                    event.prevent_default();
                    error.set(None);
                    draft.set(None);
                }
                _ => {}
            }
        })
    };
    let onblur = {
        let text = text.clone();
        Callback::from(move |_: FocusEvent| take.emit(text.clone()))
    };
    let rows = text.chars().count() / 60 + 1;
    html! {
        <div class={props.class.clone()}>
            <textarea class="inline-input" ref={input} data-autofocus="" rows={rows.to_string()} aria-label={props.label.clone()}
                aria-invalid={error.is_some().to_string()} placeholder={props.placeholder.clone()}
                value={text.clone()} {oninput} {onkeydown} {onblur} />
            if let Some(error) = &*error {
                <p class="field-error" role="alert">{ error }</p>
            }
        </div>
    }
}
