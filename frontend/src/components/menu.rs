//! A list to choose from, over the page: a search line and its options, all of it by keyboard too.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement, KeyboardEvent};
use yew::prelude::*;

use super::{
    focus::{into_sight, use_focus_inside},
    icon::{Icon, icon},
    order::ordered,
    type_ahead::{TypeAhead, digit},
};

use crate::letters::lower;

/// One thing to choose.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// What comes back when it is chosen.
    pub value: AttrValue,
    pub label: AttrValue,
    pub icon: Html,
    pub hint: Option<AttrValue>,
    pub chosen: bool,
    /// Destroys something.
    pub danger: bool,
}

impl Choice {
    /// A choice with nothing but its name.
    pub fn new(value: impl Into<AttrValue>, label: impl Into<AttrValue>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
            icon: Html::default(),
            hint: None,
            chosen: false,
            danger: false,
        }
    }

    /// With something to look at before its name.
    pub fn icon(self, icon: Html) -> Self {
        Self { icon, ..self }
    }

    /// With a quiet word behind its name.
    pub fn hint(self, hint: impl Into<AttrValue>) -> Self {
        Self {
            hint: Some(hint.into()),
            ..self
        }
    }

    /// Whether it is what is chosen now.
    pub fn chosen(self, chosen: bool) -> Self {
        Self { chosen, ..self }
    }

    /// Marks it as one that destroys something.
    pub fn danger(self) -> Self {
        Self {
            danger: true,
            ..self
        }
    }
}

/// What is chosen first, then by name.
pub fn chosen_first(choices: Vec<Choice>) -> Vec<Choice> {
    ordered(choices, |choice| {
        format!("{}{}", u8::from(!choice.chosen), lower(&choice.label))
    })
}

/// Properties of [`Menu`].
#[derive(Properties, PartialEq)]
pub struct MenuProps {
    /// What is chosen, in words: the list's name.
    pub label: AttrValue,
    /// What it opens at.
    pub anchor: Element,
    pub choices: Vec<Choice>,
    /// Several can be chosen; it stays open.
    #[prop_or_default]
    pub many: bool,
    /// A choice that is not in the list can be made from what was typed: in words, such as `New label`.
    #[prop_or_default]
    pub create: Option<AttrValue>,
    pub on_choose: Callback<AttrValue>,
    pub on_close: Callback<()>,
}

/// More than this is searched, not read.
const SEARCH_FROM: usize = 8;
/// More than this is not drawn: typing finds it.
const DRAWN: usize = 100;

/// The open menu.
#[component]
pub fn Menu(props: &MenuProps) -> Html {
    let root = use_node_ref();
    let query = use_state(String::new);
    let active = use_state(|| {
        props
            .choices
            .iter()
            .position(|choice| choice.chosen)
            .unwrap_or(0)
    });
    use_focus_inside(root.clone());
    let searchable = props.choices.len() > SEARCH_FROM || props.create.is_some();
    let ahead = use_mut_ref(TypeAhead::default);
    let numbered = !searchable
        && !props
            .choices
            .iter()
            .any(|choice| begins_with_digit(&choice.label));

    let wanted = lower(query.trim());
    let mut shown: Vec<Choice> = props
        .choices
        .iter()
        .filter(|choice| fits(choice, &wanted))
        .take(DRAWN)
        .cloned()
        .collect();
    if let Some(create) = &props.create
        && !wanted.is_empty()
        && !props
            .choices
            .iter()
            .any(|choice| lower(&choice.label) == wanted)
    {
        let typed = query.trim().to_owned();
        shown
            .push(Choice::new(typed.clone(), format!("{create} “{typed}”")).icon(icon(Icon::Plus)));
    }
    let at = (*active).min(shown.len().saturating_sub(1));

    {
        let root = root.clone();
        use_effect_with((at, shown.len()), move |_| {
            let seen = root
                .cast::<Element>()
                .and_then(|root| root.query_selector("[data-active='true']").ok().flatten());
            if let Some(option) = seen {
                into_sight(&option);
            }
        });
    }

    let choose = {
        let (on_choose, on_close, many) =
            (props.on_choose.clone(), props.on_close.clone(), props.many);
        let query = query.clone();
        Callback::from(move |value: AttrValue| {
            on_choose.emit(value);
            if many {
                query.set(String::new());
            } else {
                on_close.emit(());
            }
        })
    };
    let onkeydown = {
        let (active, on_close, choose, shown) = (
            active.clone(),
            props.on_close.clone(),
            choose.clone(),
            shown.clone(),
        );
        let ahead = ahead.clone();
        Callback::from(move |event: KeyboardEvent| {
            // What is typed here is for this menu alone.
            event.stop_propagation();
            let last = shown.len().saturating_sub(1);
            match event.key().as_str() {
                "ArrowDown" => active.set(if at >= last { 0 } else { at + 1 }),
                "ArrowUp" => active.set(if at == 0 { last } else { at - 1 }),
                "Home" => active.set(0),
                "End" => active.set(last),
                "Enter" => {
                    if let Some(choice) = shown.get(at) {
                        choose.emit(choice.value.clone());
                    }
                }
                " " if !searchable && !ahead.borrow().is_going_on() => {
                    if let Some(choice) = shown.get(at) {
                        choose.emit(choice.value.clone());
                    }
                }
                "Escape" | "Tab" => on_close.emit(()),
                _ if searchable || event.ctrl_key() || event.meta_key() || event.alt_key() => {
                    return;
                }
                key => match digit(key).filter(|_| numbered) {
                    Some(nth) => {
                        if let Some(choice) = shown.get(nth - 1) {
                            choose.emit(choice.value.clone());
                        }
                    }
                    None => {
                        let labels = shown.iter().map(|choice| &*choice.label);
                        match ahead.borrow_mut().press(key, at, labels) {
                            Some(index) => active.set(index),
                            None => return,
                        }
                    }
                },
            }
            event.prevent_default();
        })
    };
    let oninput = {
        let (query, active) = (query.clone(), active.clone());
        Callback::from(move |event: InputEvent| {
            let typed = event
                .target()
                .and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
            query.set(typed.map(|input| input.value()).unwrap_or_default());
            active.set(0);
        })
    };
    let close = {
        let on_close = props.on_close.clone();
        Callback::from(move |event: PointerEvent| {
            event.prevent_default();
            event.stop_propagation();
            on_close.emit(());
        })
    };
    let quiet = Callback::from(|event: MouseEvent| event.stop_propagation());
    let quiet_pointer = Callback::from(|event: PointerEvent| event.stop_propagation());

    let option_id = |index: usize| format!("menu-option-{index}");
    let current = (!shown.is_empty()).then(|| option_id(at));
    let options = shown.iter().enumerate().map(|(index, choice)| {
        let onclick = {
            let (choose, value) = (choose.clone(), choice.value.clone());
            Callback::from(move |event: MouseEvent| {
                event.stop_propagation();
                choose.emit(value.clone());
            })
        };
        let onpointermove = {
            let active = active.clone();
            Callback::from(move |_: PointerEvent| {
                if *active != index {
                    active.set(index);
                }
            })
        };
        html! {
            <div key={choice.value.to_string()} id={option_id(index)} role="option"
                class={classes!("menu-option", choice.danger.then_some("menu-option-danger"))}
                aria-selected={choice.chosen.to_string()} data-active={(index == at).to_string()} {onclick} {onpointermove}>
                { choice.icon.clone() }
                <span class="truncate">{ choice.label.clone() }</span>
                if let Some(hint) = &choice.hint {
                    <span class="menu-option-hint">{ hint.clone() }</span>
                }
                if choice.chosen {
                    <span class="menu-option-check">{ icon(Icon::Check) }</span>
                }
                if numbered && index < 9 {
                    <kbd class="menu-option-digit" aria-hidden="true">{ index + 1 }</kbd>
                }
            </div>
        }
    });
    let list_tab = if searchable { "-1" } else { "0" };
    let menu = html! {
        <div onclick={quiet} onpointerdown={quiet_pointer}>
            <div class="menu-backdrop" onpointerdown={close}></div>
            <div class="menu" ref={root} style={place(&props.anchor)} {onkeydown} tabindex="-1">
                if searchable {
                    <input class="menu-search" data-autofocus="" role="combobox" aria-expanded="true"
                        aria-controls="menu-list" aria-autocomplete="list" aria-activedescendant={current.clone()}
                        aria-label={props.label.clone()} placeholder={props.label.clone()} value={(*query).clone()}
                        autocomplete="off" {oninput} />
                }
                <div class="menu-list" id="menu-list" role="listbox" aria-label={props.label.clone()}
                    aria-multiselectable={props.many.then_some("true")} tabindex={list_tab}
                    aria-activedescendant={current.filter(|_| !searchable)}>
                    { for options }
                </div>
                if shown.is_empty() {
                    <p class="menu-empty" role="status">{ "Nothing fits." }</p>
                }
            </div>
        </div>
    };
    create_portal(menu, gloo::utils::body().into())
}

fn begins_with_digit(label: &str) -> bool {
    label.starts_with(|first: char| first.is_ascii_digit())
}

fn fits(choice: &Choice, wanted: &str) -> bool {
    wanted.is_empty()
        || lower(&choice.label).contains(wanted)
        || choice
            .hint
            .as_ref()
            .is_some_and(|hint| lower(hint).contains(wanted))
}

/// So far from the edges of the window.
const EDGE: i32 = 8;
/// The widest menu (overlay.css), and its distance from an edge.
const WIDEST: i32 = 320 + EDGE;

/// Below what it opens at, or above where there is more room.
fn place(anchor: &Element) -> String {
    let window = gloo::utils::window();
    let size = |value: Result<wasm_bindgen::JsValue, _>| {
        value.ok().and_then(|value| value.as_f64()).unwrap_or(0.0) as i32
    };
    let (width, height) = (size(window.inner_width()), size(window.inner_height()));
    let rect = anchor.get_bounding_client_rect();
    let [left, right, top, bottom] =
        [rect.left(), rect.right(), rect.top(), rect.bottom()].map(|at| at as i32);
    // Aligned with its left edge, or its right one where the widest menu (overlay.css) would not fit; where that fits
    // beside neither, so far from the right edge of the window that it begins inside it.
    let side = match left + WIDEST > width {
        true => format!("right:{}px", (width - right).min(width - WIDEST).max(EDGE)),
        false => format!("left:{}px", left.max(EDGE)),
    };
    if bottom + 368 > height && top > height / 2 {
        let below = (height - top + 4).max(8);
        format!(
            "{side};bottom:{below}px;max-height:min(360px,{}px)",
            top - 12
        )
    } else {
        let top = (bottom + 4).min(height - 120).max(8);
        format!(
            "{side};top:{top}px;max-height:min(360px,{}px)",
            height - top - 8
        )
    }
}
