//! Fields of forms. What is typed is checked by the parser that the server runs.

use std::str::FromStr;

use shared_types::value::Invalid;
use web_sys::{HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};
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

    /// Says what is wrong with it.
    pub fn wrong(&self, why: &str) {
        self.0.set((self.0.0.clone(), Some(why.to_owned())));
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

/// What kind of line it is.
#[derive(Clone, Copy)]
pub struct Line {
    /// Of the `<input>`.
    pub kind: &'static str,
    /// What the browser may fill in.
    pub autocomplete: &'static str,
    /// Whether it takes the focus when its dialog opens.
    pub first: bool,
    /// The id of a `<datalist>` of what one may mean.
    pub list: Option<&'static str>,
}

impl Line {
    /// An e-mail address to sign in with.
    pub const EMAIL: Line = Line {
        kind: "email",
        autocomplete: "username",
        first: false,
        list: None,
    };
    /// A password to sign in with.
    pub const PASSWORD: Line = Line {
        kind: "password",
        autocomplete: "current-password",
        first: false,
        list: None,
    };
    /// A password that is made up.
    pub const NEW_PASSWORD: Line = Line {
        kind: "password",
        autocomplete: "new-password",
        first: false,
        list: None,
    };

    /// Any text.
    pub const fn text(first: bool) -> Self {
        Line {
            kind: "text",
            autocomplete: "off",
            first,
            list: None,
        }
    }
}

/// One line of any text. `id` must be unique on the page.
pub fn text_field(id: &'static str, label: &str, hint: &str, typed: &Typed, first: bool) -> Html {
    line_field(id, label, hint, typed, Line::text(first))
}

/// One line. `id` must be unique on the page.
pub fn line_field(id: &'static str, label: &str, hint: &str, typed: &Typed, line: Line) -> Html {
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
        <input {id} class="input" type={line.kind} value={typed.text().to_owned()} {oninput} autocomplete={line.autocomplete} list={line.list}
            data-autofocus={line.first.then_some("")} autofocus={line.first} aria-invalid={typed.error().is_some().to_string()}
            aria-describedby={format!("{id}-hint")} />
    };
    around(id, label, hint, typed, input)
}

/// One of a few: value and words of each.
pub fn choice_field(
    id: &'static str,
    label: &str,
    choices: &[(String, String)],
    chosen: &str,
    on_choose: Callback<String>,
) -> Html {
    html! {
        <div class="field">
            <label class="field-label" for={id}>{ label }</label>
            { select(id, None, choices, chosen, on_choose) }
        </div>
    }
}

/// The same without a label beside it: `name` is for a screen reader.
pub fn select(
    id: &'static str,
    name: Option<String>,
    choices: &[(String, String)],
    chosen: &str,
    on_choose: Callback<String>,
) -> Html {
    let onchange = on_choose.reform(|event: Event| {
        let select = event.target_dyn_into::<HtmlSelectElement>();
        select.map(|select| select.value()).unwrap_or_default()
    });
    let options = choices.iter().map(|(value, words)| {
        html! { <option value={value.clone()} selected={value == chosen}>{ words }</option> }
    });
    let id = (!id.is_empty()).then_some(id);
    html! { <select {id} class="input" aria-label={name} {onchange}>{ for options }</select> }
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
