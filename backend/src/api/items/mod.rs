//! `/items`

mod edit;
mod filter;
mod list;
mod order;
mod parts;

use utoipa_actix_web::service_config::ServiceConfig;

pub(super) fn configure(config: &mut ServiceConfig) {
    config
        .configure(list::configure)
        .configure(edit::configure)
        .configure(parts::configure);
}
