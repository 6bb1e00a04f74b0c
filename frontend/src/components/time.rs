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
pub fn month(date: Date) -> &'static str {
    month_name(u32::from(date.month()).saturating_sub(1))
}

/// A day as people write it: `23 Nov`. (Without the browser's own words for it: making them takes a long list of days
/// longer than a frame.)
pub fn day(date: Date) -> String {
    format!("{} {}", date.day(), month(date))
}

/// Date and time, where the reader is: `23 Nov 2026, 09:05`.
pub fn in_full(at: Timestamp) -> String {
    let date = there(at);
    let (hour, minute) = (date.get_hours(), date.get_minutes());
    format!("{}, {hour:02}:{minute:02}", whole_day(&date))
}

fn there(at: Timestamp) -> js_sys::Date {
    js_sys::Date::new(&JsValue::from_f64(at.as_millis() as f64))
}

fn whole_day(date: &js_sys::Date) -> String {
    let month = month_name(date.get_month());
    format!("{} {month} {}", date.get_date(), date.get_full_year())
}

fn month_name(from_zero: u32) -> &'static str {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    MONTHS.get(from_zero as usize).copied().unwrap_or_default()
}

fn ago(now: Timestamp, at: Timestamp) -> String {
    // A clock that runs behind the server's must not say that something is yet to come.
    let age = (now.as_millis() - at.as_millis()).max(0);
    match age {
        ..MINUTE => "just now".into(),
        MINUTE..HOUR => format!("{} min ago", age / MINUTE),
        HOUR..DAY => format!("{} h ago", age / HOUR),
        _ if age < 7 * DAY => format!("{} d ago", age / DAY),
        _ => whole_day(&there(at)),
    }
}
