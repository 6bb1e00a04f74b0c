//! The teams of a project.

use shared_types::topic::Topic;
use yew::prelude::*;
use yew_router::prelude::*;

use super::{gone::Absent, team::team_cards};
use crate::{
    routes::Route,
    store::{TopicState, use_select, use_topic},
};

/// Properties of [`Teams`].
#[derive(Properties, PartialEq)]
pub struct TeamsProps {
    /// By slug or id.
    pub project: String,
}

/// The page.
#[component]
pub fn Teams(props: &TeamsProps) -> Html {
    let topic = use_topic(&format!("project:{}", props.project));
    let project = {
        let topic = topic.clone();
        use_select(move |state| match topic {
            TopicState::Ready(Topic::Project(id)) => state.project(id).cloned(),
            _ => None,
        })
    };
    let Some(project) = &*project else {
        return html! {
            <Absent state={topic} what="project" name={props.project.clone()} back={Route::Projects} back_label="See all projects" />
        };
    };
    html! {
        <div class="page">
            <header class="page-header">
                <div class="page-heading"><h1>{ format!("Teams of {}", project.name) }</h1></div>
                <div class="page-actions">
                    <Link<Route> classes="button" to={Route::project(&project.slug)}>{ "To the project" }</Link<Route>>
                </div>
            </header>
            <div class="page-body">{ team_cards(project) }</div>
        </div>
    }
}
