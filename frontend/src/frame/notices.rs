//! One notice, as a toast and in the list.

use std::sync::Arc;

use shared_types::{
    event::{Actor, ActorKind},
    model::Member,
    value::MemberId,
};
use yew::prelude::*;

use crate::{
    components::{
        activity::{handing, sentence},
        avatar::Avatar,
        icon::{Icon, icon},
    },
    store::{State, use_select},
    toasts::{Notice, What},
};

/// Properties of [`NoticeText`].
#[derive(Properties, PartialEq)]
pub struct NoticeTextProps {
    pub notice: Notice,
}

/// Who did what, or what happened.
#[component]
pub fn NoticeText(props: &NoticeTextProps) -> Html {
    let actor = match &props.notice.what {
        What::Event { event, whom, .. } => Some((event.actor.clone(), whom.clone())),
        _ => None,
    };
    let known = use_select(move |state| {
        let Some((actor, whom)) = &actor else {
            return (None, None);
        };
        let people = whom.as_ref().map(|whom| names_of(state, &whom.people));
        (member_of(state, actor), people)
    });
    let (member, people) = &*known;
    match &props.notice.what {
        What::Event { event, whom, .. } => html! {
            <>
                if let Some(member) = member {
                    <Avatar member={member.clone()} />
                } else {
                    { icon(Icon::Activity) }
                }
                <span class="toast-text"><strong>{ name_of(member.as_deref(), event.actor.kind) }</strong>
                    { " " }
                    { match (whom, people) {
                        (Some(whom), Some(people)) => handing(&event.body, whom.is_given, people),
                        _ => sentence(&event.body),
                    } }
                </span>
            </>
        },
        What::Refused { what, why } => html! {
            <>
                { icon(Icon::Warning) }
                <span class="toast-text"><strong>{ format!("{what} did not work.") }</strong>{ " " }{ why.clone() }</span>
            </>
        },
        What::Told(text) => {
            html! { <>{ icon(Icon::Check) }<span class="toast-text">{ text.clone() }</span></> }
        }
    }
}

/// What members are called, one after the other; who looks is `you`.
fn names_of(state: &State, people: &[MemberId]) -> String {
    let name = |id: &MemberId| match state.me() {
        Some(me) if me == *id => "you".to_owned(),
        _ => state.member_name(*id),
    };
    people.iter().map(name).collect::<Vec<_>>().join(" and ")
}

/// The member that an actor is.
pub fn member_of(state: &State, actor: &Actor) -> Option<Arc<Member>> {
    match actor.kind {
        ActorKind::Member | ActorKind::Agent => actor
            .id
            .parse()
            .ok()
            .and_then(|id| state.member(id).cloned()),
        ActorKind::Token | ActorKind::System => None,
    }
}

/// What to call an actor.
pub fn name_of(member: Option<&Member>, kind: ActorKind) -> String {
    match (member, kind) {
        (Some(member), _) => member.name.to_string(),
        (None, ActorKind::Token) => "A script".into(),
        (None, ActorKind::System) => "The system".into(),
        (None, _) => "Someone".into(),
    }
}
