//! Dragging items with a pointer: a mouse at once, a finger after a moment, so that it can scroll too.

use std::{cell::RefCell, rc::Rc};

use gloo::{
    events::{EventListener, EventListenerOptions},
    timers::callback::{Interval, Timeout},
};
use shared_types::value::ItemId;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, PointerEvent};
use yew::prelude::*;

use crate::store::{Action, use_latest, use_may};

/// A mouse that moves less has only clicked.
const SLACK_PX: f64 = 5.0;
/// A finger that rests this long wants to drag, not to scroll.
const HOLD_MS: u32 = 280;
/// At this distance from its edge a list scrolls by itself.
const EDGE_PX: f64 = 36.0;

/// What is being dragged, and where it would drop.
#[derive(Debug, Clone, PartialEq)]
pub struct Dragged<T> {
    pub ids: Rc<Vec<ItemId>>,
    pub over: Option<T>,
}

/// The state of dragging in one list.
#[derive(Clone, PartialEq)]
pub struct Drag<T: PartialEq> {
    pub dragged: Option<Dragged<T>>,
    /// To be what shows it under the pointer. It is moved past Yew, which would draw the whole list for each move.
    pub ghost: NodeRef,
    /// A press on an item, with all that it would take along.
    pub on_press: Callback<(PointerEvent, Vec<ItemId>)>,
    /// Whether the last press became a drag, so that the click after it is none.
    pub was_dragged: Rc<RefCell<bool>>,
}

type Locate<T> = Rc<dyn Fn(f64, f64) -> Option<T>>;
type Drop<T> = Rc<dyn Fn(Vec<ItemId>, T)>;
type Latest<T> = Rc<RefCell<(Locate<T>, Drop<T>)>>;

struct Press {
    ids: Rc<Vec<ItemId>>,
    start: (f64, f64),
    at: (f64, f64),
    is_active: bool,
    /// Kept until the press ends.
    _listeners: Vec<EventListener>,
    _timers: (Option<Timeout>, Interval),
}

/// `locate` says what is under a point of the window; `drop` puts the items there.
#[hook]
pub fn use_drag<T: Clone + PartialEq + 'static>(
    locate: impl Fn(f64, f64) -> Option<T> + 'static,
    drop: impl Fn(Vec<ItemId>, T) + 'static,
) -> Drag<T> {
    let may = use_may(Action::Work);
    let dragged = use_state_eq(|| None::<Dragged<T>>);
    let was_dragged = use_mut_ref(|| false);
    let latest: Latest<T> = {
        let (locate, drop): (Locate<T>, Drop<T>) = (Rc::new(locate), Rc::new(drop));
        let latest = use_mut_ref({
            let (locate, drop) = (locate.clone(), drop.clone());
            move || (locate, drop)
        });
        *latest.borrow_mut() = (locate, drop);
        latest
    };
    let press = use_mut_ref(|| None::<Press>);
    {
        // Nothing may go on listening when the list is gone.
        let press = press.clone();
        use_effect_with((), move |()| move || drop_press(&press));
    }
    let ghost = use_node_ref();
    {
        // It is drawn first where it was taken up.
        let (ghost, press) = (ghost.clone(), press.clone());
        use_effect_with(dragged.is_some(), move |_| {
            if let Some(press) = &*press.borrow() {
                carry(&ghost, press.at);
            }
        });
    }
    let on_press = {
        let (setter, ghost) = (dragged.setter(), ghost.clone());
        let was_dragged = was_dragged.clone();
        use_latest(move |(event, ids): (PointerEvent, Vec<ItemId>)| {
            *was_dragged.borrow_mut() = false;
            if !may || event.button() != 0 || !event.is_primary() {
                return;
            }
            let point = (f64::from(event.client_x()), f64::from(event.client_y()));
            let hand = Hand {
                press: press.clone(),
                latest: latest.clone(),
                setter: setter.clone(),
                ghost: ghost.clone(),
                was_dragged: was_dragged.clone(),
            };
            hand.press(Rc::new(ids), point, event.pointer_type() == "touch");
        })
    };
    Drag {
        dragged: (*dragged).clone(),
        ghost,
        on_press,
        was_dragged,
    }
}

fn drop_press(press: &RefCell<Option<Press>>) {
    press.borrow_mut().take();
    mark_body(false);
}

/// Puts what is carried under the pointer.
fn carry(ghost: &NodeRef, (x, y): (f64, f64)) {
    if let Some(ghost) = ghost.cast::<HtmlElement>() {
        let place = format!("translate({x:.0}px,{y:.0}px)");
        // A style of this name can always be set.
        let _ = ghost.style().set_property("transform", &place);
    }
}

fn mark_body(dragging: bool) {
    // A class on the body can always be set.
    let _ = gloo::utils::body()
        .class_list()
        .toggle_with_force("is-dragging", dragging);
}

#[derive(Clone)]
struct Hand<T: Clone + PartialEq + 'static> {
    press: Rc<RefCell<Option<Press>>>,
    latest: Latest<T>,
    setter: UseStateSetter<Option<Dragged<T>>>,
    ghost: NodeRef,
    was_dragged: Rc<RefCell<bool>>,
}

impl<T: Clone + PartialEq + 'static> Hand<T> {
    fn press(&self, ids: Rc<Vec<ItemId>>, point: (f64, f64), is_touch: bool) {
        let window = gloo::utils::window();
        let hand = self.clone();
        let moved = EventListener::new(&window, "pointermove", move |event| {
            if let Some(event) = event.dyn_ref::<PointerEvent>() {
                hand.moved(
                    (f64::from(event.client_x()), f64::from(event.client_y())),
                    is_touch,
                );
            }
        });
        let hand = self.clone();
        let up = EventListener::once(&window, "pointerup", move |_| hand.end(true));
        let hand = self.clone();
        let cancel = EventListener::once(&window, "pointercancel", move |_| hand.end(false));
        let hand = self.clone();
        let escape = EventListener::new(&window, "keydown", move |event| {
            if event
                .dyn_ref::<web_sys::KeyboardEvent>()
                .is_some_and(|event| event.key() == "Escape")
            {
                hand.end(false);
            }
        });
        // While something is dragged the finger must not scroll.
        let hand = self.clone();
        let options = EventListenerOptions::enable_prevent_default();
        let touch = EventListener::new_with_options(&window, "touchmove", options, move |event| {
            if hand.is_active() {
                event.prevent_default();
            }
        });
        let hand = self.clone();
        let hold = is_touch.then(|| Timeout::new(HOLD_MS, move || hand.activate()));
        let hand = self.clone();
        let scroll = Interval::new(30, move || hand.show());
        *self.press.borrow_mut() = Some(Press {
            ids,
            start: point,
            at: point,
            is_active: false,
            _listeners: vec![moved, up, cancel, escape, touch],
            _timers: (hold, scroll),
        });
    }

    fn is_active(&self) -> bool {
        self.press
            .borrow()
            .as_ref()
            .is_some_and(|press| press.is_active)
    }

    fn moved(&self, at: (f64, f64), is_touch: bool) {
        let far = {
            let mut press = self.press.borrow_mut();
            let Some(press) = press.as_mut() else { return };
            press.at = at;
            (at.0 - press.start.0).hypot(at.1 - press.start.1) > SLACK_PX
        };
        match (self.is_active(), far, is_touch) {
            (true, ..) => self.show(),
            (false, true, false) => self.activate(),
            // The finger scrolls.
            (false, true, true) => self.end(false),
            _ => {}
        }
    }

    fn activate(&self) {
        if let Some(press) = self.press.borrow_mut().as_mut() {
            press.is_active = true;
        }
        *self.was_dragged.borrow_mut() = true;
        mark_body(true);
        self.show();
    }

    fn show(&self) {
        let (ids, (x, y)) = match &*self.press.borrow() {
            Some(press) if press.is_active => (press.ids.clone(), press.at),
            _ => return,
        };
        scroll_at_edge(x, y);
        let locate = self.latest.borrow().0.clone();
        let over = locate(x, y);
        self.setter.set(Some(Dragged { ids, over }));
        // Last: what asks where things are would wait for it to be laid out.
        carry(&self.ghost, (x, y));
    }

    fn end(&self, drops: bool) {
        let Some(press) = self.press.borrow_mut().take() else {
            return;
        };
        mark_body(false);
        self.setter.set(None);
        if press.is_active && drops {
            let (locate, drop) = self.latest.borrow().clone();
            if let Some(place) = locate(press.at.0, press.at.1) {
                drop(press.ids.to_vec(), place);
            }
        }
        // These listeners may be what is running now.
        Timeout::new(0, move || std::mem::drop(press)).forget();
    }
}

/// The element under a point.
pub fn element_at(x: f64, y: f64) -> Option<Element> {
    gloo::utils::document().element_from_point(x as f32, y as f32)
}

fn scroll_at_edge(x: f64, y: f64) {
    let Some(list) = element_at(x, y).and_then(|at| at.closest(".virtual, .board").ok().flatten())
    else {
        return;
    };
    let rect = list.get_bounding_client_rect();
    let step = |near: f64, far: f64, at: f64| match () {
        () if at - near < EDGE_PX => -10,
        () if far - at < EDGE_PX => 10,
        () => 0,
    };
    list.set_scroll_top(list.scroll_top() + step(rect.top(), rect.bottom(), y));
    if let Some(board) = list.closest(".board").ok().flatten() {
        let rect = board.get_bounding_client_rect();
        board.set_scroll_left(board.scroll_left() + step(rect.left(), rect.right(), x));
    }
}
