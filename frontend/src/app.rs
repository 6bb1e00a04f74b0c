//! Putting the app together: the store, the line, the keyboard, the frame and the pages.

use gloo::events::EventListener;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::{
    components::{
        drawer::Drawer,
        skeleton::{skeleton_page, skeleton_rows},
    },
    frame::Frame,
    keys::KeyProvider,
    pages,
    parts::{self, use_part},
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
    // Settings that another tab has changed.
    let listening = store.clone();
    EventListener::new(&gloo::utils::window(), "storage", move |_| {
        listening.load_settings()
    })
    .forget();
    // Always on: the frame shows it.
    std::mem::forget(store.follow("org", For::Frame));
    parts::load_all_when_touched();
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
                    </Frame>
                    <ItemOver />
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

#[derive(Properties, PartialEq)]
struct PageProps {
    route: Route,
}

#[component]
fn PageOf(props: &PageProps) -> Html {
    use_part(parts::page).draw(|draw| draw(&props.route), skeleton_page)
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
