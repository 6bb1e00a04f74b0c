//! One value, typed where it stands: sent when it is complete and can be taken, not while it is being typed.

use shared_types::value::Invalid;
use web_sys::{HtmlInputElement, KeyboardEvent};
use yew::prelude::*;

/// What is typed.
#[derive(Clone, Copy, PartialEq)]
pub enum Kind {
    /// As text: what a number field of the browser can't read, it does not give away.
    Number,
    /// A day of the calendar.
    Day,
}

/// Properties of [`ValueInput`].
#[derive(Properties, PartialEq)]
pub struct ValueInputProps {
    /// Of the input; unique on the page. Its label is beside it.
    pub id: &'static str,
    pub kind: Kind,
    /// The value as text; empty for none.
    pub value: AttrValue,
    #[prop_or_default]
    pub placeholder: &'static str,
    /// Why a text that is not empty can't be taken, if so: the parser of the value, which the server runs too.
    pub check: Callback<String, Option<Invalid>>,
    /// Another value, or empty for none.
    pub on_change: Callback<String>,
}

/// Enter or leaving takes what was typed, Esc does not; what can't be taken stays, with the reason.
#[component]
pub fn ValueInput(props: &ValueInputProps) -> Html {
    let draft = use_state_eq(|| None::<String>);
    let error = use_state_eq(|| None::<String>);
    // A day that is picked from the browser's calendar is complete at once; one that is typed may not be.
    let is_typing = use_mut_ref(|| false);
    let input = use_node_ref();
    let take = {
        let (draft, error, input, is_typing) = (
            draft.clone(),
            error.clone(),
            input.clone(),
            is_typing.clone(),
        );
        let (value, check) = (props.value.clone(), props.check.clone());
        let on_change = props.on_change.clone();
        Callback::from(move |()| {
            let Some(input) = input.cast::<HtmlInputElement>() else {
                return;
            };
            is_typing.replace(false);
            let text = input.value().trim().to_owned();
            // Half a day, or one that does not exist, is no text for the browser.
            let wrong = match text.is_empty() {
                true if input.validity().bad_input() => {
                    Some("must be a day that exists, with its year".to_owned())
                }
                true => None,
                false if text == *value => None,
                false => check.emit(text.clone()).map(|invalid| invalid.to_string()),
            };
            if wrong.is_some() {
                draft.set(Some(input.value()));
                error.set(wrong);
                return;
            }
            draft.set(None);
            error.set(None);
            if text != *value {
                on_change.emit(text);
            }
        })
    };
    let oninput = {
        let (draft, error, input) = (draft.clone(), error.clone(), input.clone());
        Callback::from(move |_: InputEvent| {
            draft.set(input.cast::<HtmlInputElement>().map(|input| input.value()));
            error.set(None);
        })
    };
    let onchange = {
        let (take, is_typing) = (take.clone(), is_typing.clone());
        Callback::from(move |_: Event| {
            if !*is_typing.borrow() {
                take.emit(());
            }
        })
    };
    let onkeydown = {
        let (draft, error, input, take) =
            (draft.clone(), error.clone(), input.clone(), take.clone());
        let value = props.value.clone();
        Callback::from(move |event: KeyboardEvent| match event.key().as_str() {
            "Enter" => take.emit(()),
            "Escape" => {
                let Some(input) = input.cast::<HtmlInputElement>() else {
                    return;
                };
                if input.value() == *value && !input.validity().bad_input() {
                    return;
                }
                event.prevent_default();
                event.stop_propagation();
                // Half a day is only cleared so.
                input.set_value(&value);
                is_typing.replace(false);
                draft.set(None);
                error.set(None);
            }
            "Tab" => {}
            _ => drop(is_typing.replace(true)),
        })
    };
    let onblur = Callback::from(move |_: FocusEvent| take.emit(()));
    let id = props.id;
    let (kind, mode, limits) = match props.kind {
        Kind::Number => ("text", Some("decimal"), None),
        Kind::Day => ("date", None, Some(("1900-01-01", "9999-12-31"))),
    };
    let value = (*draft)
        .clone()
        .map_or_else(|| props.value.clone(), AttrValue::from);
    html! {
        <div class="value-input">
            <input {id} class="input input-compact" ref={input} type={kind} inputmode={mode} autocomplete="off"
                min={limits.map(|(first, _)| first)} max={limits.map(|(_, last)| last)} {value}
                placeholder={props.placeholder} aria-invalid={error.is_some().to_string()}
                aria-describedby={error.is_some().then(|| format!("{id}-error"))} {oninput} {onchange} {onkeydown} {onblur} />
            if let Some(error) = &*error {
                <p class="field-error" id={format!("{id}-error")} role="alert">{ error }</p>
            }
        </div>
    }
}
