//! What an AI member does right now, in one line.

use shared_types::model::RunLine;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::routes::Route;

/// The line, leading to the run.
pub fn run_line(line: &RunLine) -> Html {
    html! { <Link<Route> classes={class(line)} to={Route::run(&line.run)}>{ &line.line }</Link<Route>> }
}

/// The same where what is around it leads somewhere already.
pub fn run_words(line: &RunLine) -> Html {
    html! { <span class={class(line)}>{ &line.line }</span> }
}

fn class(line: &RunLine) -> Classes {
    classes!("run-line", line.state.as_str())
}
