//! Web Locks: which tab does what only one may do, and which tabs are still there.

use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::{JsFuture, spawn_local};

/// How to ask for a lock.
#[derive(Clone, Copy, PartialEq)]
pub enum How {
    /// Wait for it.
    Wait,
    /// Only if nobody has it.
    IfFree,
    /// Take it from whoever has it.
    Steal,
}

fn manager() -> Option<JsValue> {
    let navigator = gloo::utils::window().navigator();
    let locks = Reflect::get(&navigator, &"locks".into()).ok()?;
    // Only on a secure origin.
    (!locks.is_undefined()).then_some(locks)
}

/// Whether there are locks here.
pub fn are_there() -> bool {
    manager().is_some()
}

/// Asks for a lock, which is then held for as long as this page is there or until it is taken away. `told` hears whether it
/// was had, and, where it is taken away, that too, as `false`.
pub fn hold(name: &str, how: How, told: impl Fn(bool) + 'static) {
    let (name, told) = (name.to_owned(), std::rc::Rc::new(told));
    spawn_local(async move {
        let granted = told.clone();
        let callback = Closure::once(move |lock: JsValue| -> JsValue {
            let has = !lock.is_null();
            granted(has);
            if has {
                // Never settles: held until the page is gone.
                Promise::new(&mut |_, _| {}).into()
            } else {
                JsValue::UNDEFINED
            }
        });
        let asked = request(&name, how, callback.as_ref().unchecked_ref());
        let outcome = match asked {
            Some(promise) => JsFuture::from(promise).await.map(drop),
            None => Err(JsValue::UNDEFINED),
        };
        // It ends when it was not free, which was told, or when it is taken away.
        if outcome.is_err() {
            told(false);
        }
    });
}

fn request(name: &str, how: How, callback: &Function) -> Option<Promise> {
    let manager = manager()?;
    let options = Object::new();
    let option = match how {
        How::Wait => None,
        How::IfFree => Some("ifAvailable"),
        How::Steal => Some("steal"),
    };
    if let Some(option) = option {
        Reflect::set(&options, &option.into(), &JsValue::TRUE).ok()?;
    }
    let request: Function = Reflect::get(&manager, &"request".into())
        .ok()?
        .dyn_into()
        .ok()?;
    request
        .call3(&manager, &name.into(), &options, callback)
        .ok()?
        .dyn_into()
        .ok()
}

/// Waits until a lock is free, says so, and leaves it free.
pub fn hold_briefly(name: &str, free: impl FnOnce() + 'static) {
    let name = name.to_owned();
    spawn_local(async move {
        let callback = Closure::once(move |_: JsValue| free());
        if let Some(promise) = request(&name, How::Wait, callback.as_ref().unchecked_ref()) {
            // Nobody takes it away from one who holds it for no time.
            let _ = JsFuture::from(promise).await;
        }
    });
}
