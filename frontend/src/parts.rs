//! Parts of the app that are loaded when they are first shown. The build puts each into a file of its own, and what two
//! of them need into a file between; in the first file are the frame, the store and the line, which every page needs, and
//! the dashboard, where most visits begin.

use std::{cell::Cell, future::Future, pin::Pin, rc::Rc, time::Duration};

use futures_util::FutureExt;
use gloo::{events::EventListener, timers::callback::Timeout};
use wasm_split_helpers::{SplitLoaderError, wasm_split};
use yew::{
    platform::{spawn_local, time::sleep},
    prelude::*,
};

use crate::{
    access, admin,
    components::{
        chart,
        empty::empty,
        icon::Icon,
        markdown::{Markdown, PARSED},
    },
    frame::{self, Over, Panel},
    pages::{self, DrawPage},
    runs,
    store::{self, Write},
};

/// A part on its way.
pub type Loading<T> = Pin<Box<dyn Future<Output = Result<T, SplitLoaderError>>>>;

/// `name in file: what is there when it is loaded`: a function that loads it.
macro_rules! part {
    ($name:ident in $file:ident: $type:ty = $value:expr) => {
        pub fn $name() -> Loading<$type> {
            #[wasm_split($file, fallible)]
            fn $name() -> Result<$type, SplitLoaderError> {
                Ok($value)
            }
            Box::pin($name())
        }
    };
}

part!(page in pages: DrawPage = pages::page);
part!(access in access: DrawPage = access::page);
part!(admin in admin: fn(AttrValue) -> Html = admin::panel);
part!(drawer in pages: fn(String, Callback<()>) -> Html = pages::drawer);
part!(runs in runs: fn(runs::Panel) -> Html = runs::panel);
part!(charts in charts: fn(AttrValue, u32) -> Html = chart::charts);
part!(over in commands: fn(Over, Callback<()>, Callback<Over>) -> Html = frame::over);
part!(panel in commands: fn(Panel, Callback<()>) -> Html = frame::panel);
part!(markdown in markdown: Markdown = PARSED);
part!(unsent in unsent: fn(&str) -> Option<Vec<Write>> = store::read_unsent);

/// Loads all the rest as soon as somebody begins to work with the page, or has looked at it for a while: it is there then
/// when the network is not.
pub fn load_all_ahead() {
    const IDLE_MS: u32 = 8_000;
    for touch in ["pointerdown", "keydown"] {
        EventListener::once(&gloo::utils::window(), touch, |_| load_all()).forget();
    }
    Timeout::new(IDLE_MS, load_all).forget();
}

fn load_all() {
    spawn_local(until_there(page));
    spawn_local(until_there(runs));
    spawn_local(until_there(charts));
    spawn_local(until_there(over));
    spawn_local(until_there(markdown));
}

/// Loads a part, whenever the server can be reached.
async fn until_there<T>(load: fn() -> Loading<T>) {
    while load().await.is_err() {
        sleep(RETRY).await;
    }
}

/// Until the next try to load what could not be.
const RETRY: Duration = Duration::from_secs(2);

/// What is known of a part.
pub enum Part<T> {
    Here(T),
    Coming,
    /// It could not be loaded, and is tried again.
    Missing,
}

impl<T> Part<T> {
    /// What it draws, or what is shown in its place.
    pub fn draw(self, draw: impl FnOnce(T) -> Html, meanwhile: impl FnOnce() -> Html) -> Html {
        match self {
            Part::Here(part) => draw(part),
            Part::Coming => meanwhile(),
            Part::Missing => missing(),
        }
    }
}

/// A part of the app, loaded if it is not there yet.
#[hook]
pub fn use_part<T: Copy + 'static>(load: impl Fn() -> Loading<T> + 'static) -> Part<T> {
    let update = use_force_update();
    let load = Rc::new(load);
    // What was loaded before is there at once: nothing else is shown first.
    let part = {
        let load = load.clone();
        use_mut_ref(move || load().now_or_never())
    };
    {
        let part = part.clone();
        use_effect_with((), move |()| {
            let is_wanted = Rc::new(Cell::new(true));
            let wanted = is_wanted.clone();
            spawn_local(async move {
                while wanted.get() && !matches!(*part.borrow(), Some(Ok(_))) {
                    let loaded = load().await;
                    let failed = loaded.is_err();
                    part.replace(Some(loaded));
                    update.force_update();
                    if failed {
                        sleep(RETRY).await;
                    }
                }
            });
            move || is_wanted.set(false)
        });
    }
    match &*part.borrow() {
        Some(Ok(part)) => Part::Here(*part),
        Some(Err(_)) => Part::Missing,
        None => Part::Coming,
    }
}

/// Without a network this comes by itself when that is back; after an update of the server only by loading again.
fn missing() -> Html {
    let again = Callback::from(|_: MouseEvent| {
        let _ = gloo::utils::window().location().reload();
    });
    let next =
        html! { <button type="button" class="button" onclick={again}>{ "Load again" }</button> };
    empty(
        Icon::Search,
        "This part of the app is not loaded yet",
        "The server can't be reached, or is a new one. It is tried again every two seconds.",
        next,
    )
}
