//! The demo's AI members at work, by a script and not by a model: they take up tasks that are assigned to them, say
//! what they do, tick off what is done and hand it in for review. What they do are ordinary commands under their own
//! names, so that everything that follows work shows it.
//!
//! They work only while somebody looks, and take up again what nobody has reviewed, so that there is always something
//! to see and what they write does not grow: each keeps one comment a task, and edits it.

use std::{sync::Arc, time::Duration};

use shared_types::{
    Actor, Organization,
    command::{Command, CommentPatch, MoveItem, NewComment, Patch},
    event::ActorKind,
    model::{Comment, Entity, Item, ItemKind, Member, MemberKind, Status},
    state::Sight,
    value::{Body, MemberId},
};
use tokio_util::sync::CancellationToken;

use crate::engine::{Engine, Request};

/// Between two things that any of them does: often enough to look alive, seldom enough to read.
const PACE: Duration = Duration::from_secs(4);

/// Turns that one task is worked before it is handed in.
const TURNS_A_TASK: usize = 4;

/// Works until cancelled; rests while `watched` says that nobody looks.
pub async fn work(engine: Engine, watched: impl Fn() -> bool, cancelled: CancellationToken) {
    let mut pace = tokio::time::interval(PACE);
    pace.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut turn = 0;
    while cancelled.run_until_cancelled(pace.tick()).await.is_some() {
        if !watched() {
            continue;
        }
        turn += 1;
        for request in next(&engine.model().aggregate, turn) {
            // A refusal means that a person was quicker: the next turn sees what they did.
            if let Err(failure) = engine.execute(request).await {
                tracing::debug!(%failure, "a scripted member was refused");
            }
        }
    }
}

/// What is done at this turn: the AI members take turns.
fn next(organization: &Organization, turn: usize) -> Vec<Request> {
    let agents: Vec<&Arc<Member>> = organization
        .members()
        .filter(|m| m.kind == MemberKind::Agent)
        .collect();
    let Some(agent) = (!agents.is_empty()).then(|| agents[turn % agents.len()]) else {
        return Vec::new();
    };
    let round = turn / agents.len();
    let tasks = |status: Status| {
        let of_agent = organization.items_of_member(agent.id());
        of_agent
            .filter(move |item| item.kind == ItemKind::Task && item.status == status)
            .min_by_key(|item| item.stamp.updated_at)
    };
    let commands = if let Some(task) = tasks(Status::InProgress) {
        progress(organization, agent, task, round)
    } else if let Some(task) = tasks(Status::Todo).or_else(|| tasks(Status::InReview)) {
        vec![
            set_status(task, Status::InProgress),
            say(organization, agent, task, &taken_up(task)),
        ]
    } else {
        Vec::new()
    };
    let actor = Actor {
        kind: ActorKind::Agent,
        id: agent.id().to_string().into(),
        run: None,
    };
    let request = |command| Request {
        command,
        actor: actor.clone(),
        member: Some(agent.id()),
        cause: format!("demo-{turn}"),
        idempotency: None,
        sight: Sight::Organization,
        from: None,
    };
    commands.into_iter().flatten().map(request).collect()
}

/// One more step on a task, the last of which hands it in.
fn progress(
    organization: &Organization,
    agent: &Member,
    task: &Item,
    round: usize,
) -> Vec<Option<Command>> {
    let step = round % TURNS_A_TASK;
    if step + 1 == TURNS_A_TASK {
        return vec![
            say(organization, agent, task, &handed_in(task)),
            set_status(task, Status::InReview),
        ];
    }
    let acceptance = organization
        .detail(task.id())
        .map(|detail| detail.acceptance.clone())
        .unwrap_or_default();
    let tick = acceptance
        .iter()
        .position(|criterion| !criterion.done)
        .map(|criterion| Command::SetAcceptance {
            item: task.id().into(),
            criterion,
            done: true,
            expected: None,
        });
    vec![say(organization, agent, task, &at_work(task, step)), tick]
}

fn set_status(task: &Item, status: Status) -> Option<Command> {
    let to = MoveItem {
        status: Patch::Set(status),
        ..MoveItem::default()
    };
    Some(Command::MoveItem {
        item: task.id().into(),
        to,
        expected: None,
    })
}

/// Writes the member's one comment on a task, or what it says now.
fn say(organization: &Organization, agent: &Member, task: &Item, text: &str) -> Option<Command> {
    let body: Body = text.parse().ok()?;
    let item = task.id().into();
    Some(match own_comment(organization, agent.id(), task) {
        Some(comment) => Command::UpdateComment {
            item,
            comment: comment.id(),
            patch: CommentPatch {
                body: Patch::Set(body),
            },
            expected: None,
        },
        None => Command::CreateComment {
            item,
            new: NewComment { id: None, body },
        },
    })
}

fn own_comment<'a>(
    organization: &'a Organization,
    agent: MemberId,
    task: &Item,
) -> Option<&'a Arc<Comment>> {
    organization
        .comments_of(task.id())
        .filter(|comment| comment.author == Some(agent))
        .last()
}

const SCRIPTED: &str = "\n\n_Scripted for the demo; no model was asked._";

fn taken_up(task: &Item) -> String {
    format!(
        "Taking up **{}**.\n\n1. Read what is there\n2. Make the smallest change\n3. Check it{SCRIPTED}",
        task.title
    )
}

fn at_work(task: &Item, step: usize) -> String {
    let done = [
        "reading what is there",
        "making the smallest change",
        "checking it",
    ][step % 3];
    format!(
        "On **{}**: {done} (step {} of {TURNS_A_TASK}).{SCRIPTED}",
        task.title,
        step + 1
    )
}

fn handed_in(task: &Item) -> String {
    format!(
        "**{}** is ready for review. Move it to *Done*, or back to *Todo* with a word on what is missing.{SCRIPTED}",
        task.title
    )
}

#[cfg(test)]
mod tests {
    use shared_types::{Context, decide, value::Timestamp};

    use super::*;
    use crate::founding::Step;

    #[test]
    fn they_always_find_something_to_do_and_what_they_write_does_not_grow() {
        let now = 1_800_000_000_000;
        let founding =
            crate::demo::founding(Timestamp::from_millis(now)).expect("the content is well formed");
        let mut organization = Organization::new(founding.origin);
        for Step { context, command } in &founding.steps {
            organization = decide(&organization, command, context)
                .expect("allowed")
                .organization;
        }
        let mut comments = Vec::new();
        for turn in 1..2_000 {
            let requests = next(&organization, turn);
            assert!(!requests.is_empty(), "nothing to do at turn {turn}");
            for (n, request) in (0u128..).zip(requests) {
                let context = Context {
                    at: Timestamp::from_millis(now + turn as i64 * 4_000),
                    entropy: ((turn as u128) << 40) + (n << 32),
                    actor: request.actor,
                    member: request.member,
                    cause: request.cause,
                    sight: request.sight,
                    from: request.from,
                };
                let decision = decide(&organization, &request.command, &context)
                    .expect("what they do is allowed");
                organization = decision.organization;
            }
            comments.push(organization.items().map(|item| item.comments).sum::<u32>());
        }
        assert_eq!(comments[999], comments[1_998], "comments go on growing");
    }
}
