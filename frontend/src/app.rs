//! Putting the app together: the store, the line, the keyboard, the frame and the pages.

use gloo::events::EventListener;
use wasm_bindgen::JsValue;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::{
    components::{
        drawer::Drawer,
        skeleton::{skeleton_page, skeleton_rows},
    },
    frame::Frame,
    keys::KeyProvider,
    pages::{self, DrawPage},
    parts::{self, Loading, use_part},
    routes::{Route, use_item_drawer},
    store::{For, Store},
};

mod panic;

/// Starts the app on the page.
pub fn start() {
    panic::install();
    let store = Store::new();
    store.load_settings();
    crate::net::connect(&store);
    take_secret(&store);
    // What another tab has changed; a link that was opened where another one was.
    for event in ["storage", "hashchange"] {
        let store = store.clone();
        EventListener::new(&gloo::utils::window(), event, move |_| {
            store.load_settings();
            store.heed_other_tabs();
            take_secret(&store);
        })
        .forget();
    }
    store.ask_who();
    // Always on: the frame shows it.
    std::mem::forget(store.follow("org", For::Frame));
    parts::load_all_ahead();
    let root = gloo::utils::document().get_element_by_id("app");
    let props = AppProps { store };
    match root {
        Some(root) => {
            // What index.html shows until now.
            root.set_inner_html("");
            yew::Renderer::<App>::with_root_and_props(root, props).render()
        }
        None => yew::Renderer::<App>::with_props(props).render(),
    };
}

/// The secret of a link is in the address for no longer than it takes to read it: others look at addresses, browsers keep
/// them.
fn take_secret(store: &Store) {
    let window = gloo::utils::window();
    let location = window.location();
    let (Ok(path), Ok(hash)) = (location.pathname(), location.hash()) else {
        return;
    };
    let secret = hash.trim_start_matches('#');
    if !secret.is_empty() && Route::recognize(&path).is_some_and(|route| route.has_secret()) {
        store.update(|state| state.secret = Some(secret.to_owned()));
        if let Ok(history) = window.history() {
            // The page's own path is always allowed.
            let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&path));
        }
    }
}

#[derive(Properties, PartialEq)]
struct AppProps {
    store: Store,
}

#[component]
fn App(props: &AppProps) -> Html {
    html! {
        <ContextProvider<Store> context={props.store.clone()}>
            <BrowserRouter>
                <KeyProvider>
                    <Frame>
                        <Switch<Route> render={page} />
                        <ItemOver />
                    </Frame>
                </KeyProvider>
            </BrowserRouter>
        </ContextProvider<Store>>
    }
}

/// The page of a route.
fn page(route: Route) -> Html {
    match route {
        Route::Home => html! { <Redirect<Route> to={Route::Dashboard} /> },
        Route::Dashboard => html! { <pages::Dashboard /> },
        route => html! { <PageOf {route} /> },
    }
}

/// Properties of [`PageOf`].
#[derive(Properties, PartialEq)]
pub struct PageProps {
    pub route: Route,
}

/// A page of another part of the app.
#[component]
pub fn PageOf(props: &PageProps) -> Html {
    let load: fn() -> Loading<DrawPage> = if props.route.is_way_in() {
        parts::access
    } else {
        parts::page
    };
    use_part(load).draw(|draw| draw(&props.route), skeleton_page)
}

/// The item drawer, over whatever page there is.
#[component]
fn ItemOver() -> Html {
    let drawer = use_item_drawer();
    match drawer.item().map(ToOwned::to_owned) {
        Some(item) => html! { <DrawerOf {item} onclose={move |()| drawer.close()} /> },
        None => Html::default(),
    }
}

#[derive(Properties, PartialEq)]
struct DrawerProps {
    item: String,
    onclose: Callback<()>,
}

#[component]
fn DrawerOf(props: &DrawerProps) -> Html {
    let (item, onclose) = (props.item.clone(), props.onclose.clone());
    let meanwhile = {
        let on_close = onclose.clone();
        || html! { <Drawer label="Item" {on_close}>{ skeleton_rows(8) }</Drawer> }
    };
    use_part(parts::drawer).draw(|draw| draw(item, onclose), meanwhile)
}
