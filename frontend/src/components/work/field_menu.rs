//! A field's menu: at a button, or at whatever a key was pressed on.

use shared_types::value::ItemId;
use web_sys::Element;
use yew::prelude::*;

use super::field::Field;
use crate::{
    components::{menu::Menu, picker::Picker},
    store::{Action, use_may, use_select, use_store},
};

/// Properties of [`FieldPicker`].
#[derive(Properties, PartialEq)]
pub struct FieldPickerProps {
    pub field: Field,
    pub items: Vec<ItemId>,
    /// What is chosen now in words, where the button shows it without.
    #[prop_or_default]
    pub now: Option<AttrValue>,
    #[prop_or_default]
    pub class: Classes,
    /// What the button shows.
    pub children: Html,
}

/// A button that shows a field and opens its menu; to one who may not change it, the field alone.
#[component]
pub fn FieldPicker(props: &FieldPickerProps) -> Html {
    let store = use_store();
    let may = use_may(Action::Work);
    let opened = use_state(|| false);
    let field = props.field;
    // The choices are made when the menu is opened: a board has hundreds of these.
    let choices = {
        let (items, opened) = (props.items.clone(), *opened);
        use_select(move |state| {
            if opened {
                field.choices(state, &items)
            } else {
                Vec::new()
            }
        })
    };
    let on_choose = {
        let items = props.items.clone();
        Callback::from(move |value: AttrValue| field.choose(&store, &items, &value))
    };
    let on_open = Callback::from(move |open: bool| opened.set(open));
    let label = match &props.now {
        None => AttrValue::from(field.name()),
        Some(now) => AttrValue::from(format!("{}: {now}", field.name())),
    };
    if !may {
        let class = classes!("picker-still", props.class.clone());
        return match props.now {
            Some(_) => {
                html! { <span {class} role="img" aria-label={label.clone()} title={label}>{ props.children.clone() }</span> }
            }
            None => html! { <span {class}>{ props.children.clone() }</span> },
        };
    }
    html! {
        <Picker {label} icon_only={props.now.is_some()} class={props.class.clone()} choices={(*choices).clone()} many={field.is_many()}
            create={field.create()} {on_choose} {on_open}>
            { props.children.clone() }
        </Picker>
    }
}

/// Properties of [`FieldMenu`].
#[derive(Properties, PartialEq)]
pub struct FieldMenuProps {
    pub field: Field,
    pub items: Vec<ItemId>,
    pub anchor: Element,
    pub on_close: Callback<()>,
}

/// The menu alone; none for one who may not change anything.
#[component]
pub fn FieldMenu(props: &FieldMenuProps) -> Html {
    let store = use_store();
    let may = use_may(Action::Work);
    let field = props.field;
    let choices = {
        let items = props.items.clone();
        use_select(move |state| field.choices(state, &items))
    };
    let on_choose = {
        let items = props.items.clone();
        Callback::from(move |value: AttrValue| field.choose(&store, &items, &value))
    };
    if !may {
        return Html::default();
    }
    html! {
        <Menu label={field.name()} anchor={props.anchor.clone()} choices={(*choices).clone()} many={field.is_many()}
            create={field.create()} {on_choose} on_close={props.on_close.clone()} />
    }
}
