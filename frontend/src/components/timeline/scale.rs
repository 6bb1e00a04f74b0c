//! Days along the screen.

use shared_types::value::Date;
use yew::prelude::*;

use super::model::Span;
use crate::components::time::month;

/// What is further from today than this is drawn at the edge.
const FAR_DAYS: i64 = 2 * 365;
/// Shown before the first day and after the last.
const AROUND_DAYS: i64 = 14;
const WEEK: i64 = 7;
/// 1970 began on a Thursday.
const MONDAY: i64 = 4;

/// Where a day is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    first: i64,
    last: i64,
    today: i64,
    /// Pixels to the day.
    day: f64,
}

impl Scale {
    /// One that has room for all of these, and for today.
    pub fn new(spans: impl Iterator<Item = Span>, today: i64, day: f64) -> Self {
        let (mut first, mut last) = (today, today);
        for span in spans {
            first = first.min(span.from);
            last = last.max(span.to);
        }
        Self {
            first: first.max(today - FAR_DAYS) - AROUND_DAYS,
            last: last.min(today + FAR_DAYS) + AROUND_DAYS,
            today,
            day,
        }
    }

    /// Where a day begins, in pixels.
    pub fn at(&self, day: i64) -> f64 {
        (day.clamp(self.first, self.last + 1) - self.first) as f64 * self.day
    }

    /// How wide all of it is.
    pub fn width(&self) -> f64 {
        self.at(self.last + 1)
    }

    /// Where the middle of today is.
    pub fn now(&self) -> f64 {
        self.at(self.today) + self.day / 2.0
    }

    /// The months, and where there is room the weeks; above them what each is called.
    pub fn view(&self) -> Html {
        let by_week = self.day >= 10.0;
        let place = |day: i64| format!("left:{:.1}px", self.at(day));
        let (mut names, mut lines) = (Vec::new(), Vec::new());
        for day in self.first..=self.last {
            let date = Date::from_days(day);
            let is_week = by_week && day.rem_euclid(WEEK) == MONDAY;
            if date.day() == 1 {
                let name = match date.month() {
                    1 => date.year().to_string(),
                    _ => month(date).to_owned(),
                };
                names.push(
                    html! { <span class="timeline-month" style={place(day)}>{ name }</span> },
                );
            } else if is_week && (4..28).contains(&date.day()) {
                names.push(
                    html! { <span class="timeline-week" style={place(day)}>{ date.day() }</span> },
                );
            }
            if date.day() == 1 || is_week {
                lines.push(html! { <span class="timeline-line" style={place(day)}></span> });
            }
        }
        let now = format!("left:{:.1}px", self.now());
        html! {
            <div aria-hidden="true">
                <div class="timeline-head">
                    <span class="timeline-corner"></span>
                    <div class="timeline-days">
                        { for names }
                        <span class="timeline-today" style={now.clone()}>{ "Today" }</span>
                    </div>
                </div>
                <div class="timeline-grid">{ for lines }<span class="timeline-now" style={now}></span></div>
            </div>
        }
    }
}
