//! A request that a person waits for: what is sent, and what is said when it is refused.

use gloo::timers::callback::Interval;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::icon::{Icon, icon};
use crate::{
    net::rest::{self, API, Failure},
    store::{Store, use_store},
};

#[derive(Clone, PartialEq)]
enum Stage {
    Idle,
    Busy,
    Refused {
        why: String,
        /// Until when there is no use in trying again, in milliseconds since 1970.
        until: f64,
    },
}

/// One request at a time, and how far it is.
#[derive(Clone, PartialEq)]
pub struct Call {
    stage: UseStateHandle<Stage>,
    store: Store,
}

/// A request that was not sent yet.
#[hook]
pub fn use_call() -> Call {
    let store = use_store();
    let stage = use_state(|| Stage::Idle);
    let call = Call { stage, store };
    let tick = use_force_update();
    use_effect_with(call.wait() > 0.0, move |waits| {
        let interval = waits.then(|| Interval::new(1_000, move || tick.force_update()));
        move || drop(interval)
    });
    call
}

impl Call {
    /// Sends it, unless one is under way; `done` hears the body of an answer that is no refusal.
    pub fn send(
        &self,
        method: &'static str,
        path: &str,
        body: Option<String>,
        done: impl FnOnce(String) + 'static,
    ) {
        self.send_or(method, path, body, done, |_| false);
    }

    /// The same; `refused` hears why not, and whether it has said so, where it belongs.
    pub fn send_or(
        &self,
        method: &'static str,
        path: &str,
        body: Option<String>,
        done: impl FnOnce(String) + 'static,
        refused: impl FnOnce(&Failure) -> bool + 'static,
    ) {
        if self.is_stopped() {
            return;
        }
        self.stage.set(Stage::Busy);
        let (stage, store, url) = (
            self.stage.setter(),
            self.store.clone(),
            format!("{API}{path}"),
        );
        spawn_local(async move {
            match ask(method, &url, body.as_deref()).await {
                Ok(body) => {
                    stage.set(Stage::Idle);
                    done(body);
                }
                Err((failure, wait)) => {
                    // Who was somebody may be nobody by now, or may do less.
                    let is_news = failure.is_nobody() || failure.is_refused_to_us();
                    if is_news && store.read(|state| state.principal().is_some()) {
                        store.ask_who();
                    }
                    stage.set(match refused(&failure) {
                        true => Stage::Idle,
                        false => Stage::Refused {
                            why: failure.message(),
                            until: js_sys::Date::now() + wait * 1_000.0,
                        },
                    });
                }
            }
        });
    }

    /// Whether nothing can be sent now: it is under way, or the server has said to wait.
    pub fn is_stopped(&self) -> bool {
        *self.stage == Stage::Busy || self.wait() > 0.0
    }

    /// For how many seconds still.
    fn wait(&self) -> f64 {
        match &*self.stage {
            Stage::Refused { until, .. } => ((until - js_sys::Date::now()) / 1_000.0).ceil(),
            _ => 0.0,
        }
    }

    /// Why it was refused, if it was.
    pub fn why(&self) -> Html {
        match &*self.stage {
            Stage::Refused { why, .. } => html! {
                <p class="notice notice-bad call-why" role="alert">{ icon(Icon::Warning) }<span>{ why.clone() }</span></p>
            },
            _ => Html::default(),
        }
    }

    /// The button that sends it. While there is no use in that it says for how long.
    pub fn button(&self, action: &str) -> Html {
        let wait = self.wait();
        let label = match &*self.stage {
            Stage::Busy => "One moment…".to_owned(),
            _ if wait > 0.0 => format!("Try again in {wait:.0} s"),
            _ => action.to_owned(),
        };
        // While it is under way the button keeps the focus, which one that is disabled loses.
        let is_busy = *self.stage == Stage::Busy;
        html! {
            <button type="submit" class="button button-primary" disabled={wait > 0.0} aria-disabled={is_busy.to_string()}>{ label }</button>
        }
    }
}

/// The body of the answer, or why there is none and for how many seconds to wait before trying again.
async fn ask(method: &str, url: &str, body: Option<&str>) -> Result<String, (Failure, f64)> {
    let at_once = |failure| (failure, 0.0);
    let response = rest::fetch(method, url, &[], body, None)
        .await
        .map_err(at_once)?;
    let text = rest::text(&response).await.map_err(at_once)?;
    if response.ok() {
        return Ok(text);
    }
    let wait = response.headers().get("retry-after").ok().flatten();
    let wait = wait.and_then(|wait| wait.parse().ok()).unwrap_or(0.0);
    Err((rest::refusal(response.status(), &text), wait))
}
