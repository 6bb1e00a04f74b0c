//! Server-sent events, read from a stream. (`EventSource` would hide the comments that say the line is alive, the status
//! of a refusal, and the position to go on at.)

use std::{cell::Cell, rc::Rc};

use shared_types::sync::Closed;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{AbortController, ReadableStreamDefaultReader, TextDecodeOptions, TextDecoder};

use super::{
    rest::{self, API, Failure},
    signal::{Listener, Signal},
};

/// A stream; ended when dropped.
pub struct Sse {
    abort: Option<AbortController>,
    is_alive: Rc<Cell<bool>>,
}

impl Sse {
    /// Asks for a stream of what the query says.
    pub fn open(query: &str, listener: Listener) -> Self {
        let abort = AbortController::new().ok();
        let is_alive = Rc::new(Cell::new(true));
        let url = format!("{API}/sse?{query}");
        let signal = abort.as_ref().map(AbortController::signal);
        let alive = is_alive.clone();
        spawn_local(async move {
            let hear = |signal| {
                // One that was dropped has nothing to say any more.
                if alive.get() {
                    listener(signal);
                }
            };
            let headers = [("accept", "text/event-stream")];
            let closed = match rest::fetch("GET", &url, &headers, None, signal.as_ref()).await {
                Ok(response) if !response.ok() => Closed::Status(response.status()),
                Ok(response) => match response.body() {
                    Some(body) => read(body.get_reader().unchecked_into(), &hear).await,
                    None => Closed::Lost,
                },
                Err(Failure::Refused(problem)) => Closed::Status(problem.status),
                Err(Failure::Network) => Closed::Lost,
            };
            hear(Signal::Closed(closed));
        });
        Self { abort, is_alive }
    }
}

impl Drop for Sse {
    fn drop(&mut self) {
        self.is_alive.set(false);
        if let Some(abort) = &self.abort {
            abort.abort();
        }
    }
}

async fn read(reader: ReadableStreamDefaultReader, hear: &impl Fn(Signal)) -> Closed {
    let Ok(decoder) = TextDecoder::new() else {
        return Closed::Lost;
    };
    let options = TextDecodeOptions::new();
    // A character may be cut in two.
    options.set_stream(true);
    let mut parser = Parser::default();
    while let Ok(chunk) = JsFuture::from(reader.read()).await {
        let field =
            |name: &str| js_sys::Reflect::get(&chunk, &JsValue::from_str(name)).unwrap_or_default();
        if field("done").is_truthy() {
            break;
        }
        let bytes: js_sys::Object = field("value").unchecked_into();
        let Ok(text) = decoder.decode_with_buffer_source_and_options(&bytes, &options) else {
            break;
        };
        hear(Signal::Sound);
        parser.feed(&text, hear);
    }
    Closed::Lost
}

/// Reads the format of server-sent events: fields line by line, a message at each empty line.
#[derive(Default)]
struct Parser {
    rest: String,
    data: String,
    id: Option<String>,
}

impl Parser {
    fn feed(&mut self, text: &str, hear: &impl Fn(Signal)) {
        self.rest.push_str(text);
        let buffer = std::mem::take(&mut self.rest);
        let mut lines = buffer.split('\n');
        let last = lines.next_back().unwrap_or_default();
        for line in lines {
            self.line(line.strip_suffix('\r').unwrap_or(line), hear);
        }
        self.rest = last.to_owned();
    }

    fn line(&mut self, line: &str, hear: &impl Fn(Signal)) {
        if line.is_empty() {
            if !self.data.is_empty() {
                hear(Signal::Text(std::mem::take(&mut self.data)));
            }
            if let Some(id) = self.id.take() {
                hear(Signal::Position(id));
            }
            return;
        }
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match name {
            "data" => {
                if !self.data.is_empty() {
                    self.data.push('\n');
                }
                self.data.push_str(value);
            }
            "id" => self.id = Some(value.to_owned()),
            // The type stands in the data too; a comment has no name.
            _ => {}
        }
    }
}
