//! The WebSocket.

use gloo::events::EventListener;
use shared_types::sync::Closed;
use wasm_bindgen::JsCast;
use web_sys::{CloseEvent, MessageEvent, WebSocket};

use super::{
    rest::API,
    signal::{Listener, Signal},
};

/// An open WebSocket, or one that is being opened; closed when dropped.
pub struct Socket {
    socket: WebSocket,
    _listeners: [EventListener; 2],
}

impl Socket {
    /// Opens one; none where the browser can't even try.
    pub fn open(listener: Listener) -> Option<Self> {
        let location = gloo::utils::window().location();
        let scheme = if location.protocol().ok()? == "https:" {
            "wss"
        } else {
            "ws"
        };
        let url = format!("{scheme}://{}{API}/ws", location.host().ok()?);
        let socket = WebSocket::new_with_str(&url, "devteam.v1").ok()?;
        let on_message = {
            let listener = listener.clone();
            move |event: &web_sys::Event| {
                let data = event
                    .dyn_ref::<MessageEvent>()
                    .and_then(|event| event.data().as_string());
                if let Some(text) = data {
                    listener(Signal::Text(text));
                }
            }
        };
        let on_close = move |event: &web_sys::Event| {
            let code = event.dyn_ref::<CloseEvent>().map_or(1006, CloseEvent::code);
            // 1006 is the browser's word for a connection that was cut, or never came about.
            listener(Signal::Closed(if code == 1006 {
                Closed::Lost
            } else {
                Closed::Code(code)
            }));
        };
        let listeners = [
            EventListener::new(&socket, "message", on_message),
            EventListener::new(&socket, "close", on_close),
        ];
        Some(Self {
            socket,
            _listeners: listeners,
        })
    }

    /// Sends a text frame; on a socket that is closing it is lost, which the end of the connection makes good.
    pub fn send(&self, text: &str) {
        let _ = self.socket.send_with_str(text);
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        // Closing one that is closed is no error.
        let _ = self.socket.close();
    }
}
