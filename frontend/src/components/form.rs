//! Fields of forms. What is typed is checked by the parser that the server runs.

use std::str::FromStr;

use shared_types::value::Invalid;
use web_sys::{HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

/// What is typed in one field.
#[derive(Clone, PartialEq)]
pub struct Typed(UseStateHandle<(String, Option<String>)>);

/// A field that begins with this text.
#[hook]
pub fn use_typed(initial: String) -> Typed {
    Typed(use_state(move || (initial, None)))
}

impl Typed {
    /// The text as typed.
    pub fn text(&self) -> &str {
        &self.0.0
    }

    /// Sets the text.
    pub fn set(&self, text: String) {
        self.0.set((text, None));
    }

    /// The value; what is wrong with it is shown at the field.
    pub fn parse<T: FromStr<Err = Invalid>>(&self) -> Option<T> {
        match self.text().parse() {
            Ok(value) => Some(value),
            Err(invalid) => {
                self.0.set((self.0.0.clone(), Some(invalid.to_string())));
                None
            }
        }
    }

    /// The value, if anything was typed; the outer `None` is a wrong one, shown at the field.
    pub fn parse_optional<T: FromStr<Err = Invalid>>(&self) -> Option<Option<T>> {
        if self.text().trim().is_empty() {
            Some(None)
        } else {
            self.parse().map(Some)
        }
    }

    fn error(&self) -> Option<&String> {
        self.0.1.as_ref()
    }
}

/// One line. `id` must be unique on the page.
pub fn text_field(id: &'static str, label: &str, hint: &str, typed: &Typed, first: bool) -> Html {
    let oninput = {
        let typed = typed.clone();
        Callback::from(move |event: InputEvent| {
            typed.set(
                event
                    .target_dyn_into::<HtmlInputElement>()
                    .map(|input| input.value())
                    .unwrap_or_default(),
            );
        })
    };
    let input = html! {
        <input {id} class="input" value={typed.text().to_owned()} {oninput} autocomplete="off"
            data-autofocus={first.then_some("")} aria-invalid={typed.error().is_some().to_string()}
            aria-describedby={format!("{id}-hint")} />
    };
    around(id, label, hint, typed, input)
}

/// Several lines of Markdown.
pub fn text_area(id: &'static str, label: &str, hint: &str, typed: &Typed) -> Html {
    let oninput = {
        let typed = typed.clone();
        Callback::from(move |event: InputEvent| {
            typed.set(
                event
                    .target_dyn_into::<HtmlTextAreaElement>()
                    .map(|input| input.value())
                    .unwrap_or_default(),
            );
        })
    };
    let input = html! {
        <textarea {id} class="input" value={typed.text().to_owned()} {oninput}
            aria-invalid={typed.error().is_some().to_string()} aria-describedby={format!("{id}-hint")} />
    };
    around(id, label, hint, typed, input)
}

fn around(id: &'static str, label: &str, hint: &str, typed: &Typed, input: Html) -> Html {
    html! {
        <div class="field">
            <label class="field-label" for={id}>{ label }</label>
            { input }
            <div id={format!("{id}-hint")}>
                if let Some(error) = typed.error() {
                    <span class="field-error" role="alert">{ error }</span>
                } else if !hint.is_empty() {
                    <span class="field-hint">{ hint }</span>
                }
            </div>
        </div>
    }
}

/// The two buttons under a form.
pub fn form_footer(action: &str, on_close: &Callback<()>) -> Html {
    html! {
        <div class="dialog-footer">
            <button type="button" class="button" onclick={on_close.reform(|_: MouseEvent| ())}>{ "Cancel" }</button>
            <button type="submit" class="button button-primary">{ action }</button>
        </div>
    }
}
