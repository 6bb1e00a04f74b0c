//! The address says what things are called now: an old slug or key, or an id, gives way to the present one.

use shared_types::topic::Topic;
use yew::prelude::*;

use crate::{
    routes::{Route, use_item_drawer},
    store::{State, TopicState, use_select},
};

/// Puts the present name in the address, in place of the one that led here. What is over the page stays.
#[hook]
pub fn use_present_address(route: Option<&Route>) {
    let at = use_item_drawer();
    let route = route.cloned();
    let present = use_select(move |state| {
        let route = route.as_ref()?;
        present(state, route).filter(|present| present != route)
    });
    use_effect_with(present, move |present| {
        if let Some(route) = &**present {
            at.readdress(route);
        }
    });
}

/// The same page under its present name, as far as that is known and confirmed.
fn present(state: &State, route: &Route) -> Option<Route> {
    let topic = |requested: String| match state.topic(&requested) {
        TopicState::Ready(topic) => Some(topic),
        _ => None,
    };
    let project = |name: &str| {
        let Topic::Project(id) = topic(format!("project:{name}"))? else {
            return None;
        };
        let project = state.project(id)?;
        (!state.is_pending(id.uuid())).then(|| project.slug.to_string())
    };
    Some(match route {
        Route::Project { project: name } => Route::project(&project(name)?),
        Route::Teams { project: name } => Route::Teams {
            project: project(name)?,
        },
        Route::Team {
            project: name,
            team,
        } => match topic(format!("team:{name}/{team}"))? {
            Topic::Team(id) if !state.is_pending(id.uuid()) => {
                Route::team(&project(name)?, &state.team(id)?.slug)
            }
            _ => return None,
        },
        Route::Member { member } => match topic(format!("member:{member}"))? {
            Topic::Member(id) if !state.is_pending(id.uuid()) => {
                Route::member(&state.member(id)?.slug)
            }
            _ => return None,
        },
        Route::Item { item } => match topic(format!("item:{item}"))? {
            Topic::Item(id) if !state.is_pending(id.uuid()) => Route::item(&state.item(id)?.key),
            _ => return None,
        },
        _ => return None,
    })
}
