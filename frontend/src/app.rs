//! Putting the app together: the store, the line, the keyboard, the frame and the pages.

use gloo::events::EventListener;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::{
    frame::Frame,
    keys::KeyProvider,
    pages,
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
                    <Over />
                </KeyProvider>
            </BrowserRouter>
        </ContextProvider<Store>>
    }
}

/// The page of a route. What a page knows of its subject hangs on the id: its address may change while it is open.
fn page(route: Route) -> Html {
    match route {
        Route::Home => html! { <Redirect<Route> to={Route::Dashboard} /> },
        Route::Dashboard => html! { <pages::Dashboard /> },
        Route::Projects => html! { <pages::Projects /> },
        Route::Project { project } => html! { <pages::Project {project} /> },
        Route::Teams { project } => html! { <pages::Teams {project} /> },
        Route::Team { project, team } => html! { <pages::Team {project} {team} /> },
        Route::Members => html! { <pages::Members /> },
        Route::Member { member } => html! { <pages::Member {member} /> },
        Route::Account => html! { <pages::Account /> },
        Route::Item { item } => html! { <pages::Item {item} /> },
        Route::NotFound => html! { <pages::NotFound /> },
    }
}

/// The item drawer, over whatever page there is.
#[component]
fn Over() -> Html {
    let drawer = use_item_drawer();
    let Some(item) = drawer.item().map(ToOwned::to_owned) else {
        return Html::default();
    };
    let onclose = Callback::from(move |()| drawer.close());
    html! { <pages::ItemDrawer item={item.clone()} {onclose} key={item} /> }
}
