//! What is around every page: the rail, the top bar, the command bar, notifications, toasts, the help.

mod address;
mod breadcrumb;
mod help;
mod notices;
mod notifications;
mod palette;
mod pill;
mod popover;
mod rail;
mod title;
mod toasts;
mod topbar;

use yew::prelude::*;
use yew_router::prelude::*;

use self::popover::Popover;
use crate::{
    app::PageOf,
    keys::{Key, use_keys},
    parts::{self, Part, use_part},
    routes::Route,
    store::{Access, use_select, use_store},
};

/// What lies over the page, of the frame's own.
#[derive(Clone, Copy, PartialEq)]
pub enum Over {
    Help,
    /// The command bar.
    Commands,
    /// The same, for finding things.
    Search,
}

/// What hangs under a button of the top bar.
#[derive(Clone, Copy, PartialEq)]
pub enum Panel {
    Notifications,
    /// How the line is doing.
    Live,
}

/// The keys that do something on every page.
const KEYS: &[Key] = &[
    Key::Help,
    Key::Commands,
    Key::Search,
    Key::GoDashboard,
    Key::GoProjects,
    Key::GoMembers,
    Key::GoAccount,
    Key::Undo,
    Key::Redo,
    Key::Close,
];

/// Properties of [`Frame`].
#[derive(Properties, PartialEq)]
pub struct FrameProps {
    pub children: Html,
}

/// The frame with the page in it.
#[component]
pub fn Frame(props: &FrameProps) -> Html {
    let over = use_state(|| None::<Over>);
    let store = use_store();
    let navigator = use_navigator();
    let location = use_location();
    let access = *use_select(|state| state.access());
    // Who is nobody sees how to come in, wherever they wanted to go.
    let mut route = use_route::<Route>();
    let way_in = match &route {
        Some(route) if route.is_way_in() => Some(route.clone()),
        _ if matches!(access, Access::Nobody { .. }) => Some(Route::SignIn),
        _ => None,
    };
    if way_in.is_some() {
        route.clone_from(&way_in);
    }
    title::use_title(route.as_ref());
    address::use_present_address(route.as_ref());
    {
        let store = store.clone();
        let path = location.map(|location| location.path().to_owned());
        use_effect_with(path, move |path| {
            if let Some(path) = path {
                store.look(path);
            }
        });
    }
    let open = {
        let over = over.clone();
        Callback::from(move |which: Over| over.set(Some(which)))
    };
    let on_close = {
        let over = over.clone();
        Callback::from(move |()| over.set(None))
    };
    {
        let (over, open) = (over.clone(), open.clone());
        use_keys(KEYS, move |key| {
            let go = |route: Route| {
                if let Some(navigator) = &navigator {
                    navigator.push(&route);
                }
                true
            };
            match key {
                Key::Help => open.emit(Over::Help),
                Key::Commands => open.emit(Over::Commands),
                Key::Search => open.emit(Over::Search),
                Key::GoDashboard => return go(Route::Dashboard),
                Key::GoProjects => return go(Route::Projects),
                Key::GoMembers => return go(Route::Members),
                Key::GoAccount => return go(Route::Account),
                Key::Undo => return store.undo(),
                Key::Redo => return store.redo(),
                Key::Close if over.is_some() => over.set(None),
                _ => return false,
            }
            true
        });
    }
    if let Some(route) = way_in {
        return html! { <PageOf {route} /> };
    }
    html! {
        <>
            <a class="skip-link" href="#content">{ "Skip to the content" }</a>
            <div class="frame">
                <rail::Rail />
                <topbar::TopBar on_open={open.clone()} />
                <main class="content" id="content" tabindex="-1">{ props.children.clone() }</main>
                if access == Access::Local {
                    <footer class="note">{ "You are the demo’s owner on this machine; nobody signed in." }</footer>
                }
                <rail::BottomBar />
            </div>
            <toasts::ToastHost />
            if let Some(over) = *over {
                <OverPage {over} {on_close} on_open={open} />
            }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct OverProps {
    over: Over,
    on_close: Callback<()>,
    on_open: Callback<Over>,
}

#[component]
fn OverPage(props: &OverProps) -> Html {
    let store = use_store();
    let (on_close, on_open) = (props.on_close.clone(), props.on_open.clone());
    let part = use_part(parts::over);
    // There is nowhere on the page to say so.
    use_effect_with(matches!(part, Part::Missing), {
        let on_close = on_close.clone();
        move |is_missing| {
            if *is_missing {
                store.tell(
                    "This part of the app is not loaded yet, and the server can’t be reached.",
                );
                on_close.emit(());
            }
        }
    });
    match part {
        Part::Here(draw) => draw(props.over, on_close, on_open),
        _ => Html::default(),
    }
}

/// Properties of [`PanelOf`].
#[derive(Properties, PartialEq)]
struct PanelProps {
    panel: Panel,
    on_close: Callback<()>,
}

#[component]
fn PanelOf(props: &PanelProps) -> Html {
    let on_close = props.on_close.clone();
    use_part(parts::panel).draw(|draw| draw(props.panel, on_close), Html::default)
}

/// What hangs under a button, and what closes it.
pub fn panel(panel: Panel, on_close: Callback<()>) -> Html {
    match panel {
        Panel::Notifications => html! {
            <Popover label="Notifications" {on_close}><notifications::List /></Popover>
        },
        Panel::Live => html! {
            <Popover label="The live connection" {on_close}><pill::Details /></Popover>
        },
    }
}

/// What lies over the page, what closes it, and what opens something else in its place.
pub fn over(over: Over, on_close: Callback<()>, on_open: Callback<Over>) -> Html {
    let on_help = on_open.reform(|()| Over::Help);
    match over {
        Over::Help => html! { <help::Help {on_close} /> },
        Over::Commands => {
            html! { <palette::Palette key="commands" is_search={false} {on_close} {on_help} /> }
        }
        Over::Search => {
            html! { <palette::Palette key="search" is_search={true} {on_close} {on_help} /> }
        }
    }
}
