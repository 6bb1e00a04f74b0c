//! Moments as people say them.

use gloo::timers::callback::Interval;
use shared_types::value::{Date, Timestamp};
use wasm_bindgen::JsValue;
use yew::prelude::*;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Properties of [`RelativeTime`].
#[derive(Properties, PartialEq)]
pub struct RelativeTimeProps {
    pub at: Timestamp,
}

/// How long ago something was; it grows older by itself.
#[component]
pub fn RelativeTime(props: &RelativeTimeProps) -> Html {
    let tick = use_force_update();
    use_effect_with((), move |()| {
        let interval = Interval::new(30_000, move || tick.force_update());
        move || drop(interval)
    });
    html! {
        <time datetime={props.at.to_string()} title={in_full(props.at)}>{ ago(now(), props.at) }</time>
    }
}

/// Now, as this machine's clock has it.
pub fn now() -> Timestamp {
    Timestamp::from_millis(js_sys::Date::now() as i64)
}

/// Today, where the reader is.
pub fn today() -> String {
    let date = js_sys::Date::new_0();
    format!(
        "{:04}-{:02}-{:02}",
        date.get_full_year(),
        date.get_month() + 1,
        date.get_date()
    )
}

/// The day of a moment, where the reader is, in days since 1970.
pub fn day_of(at: Timestamp) -> i64 {
    let offset = js_sys::Date::new_0().get_timezone_offset() as i64;
    (at.as_millis() - offset * MINUTE).div_euclid(DAY)
}

/// The month of a day, in short: `Nov`.
pub fn month(date: Date) -> String {
    let at = date_of(date.year().into(), date.month(), 1);
    locale(&at, &[("month", "short")])
}

/// A day as people write it: `23 Nov`.
pub fn day(date: Date) -> String {
    let at = date_of(date.year().into(), date.month(), date.day());
    locale(&at, &[("day", "numeric"), ("month", "short")])
}

/// Date and time, where the reader is.
pub fn in_full(at: Timestamp) -> String {
    let date = js_sys::Date::new(&JsValue::from_f64(at.as_millis() as f64));
    locale(&date, &[("dateStyle", "medium"), ("timeStyle", "short")])
}

fn ago(now: Timestamp, at: Timestamp) -> String {
    // A clock that runs behind the server's must not say that something is yet to come.
    let age = (now.as_millis() - at.as_millis()).max(0);
    match age {
        ..MINUTE => "just now".into(),
        MINUTE..HOUR => format!("{} min ago", age / MINUTE),
        HOUR..DAY => format!("{} h ago", age / HOUR),
        _ if age < 7 * DAY => format!("{} d ago", age / DAY),
        _ => {
            let date = js_sys::Date::new(&JsValue::from_f64(at.as_millis() as f64));
            locale(
                &date,
                &[("day", "numeric"), ("month", "short"), ("year", "numeric")],
            )
        }
    }
}

fn date_of(year: i32, month: u8, day: u8) -> js_sys::Date {
    let year = u32::try_from(year).unwrap_or_default();
    js_sys::Date::new_with_year_month_day(year, i32::from(month) - 1, i32::from(day))
}

fn locale(date: &js_sys::Date, options: &[(&str, &str)]) -> String {
    let settings = js_sys::Object::new();
    for (name, value) in options {
        // Setting a plain property of a fresh object can't fail.
        let _ = js_sys::Reflect::set(
            &settings,
            &JsValue::from_str(name),
            &JsValue::from_str(value),
        );
    }
    date.to_locale_string("en-GB", &settings).into()
}
