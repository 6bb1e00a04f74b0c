//! Accounts, sessions, invitations, tokens and the audit. What they change is the directory, not the organization.

mod account;
mod accounts;
mod audit;
mod call;
mod invitations;
mod session;
mod sessions;
mod tokens;

pub(super) use call::{Call, answer, done};

use utoipa_actix_web::service_config::ServiceConfig;

pub(super) fn configure(config: &mut ServiceConfig) {
    config
        .configure(session::configure)
        .configure(account::configure)
        .configure(sessions::configure)
        .configure(tokens::configure)
        .configure(invitations::configure)
        .configure(accounts::configure)
        .configure(audit::configure);
}
