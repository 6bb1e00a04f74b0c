//! Writing Markdown: text, preview, and what ends it.

use shared_types::value::Body;
use web_sys::{HtmlTextAreaElement, KeyboardEvent};
use yew::prelude::*;

use super::{focus::focus_around, form::use_kept, markdown::markdown};
use crate::store::use_store;

/// The one field of its place.
const TEXT: &str = "body";

/// Properties of [`Editor`].
#[derive(Properties, PartialEq)]
pub struct EditorProps {
    /// Where what is written is kept until it is sent or thrown away; unique in the app.
    pub place: AttrValue,
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
    /// There is a way out: `Cancel` throws away what was written, Esc keeps it.
    #[prop_or_default]
    pub on_cancel: Option<Callback<()>>,
}

/// Ctrl/⌘ Enter saves, Esc leaves it as it is. After saving it is empty again, ready for the next.
#[component]
pub fn Editor(props: &EditorProps) -> Html {
    let store = use_store();
    let draft = use_kept(&props.place, TEXT, props.value.to_string());
    let preview = use_state(|| false);
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
        let (draft, preview, store) = (draft.clone(), preview.clone(), store.clone());
        let (on_save, may_be_empty) = (props.on_save.clone(), props.may_be_empty);
        let place = props.place.clone();
        Callback::from(move |()| {
            if draft.text().trim().is_empty() && !may_be_empty {
                return;
            }
            if let Some(body) = draft.parse::<Body>() {
                preview.set(false);
                draft.keep();
                store.send_from(&place, || on_save.emit(body));
                draft.begin_with(String::new());
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
    let discard = {
        let (store, place) = (store.clone(), props.place.clone());
        let on_cancel = props.on_cancel.clone();
        Callback::from(move |_: MouseEvent| {
            store.discard_text(&place);
            on_cancel.iter().for_each(|cancel| cancel.emit(()));
        })
    };
    let onkeydown = {
        let (save, on_cancel) = (save.clone(), props.on_cancel.clone());
        let (input, is_empty) = (input.clone(), draft.text().is_empty());
        Callback::from(move |event: KeyboardEvent| match event.key().as_str() {
            "Enter" if event.ctrl_key() || event.meta_key() => {
                event.prevent_default();
                event.stop_propagation();
                save.emit(());
            }
            "Escape" => {
                match (&on_cancel, input.cast::<HtmlTextAreaElement>()) {
                    (Some(close), _) => close.emit(()),
                    // With something in it, it is only left; what is around it is closed by the next one.
                    (None, Some(input)) if !is_empty => focus_around(&input),
                    _ => return,
                }
                event.prevent_default();
                event.stop_propagation();
            }
            // Typing is no shortcut; the tab key is the dialog's, and commands work everywhere.
            "Tab" => {}
            _ if event.ctrl_key() || event.meta_key() => {}
            _ => event.stop_propagation(),
        })
    };
    let side = |label: &'static str, is_preview: bool| {
        let preview = preview.clone();
        let pressed = *preview == is_preview;
        let onclick = Callback::from(move |_: MouseEvent| preview.set(is_preview));
        html! { <button type="button" aria-pressed={pressed.to_string()} {onclick}>{ label }</button> }
    };
    let empty = draft.text().trim().is_empty() && !props.may_be_empty;
    html! {
        <div class="editor" {onkeydown}>
            if *preview {
                { markdown(draft.text().to_owned()) }
            } else {
                <textarea class="editor-text" ref={input} aria-label={props.label.clone()}
                    placeholder={props.placeholder.clone()} value={draft.text().to_owned()} {oninput} />
            }
            if let Some(error) = draft.error() {
                <p class="field-error" role="alert">{ error }</p>
            }
            <div class="editor-bar">
                <span class="segmented">{ side("Write", false) }{ side("Preview", true) }</span>
                if props.on_cancel.is_some() {
                    <button type="button" class="button button-small button-quiet" onclick={discard}>{ "Cancel" }</button>
                }
                <button type="button" class="button button-small button-primary" disabled={empty}
                    title="Ctrl Enter" onclick={save.reform(|_: MouseEvent| ())}>{ props.action.clone() }</button>
            </div>
        </div>
    }
}
