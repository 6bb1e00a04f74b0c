//! A longer text in Markdown: read, and rewritten where it stands.

use shared_types::value::Body;
use yew::prelude::*;

use super::{
    editor::Editor,
    icon::{Icon, icon},
    markdown::markdown,
};
use crate::store::{Action, use_may};

/// Properties of [`TextBlock`].
#[derive(Properties, PartialEq)]
pub struct TextBlockProps {
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
    let set_editing = |is_editing: bool| {
        let editing = editing.clone();
        Callback::from(move |()| editing.set(is_editing))
    };
    if !may {
        return match props.value.trim().is_empty() {
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
            <Editor label={props.label.clone()} value={props.value.clone()} action="Save" eager={true} may_be_empty={true}
                placeholder={props.placeholder.clone()} {on_save} on_cancel={set_editing(false)} />
        };
    }
    let edit = set_editing(true).reform(|_: MouseEvent| ());
    if props.value.trim().is_empty() {
        return html! {
            <button type="button" class="inline-edit" data-empty="true" onclick={edit}>{ props.add.clone() }</button>
        };
    }
    html! {
        <section class="section" aria-label={props.label.clone()}>
            { markdown(props.value.clone()) }
            <div class="row">
                <button type="button" class="button button-small button-quiet" onclick={edit}>
                    { icon(Icon::Edit) }{ format!("Edit {}", props.label.to_lowercase()) }
                </button>
            </div>
        </section>
    }
}
