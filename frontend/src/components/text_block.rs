//! A longer text in Markdown: read, and rewritten where it stands.

use shared_types::value::Body;
use yew::prelude::*;

use super::{
    editor::Editor,
    focus::use_focus_back,
    icon::{Icon, icon},
    markdown::markdown,
};
use crate::{
    letters::lower,
    store::{Action, use_may, use_select},
};

/// Properties of [`TextBlock`].
#[derive(Properties, PartialEq)]
pub struct TextBlockProps {
    /// Where what is being written is kept; unique in the app.
    pub place: AttrValue,
    /// What it is: `Description`.
    pub label: AttrValue,
    pub value: AttrValue,
    /// What the button says that begins it.
    pub add: AttrValue,
    /// What to write, in the empty editor.
    #[prop_or_default]
    pub placeholder: AttrValue,
    pub on_save: Callback<Body>,
    /// Who may not do this reads it.
    #[prop_or(Action::Work)]
    pub action: Action,
}

/// See the module.
#[component]
pub fn TextBlock(props: &TextBlockProps) -> Html {
    let may = use_may(props.action);
    let editing = use_state(|| false);
    let button = use_node_ref();
    use_focus_back(button.clone(), *editing);
    let is_begun = {
        let place = props.place.clone();
        *use_select(move |state| state.has_text_at(&place))
    };
    let set_editing = |is_editing: bool| {
        let editing = editing.clone();
        Callback::from(move |()| editing.set(is_editing))
    };
    let is_empty = props.value.trim().is_empty();
    if !may {
        return match is_empty {
            true => html! { <p class="muted">{ "Nothing is written here yet." }</p> },
            false => markdown(props.value.clone()),
        };
    }
    if *editing {
        let (done, on_save) = (set_editing(false), props.on_save.clone());
        let on_save = Callback::from(move |body: Body| {
            done.emit(());
            on_save.emit(body);
        });
        return html! {
            <Editor place={props.place.clone()} label={props.label.clone()} value={props.value.clone()} action="Save" eager={true}
                may_be_empty={true} placeholder={props.placeholder.clone()} {on_save} on_cancel={set_editing(false)} />
        };
    }
    let edit = set_editing(true).reform(|_: MouseEvent| ());
    let class = if is_empty {
        "inline-edit"
    } else {
        "button button-small button-quiet"
    };
    // One button, empty or not: it keeps the focus when the first text comes.
    html! {
        <section class="section" aria-label={(!is_empty).then(|| props.label.clone())}>
            { if is_empty { Html::default() } else { markdown(props.value.clone()) } }
            <div class="row row-wrap">
                <button type="button" {class} ref={button} data-empty={is_empty.then_some("true")} onclick={edit}>
                    { if is_empty { Html::default() } else { icon(Icon::Edit) } }
                    { if is_empty { props.add.to_string() } else { format!("Edit {}", lower(&props.label)) } }
                </button>
                if is_begun {
                    <span class="field-hint">{ "What you have begun to write is kept." }</span>
                }
            </div>
        </section>
    }
}
