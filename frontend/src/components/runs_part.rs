//! What is shown of runs, budgets and AI members' profiles: all of it is drawn by a part of the app of its own.

use yew::prelude::*;

use super::skeleton::{skeleton_page, skeleton_rows};
use crate::{
    parts::{self, use_part},
    runs::Panel,
};

/// Draws it once that part is there.
pub fn runs(panel: Panel) -> Html {
    html! { <RunsPart {panel} /> }
}

#[derive(Properties, PartialEq)]
struct RunsPartProps {
    panel: Panel,
}

#[component]
fn RunsPart(props: &RunsPartProps) -> Html {
    let panel = props.panel.clone();
    let is_page = matches!(panel, Panel::Run(_));
    let meanwhile = || match is_page {
        true => skeleton_page(),
        false => skeleton_rows(3),
    };
    use_part(parts::runs).draw(|draw| draw(panel), meanwhile)
}
