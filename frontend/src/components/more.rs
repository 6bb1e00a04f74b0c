//! What else can be done with the subject of a page: a menu that ends with deleting it.

use yew::prelude::*;

use super::{
    dialog::Confirm,
    icon::{Icon, icon},
    menu::Choice,
    picker::Picker,
};

/// Properties of [`MoreActions`].
#[derive(Properties, PartialEq)]
pub struct MoreActionsProps {
    /// What there is besides deleting it.
    #[prop_or_default]
    pub choices: Vec<Choice>,
    #[prop_or_default]
    pub on_choose: Callback<AttrValue>,
    /// The verb: `Delete project`.
    pub delete: AttrValue,
    /// The question: `Delete Website?`
    pub title: AttrValue,
    /// What will happen, and how to take it back.
    pub text: AttrValue,
    pub on_delete: Callback<()>,
    /// Whether one's role is enough to delete it.
    #[prop_or(true)]
    pub may_delete: bool,
}

const DELETE: &str = "delete";

/// See the module.
#[component]
pub fn MoreActions(props: &MoreActionsProps) -> Html {
    let confirming = use_state(|| false);
    let delete = Choice::new(DELETE, props.delete.clone())
        .icon(icon(Icon::Trash))
        .danger();
    let delete = props.may_delete.then_some(delete);
    let choices: Vec<Choice> = props.choices.iter().cloned().chain(delete).collect();
    let on_choose = {
        let (confirming, on_choose) = (confirming.clone(), props.on_choose.clone());
        Callback::from(move |value: AttrValue| match value.as_str() {
            DELETE => confirming.set(true),
            _ => on_choose.emit(value),
        })
    };
    let on_close = {
        let confirming = confirming.clone();
        Callback::from(move |()| confirming.set(false))
    };
    html! {
        <>
            <Picker label="More actions" icon_only={true} class="button button-icon" {choices} {on_choose}>
                { icon(Icon::More) }
            </Picker>
            if *confirming {
                <Confirm title={props.title.clone()} text={props.text.clone()} action={props.delete.clone()}
                    on_confirm={props.on_delete.clone()} {on_close} />
            }
        </>
    }
}
