//! The pages, one for each route.

mod account;
mod dashboard;
mod gone;
mod item;
mod member;
mod members;
mod not_found;
mod project;
mod projects;
mod team;
mod teams;

pub use account::Account;
pub use dashboard::Dashboard;
pub use item::{Item, ItemDrawer};
pub use member::Member;
pub use members::Members;
pub use not_found::NotFound;
pub use project::Project;
pub use projects::Projects;
pub use team::Team;
pub use teams::Teams;
