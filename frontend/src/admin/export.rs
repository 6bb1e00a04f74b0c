//! The whole audit as a file, one entry a line.

use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};
use yew::prelude::*;

use crate::net::rest::{self, API, Failure};

#[derive(Clone, PartialEq)]
enum Stage {
    Idle,
    /// So many entries so far.
    Busy(usize),
    Failed(String),
}

/// The button.
#[component]
pub fn Export() -> Html {
    let stage = use_state(|| Stage::Idle);
    let onclick = {
        let stage = stage.clone();
        Callback::from(move |_: MouseEvent| {
            let setter = stage.setter();
            setter.set(Stage::Busy(0));
            spawn_local(async move {
                let told = setter.clone();
                let outcome = all(move |count| told.set(Stage::Busy(count))).await;
                setter.set(match outcome {
                    Ok(lines) => save(&lines).map_or_else(
                        |_| Stage::Failed("The browser does not save files.".into()),
                        |()| Stage::Idle,
                    ),
                    Err(failure) => Stage::Failed(failure.message()),
                });
            });
        })
    };
    let is_busy = matches!(*stage, Stage::Busy(_));
    html! {
        <>
            if let Stage::Failed(why) = &*stage {
                <span class="field-error" role="alert">{ why }</span>
            }
            <button type="button" class="button button-small" disabled={is_busy} {onclick} title="One JSON object a line">
                { match *stage {
                    Stage::Busy(count) => format!("{count} entries…"),
                    _ => "Export as NDJSON".to_owned(),
                } }
            </button>
        </>
    }
}

/// All of it, page by page.
async fn all(told: impl Fn(usize)) -> Result<Vec<String>, Failure> {
    let mut pages: Vec<String> = Vec::new();
    let mut count = 0;
    let mut next = String::new();
    loop {
        let url = format!("{API}/audit?format=ndjson&limit=200{next}");
        let response = rest::fetch("GET", &url, &[], None, None).await?;
        let text = rest::text(&response).await?;
        if !response.ok() {
            return Err(rest::refusal(response.status(), &text));
        }
        count += text.lines().count();
        told(count);
        pages.push(text);
        match response.headers().get("devteam-next").ok().flatten() {
            Some(page) => next = format!("&page={}", rest::encode(&page)),
            None => return Ok(pages),
        }
    }
}

fn save(pages: &[String]) -> Result<(), JsValue> {
    let parts: Array = pages.iter().map(|page| JsValue::from_str(page)).collect();
    let options = BlobPropertyBag::new();
    options.set_type("application/x-ndjson");
    let blob = Blob::new_with_str_sequence_and_options(&parts, &options)?;
    let url = Url::create_object_url_with_blob(&blob)?;
    let link: HtmlAnchorElement = gloo::utils::document()
        .create_element("a")?
        .unchecked_into();
    link.set_href(&url);
    link.set_download("audit.ndjson");
    link.click();
    Url::revoke_object_url(&url)
}
