//! The command bar, and search: one line to type in, everything one can do or go to under it.

mod entries;
mod find;

use web_sys::{HtmlInputElement, KeyboardEvent};
use yew::prelude::*;
use yew_router::prelude::*;

use self::{
    entries::{Act, commands, places},
    find::use_found,
};
use crate::{
    components::focus::{into_sight, use_focus_inside},
    keys::{Key, Keys},
    letters::lower,
    routes::use_item_drawer,
    store::{use_select, use_store},
};

/// Properties of [`Palette`].
#[derive(Properties, PartialEq)]
pub struct PaletteProps {
    /// Whether it is for finding things rather than doing them.
    pub is_search: bool,
    pub on_close: Callback<()>,
    pub on_help: Callback<()>,
}

/// How many entries are shown.
const MOST: usize = 50;

/// The bar.
#[component]
pub fn Palette(props: &PaletteProps) -> Html {
    let store = use_store();
    let keys = use_context::<Keys>().unwrap_or_default();
    let navigator = use_navigator();
    let drawer = use_item_drawer();
    let typed = use_state(String::new);
    let active = use_state(|| 0usize);
    let root = use_node_ref();
    use_focus_inside(root.clone());

    let may_create = keys.is_taken(Key::Create);
    let words = lower((*typed).trim());
    let known = {
        let (words, is_search) = (words.clone(), props.is_search);
        use_select(move |state| {
            let mut entries = if is_search {
                Vec::new()
            } else {
                commands(state, may_create)
            };
            entries.extend(places(state, &words));
            entries.retain(|entry| entry.fits(&words));
            // What begins with what was typed is meant, before what only speaks of it: a project before the undo of
            // its creation.
            entries.sort_by_cached_key(|entry| !lower(&entry.name).starts_with(&words));
            entries
        })
    };
    let found = use_found(&words);
    let mut entries = (*known).clone();
    for entry in found.iter() {
        if !entries.iter().any(|known| known.act == entry.act) {
            entries.push(entry.clone());
        }
    }
    entries.truncate(MOST);
    let at = (*active).min(entries.len().saturating_sub(1));

    let run = {
        let (on_close, on_help) = (props.on_close.clone(), props.on_help.clone());
        Callback::from(move |act: Act| {
            on_close.emit(());
            match act {
                Act::Go(route) => navigator
                    .iter()
                    .for_each(|navigator| navigator.push(&route)),
                Act::Open(key) => drawer.open(&key),
                Act::Press(key) => drop(keys.press(key)),
                Act::Theme(theme) => {
                    let settings = store.read(|state| state.settings().clone());
                    store.set_settings(crate::store::Settings { theme, ..settings });
                }
                Act::Retry => store.retry_now(),
                Act::Help => on_help.emit(()),
            }
        })
    };
    let oninput = {
        let (typed, active) = (typed.clone(), active.clone());
        Callback::from(move |event: InputEvent| {
            typed.set(
                event
                    .target_dyn_into::<HtmlInputElement>()
                    .map(|input| input.value())
                    .unwrap_or_default(),
            );
            active.set(0);
        })
    };
    let onkeydown = {
        let (entries, active, run, on_close) = (
            entries.clone(),
            active.clone(),
            run.clone(),
            props.on_close.clone(),
        );
        Callback::from(move |event: KeyboardEvent| {
            event.stop_propagation();
            let count = entries.len().max(1);
            match event.key().as_str() {
                "ArrowDown" => active.set((at + 1) % count),
                "ArrowUp" => active.set((at + count - 1) % count),
                "Enter" if !event.is_composing() => entries
                    .get(at)
                    .into_iter()
                    .for_each(|entry| run.emit(entry.act.clone())),
                "Escape" => on_close.emit(()),
                // There is nowhere else to go.
                "Tab" => {}
                _ => return,
            }
            event.prevent_default();
        })
    };
    {
        let root = root.clone();
        use_effect_with(at, move |_| scroll_to_active(&root));
    }
    let beside = props.on_close.reform(|_: PointerEvent| ());
    let quiet = Callback::from(|event: PointerEvent| event.stop_propagation());
    let options = entries.iter().enumerate().map(|(index, entry)| {
        let onclick = {
            let (run, act) = (run.clone(), entry.act.clone());
            Callback::from(move |_: MouseEvent| run.emit(act.clone()))
        };
        html! {
            <div key={entry.key()} id={format!("palette-{index}")} class="menu-option" role="option"
                aria-selected={(index == at).to_string()} data-active={(index == at).to_string()} {onclick}>
                <span class="palette-kind">{ entry.kind }</span>
                <span class="truncate">{ entry.name.clone() }</span>
                <span class="menu-option-hint">{ entry.hint.clone() }</span>
            </div>
        }
    });
    let label = if props.is_search {
        "Search projects, members and items"
    } else {
        "Type a command or search"
    };
    let current = (!entries.is_empty()).then(|| format!("palette-{at}"));
    html! {
        <div class="scrim" onpointerdown={beside}>
            <div class="dialog palette" ref={root} role="dialog" aria-modal="true" aria-label={label} tabindex="-1"
                onpointerdown={quiet} {onkeydown}>
                <input class="menu-search" data-autofocus="" role="combobox" aria-expanded="true" aria-controls="palette-list"
                    aria-autocomplete="list" aria-activedescendant={current} aria-label={label} placeholder={label}
                    autocomplete="off" spellcheck="false" value={(*typed).clone()} {oninput} />
                <div class="menu-list" id="palette-list" role="listbox" aria-label="Results">{ for options }</div>
                if entries.is_empty() {
                    <p class="menu-empty" role="status">
                        { if words.is_empty() { "Type to search." } else { "Nothing fits." } }
                    </p>
                }
            </div>
        </div>
    }
}

fn scroll_to_active(root: &NodeRef) {
    let root = root.cast::<web_sys::Element>();
    if let Some(option) =
        root.and_then(|root| root.query_selector("[data-active='true']").ok().flatten())
    {
        into_sight(&option);
    }
}
