//! Fields of forms. What is typed is checked by the parser that the server runs.

use std::str::FromStr;

use shared_types::value::Invalid;
use web_sys::{HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::focus::focus_wrong;
use crate::store::{State, Store, use_select, use_store};

/// What is typed in one field.
#[derive(Clone, PartialEq)]
pub struct Typed {
    state: UseStateHandle<(String, Option<String>)>,
    kept: Option<Kept>,
}

/// Where it is kept when the field goes away.
#[derive(Clone, PartialEq)]
struct Kept {
    store: Store,
    place: AttrValue,
    field: &'static str,
}

/// A field that begins with this text.
#[hook]
pub fn use_typed(initial: String) -> Typed {
    Typed {
        state: use_state(move || (initial, None)),
        kept: None,
    }
}

/// A field of a place of the page, where what was typed is found again until it is sent or thrown away; `initial` is what
/// the field begins with otherwise.
#[hook]
pub fn use_kept(place: &AttrValue, field: &'static str, initial: String) -> Typed {
    let store = use_store();
    let found = {
        let place = place.clone();
        move |state: &State| {
            let text = state.text_at(&place, field)?.to_owned();
            Some((text, state.wrong_at(&place, field).map(ToOwned::to_owned)))
        }
    };
    let state = use_state(|| store.read(&found).unwrap_or((initial, None)));
    let returns = *use_select(State::returns);
    {
        let (state, store) = (state.clone(), store.clone());
        use_effect_with(returns, move |_| {
            if let Some(text) = store.read(found).filter(|text| *text != *state) {
                state.set(text);
            }
        });
    }
    Typed {
        state,
        kept: Some(Kept {
            store,
            place: place.clone(),
            field,
        }),
    }
}

impl Typed {
    /// The text as typed.
    pub fn text(&self) -> &str {
        &self.state.0
    }

    /// Sets the text.
    pub fn set(&self, text: String) {
        if let Some(kept) = &self.kept {
            kept.store.keep_text(&kept.place, kept.field, &text);
        }
        self.state.set((text, None));
    }

    /// Begins with this text instead, which nobody has typed.
    pub fn begin_with(&self, text: String) {
        self.state.set((text, None));
    }

    /// Keeps the text though nobody has typed it: it goes along with what was.
    pub fn keep(&self) {
        if let Some(kept) = &self.kept {
            kept.store.keep_text(&kept.place, kept.field, self.text());
        }
    }

    /// Says what is wrong with it, and takes whoever sends its form to the first field that is wrong.
    pub fn wrong(&self, why: &str) {
        self.state.set((self.state.0.clone(), Some(why.to_owned())));
        focus_wrong();
    }

    /// The value; what is wrong with it is shown at the field.
    pub fn parse<T: FromStr<Err = Invalid>>(&self) -> Option<T> {
        match self.text().parse() {
            Ok(value) => Some(value),
            Err(invalid) => {
                self.wrong(&invalid.to_string());
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

    /// What is wrong with it, if that was said.
    pub fn error(&self) -> Option<&String> {
        self.state.1.as_ref()
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

/// What is wrong with what was typed at a place beside its fields, and the two buttons under a form: one sends it, the
/// other throws it away. Whatever else closes the form keeps it.
#[component]
pub fn FormFooter(props: &FormFooterProps) -> Html {
    let store = use_store();
    let (has_text, wrong) = {
        let place = props.place.clone();
        let known = use_select(move |state| {
            let wrong = state.wrong_at(&place, "").map(ToOwned::to_owned);
            (state.has_text_at(&place), wrong)
        });
        (*known).clone()
    };
    let discard = {
        let (place, on_close) = (props.place.clone(), props.on_close.clone());
        Callback::from(move |_: MouseEvent| {
            store.discard_text(&place);
            on_close.emit(());
        })
    };
    let cancel = if has_text { "Discard" } else { "Cancel" };
    html! {
        <div class="dialog-footer">
            if let Some(wrong) = wrong {
                <p class="field-error grow" role="alert">{ wrong }</p>
            }
            <button type="button" class="button" onclick={discard}>{ cancel }</button>
            <button type="submit" class="button button-primary">{ props.action }</button>
        </div>
    }
}

/// Properties of [`FormFooter`].
#[derive(Properties, PartialEq)]
pub struct FormFooterProps {
    /// Where what is typed is kept.
    pub place: AttrValue,
    /// The verb on the button that sends it.
    pub action: &'static str,
    pub on_close: Callback<()>,
}

/// Opens a form again when what was sent from its place comes back refused.
#[hook]
pub fn use_reopen(place: AttrValue, open: impl Fn() + 'static) {
    let refused = *use_select(move |state| state.refusal_at(&place));
    let is_first = use_mut_ref(|| true);
    use_effect_with(refused, move |refused| {
        // What came back while another page was open waits until somebody asks for the form.
        if !is_first.replace(false) && refused.is_some() {
            open();
        }
    });
}
