//! Writing Markdown: text, preview, and what ends it.

use shared_types::value::Body;
use web_sys::{HtmlTextAreaElement, KeyboardEvent};
use yew::prelude::*;

use super::markdown::markdown;

/// Properties of [`Editor`].
#[derive(Properties, PartialEq)]
pub struct EditorProps {
    #[prop_or_default]
    pub value: AttrValue,
    /// What is written, for a screen reader.
    pub label: AttrValue,
    #[prop_or_default]
    pub placeholder: AttrValue,
    /// The verb on the button.
    pub action: AttrValue,
    /// Takes the focus when it appears.
    #[prop_or_default]
    pub eager: bool,
    /// An empty text can be taken too.
    #[prop_or_default]
    pub may_be_empty: bool,
    pub on_save: Callback<Body>,
    /// There is a way out without saving.
    #[prop_or_default]
    pub on_cancel: Option<Callback<()>>,
}

/// Ctrl/⌘ Enter saves, Esc cancels. After saving it is empty again, ready for the next.
#[component]
pub fn Editor(props: &EditorProps) -> Html {
    let draft = use_state(|| props.value.to_string());
    let preview = use_state(|| false);
    let error = use_state(|| None::<String>);
    let input = use_node_ref();
    {
        let (input, eager) = (input.clone(), props.eager);
        use_effect_with((), move |()| {
            if let Some(input) = input.cast::<HtmlTextAreaElement>().filter(|_| eager) {
                let _ = input.focus();
            }
        });
    }
    let save = {
        let (draft, error, preview) = (draft.clone(), error.clone(), preview.clone());
        let (on_save, may_be_empty) = (props.on_save.clone(), props.may_be_empty);
        Callback::from(move |()| {
            if draft.trim().is_empty() && !may_be_empty {
                return;
            }
            match draft.parse::<Body>() {
                Ok(body) => {
                    error.set(None);
                    preview.set(false);
                    draft.set(String::new());
                    on_save.emit(body);
                }
                Err(invalid) => error.set(Some(invalid.to_string())),
            }
        })
    };
    let oninput = {
        let draft = draft.clone();
        Callback::from(move |event: InputEvent| {
            draft.set(
                event
                    .target_dyn_into::<HtmlTextAreaElement>()
                    .map(|input| input.value())
                    .unwrap_or_default(),
            );
        })
    };
    let onkeydown = {
        let (save, on_cancel) = (save.clone(), props.on_cancel.clone());
        Callback::from(move |event: KeyboardEvent| match event.key().as_str() {
            "Enter" if event.ctrl_key() || event.meta_key() => {
                event.prevent_default();
                event.stop_propagation();
                save.emit(());
            }
            "Escape" => {
                if let Some(cancel) = &on_cancel {
                    event.prevent_default();
                    event.stop_propagation();
                    cancel.emit(());
                }
            }
            // Typing is no shortcut; the tab key is the dialog's.
            "Tab" => {}
            _ => event.stop_propagation(),
        })
    };
    let side = |label: &'static str, is_preview: bool| {
        let preview = preview.clone();
        let pressed = *preview == is_preview;
        let onclick = Callback::from(move |_: MouseEvent| preview.set(is_preview));
        html! { <button type="button" aria-pressed={pressed.to_string()} {onclick}>{ label }</button> }
    };
    let empty = draft.trim().is_empty() && !props.may_be_empty;
    html! {
        <div class="editor" {onkeydown}>
            if *preview {
                { markdown((*draft).clone()) }
            } else {
                <textarea class="editor-text" ref={input} aria-label={props.label.clone()}
                    placeholder={props.placeholder.clone()} value={(*draft).clone()} {oninput} />
            }
            if let Some(error) = &*error {
                <p class="field-error" role="alert">{ error }</p>
            }
            <div class="editor-bar">
                <span class="segmented">{ side("Write", false) }{ side("Preview", true) }</span>
                if let Some(cancel) = &props.on_cancel {
                    <button type="button" class="button button-small button-quiet"
                        onclick={cancel.reform(|_: MouseEvent| ())}>{ "Cancel" }</button>
                }
                <button type="button" class="button button-small button-primary" disabled={empty}
                    title="Ctrl Enter" onclick={save.reform(|_: MouseEvent| ())}>{ props.action.clone() }</button>
            </div>
        </div>
    }
}
