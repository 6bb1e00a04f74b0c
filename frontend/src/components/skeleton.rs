//! What a page looks like before its data are there.

use yew::prelude::*;

/// Lines of a list.
pub fn skeleton_rows(rows: usize) -> Html {
    loading(
        (0..rows)
            .map(|_| html! { <span class="skeleton skeleton-row"></span> })
            .collect(),
    )
}

/// A grid of cards.
pub fn skeleton_cards(cards: usize) -> Html {
    let cards = (0..cards).map(|_| html! { <span class="skeleton skeleton-card"></span> });
    loading(html! { <div class="grid">{ for cards }</div> })
}

/// A whole page: heading and lines.
pub fn skeleton_page() -> Html {
    html! {
        <div class="page">
            <div class="page-header"><span class="skeleton skeleton-title"></span></div>
            <div class="page-body">{ skeleton_rows(8) }</div>
        </div>
    }
}

fn loading(shapes: Html) -> Html {
    html! { <div aria-busy="true"><span class="sr-only" role="status">{ "Loading" }</span>{ shapes }</div> }
}
