//! The demo's AI members always have something to do while somebody looks: each is given its next task, and takes up
//! again what nobody has reviewed. The work itself is that of every AI member: runs, with the scripted provider.

use std::{sync::Arc, time::Duration};

use shared_types::{
    Actor, Organization,
    command::{Command, NewRun},
    event::ActorKind,
    model::{Entity, Item, ItemKind, Member, MemberKind, RunState, Status},
    state::Sight,
    value::{MemberId, Timestamp},
};
use tokio_util::sync::CancellationToken;

use crate::{
    auth::now,
    engine::{Engine, Request},
};

/// Between two looks at whether anybody has nothing to do.
const PACE: Duration = Duration::from_secs(4);
/// What waits for a review for so long is taken up again, where there is nothing else to do.
const REVIEW_MS: i64 = 60_000;

/// Goes on until cancelled; rests while `watched` says that nobody looks.
pub async fn keep_busy(engine: Engine, watched: impl Fn() -> bool, cancelled: CancellationToken) {
    let mut pace = tokio::time::interval(PACE);
    pace.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    while cancelled.run_until_cancelled(pace.tick()).await.is_some() {
        if !watched() {
            continue;
        }
        for command in next(&engine.model().aggregate, now()) {
            // A refusal means that a person was quicker: the next look sees what they did.
            if let Err(failure) = engine.execute(request(command)).await {
                tracing::debug!(%failure, "the demo's next task was refused");
            }
        }
    }
}

fn request(command: Command) -> Request {
    Request {
        command,
        actor: Actor {
            kind: ActorKind::System,
            id: "demo".into(),
            run: None,
        },
        member: None,
        cause: "demo".into(),
        idempotency: None,
        sight: Sight::Organization,
        from: None,
    }
}

/// What gives each idle AI member something to do.
fn next(organization: &Organization, now: Timestamp) -> Vec<Command> {
    let agents = organization
        .members()
        .filter(|member| member.kind == MemberKind::Agent);
    let idle = agents.filter(|member| is_idle(organization, member.id()));
    idle.filter_map(|member| task_for(organization, member, now))
        .collect()
}

/// Whether none of its runs is on its way, or waits for an answer.
fn is_idle(organization: &Organization, member: MemberId) -> bool {
    let mut runs = organization.live_runs();
    !runs.any(|run| run.member == member && run.state != RunState::AwaitingReview)
}

fn task_for(organization: &Organization, member: &Member, now: Timestamp) -> Option<Command> {
    let tasks = |status: Status| {
        let of_agent = organization.items_of_member(member.id());
        of_agent
            .filter(move |item| item.kind == ItemKind::Task && item.status == status)
            .min_by_key(|item| item.stamp.updated_at)
    };
    let start = |item: &Arc<Item>| Command::StartRun {
        item: item.id().into(),
        new: NewRun {
            id: None,
            member: Some(member.id().into()),
        },
    };
    let waiting = [Status::InProgress, Status::Todo].into_iter();
    if let Some(task) = waiting.filter_map(tasks).next() {
        return Some(start(task));
    }
    let task = tasks(Status::InReview)?;
    let waited = now.as_millis() - task.stamp.updated_at.as_millis();
    match organization.live_run_of(task.id()) {
        None => Some(start(task)),
        Some(run) if run.member == member.id() && waited > REVIEW_MS => Some(Command::RejectRun {
            run: run.id(),
            reason: "Nobody has looked at it for a minute, so the demo takes it up again."
                .parse()
                .ok()?,
        }),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use shared_types::{Context, command::WorkStep, decide, state::RUNS_KEPT};

    use super::*;
    use crate::founding::Step;

    fn carry_out(organization: &mut Organization, turn: i64, request: Request) {
        let context = Context {
            at: Timestamp::from_millis(1_800_000_000_000 + turn * 4_000),
            entropy: (turn as u128) << 40 | u128::from(organization.seq) << 8,
            actor: request.actor,
            member: request.member,
            cause: request.cause,
            sight: request.sight,
            from: request.from,
        };
        *organization = decide(organization, &request.command, &context)
            .expect("what they do is allowed")
            .organization;
    }

    #[test]
    fn they_always_find_something_to_do_and_what_is_kept_of_it_does_not_grow() {
        let founding = crate::demo::founding(Timestamp::from_millis(1_800_000_000_000));
        let founding = founding.expect("the content is well formed");
        let mut organization = Organization::new(founding.origin);
        for Step { context, command } in &founding.steps {
            organization = decide(&organization, command, context)
                .expect("allowed")
                .organization;
        }
        let agents = organization.members();
        let agents = agents.filter(|m| m.kind == MemberKind::Agent).count();
        let mut done = 0;
        for turn in 1..1_000 {
            let at = Timestamp::from_millis(1_800_000_000_000 + turn * 4_000);
            for command in next(&organization, at) {
                carry_out(&mut organization, turn, request(command));
                done += 1;
            }
            // All that is queued is worked at once and handed in.
            let live: Vec<_> = organization.live_runs().cloned().collect();
            for run in live.iter().filter(|run| run.state == RunState::Queued) {
                let engaged = shared_types::command::Engaged {
                    provider: "scripted".parse().expect("a name"),
                    model: None,
                };
                let claim = Command::ClaimRun {
                    run: run.id(),
                    engaged,
                };
                carry_out(&mut organization, turn, request(claim));
                let fence = organization.run(run.id()).and_then(|run| run.claim);
                let result = serde_json::from_value(json!({ "summary": "Done" }));
                let submit = Command::WorkRun {
                    run: run.id(),
                    fence: fence.expect("claimed"),
                    step: WorkStep::Submit {
                        result: result.expect("a result"),
                    },
                };
                carry_out(&mut organization, turn, request(submit));
            }
        }
        assert!(done > 50 * agents, "{done} tasks for {agents} agents");
        let runs = |item: &Arc<Item>| organization.runs_of(item.id()).count();
        let most = organization.items().map(runs).max();
        assert_eq!(
            most,
            Some(RUNS_KEPT),
            "of an item that was worked again and again"
        );
    }
}
