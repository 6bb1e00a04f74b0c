//! Addresses: which page is where, and the item drawer that lies over any of them.

mod address;
mod query;

pub use query::{ItemDrawer, UseQuery, use_item_drawer, use_query};

/// The pages. Each is shown by the component of [`crate::pages`] of the same name.
#[derive(Debug, Clone, PartialEq)]
pub enum Route {
    /// Leads to the dashboard.
    Home,
    Dashboard,
    Projects,
    /// By slug or id, as in all below.
    Project {
        project: String,
    },
    Teams {
        project: String,
    },
    Team {
        project: String,
        team: String,
    },
    Members,
    Member {
        member: String,
    },
    Account,
    SignIn,
    /// The first account, by the server's link.
    SetUp,
    /// An account, by an invitation's link.
    Join,
    /// By key or id.
    Item {
        item: String,
    },
    /// By id.
    Run {
        run: String,
    },
    NotFound,
}

impl Route {
    /// Whether one need not be anybody for it.
    pub fn is_way_in(&self) -> bool {
        *self == Route::SignIn || self.has_secret()
    }

    /// Whether links to it have a secret behind `#`.
    pub fn has_secret(&self) -> bool {
        matches!(self, Route::SetUp | Route::Join)
    }

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

    /// A run's page.
    pub fn run(id: &impl ToString) -> Self {
        Route::Run {
            run: id.to_string(),
        }
    }

    /// An item's page.
    pub fn item(key: &impl ToString) -> Self {
        Route::Item {
            item: key.to_string(),
        }
    }
}
