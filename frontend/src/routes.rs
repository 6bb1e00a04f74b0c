//! Addresses: which page is where, and the item drawer that lies over any of them.

mod query;

pub use query::{ItemDrawer, UseQuery, use_item_drawer, use_query};

use yew_router::prelude::*;

/// The pages. Each is shown by the component of [`crate::pages`] of the same name.
#[derive(Debug, Clone, PartialEq, Routable)]
pub enum Route {
    /// Leads to the dashboard.
    #[at("/")]
    Home,
    #[at("/dashboard")]
    Dashboard,
    #[at("/projects")]
    Projects,
    /// By slug or id, as in all below.
    #[at("/projects/:project")]
    Project { project: String },
    #[at("/projects/:project/teams")]
    Teams { project: String },
    #[at("/projects/:project/teams/:team")]
    Team { project: String, team: String },
    #[at("/members")]
    Members,
    #[at("/members/:member")]
    Member { member: String },
    #[at("/account")]
    Account,
    /// By key or id.
    #[at("/items/:item")]
    Item { item: String },
    #[not_found]
    #[at("/not-found")]
    NotFound,
}

impl Route {
    /// A project's page.
    pub fn project(slug: &impl ToString) -> Self {
        Route::Project {
            project: slug.to_string(),
        }
    }

    /// A team's page.
    pub fn team(project: &impl ToString, team: &impl ToString) -> Self {
        Route::Team {
            project: project.to_string(),
            team: team.to_string(),
        }
    }

    /// A member's page.
    pub fn member(slug: &impl ToString) -> Self {
        Route::Member {
            member: slug.to_string(),
        }
    }

    /// An item's page.
    pub fn item(key: &impl ToString) -> Self {
        Route::Item {
            item: key.to_string(),
        }
    }
}
