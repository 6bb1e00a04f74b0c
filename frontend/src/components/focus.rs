//! Keeping the focus where the person is.

use gloo::timers::callback::Timeout;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent, ScrollIntoViewOptions, ScrollLogicalPosition};
use yew::prelude::*;

const FOCUSABLE: &str = "a[href], button:not([disabled]), input:not([disabled]), select:not([disabled]), \
                         textarea:not([disabled]), [tabindex='0']";

const WRONG: &str = "[aria-invalid='true']";

/// What has the focus now.
pub fn focused() -> Option<HtmlElement> {
    gloo::utils::document().active_element()?.dyn_into().ok()
}

/// Gives the focus; nothing happens where it can't be had.
pub fn focus(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        // Only a detached element refuses, and that one is not on the page any more.
        let _ = element.focus();
    }
}

/// Takes the focus out of an element, to what is around it: the keys there work again.
pub fn focus_around(element: &Element) {
    let parent = element.parent_element();
    let around = parent.and_then(|parent| parent.closest("[tabindex]").ok().flatten());
    match around
        .as_ref()
        .and_then(|around| around.dyn_ref::<HtmlElement>())
    {
        Some(around) => focus(around),
        None => {
            if let Some(element) = element.dyn_ref::<HtmlElement>() {
                let _ = element.blur();
            }
        }
    }
}

/// Gives the focus back to a control when what stood in its place to edit it is gone, wherever the keyboard ended that;
/// what a pointer has gone to meanwhile keeps it.
#[hook]
pub fn use_focus_back(control: NodeRef, is_editing: bool) {
    let was_editing = use_mut_ref(|| is_editing);
    use_effect_with(is_editing, move |is_editing| {
        let is_over = was_editing.replace(*is_editing) && !is_editing;
        if let Some(control) = control.cast::<Element>().filter(|_| is_over && is_lost()) {
            focus(&control);
        }
    });
}

/// What inside `root` the tab key goes to, in its order.
pub fn focusable_in(root: &Element) -> Vec<HtmlElement> {
    let Ok(found) = root.query_selector_all(FOCUSABLE) else {
        return Vec::new();
    };
    let elements =
        (0..found.length()).filter_map(|i| found.item(i)?.dyn_into::<HtmlElement>().ok());
    elements
        .filter(|element| element.tab_index() >= 0 && element.offset_parent().is_some())
        .collect()
}

/// Keeps the tab key inside `root`: from the last element it goes to the first, and back.
pub fn keep_inside(root: &Element, event: &KeyboardEvent) {
    if event.key() != "Tab" {
        return;
    }
    let all = focusable_in(root);
    let (Some(first), Some(last)) = (all.first(), all.last()) else {
        return;
    };
    let at = focused();
    let outside = at.as_ref().is_none_or(|at| !root.contains(Some(at)));
    let next = if event.shift_key() && (outside || at.as_ref() == Some(first)) {
        last
    } else if !event.shift_key() && (outside || at.as_ref() == Some(last)) {
        first
    } else {
        return;
    };
    event.prevent_default();
    focus(next);
}

/// Takes the focus into `root` when it appears, and gives it back to what had it when it goes.
#[hook]
pub fn use_focus_inside(root: NodeRef) {
    use_effect_with((), move |()| {
        let before = focused();
        let root = root.cast::<Element>();
        if let Some(root) = &root {
            // A form that comes back is about what is wrong with it.
            let wanted = |css: &str| root.query_selector(css).ok().flatten();
            let wanted = wanted(WRONG).or_else(|| wanted("[data-autofocus]"));
            let wanted =
                wanted.or_else(|| root.has_attribute("data-autofocus").then(|| root.clone()));
            match wanted.or_else(|| focusable_in(root).into_iter().next().map(Element::from)) {
                Some(first) => focus(&first),
                None => focus(root),
            }
        }
        move || {
            // Somebody else may have taken it on purpose meanwhile.
            let inside =
                |at: HtmlElement| root.as_ref().is_some_and(|root| root.contains(Some(&at)));
            if let Some(before) = before.filter(|_| is_lost() || focused().is_some_and(inside)) {
                focus(&before);
                // It may be gone, or go in the next frame: with what was deleted here.
                Timeout::new(100, || {
                    let content = gloo::utils::document().get_element_by_id("content");
                    content.iter().filter(|_| is_lost()).for_each(focus);
                })
                .forget();
            }
        }
    });
}

/// Gives the focus, once it is drawn, to the first field of the present form that is wrong.
pub fn focus_wrong() {
    Timeout::new(0, || {
        let form = focused().and_then(|at| at.closest("form").ok().flatten());
        let wrong = form.and_then(|form| form.query_selector(WRONG).ok().flatten());
        wrong.iter().for_each(focus);
    })
    .forget();
}

/// Keeps the focus near when what had it inside `root` goes away: the heading there has it then. For the component that
/// draws what goes.
#[hook]
pub fn use_focus_kept(root: NodeRef) {
    let root = root.cast::<Element>();
    let before = focused().filter(|at| root.as_ref().is_some_and(|root| root.contains(Some(at))));
    use_effect(move || {
        let is_gone = before.is_some_and(|before| !before.is_connected());
        let heading = root.filter(|_| is_gone && is_lost());
        let heading = heading.and_then(|root| root.query_selector("h2").ok().flatten());
        heading.iter().for_each(focus_heading);
    });
}

/// Gives the focus to what the tab key does not lead to.
fn focus_heading(heading: &Element) {
    // A plain attribute on an element that is there can be set.
    let _ = heading.set_attribute("tabindex", "-1");
    focus(heading);
}

/// Scrolls to an element, no more than it takes to see it.
pub fn into_sight(element: &Element) {
    let nearest = ScrollIntoViewOptions::new();
    nearest.set_block(ScrollLogicalPosition::Nearest);
    element.scroll_into_view_with_scroll_into_view_options(&nearest);
}

/// Whether nothing has the focus.
pub fn is_lost() -> bool {
    focused().is_none_or(|at| at.tag_name() == "BODY")
}
