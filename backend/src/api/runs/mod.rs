//! `/runs`, and what belongs to AI work elsewhere: the runs and proposals of an item, the runs of a member, budgets, the switch.

mod claim;
mod desk;
mod fence;
mod lines;
mod log;
mod money;
mod of_item;
mod of_member;
mod past;
mod review;
mod show;
mod work;

use utoipa_actix_web::service_config::ServiceConfig;

pub(super) fn configure(config: &mut ServiceConfig) {
    config
        .configure(of_item::configure)
        .configure(of_member::configure)
        .configure(claim::configure)
        .configure(lines::configure)
        .configure(show::configure)
        .configure(log::configure)
        .configure(review::configure)
        .configure(work::configure)
        .configure(desk::configure)
        .configure(money::configure);
}
