//! A list of any length: only what is seen, and a little around it, is rendered.

use std::ops::Range;

use gloo::events::EventListener;
use web_sys::Element;
use yew::{prelude::*, virtual_dom::Key};

/// Rendered above and below what is seen, so that scrolling never shows a hole.
const AROUND: usize = 6;

/// Properties of [`VirtualList`].
#[derive(Properties, PartialEq)]
pub struct VirtualListProps {
    /// Its name for a screen reader.
    pub label: AttrValue,
    /// `list`, unless it is another kind of list.
    #[prop_or(AttrValue::Static("list"))]
    pub role: AttrValue,
    /// Several can be selected (trees).
    #[prop_or_default]
    pub many: bool,
    #[prop_or_default]
    pub class: Classes,
    pub count: usize,
    /// Pixels from one to the next.
    pub pitch: u32,
    /// Draws one; the key must be the entity's own.
    pub draw: Callback<usize, (Key, Html)>,
    /// One that must be in sight.
    #[prop_or_default]
    pub reveal: Option<usize>,
    /// What lies over the list, placed from its top: the line where something will drop.
    #[prop_or_default]
    pub over: Html,
}

/// See the module.
#[component]
pub fn VirtualList(props: &VirtualListProps) -> Html {
    let viewport = use_node_ref();
    let seen = use_state_eq(|| 0..24);
    let pitch = f64::from(props.pitch.max(1));

    let measure = {
        let (viewport, seen) = (viewport.clone(), seen.setter());
        Callback::from(move |()| {
            if let Some(element) = viewport.cast::<Element>() {
                let first = (f64::from(element.scroll_top()) / pitch) as usize;
                let rows = (f64::from(element.client_height()) / pitch).ceil() as usize + 1;
                seen.set(first..first + rows.max(8));
            }
        })
    };
    {
        // Any resize changes how much is seen, a list that has become shorter how far it is scrolled.
        let measure = measure.clone();
        use_effect_with(props.count, move |_| {
            measure.emit(());
            let listener =
                EventListener::new(&gloo::utils::window(), "resize", move |_| measure.emit(()));
            move || drop(listener)
        });
    }
    {
        let viewport = viewport.clone();
        use_effect_with(props.reveal, move |reveal| {
            let (Some(index), Some(element)) = (reveal, viewport.cast::<Element>()) else {
                return;
            };
            let top = (*index as f64 * pitch) as i32;
            let bottom = top + pitch as i32;
            if top < element.scroll_top() {
                element.set_scroll_top(top);
            } else if bottom > element.scroll_top() + element.client_height() {
                element.set_scroll_top(bottom - element.client_height());
            }
        });
    }
    let onscroll = measure.reform(|_: Event| ());
    let Range { start, end } = (*seen).clone();
    let drawn = start.saturating_sub(AROUND).min(props.count)..(end + AROUND).min(props.count);
    let is_list = props.role == "list";
    // While one scrolls, most of what is seen was seen before: it is drawn once.
    let before = use_mut_ref(|| (props.draw.clone(), 0, Vec::new()));
    let mut before = before.borrow_mut();
    if before.0 != props.draw {
        *before = (props.draw.clone(), 0, Vec::new());
    }
    let (_, first, known) = &*before;
    let draw = |index: usize| {
        let known = index.checked_sub(*first).and_then(|at| known.get(at));
        known.cloned().unwrap_or_else(|| props.draw.emit(index))
    };
    let (first, now): (usize, Vec<(Key, Html)>) = (drawn.start, drawn.clone().map(draw).collect());
    (before.1, before.2) = (first, now.clone());
    let items = drawn.zip(now).map(|(index, (key, item))| {
        let top = index as u64 * u64::from(props.pitch);
        html! {
            <li key={key} class="virtual-item" style={format!("top:{top}px")} role={(!is_list).then_some("none")}
                aria-setsize={is_list.then(|| props.count.to_string())}
                aria-posinset={is_list.then(|| (index + 1).to_string())}>{ item }</li>
        }
    });
    let height = props.count as u64 * u64::from(props.pitch);
    html! {
        <div class={classes!("virtual", props.class.clone())} ref={viewport} {onscroll}>
            <div class="virtual-track" style={format!("height:{height}px")}>
                <ul role={props.role.clone()} aria-label={props.label.clone()}
                    aria-multiselectable={props.many.then_some("true")}>{ for items }</ul>
                { props.over.clone() }
            </div>
        </div>
    }
}
