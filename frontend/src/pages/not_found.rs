use yew::prelude::*;
use yew_router::prelude::*;

use crate::{
    components::{empty::empty, icon::Icon},
    routes::Route,
};

/// An address that leads nowhere.
#[component]
pub fn NotFound() -> Html {
    let next = html! {
        <>
            <Link<Route> classes="button button-primary" to={Route::Dashboard}>{ "Go to the dashboard" }</Link<Route>>
            <Link<Route> classes="button" to={Route::Projects}>{ "See all projects" }</Link<Route>>
        </>
    };
    html! {
        <div class="page">
            <h1 class="sr-only">{ "Not found" }</h1>
            { empty(Icon::Search, "There is no such page", "The address may have a typing error, or be of something that has been moved.", next) }
        </div>
    }
}
